import { createRequire } from 'node:module';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { registerCodecs } from '../../../../src/adapters/source/kafka/codecs.ts';
import {
  ENOUGH_BYTES,
  readRecordBatches,
  UNREADABLE,
} from '../../../../src/adapters/source/kafka/record-batches.ts';

interface Written {
  key: Buffer | null;
  value: Buffer | null;
  headers: [string, Buffer | null][];
  step: number;
  timestampStep: number;
}

interface Batch {
  firstOffset: number;
  codec: number;
  inTransaction: boolean;
  isControl: boolean;
  records: Written[];
}

const bytes = fc.option(
  fc.uint8Array({ maxLength: 300 }).map(array => Buffer.from(array)),
  { nil: null },
);
const batches = fc.array(
  fc.record({
    firstOffset: fc.integer({ min: 0, max: 2 ** 39 }),
    codec: fc.constantFrom(0, 1, 4),
    inTransaction: fc.boolean(),
    isControl: fc.boolean(),
    records: fc.array(
      fc.record({
        key: bytes,
        value: bytes,
        headers: fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'tenant', 'ö'), bytes), {
          selector: ([name]) => name,
        }),
        step: fc.integer({ min: 1, max: 1_000 }),
        timestampStep: fc.integer({ min: -1_000_000, max: 1_000_000 }),
      }),
      { maxLength: 30 },
    ),
  }),
  { maxLength: 4 },
);

function varint(value: number): Buffer {
  let rest = BigInt(value) * 2n;
  if (value < 0) rest = -rest - 1n;
  const out: number[] = [];
  for (; rest >= 0x80n; rest >>= 7n) out.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...out, Number(rest)]);
}

function counted(value: Buffer | null): Buffer {
  return value === null ? varint(-1) : Buffer.concat([varint(value.length), value]);
}

function recordBytes({ key, value, headers, timestampStep }: Written, offsetDelta: number): Buffer {
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(timestampStep),
    varint(offsetDelta),
    counted(key),
    counted(value),
    varint(headers.length),
    ...headers.flatMap(([name, header]) => [counted(Buffer.from(name)), counted(header)]),
  ]);
  return Buffer.concat([varint(body.length), body]);
}

const FIRST_TIMESTAMP = 1_700_000_000_000;

function offsetsOf({ records }: Batch): number[] {
  let delta = -1;
  return records.map(({ step }) => {
    delta += step;
    return delta;
  });
}

function batchBytes(batch: Batch, packed?: Buffer): Buffer {
  const deltas = offsetsOf(batch);
  const plain = Buffer.concat(batch.records.map((record, i) => recordBytes(record, deltas[i]!)));
  const body = packed ?? pack(plain, batch.codec);
  const head = Buffer.alloc(61);
  head.writeBigInt64BE(BigInt(batch.firstOffset), 0);
  head.writeInt32BE(49 + body.length, 8);
  head[16] = 2;
  head.writeInt16BE(batch.codec | (batch.inTransaction ? 0x10 : 0) | (batch.isControl ? 0x20 : 0), 21);
  head.writeInt32BE(deltas.at(-1) ?? 0, 23);
  head.writeBigInt64BE(BigInt(FIRST_TIMESTAMP), 27);
  head.writeBigInt64BE(77n, 43);
  head.writeInt32BE(batch.records.length, 57);
  return Buffer.concat([head, body]);
}

function pack(plain: Buffer, codec: number): Buffer {
  if (codec === 0) return plain;
  return codec === 1 ? gzipSync(plain) : zstdCompressSync(plain);
}

const PLAIN: Batch = { firstOffset: 0, codec: 0, inTransaction: false, isControl: false, records: [] };

function record(value: string): Written {
  return { key: null, value: Buffer.from(value), headers: [], step: 1, timestampStep: 0 };
}

describe('record batches', () => {
  before(registerCodecs);

  it('give the messages that were written', () => {
    fc.assert(
      fc.property(batches, all => {
        const bytes = Buffer.concat(all.map(batch => batchBytes(batch)));
        const read = readRecordBatches(bytes);
        const expected = all.flatMap(batch => {
          const deltas = offsetsOf(batch);
          return batch.records.map(({ key, value, headers, timestampStep }, i) => ({
            offset: batch.firstOffset + deltas[i]!,
            timestamp: FIRST_TIMESTAMP + timestampStep,
            key,
            value,
            headers: Object.fromEntries(headers),
            isControlRecord: batch.isControl,
            batchContext: { producerId: '77', inTransaction: batch.inTransaction, answer: bytes.buffer },
          }));
        });
        const found = read.map(message => ({ ...message, headers: { ...message.headers } }));
        expect(found).to.deep.equal(expected);
      }),
    );
  });

  it('are read as kafkajs reads them', async () => {
    const load = createRequire(import.meta.url);
    const readBatch = load('kafkajs/src/protocol/recordBatch/v0/decoder');
    const Decoder = load('kafkajs/src/protocol/decoder');
    await fc.assert(
      fc.asyncProperty(batches, async all => {
        for (const batch of all) {
          const packed = batchBytes(batch);
          const theirs: { records: Record<string, unknown>[] } = await readBatch(new Decoder(packed));
          const ours = readRecordBatches(packed);
          expect(
            ours.map(({ offset, timestamp, key, value }) => [String(offset), String(timestamp), key, value]),
          ).to.deep.equal(
            theirs.records.map(({ offset, timestamp, key, value }) => [offset, timestamp, key, value]),
          );
        }
      }),
    );
  });

  it('leave one that is cut off to the next fetch', () => {
    const whole = batchBytes({ ...PLAIN, records: [record('a')] });
    const next = batchBytes({ ...PLAIN, firstOffset: 1, records: [record('b')] });
    for (let cut = 0; cut < next.length; cut++) {
      const read = readRecordBatches(Buffer.concat([whole, next.subarray(0, cut)]));
      expect(read.map(message => String(message.value))).to.deep.equal(['a']);
    }
  });

  const three: Batch = { ...PLAIN, firstOffset: 40, records: [record('a'), record('b'), record('c')] };

  for (const codec of [1, 2, 3, 4, 5]) {
    it(`that cannot be unpacked (codec ${codec}) are one unreadable message for each in them (§9.7)`, () => {
      const broken = batchBytes({ ...three, codec }, Buffer.from('no such thing'));
      const after = batchBytes({ ...PLAIN, firstOffset: 43, records: [record('after')] });
      const read = readRecordBatches(Buffer.concat([broken, after]));
      expect(read.map(({ offset, value }) => [offset, String(value)])).to.deep.equal([
        [40, String(UNREADABLE)],
        [41, String(UNREADABLE)],
        [42, String(UNREADABLE)],
      ]);
      // It may have taken as long as the longest: what comes after it is of the next fetch.
      expect(readRecordBatches(after)).to.have.length(1);
    });
  }

  for (const codec of [1, 4]) {
    it(`of which the packed bytes (codec ${codec}) are cut off, wherever, are unreadable messages (§9.7)`, () => {
      const packed = pack(batchBytes(three).subarray(61), codec);
      for (let length = 0; length < packed.length; length++) {
        const read = readRecordBatches(batchBytes({ ...three, codec }, packed.subarray(0, length)));
        expect(read.map(({ offset, value }) => [offset, value])).to.deep.equal([
          [40, UNREADABLE],
          [41, UNREADABLE],
          [42, UNREADABLE],
        ]);
      }
    });
  }

  it('of any bytes end in messages, and never in an error', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 7 }),
        (body, count, codec) => {
          const batch = { ...PLAIN, codec, records: Array.from({ length: count }, () => record('x')) };
          const read = readRecordBatches(batchBytes(batch, Buffer.from(body)));
          expect(read).to.have.length(count);
        },
      ),
    );
  });

  it('hold more messages than a stack could', () => {
    const records = Array.from({ length: 200_000 }, () => record(''));
    expect(readRecordBatches(batchBytes({ ...PLAIN, codec: 1, records }))).to.have.length(200_000);
  });

  it('are left for the next fetch once much was unpacked, over all partitions of an answer', () => {
    const value = Buffer.alloc(ENOUGH_BYTES / 2, 'a');
    const packed = gzipSync(recordBytes({ ...record(''), value }, 0), { level: 1 });
    const all = [0, 1, 2].map(firstOffset =>
      batchBytes({ ...PLAIN, firstOffset, codec: 1, records: [record('')] }, packed),
    );
    const small = batchBytes({ ...PLAIN, codec: 1, records: [record('small')] });
    const answer = Buffer.concat([...all, small]);
    const big = answer.subarray(0, answer.length - small.length);
    const offsets = (bytes: Buffer, of: Buffer) => readRecordBatches(bytes, of).map(({ offset }) => offset);
    expect(offsets(big, answer)).to.deep.equal([0, 1]);
    expect(offsets(answer.subarray(big.length), answer)).to.deep.equal([]);
    const [next, after] = [Buffer.from(all[2]!), Buffer.from(small)];
    expect([offsets(next, next), offsets(after, after)]).to.deep.equal([[2], [0]]);
  }).timeout(30_000);
});
