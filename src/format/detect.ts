// Detect: the first lines of a source → the format that reads most of them, and how sure that is.
import { blankRecord, type LogRecord } from '../model/record.ts';
import { FORMATS, type Format, type FormatName } from './formats.ts';
import { readLine } from './read-line.ts';

/** Most lines that are looked at. */
export const DETECT_LINES = 200;

/** Longest line that a sample may hold. */
const MAX_LINE_BYTES = 65_536;

/** Share of the sample that must be read by one format before it is called sure. */
const SURE_SHARE = 0.8;

/** Says which format fits, and how well. */
export interface Detection {
  format: Format;
  /** Share (0 to 1) of the sampled access lines that the format reads; 0 where there are none. */
  confidence: number;
  /** True where the format reads most of the sample and no other one does as well. */
  sure: boolean;
  /** The same share for every format. */
  scores: Record<FormatName, number>;
  /** Lines that were tried: those that are neither empty, comments nor squidGuard's. */
  lines: number;
}

/**
 * Chooses the format of the lines in `bytes[start..end)`. Where nothing fits it is the first of the table, not sure.
 * A last line without line feed is left out unless it is the only one.
 */
export function detect(bytes: Uint8Array, start: number, end: number): Detection {
  const tally = tallySample(bytes, start, end);
  const scores = Object.fromEntries(
    FORMATS.map((format, index) => [
      format.name,
      tally.lines === 0 ? 0 : tally.records[index]! / tally.lines,
    ]),
  ) as Record<FormatName, number>;
  const [best, next] = [...FORMATS].sort((a, b) => scores[b.name] - scores[a.name]);
  const confidence = scores[best!.name];
  const isClear = next === undefined || scores[next.name] < confidence;
  return { format: best!, confidence, sure: isClear && confidence >= SURE_SHARE, scores, lines: tally.lines };
}

interface Tally {
  lines: number;
  /** Records per format, in the order of the table. */
  records: number[];
}

function tallySample(bytes: Uint8Array, start: number, end: number): Tally {
  const tally: Tally = { lines: 0, records: FORMATS.map(() => 0) };
  const out = blankRecord();
  let seen = 0;
  for (let at = start; at < end && seen < DETECT_LINES; seen += 1) {
    const stop = endOfLine(bytes, at, end);
    if (stop === -1 && seen > 0) break;
    countLine(tally, { bytes, start: at, end: stop === -1 ? end : stop, out });
    at = stop === -1 ? end : stop + 1;
  }
  return tally;
}

function endOfLine(bytes: Uint8Array, start: number, end: number): number {
  const at = bytes.indexOf(0x0a, start);
  return at >= end ? -1 : at;
}

function countLine(
  tally: Tally,
  line: { bytes: Uint8Array; start: number; end: number; out: LogRecord },
): void {
  const limits = { maxLineBytes: MAX_LINE_BYTES, latestStampMs: Number.POSITIVE_INFINITY };
  let isSkipped = false;
  FORMATS.forEach((format, index) => {
    const outcome = readLine(format, line.bytes, line.start, line.end, limits, line.out);
    if (outcome.startsWith('skip:')) isSkipped = true;
    if (outcome === 'record') tally.records[index]! += 1;
  });
  if (!isSkipped) tally.lines += 1;
}
