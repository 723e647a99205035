// The tail of a native Squid line that has not exactly ten columns: user names and addresses with spaces in them,
// columns that the site appended, request headers in brackets, lines cut short and glued to the next.
// The hierarchy column (`HIER_DIRECT/192.0.2.80`) is the anchor: what stands before it is url and user, after it
// the mime type and whatever was appended. A line with none or several of them is rejected, never guessed at.
import type { LogRecord, RejectCode } from '../model/record.ts';
import { endsWith, fieldEnd, holdsByte, isDash, readInteger, skipSpaces } from './bytes.ts';
import { mimeOf } from './mime.ts';
import { readQuoted } from './quoted.ts';
import { decodeText, type LineText, optionalText } from './text.ts';

/** Reads url, user, mime, referrer and user agent into `out`; answers why it cannot, or null. */
export function readTail(line: LineText, from: number, end: number, out: LogRecord): RejectCode | null {
  const { bytes } = line;
  if (holdsSecondRecord(bytes, from, end)) return 'truncated';
  const fields = splitFields(bytes, from, end);
  const anchors = fields.filter(field => isHierarchy(bytes, field));
  if (anchors.length > 1) return 'fields';
  if (anchors.length === 0) return fields.length < 4 ? 'truncated' : 'fields';
  const anchor = fields.indexOf(anchors[0]!);
  const mime = fields[anchor + 1];
  if (mime === undefined) return 'truncated';
  const rejected = readUrlAndUser(line, fields.slice(0, anchor), out);
  if (rejected !== null) return rejected;
  out.mime = mimeOf(optionalText(line, mime.start, mime.end));
  return readAppended(line, skipSpaces(bytes, mime.end, end), end, out);
}

interface Field {
  start: number;
  end: number;
}

/**
 * Says whether another record begins in the range: a stamp followed by an elapsed time. Squid cuts the records of
 * its built-in formats at 8,191 bytes together with their line feed, so that the next one is glued on.
 */
function holdsSecondRecord(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = skipSpaces(bytes, from, end); at < end; ) {
    const stop = fieldEnd(bytes, at, end);
    const next = skipSpaces(bytes, stop, end);
    if (endsInStamp(bytes, at, stop) && isInteger(bytes, next, fieldEnd(bytes, next, end))) return true;
    at = next;
  }
  return false;
}

// `…1795563829.603`: nine digits or more, a dot, three digits.
function endsInStamp(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 13 || bytes[end - 4] !== 0x2e) return false;
  return readInteger(bytes, end - 3, end) >= 0 && readInteger(bytes, end - 13, end - 4) >= 0;
}

function isInteger(bytes: Uint8Array, start: number, end: number): boolean {
  return readInteger(bytes, bytes[start] === 0x2d ? start + 1 : start, end) >= 0;
}

function splitFields(bytes: Uint8Array, from: number, end: number): Field[] {
  const fields: Field[] = [];
  for (let start = skipSpaces(bytes, from, end); start < end; ) {
    const stop = fieldEnd(bytes, start, end);
    fields.push({ start, end: stop });
    start = skipSpaces(bytes, stop, end);
  }
  return fields;
}

function isHierarchy(bytes: Uint8Array, field: Field): boolean {
  let slash = field.start;
  while (slash < field.end && slash - field.start < 40 && bytes[slash] !== 0x2f) slash += 1;
  if (bytes[slash] !== 0x2f || slash >= field.end) return false;
  const code = decodeText(bytes, field.start, slash).replace(/^TIMEOUT_/, '');
  return /^HIER_[A-Z_]+$/.test(code) || HIERARCHIES.has(code);
}

// Names of Squid (as of 3.1 and before, without HIER_), Traffic Server and WSA.
const HIERARCHIES: ReadonlySet<string> = new Set([
  'NONE',
  'EMPTY',
  'DIRECT',
  'PINNED',
  'ORIGINAL_DST',
  'STANDBY_POOL',
  'SIBLING_HIT',
  'SIBLING_UDP_HIT_OBJ',
  'PARENT_HIT',
  'PARENT_UDP_HIT_OBJ',
  'DEFAULT_PARENT',
  'SINGLE_PARENT',
  'FIRST_UP_PARENT',
  'FIRSTUP_PARENT',
  'NO_PARENT_DIRECT',
  'FIRST_PARENT_MISS',
  'CLOSEST_PARENT_MISS',
  'CLOSEST_PARENT',
  'CLOSEST_DIRECT',
  'LOCAL_IP_DIRECT',
  'FIREWALL_IP_DIRECT',
  'NO_DIRECT_FAIL',
  'SOURCE_FASTEST',
  'ROUNDROBIN_PARENT',
  'CACHE_DIGEST_HIT',
  'CD_PARENT_HIT',
  'CD_SIBLING_HIT',
  'NO_CACHE_DIGEST_PEERS',
  'CARP',
  'ANY_OLD_PARENT',
  'ANY_PARENT',
  'USERHASH_PARENT',
  'SOURCEHASH_PARENT',
  'PASSTHROUGH_PARENT',
  'PASSTHROUGH_NEIGHBOR',
  'SSL_PARENT_MISS',
]);

// Where the address ends and the name begins. Squid takes white space out of addresses unless told otherwise, but
// writes that of names as it is; so spare fields belong to the name, unless they look like a part of an address.
function readUrlAndUser(line: LineText, fields: readonly Field[], out: LogRecord): RejectCode | null {
  const { bytes } = line;
  const userAt = userIndex(bytes, fields);
  if (userAt < 1) return 'fields';
  const user = fields.slice(userAt);
  out.url = optionalText(line, fields[0]!.start, fields[userAt - 1]!.end);
  out.user = optionalText(line, user[0]!.start, user.at(-1)!.end);
  return null;
}

function userIndex(bytes: Uint8Array, fields: readonly Field[]): number {
  const [url, second] = fields;
  if (url === undefined || second === undefined) return -1;
  const isCutAddress = endsWith(bytes, url.start, url.end, '://');
  const nameAt = fields.findIndex((field, index) => index > 0 && beginsName(bytes, field));
  if (nameAt > 0) return nameAt;
  if (fields.length === 2) return isCutAddress && !isDash(bytes, second.start, second.end) ? -1 : 1;
  const userAt = isCutAddress ? 2 : 1;
  const user = fields.slice(userAt);
  if (user.length === 1) return userAt;
  const isAddress = holdsByte(bytes, url.start, url.end, 0x3a) || bytes[url.start] === 0x2f;
  if (!isAddress || user.some(field => looksLikeAddressPart(bytes, field))) return -1;
  return userAt;
}

// The first field of a distinguished name: `CN=Agent`.
function beginsName(bytes: Uint8Array, field: Field): boolean {
  return /^(?:cn|uid|ou|o|dc|e|sn|emailaddress)=/i.test(
    decodeText(bytes, field.start, Math.min(field.end, field.start + 14)),
  );
}

function looksLikeAddressPart(bytes: Uint8Array, field: Field): boolean {
  if (isDash(bytes, field.start, field.end)) return true;
  for (let at = field.start; at < field.end; at += 1) if (ADDRESS_MARKS.has(bytes[at]!)) return true;
  return false;
}

const ADDRESS_MARKS: ReadonlySet<number> = new Set([...'/?&#='].map(mark => mark.charCodeAt(0)));

// Appended `"Referer" "User-Agent"` are taken; headers in brackets hold passwords and are passed over; so is the rest.
function readAppended(line: LineText, from: number, end: number, out: LogRecord): RejectCode | null {
  const { bytes } = line;
  out.referrer = null;
  out.userAgent = null;
  if (bytes[from] === 0x5b && from < end)
    return endsWith(bytes, from, trimSpaces(bytes, from, end), ']') ? null : 'truncated';
  if (bytes[from] !== 0x22 || from >= end) return null;
  const first = readQuoted(bytes, from, end);
  if (first === null) return 'truncated';
  const secondAt = skipSpaces(bytes, first.end, end);
  if (secondAt === first.end || bytes[secondAt] !== 0x22 || secondAt >= end) return null;
  const second = readQuoted(bytes, secondAt, end);
  if (second === null) return 'truncated';
  const isWhole = second.end === end || bytes[second.end] === 0x20;
  if (!isWhole || !looksLikeReferrer(first.text)) return null;
  out.referrer = first.text === '-' ? '' : first.text;
  out.userAgent = second.text === '-' ? '' : second.text;
  return null;
}

function looksLikeReferrer(text: string): boolean {
  return text === '-' || text === '' || /^[a-z][a-z0-9+.-]*:/i.test(text) || text.startsWith('/');
}

function trimSpaces(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && bytes[at - 1] === 0x20) at -= 1;
  return at;
}
