// What follows the byte count of common and combined lines: the quoted pair, Squid's tag, headers in brackets.
import type { LogRecord, RejectCode } from '../model/record.ts';
import { holdsByte, isDigit, startsWith } from './bytes.ts';
import { readQuoted } from './quoted.ts';
import { type LineText, optionalText } from './text.ts';

const QUOTE = 0x22;

/** Holds where Squid's result tag stands, without the hierarchy behind it. */
export interface Tag {
  start: number;
  end: number;
}

/**
 * Finds where a line ends before ` [request headers] [reply headers]`, which Squid appends when a format asks for
 * any header. They hold passwords and are passed over. -1 where they were cut.
 */
export function endBeforeHeaders(bytes: Uint8Array, from: number, end: number): number {
  const stop = trimSpaces(bytes, from, end);
  const cut = findTaggedBracket(bytes, from, stop);
  if (cut < 0) return stop;
  return bytes[stop - 1] === 0x5d ? cut : -1;
}

/** Finds `TAG:HIERARCHY` as the last field before `end`; null where the line has none. */
export function tagAtEnd(bytes: Uint8Array, from: number, end: number): Tag | null {
  let colon = end - 1;
  while (colon >= from && isTagByte(bytes[colon]!)) colon -= 1;
  if (colon <= from || bytes[colon] !== 0x3a || colon === end - 1) return null;
  let start = colon;
  while (start > from && isTagByte(bytes[start - 1]!)) start -= 1;
  const standsAlone = start === from || bytes[start - 1] === 0x20;
  return standsAlone && start < colon ? { start, end: colon } : null;
}

/** Says whether a line without a tag stops in the middle of one: `TCP_DEN`. What it would have said is then lost. */
export function endsInCutTag(bytes: Uint8Array, from: number, end: number): boolean {
  let start = end;
  while (start > from && bytes[start - 1] !== 0x20) start -= 1;
  const stop = end > start && bytes[end - 1] === 0x3a ? end - 1 : end;
  if (stop === start) return false;
  for (let at = start; at < stop; at += 1) if (!isTagByte(bytes[at]!)) return false;
  return TAG_BEGINNINGS.some(word => startsWith(bytes, start, stop, word.slice(0, stop - start)));
}

const TAG_BEGINNINGS: readonly string[] = ['TCP_', 'UDP_', 'NONE'];

/**
 * Fills referrer and user agent from `"referrer" "user agent"`, which Apache, nginx and Squid's custom formats
 * escape; other columns may follow. Answers why it cannot.
 */
export function fillEscapedPair(
  line: LineText,
  from: number,
  end: number,
  out: LogRecord,
): RejectCode | null {
  const pair = readPair(line.bytes, from, end);
  if (typeof pair === 'string') return pair;
  fillPair(pair, out);
  return null;
}

/**
 * Fills referrer and user agent from what stands between the byte count and Squid's tag. Squid's built-in `combined`
 * writes quotes as the visitor sent them. The outer ones are Squid's, and the middle is the one place where `" "`
 * stands; where it stands twice the visitor wrote one of them: neither text is believed, the record stays.
 */
export function fillSquidPair(line: LineText, from: number, end: number, out: LogRecord): RejectCode | null {
  const { bytes } = line;
  const pair = readPair(bytes, from, end);
  if (typeof pair !== 'string' && !holdsByte(bytes, pair.end, end, QUOTE)) {
    fillPair(pair, out);
    return null;
  }
  const stop = trimSpaces(bytes, from, end);
  if (stop - from < 5 || bytes[stop - 1] !== QUOTE) return 'quotes';
  const middle = findMiddle(bytes, from + 1, stop - 1);
  if (middle < 0) return 'quotes';
  const isOnlyOne = findMiddle(bytes, middle + 1, stop - 1) < 0;
  out.referrer = isOnlyOne ? optionalText(line, from + 1, middle) : null;
  out.userAgent = isOnlyOne ? optionalText(line, middle + 3, stop - 1) : null;
  return null;
}

interface Pair {
  referrer: string;
  userAgent: string;
  /** Position after the second closing quote. */
  end: number;
}

function readPair(bytes: Uint8Array, from: number, end: number): Pair | RejectCode {
  const first = readQuoted(bytes, from, end);
  if (first === null || first.end >= end) return 'truncated';
  const isFollowed = bytes[first.end] === 0x20 && (first.end + 1 >= end || bytes[first.end + 1] === QUOTE);
  if (!isFollowed) return 'quotes';
  const second = readQuoted(bytes, first.end + 1, end);
  if (second === null) return 'truncated';
  if (second.end < end && bytes[second.end] !== 0x20) return 'quotes';
  return { referrer: first.text, userAgent: second.text, end: second.end };
}

function fillPair(pair: Pair, out: LogRecord): void {
  out.referrer = pair.referrer === '-' ? '' : pair.referrer;
  out.userAgent = pair.userAgent === '-' ? '' : pair.userAgent;
}

function findMiddle(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at + 2 <= end; at += 1)
    if (bytes[at] === QUOTE && bytes[at + 1] === 0x20 && bytes[at + 2] === QUOTE) return at;
  return -1;
}

// A tag with ` [` behind it. Brackets inside headers are escaped, so that the first such place is the one.
function findTaggedBracket(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from + 3; at + 1 < end; at += 1)
    if (bytes[at] === 0x20 && bytes[at + 1] === 0x5b && tagAtEnd(bytes, from, at) !== null) return at;
  return -1;
}

function trimSpaces(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && bytes[at - 1] === 0x20) at -= 1;
  return at;
}

function isTagByte(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || byte === 0x5f || isDigit(byte);
}
