// Squid's native lines: `stamp elapsed client TAG/status bytes method url user hierarchy/peer mime`, one or more
// spaces between. The six first columns are read from the left. Of the four last, url and user may hold spaces
// and sites append columns of their own: ten columns are read here, any other number in `squid-tail.ts`.
import type { LineOutcome, LogRecord, RejectCode } from '../model/record.ts';
import { accessOfTag, fillAnswer } from './answer.ts';
import { endsWith, fieldEnd, isClient, isDash, isDigit, isMethod, readInteger, skipSpaces } from './bytes.ts';
import { mimeOf } from './mime.ts';
import { readSquidStamp } from './squid-stamp.ts';
import { readTail } from './squid-tail.ts';
import { type LineText, lineText, optionalText } from './text.ts';

/** Longest elapsed time that is believed (366 days). Squid now and then logs the whole age of the epoch. */
export const MAX_ELAPSED_MS = 366 * 86_400_000;

/** Reads one native Squid line into `out`. */
export function parseSquid(bytes: Uint8Array, start: number, end: number, out: LogRecord): LineOutcome {
  const stampAt = skipSpaces(bytes, start, end);
  const stampEnd = fieldEnd(bytes, stampAt, end);
  const stampMs = readSquidStamp(bytes, stampAt, stampEnd);
  if (stampMs < 0) return rejectStamp(bytes, stampAt, stampEnd, end);

  const elapsedAt = skipSpaces(bytes, stampEnd, end);
  const elapsedEnd = fieldEnd(bytes, elapsedAt, end);
  const isNegative = bytes[elapsedAt] === 0x2d && elapsedEnd - elapsedAt > 1;
  const elapsedMs = readInteger(bytes, isNegative ? elapsedAt + 1 : elapsedAt, elapsedEnd);
  if (elapsedMs < 0) return reject('elapsed', elapsedEnd, end);

  const clientAt = skipSpaces(bytes, elapsedEnd, end);
  const clientEnd = fieldEnd(bytes, clientAt, end);
  if (!isClient(bytes, clientAt, clientEnd)) return reject('client', clientEnd, end);

  const tagAt = skipSpaces(bytes, clientEnd, end);
  const resultEnd = fieldEnd(bytes, tagAt, end);
  const tagEnd = tagEndOf(bytes, tagAt, resultEnd);
  if (tagEnd < 0) return reject('fields', resultEnd, end);
  const status = resultEnd - tagEnd > 4 ? -1 : readInteger(bytes, tagEnd + 1, resultEnd);
  if (status < 0) return reject('status', resultEnd, end);

  const bytesAt = skipSpaces(bytes, resultEnd, end);
  const bytesEnd = fieldEnd(bytes, bytesAt, end);
  const hasBytes = !isDash(bytes, bytesAt, bytesEnd);
  const sentBytes = hasBytes ? readInteger(bytes, bytesAt, bytesEnd) : 0;
  if (sentBytes < 0) return reject('bytes', bytesEnd, end);

  const methodAt = skipSpaces(bytes, bytesEnd, end);
  const methodEnd = fieldEnd(bytes, methodAt, end);
  if (!isMethod(bytes, methodAt, methodEnd)) return reject('fields', methodEnd, end);

  const line = lineText(bytes, start, end);
  const rejected = readPlainTail(line, methodEnd, end, out) ? null : readTail(line, methodEnd, end, out);
  if (rejected !== null) return `reject:${rejected}`;

  fillTimes(out, stampMs, isNegative ? 0 : elapsedMs);
  out.client = optionalText(line, clientAt, clientEnd);
  out.status = status;
  out.bytes = hasBytes ? sentBytes : null;
  out.method = optionalText(line, methodAt, methodEnd);
  out.vendor = 'Squid';
  out.product = 'Squid';
  fillAnswer(out, accessOfTag(bytes, tagAt, tagEnd, status));
  return 'record';
}

// A stamp that stops with the line was cut with it; a first field of digits and at most one dot was meant as one.
function rejectStamp(bytes: Uint8Array, start: number, stampEnd: number, end: number): LineOutcome {
  let dots = 0;
  for (let at = start; at < stampEnd; at += 1) {
    if (bytes[at] === 0x2e) dots += 1;
    else if (!isDigit(bytes[at]!)) return 'reject:unknown-format';
  }
  if (start === stampEnd || dots > 1) return 'reject:unknown-format';
  return reject('time-invalid', stampEnd, end);
}

// The last field of a line that was cut is not wrong but unfinished.
function reject(code: RejectCode, fieldEndAt: number, end: number): LineOutcome {
  return fieldEndAt >= end ? 'reject:truncated' : `reject:${code}`;
}

/** Finds the `/` after a result tag of capitals, digits and `_`; -1 where the field is no `TAG/…`. */
function tagEndOf(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isCapital(bytes[at]!)) at += 1;
  return at > start && at < end && bytes[at] === 0x2f ? at : -1;
}

function isCapital(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || byte === 0x5f || isDigit(byte);
}

// Exactly `url user hierarchy/peer mime`: nothing can be mistaken. False for anything else, nothing filled then.
function readPlainTail(line: LineText, from: number, end: number, out: LogRecord): boolean {
  const { bytes } = line;
  const urlAt = skipSpaces(bytes, from, end);
  const urlEnd = fieldEnd(bytes, urlAt, end);
  const userAt = skipSpaces(bytes, urlEnd, end);
  const userEnd = fieldEnd(bytes, userAt, end);
  const hierarchyAt = skipSpaces(bytes, userEnd, end);
  const hierarchyEnd = fieldEnd(bytes, hierarchyAt, end);
  const mimeAt = skipSpaces(bytes, hierarchyEnd, end);
  const mimeEnd = fieldEnd(bytes, mimeAt, end);
  if (mimeAt === mimeEnd || skipSpaces(bytes, mimeEnd, end) !== end) return false;
  if (tagEndOf(bytes, hierarchyAt, hierarchyEnd) < 0) return false;
  // `http:// host.example/x` has lost its user to the space: the next field is no name.
  if (endsWith(bytes, urlAt, urlEnd, '://') && !isDash(bytes, userAt, userEnd)) return false;
  out.url = optionalText(line, urlAt, urlEnd);
  out.user = optionalText(line, userAt, userEnd);
  out.mime = mimeOf(optionalText(line, mimeAt, mimeEnd));
  out.referrer = null;
  out.userAgent = null;
  return true;
}

// §1.1: Squid stamps the end. A negative elapsed time (the clock was set) counts as none; one beyond belief tells
// nothing of the start.
function fillTimes(out: LogRecord, stampMs: number, elapsedMs: number): void {
  const isBelieved = elapsedMs <= MAX_ELAPSED_MS;
  out.stampMs = stampMs;
  out.endMs = stampMs;
  out.startMs = isBelieved ? stampMs - elapsedMs : stampMs;
  out.durationMs = isBelieved ? elapsedMs : null;
}
