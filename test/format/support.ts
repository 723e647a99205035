// Reads a line given as text, for tests of the format stage.
import { FORMATS, type FormatName } from '../../src/format/formats.ts';
import { type LineLimits, readLine } from '../../src/format/read-line.ts';
import { blankRecord, type LineOutcome, type LogRecord } from '../../src/model/record.ts';

export const LIMITS: LineLimits = { maxLineBytes: 65_536, latestStampMs: Number.POSITIVE_INFINITY };

const PAD = 11;

/** Encodes text; `Uint8Array` goes through as it is. */
export function bytesOf(line: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return typeof line === 'string' ? new TextEncoder().encode(line) : new Uint8Array(line);
}

/** Reads one line that stands in the middle of a buffer full of digits and spaces. */
export function read(
  name: FormatName,
  line: string | Uint8Array,
  limits: LineLimits = LIMITS,
): { outcome: LineOutcome; record: LogRecord } {
  const bytes = bytesOf(line);
  const around = new Uint8Array(bytes.length + 2 * PAD).fill(0x31);
  around[PAD - 1] = 0x20;
  around.set(bytes, PAD);
  const record = blankRecord();
  const format = FORMATS.find(found => found.name === name)!;
  const outcome = readLine(format, around, PAD, PAD + bytes.length, limits, record);
  return { outcome, record };
}

/** Reads a line that must be a record. */
export function recordOf(name: FormatName, line: string | Uint8Array): LogRecord {
  const { outcome, record } = read(name, line);
  if (outcome !== 'record') throw new Error(`expected a record, got ${outcome}: ${String(line)}`);
  return record;
}
