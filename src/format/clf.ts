// Common and combined lines: `client ident user [stamp] "request" status bytes`, in `combined` then
// `"referrer" "user agent"`, and from Squid at last its `TAG:HIERARCHY`. Apache and nginx write the same without it.
// Read from both ends: names may hold spaces, and Squid's built-in `combined` does not escape quotes in what the
// visitor sends, so that only the ends of a line can be believed.
import type { LineOutcome, LogRecord, RejectCode } from '../model/record.ts';
import { accessOfTag, fillAnswer } from './answer.ts';
import { fieldEnd, isClient, isDash, isDigit, readInteger, skipSpaces } from './bytes.ts';
import { fillRequest } from './clf-request.ts';
import { CLF_STAMP_BYTES, findClfStamp, readClfStamp } from './clf-stamp.ts';
import {
  endBeforeHeaders,
  endsInCutTag,
  fillEscapedPair,
  fillSquidPair,
  type Tag,
  tagAtEnd,
} from './clf-tail.ts';
import { type LineText, lineText, optionalText } from './text.ts';
import { unescapeName } from './unescape-name.ts';

/** Reads one `common` line into `out`. */
export function parseCommon(bytes: Uint8Array, start: number, end: number, out: LogRecord): LineOutcome {
  return parseClf(bytes, start, end, { out, readTail: readCommonTail });
}

/** Reads one `combined` line into `out`. */
export function parseCombined(bytes: Uint8Array, start: number, end: number, out: LogRecord): LineOutcome {
  return parseClf(bytes, start, end, { out, readTail: readCombinedTail });
}

interface Reading {
  out: LogRecord;
  /** Reads what follows the byte count and finds the tag; answers why it cannot. */
  readTail(line: LineText, from: number, end: number, out: LogRecord): Tag | RejectCode | null;
}

function parseClf(bytes: Uint8Array, start: number, end: number, reading: Reading): LineOutcome {
  const { out } = reading;
  const line = lineText(bytes, start, end);
  const stampAt = findClfStamp(bytes, start, end);
  if (stampAt < 0) return rejectWithoutStamp(bytes, start, end);
  const stampMs = readClfStamp(bytes, stampAt);
  if (stampMs < 0) return 'reject:time-invalid';
  const who = readWho(line, start, stampAt, out);
  if (who !== null) return `reject:${who}`;

  const requestAt = stampAt + CLF_STAMP_BYTES + 2;
  // A second stamp with a request belongs to a second record that was glued on, or is forged.
  if (findClfStamp(bytes, requestAt, end) >= 0) return 'reject:truncated';
  const requestEnd = findRequestEnd(bytes, requestAt, end);
  if (requestEnd < 0) return 'reject:truncated';
  const statusAt = requestEnd + 2;
  const statusEnd = fieldEnd(bytes, statusAt, end);
  const bytesAt = skipSpaces(bytes, statusEnd, end);
  const bytesEnd = fieldEnd(bytes, bytesAt, end);
  if (bytesAt === bytesEnd) return 'reject:truncated';
  // Apache writes `-` for no bytes.
  const sentBytes = isDash(bytes, bytesAt, bytesEnd) ? 0 : readInteger(bytes, bytesAt, bytesEnd);
  if (sentBytes < 0) return 'reject:bytes';

  const tag = reading.readTail(line, skipSpaces(bytes, bytesEnd, end), end, out);
  if (typeof tag === 'string') return `reject:${tag}`;
  if (tag === null) out.user = unescapeName(out.user);
  fillRequest(line, requestAt, requestEnd, { out, isEscaped: tag === null });
  fillInstant(out, stampMs);
  out.status = readInteger(bytes, statusAt, statusEnd);
  out.bytes = sentBytes;
  out.mime = null;
  out.vendor = tag === null ? '' : 'Squid';
  out.product = out.vendor;
  fillAnswer(out, tag === null ? 'allowed' : accessOfTag(bytes, tag.start, tag.end, out.status));
  return 'record';
}

// Without a stamp a line is no such line at all, unless it stops short where one might have followed.
function rejectWithoutStamp(bytes: Uint8Array, start: number, end: number): LineOutcome {
  const clientEnd = fieldEnd(bytes, start, end);
  const identAt = skipSpaces(bytes, clientEnd, end);
  const isCut = isClient(bytes, start, clientEnd) && isDash(bytes, identAt, fieldEnd(bytes, identAt, end));
  return isCut ? 'reject:truncated' : 'reject:unknown-format';
}

// Client, ident and user stand before the stamp. A `-` among the words of a user means that columns were put in
// front (Apache's `vhost_combined`, nginx with a list of addresses): the columns are then not what they seem.
function readWho(line: LineText, start: number, stampAt: number, out: LogRecord): RejectCode | null {
  const { bytes } = line;
  const clientEnd = fieldEnd(bytes, start, stampAt);
  if (!isClient(bytes, start, clientEnd)) return 'client';
  const identEnd = fieldEnd(bytes, clientEnd + 1, stampAt);
  const userAt = identEnd + 1;
  const userEnd = stampAt - 1;
  if (userEnd <= userAt || bytes[userEnd] !== 0x20) return 'fields';
  if (!isDash(bytes, userAt, userEnd) && holdsDashField(bytes, userAt, userEnd)) return 'fields';
  out.client = optionalText(line, start, clientEnd);
  out.user = optionalText(line, userAt, userEnd);
  return null;
}

function holdsDashField(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = skipSpaces(bytes, from, end); at < end; ) {
    const stop = fieldEnd(bytes, at, end);
    if (isDash(bytes, at, stop)) return true;
    at = skipSpaces(bytes, stop, end);
  }
  return false;
}

// The request ends at the first quote that status and a space follow: an address may hold raw quotes, no spaces.
function findRequestEnd(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at += 1) if (bytes[at] === 0x22 && isStatusAt(bytes, at + 1, end)) return at;
  return -1;
}

function isStatusAt(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at] !== 0x20 || at + 1 >= end) return false;
  let stop = at + 1;
  while (stop < end && isDigit(bytes[stop]!)) stop += 1;
  return stop > at + 1 && stop - at <= 4 && stop < end && bytes[stop] === 0x20;
}

// In `common` nothing quoted follows; what else follows is a column of the site's own, passed over.
function readCommonTail(line: LineText, from: number, end: number, out: LogRecord): Tag | RejectCode | null {
  const { bytes } = line;
  out.referrer = null;
  out.userAgent = null;
  if (from >= end) return null;
  if (bytes[from] === 0x22) return 'fields';
  const stop = endBeforeHeaders(bytes, from, end);
  if (stop < 0) return 'truncated';
  return tagAtEnd(bytes, from, stop) ?? (endsInCutTag(bytes, from, stop) ? 'truncated' : null);
}

function readCombinedTail(
  line: LineText,
  from: number,
  end: number,
  out: LogRecord,
): Tag | RejectCode | null {
  const { bytes } = line;
  if (from >= end || bytes[from] !== 0x22) return 'fields';
  const stop = endBeforeHeaders(bytes, from, end);
  if (stop < 0) return 'truncated';
  const tag = tagAtEnd(bytes, from, stop);
  if (tag === null && endsInCutTag(bytes, from, stop)) return 'truncated';
  const rejected =
    tag === null
      ? fillEscapedPair(line, from, stop, out)
      : fillSquidPair(line, from, Math.max(from, tag.start - 1), out);
  return rejected ?? tag;
}

// §1.1: Squid, Apache and nginx write these lines at the end; how long the request took is not in them.
function fillInstant(out: LogRecord, stampMs: number): void {
  out.stampMs = stampMs;
  out.startMs = stampMs;
  out.endMs = stampMs;
  out.durationMs = null;
}
