// The entry of the format stage: everything that holds for every line, whatever its format.
import type { LineOutcome, LogRecord } from '../model/record.ts';
import type { Format } from './formats.ts';
import { otherKind } from './other-kind.ts';

/** Bounds that a caller sets: the longest line, and the latest stamp that is believed (10 minutes ahead, §1.4). */
export interface LineLimits {
  maxLineBytes: number;
  latestStampMs: number;
}

/** How far ahead of the reader's clock a stamp may be, milliseconds (§1.4). */
export const MAX_AHEAD_MS: number = 10 * 60_000;

/** Longest line that is read unless a caller says otherwise. */
export const DEFAULT_MAX_LINE_BYTES = 65_536;

/** Reads the line `bytes[start..end)` (no line feed; one carriage return is taken off) and says what became of it. */
export function readLine(
  format: Format,
  bytes: Uint8Array,
  start: number,
  end: number,
  limits: LineLimits,
  out: LogRecord,
): LineOutcome {
  const stop = end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
  if (stop - start > limits.maxLineBytes) return 'reject:too-long';
  const first = hasByteOrderMark(bytes, start, stop) ? start + 3 : start;
  const kind = otherKind(bytes, first, stop);
  if (kind !== null) return kind;
  const outcome = format.parse(bytes, first, stop, out);
  return outcome === 'record' && out.stampMs > limits.latestStampMs ? 'reject:time-future' : outcome;
}

const CARRIAGE_RETURN = 0x0d;

// Editors on Windows put one before the first line.
function hasByteOrderMark(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
}
