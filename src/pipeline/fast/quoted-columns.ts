// Quoted columns: ` "referrer" "user agent"` behind the mime type, as sites append them (`granska doctor` advises it).
// In: where the first quote stands. Out: where the second text has ended, -1 where the exact path must look. Invariant:
// what is passed over here changes nothing for `format/squid-tail.ts` but referrer and user agent: it holds no escape, no
// second hierarchy column and no stamp of a second record.
import { classTable } from './byte-classes.ts';

/** Finds the end of two quoted texts with one space between them; -1 for anything else. Stops at a line feed. */
export function quotedColumnsEnd(bytes: Uint8Array, start: number): number {
  let quotes = 0;
  for (let at = start; ; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      quotes++;
      if (quotes === 2 && (bytes[at + 1] !== SPACE || bytes[at + 2] !== QUOTE)) return -1;
      if (quotes === 4) return at + 1;
    } else if (byte === SPACE) {
      if (mayBeHierarchy(bytes, at + 1) || mayFollowStamp(bytes, at)) return -1;
    } else if (byte < SPACE || byte === BACKSLASH || quotes === 0) {
      return -1;
    }
  }
}

/** Says whether the field that begins at `start` may be a hierarchy column (`HIER_NONE/-`): capitals before a slash. */
export function mayBeHierarchy(bytes: Uint8Array, start: number): boolean {
  let at = start;
  while ((CLASSES[bytes[at]!]! & TAG) !== 0) at++;
  return at > start && bytes[at] === SLASH;
}

/** Says whether the fields around the space at `space` may be a stamp (`….603`) and an elapsed time. */
export function mayFollowStamp(bytes: Uint8Array, space: number): boolean {
  const next = bytes[space + 1]!;
  if (next === SPACE) return true;
  if (next !== DASH && !isDigit(next)) return false;
  // An address such as 192.0.2.123 never has four digits before its last dot.
  return bytes[space - 4] === DOT && isDigit(bytes[space - 5]!) && isDigit(bytes[space - 8]!);
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

const CLASSES = classTable();
const TAG = 4;
const SPACE = 0x20;
const QUOTE = 0x22;
const DASH = 0x2d;
const DOT = 0x2e;
const SLASH = 0x2f;
const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;
