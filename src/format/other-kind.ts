// Lines that stand among access lines and are none: empty ones, comments, squidGuard's; and those with NUL bytes.
import type { LineOutcome } from '../model/record.ts';
import { isDigit, skipSpaces } from './bytes.ts';

/** Says what a line is that no format reads; null for one that a format should. */
export function otherKind(bytes: Uint8Array, start: number, end: number): LineOutcome | null {
  const first = skipSpaces(bytes, start, end);
  if (first === end) return 'skip:empty';
  const nulAt = bytes.subarray(start, end).indexOf(0);
  if (nulAt >= 0)
    return nulAt === CUT_BYTES && start + nulAt + 1 < end ? 'reject:truncated' : 'reject:nul-bytes';
  if (bytes[first] === 0x23) return 'skip:comment';
  return isSquidGuard(bytes, start, end) ? 'skip:squidguard' : null;
}

// Where Squid cuts a record of its built-in formats. A NUL byte takes the place of the line feed, and the next record
// follows: neither is read, since a line is one record.
const CUT_BYTES = 8191;

// `2026-02-14 00:00:24 [26] Request(default/gambling/-) …`, and squidGuard's other words after stamp and process id.
function isSquidGuard(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < SHAPE.length + 3) return false;
  for (let i = 0; i < SHAPE.length; i += 1) {
    const wanted = SHAPE.charCodeAt(i);
    const found = bytes[start + i]!;
    if (wanted === 0x30 ? !isDigit(found) : wanted !== found) return false;
  }
  let at = start + SHAPE.length;
  while (at < end && isDigit(bytes[at]!)) at += 1;
  return at > start + SHAPE.length && bytes[at] === 0x5d && at < end;
}

const SHAPE = '0000-00-00 00:00:00 [';
