// The bytes of a fetch → messages: in place of kafkajs's own reader of record batches (format 2, the only one that
// Kafka 4 has). Ours is six times as quick (docs/adr/0011), and no batch can stop a partition: kafkajs fails for good
// on a batch of more messages than fit on the stack, and on one that cannot be unpacked. Here each message of the latter
// is one line that no format takes: a reject with its position (§9.7).
import { createRequire } from 'node:module';
import { useAnswer } from './answer-memory.ts';
import type { Message } from './chunk-writer.ts';
import { MAX_UNPACKED_BYTES, unpackRecords } from './codecs.ts';

/** What kafkajs wants to know of a message beside what is read of it here. */
export interface FetchedMessage extends Omit<Message, 'offset'> {
  offset: number;
  timestamp: number;
  isControlRecord: boolean;
  batchContext: BatchContext;
}

interface BatchContext {
  /** Compared with the aborted transactions of the answer. */
  producerId: string;
  inTransaction: boolean;
  /** Where the bytes of the batch came in: what is to be given back once its messages are read. */
  answer: ArrayBufferLike;
}

/** The value of a message whose batch cannot be read: no format takes a line with a NUL. */
export const UNREADABLE: Buffer = Buffer.from('\0the batch of this message cannot be unpacked');

/** Puts our reader in the place of kafkajs's; has to come before the first fetch of the process. */
export function replaceRecordReader(): void {
  const load = createRequire(import.meta.url);
  const name = 'kafkajs/src/protocol/requests/fetch/v4/decodeMessages';
  const kafkajsReader = load(name) as RecordReader;
  if (replaced === kafkajsReader) return;
  replaced = async decoder => {
    const size = decoder.readInt32();
    if (size <= 0 || !decoder.canReadBytes(size)) return [];
    return await readFetchedRecords(decoder.readBytes(size), decoder.buffer);
  };
  readOldRecords = kafkajsReader;
  load.cache[load.resolve(name)]!.exports = replaced;
}

/** Reads the messages of one partition of an answer; those of the formats before 2 by kafkajs's reader. */
export async function readFetchedRecords(records: Buffer, answer: Buffer): Promise<unknown[]> {
  const magic = records[MAGIC_AT];
  if (magic !== undefined && magic !== MAGIC) return await readOldRecords!(decoderOf(records));
  const messages = readRecordBatches(records, answer);
  if (messages.length > 0) useAnswer(answer.buffer);
  return messages;
}

/** Makes kafkajs's decoder of records with their size before them. */
function decoderOf(records: Buffer): Decoder {
  const size = Buffer.alloc(4);
  size.writeInt32BE(records.length);
  const load = createRequire(import.meta.url);
  const KafkajsDecoder = load('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => Decoder;
  return new KafkajsDecoder(Buffer.concat([size, records]));
}

/** As much of kafkajs's decoder as is used here. */
interface Decoder {
  buffer: Buffer;
  offset: number;
  readInt32(): number;
  readBytes(count: number): Buffer;
  canReadBytes(count: number): boolean;
}

type RecordReader = (decoder: Decoder) => Promise<unknown[]>;

let replaced: RecordReader | null = null;
let readOldRecords: RecordReader | null = null;

const MAGIC = 2;
const MAGIC_AT = 16;
const LENGTH_AT = 8;
const ATTRIBUTES_AT = 21;
const FIRST_TIMESTAMP_AT = 27;
const PRODUCER_ID_AT = 43;
const COUNT_AT = 57;
const RECORDS_AT = 61;
const CODEC_MASK = 0x07;
const TRANSACTION_MASK = 0x10;
const CONTROL_MASK = 0x20;

/**
 * Unpacked bytes of one answer, over all of its partitions, after which no further batch is read: a small answer can unpack
 * without bound. The batch that passes it is read whole, so that at most twice as much is in memory.
 */
export const ENOUGH_BYTES: number = 256 << 20;

/** Unpacked bytes of each answer that is being read. */
const unpackedOf = new WeakMap<Buffer, number>();

/** Reads whole batches; the last one may be cut off, and is then left for the next fetch, as is what would be too much. */
export function readRecordBatches(bytes: Buffer, answer: Buffer = bytes): FetchedMessage[] {
  const messages: FetchedMessage[] = [];
  let unpacked = unpackedOf.get(answer) ?? 0;
  for (let at = 0; at + RECORDS_AT <= bytes.length && unpacked < ENOUGH_BYTES; ) {
    const end = at + LENGTH_AT + 4 + bytes.readInt32BE(at + LENGTH_AT);
    if (end > bytes.length || end < at + RECORDS_AT) break;
    unpacked += readBatch(bytes.subarray(at, end), messages);
    at = end;
  }
  if (unpacked > 0) unpackedOf.set(answer, unpacked);
  return messages;
}

/** Answers how many bytes were unpacked, or may have been; none where it was not packed. */
function readBatch(bytes: Buffer, messages: FetchedMessage[]): number {
  const attributes = bytes.readInt16BE(ATTRIBUTES_AT);
  const head: BatchHead = {
    firstOffset: Number(bytes.readBigInt64BE(0)),
    firstTimestamp: Number(bytes.readBigInt64BE(FIRST_TIMESTAMP_AT)),
    count: bytes.readInt32BE(COUNT_AT),
    isControlRecord: (attributes & CONTROL_MASK) !== 0,
    batchContext: {
      producerId: String(bytes.readBigInt64BE(PRODUCER_ID_AT)),
      inTransaction: (attributes & TRANSACTION_MASK) !== 0,
      answer: bytes.buffer,
    },
  };
  const before = messages.length;
  const codec = attributes & CODEC_MASK;
  let unpackedBytes = 0;
  try {
    const records = unpackRecords(bytes.subarray(RECORDS_AT), codec);
    if (codec !== 0) unpackedBytes = records.length;
    readRecords(records, head, messages);
  } catch {
    // It may have been unpacked up to the bound before it failed.
    if (codec !== 0) unpackedBytes = MAX_UNPACKED_BYTES;
    // What was read of it is right; the others keep their places.
    addUnreadable(head, messages, messages.length - before);
  }
  return unpackedBytes;
}

interface BatchHead {
  firstOffset: number;
  firstTimestamp: number;
  count: number;
  isControlRecord: boolean;
  batchContext: BatchContext;
}

/** Record: length, attributes, timestamp delta, offset delta, key, value, headers; numbers as zigzag varints. */
function readRecords(bytes: Buffer, head: BatchHead, messages: FetchedMessage[]): void {
  const { isControlRecord, batchContext } = head;
  let at = 0;
  for (let i = 0; i < head.count; i++) {
    const end = readInt() + at;
    if (end > bytes.length) throw new RangeError('a record runs over');
    // One byte of attributes that mean nothing.
    at++;
    const timestamp = head.firstTimestamp + readInt();
    const offset = head.firstOffset + readInt();
    const key = readBytes(end);
    const value = readBytes(end);
    const headers = readInt() === 0 ? NO_HEADERS : readHeaders(bytes, at, end);
    messages.push({ offset, timestamp, key, value, headers, isControlRecord, batchContext });
    at = end;
  }

  function readInt(): number {
    let byte = bytes[at++]!;
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
    let value = byte & 0x7f;
    for (let scale = 0x80; byte >= 0x80; scale *= 0x80) {
      if (at >= bytes.length || scale > MAX_SCALE) throw new RangeError('a number runs over');
      byte = bytes[at++]!;
      value += (byte & 0x7f) * scale;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  function readBytes(end: number): Buffer | null {
    const length = readInt();
    if (length < 0) return null;
    const start = at;
    at += length;
    if (at > end) throw new RangeError('a value runs over');
    return bytes.subarray(start, at);
  }
}

/** Seven bytes of a varint: enough for any difference of offsets or times that is a safe number. */
const MAX_SCALE = 2 ** 49;
const NO_HEADERS = {};

/** Reads headers of one record, from their number on: the last of equal names. Their count was read already. */
function readHeaders(bytes: Buffer, from: number, end: number): Record<string, unknown> {
  const headers: Record<string, unknown> = Object.create(null);
  let at = from;
  while (at < end) {
    const name = readBytes();
    const value = readBytes();
    if (name !== null) headers[name.toString('utf8')] = value;
  }
  return headers;

  function readBytes(): Buffer | null {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      if (at >= end || shift > 28) throw new RangeError('a header runs over');
      const byte = bytes[at++]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    const length = (value >>> 1) ^ -(value & 1);
    if (length < 0) return null;
    if (at + length > end) throw new RangeError('a header runs over');
    at += length;
    return bytes.subarray(at - length, at);
  }
}

function addUnreadable(head: BatchHead, messages: FetchedMessage[], known: number): void {
  const { firstOffset, firstTimestamp, isControlRecord, batchContext } = head;
  for (let i = known; i < head.count; i++) {
    messages.push({
      offset: firstOffset + i,
      timestamp: firstTimestamp,
      key: null,
      value: UNREADABLE,
      headers: NO_HEADERS,
      isControlRecord,
      batchContext,
    });
  }
}
