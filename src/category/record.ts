// Reads the records of an image (see layout.ts) and finds them by key. A hash hit is a candidate: the key's bytes decide.
import { RECORD, tagOf } from './layout.ts';
import { readVarint, varintLength } from './varint.ts';

/** Where records are looked for: the parts of an image that a probe touches. */
export interface RecordTable {
  tags: Int32Array;
  offsets: Uint32Array;
  records: Uint8Array;
  slotShift: number;
}

/** Finds the record of the host `bytes[start..end)`, A-Z counting as a-z, by its finished hash; 0 where there is none. */
export function findHost(
  table: RecordTable,
  hash: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  const { tags, offsets } = table;
  const tag = tagOf(hash);
  const last = tags.length - 1;
  for (let slot = hash >>> table.slotShift; ; slot = (slot + 1) & last) {
    const found = tags[slot]!;
    if (found === 0) return 0;
    if (found === tag && isHost(table.records, offsets[slot]!, bytes, start, end)) return offsets[slot]!;
  }
}

/** Finds the record of the key `bytes[start..end)`, host and path, exactly as it is written; 0 where there is none. */
export function findUrl(
  table: RecordTable,
  hash: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  const { tags, offsets } = table;
  const tag = tagOf(hash);
  const last = tags.length - 1;
  for (let slot = hash >>> table.slotShift; ; slot = (slot + 1) & last) {
    const found = tags[slot]!;
    if (found === 0) return 0;
    if (found === tag && isKey(table.records, offsets[slot]!, bytes, start, end)) return offsets[slot]!;
  }
}

/** Gives a record's set of lists; for a host with url entries the union over all of them. */
export function unionSet(records: Uint8Array, record: number): number {
  return readVarint(records, afterKey(records, record)) >>> 2;
}

/** Tells whether url entries exist on the host of a record. */
export function hasUrls(records: Uint8Array, record: number): boolean {
  return (readVarint(records, afterKey(records, record)) & 3) === RECORD.hostWithUrls;
}

/** Gives the record's own entry: the set of its lists (0 where there is no entry) and where its lines begin. */
export function ownEntry(records: Uint8Array, record: number): { set: number; linesAt: number } {
  const headAt = afterKey(records, record);
  const head = readVarint(records, headAt);
  const at = headAt + varintLength(head);
  if ((head & 3) !== RECORD.hostWithUrls) return { set: head >>> 2, linesAt: at };
  const set = readVarint(records, at);
  return { set, linesAt: at + varintLength(set) };
}

/** Gives the position behind a record's key. */
function afterKey(records: Uint8Array, record: number): number {
  const length = readVarint(records, record);
  return record + varintLength(length) + length;
}

function isHost(records: Uint8Array, record: number, bytes: Uint8Array, start: number, end: number): boolean {
  const length = readVarint(records, record);
  if (length !== end - start) return false;
  for (let at = record + varintLength(length), i = start; i < end; at++, i++) {
    let byte = bytes[i]!;
    if (byte >= 0x41 && byte <= 0x5a) byte |= 0x20;
    if (records[at] !== byte) return false;
  }
  return true;
}

function isKey(records: Uint8Array, record: number, bytes: Uint8Array, start: number, end: number): boolean {
  const length = readVarint(records, record);
  if (length !== end - start) return false;
  for (let at = record + varintLength(length), i = start; i < end; at++, i++) {
    if (records[at] !== bytes[i]) return false;
  }
  return true;
}
