import { expect } from 'chai';
import fc from 'fast-check';
import { unpackLz4 } from '../../../../src/adapters/source/kafka/lz4.ts';
import { unpackSnappy } from '../../../../src/adapters/source/kafka/snappy.ts';

const ROOM = 1 << 20;

/** What a packer may do next: write bytes as they are, or repeat what came `back` bytes before. */
type Step = { literal: Uint8Array } | { back: number; count: number };

/** Steps, with `back` brought into what there is by then. */
const steps = fc
  .array(
    fc.oneof(
      fc.record({ literal: fc.uint8Array({ minLength: 1, maxLength: 400 }) }),
      fc.record({ back: fc.integer({ min: 1, max: 5_000 }), count: fc.integer({ min: 4, max: 300 }) }),
    ),
    { minLength: 1, maxLength: 40 },
  )
  .map(wild => {
    const done: Step[] = [];
    let length = 0;
    for (const step of wild) {
      if ('literal' in step) {
        done.push(step);
        length += step.literal.length;
      } else if (length > 0) {
        done.push({ back: ((step.back - 1) % length) + 1, count: step.count });
        length += step.count;
      }
    }
    return done.length === 0 ? [{ literal: Uint8Array.of(1) }] : done;
  });

/** What steps say, the slow and plain way. */
function meant(all: readonly Step[]): Buffer {
  const out: number[] = [];
  for (const step of all) {
    if ('literal' in step) out.push(...step.literal);
    else for (let i = 0; i < step.count; i++) out.push(out[out.length - step.back]!);
  }
  return Buffer.from(out);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest];
}

function snappyBlock(all: readonly Step[]): Buffer {
  const out = varint(meant(all).length);
  for (const step of all) {
    if ('literal' in step) {
      const { length } = step.literal;
      if (length <= 60) out.push((length - 1) << 2);
      else if (length <= 256) out.push(60 << 2, length - 1);
      else out.push(61 << 2, (length - 1) & 255, (length - 1) >> 8);
      out.push(...step.literal);
      continue;
    }
    for (let rest = step.count; rest > 0; ) {
      if (rest >= 4 && rest <= 11 && step.back < 2_048) {
        out.push(((step.back >> 8) << 5) | ((rest - 4) << 2) | 1, step.back & 255);
        rest = 0;
        continue;
      }
      const count = Math.min(rest, 64);
      const isFar = count % 2 === 1;
      out.push(((count - 1) << 2) | (isFar ? 3 : 2), step.back & 255, step.back >> 8);
      if (isFar) out.push(0, 0);
      rest -= count;
    }
  }
  return Buffer.from(out);
}

function xerial(blocks: readonly Buffer[]): Buffer {
  const header = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
  return Buffer.concat([header, ...blocks.flatMap(block => [bigEndian(block.length), block])]);
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function lz4Block(all: readonly Step[]): Buffer {
  const out: number[] = [];
  let literal: number[] = [];
  const more = (length: number) => {
    if (length < 15) return;
    let rest = length - 15;
    for (; rest >= 255; rest -= 255) out.push(255);
    out.push(rest);
  };
  for (const step of all) {
    if ('literal' in step) {
      literal.push(...step.literal);
      continue;
    }
    const extra = step.count - 4;
    out.push((Math.min(literal.length, 15) << 4) | Math.min(extra, 15));
    more(literal.length);
    out.push(...literal, step.back & 255, step.back >> 8);
    more(extra);
    literal = [];
  }
  out.push(Math.min(literal.length, 15) << 4);
  more(literal.length);
  return Buffer.from([...out, ...literal]);
}

interface Lz4Frame {
  hasSize: boolean;
  hasBlockChecksum: boolean;
}

function lz4Frame(blocks: readonly { bytes: Buffer; isPacked: boolean }[], frame: Lz4Frame): Buffer {
  const flags = 0x40 | (frame.hasBlockChecksum ? 0x10 : 0) | (frame.hasSize ? 0x08 : 0);
  const parts: Buffer[] = [Buffer.from([0x04, 0x22, 0x4d, 0x18, flags, 0x40])];
  if (frame.hasSize) parts.push(Buffer.alloc(8));
  parts.push(Buffer.from([0]));
  for (const { bytes, isPacked } of blocks) {
    const length = Buffer.alloc(4);
    length.writeUInt32LE((bytes.length | (isPacked ? 0 : 0x80000000)) >>> 0);
    parts.push(length, bytes, frame.hasBlockChecksum ? Buffer.alloc(4) : Buffer.alloc(0));
  }
  return Buffer.concat([...parts, Buffer.alloc(4)]);
}

describe('snappy', () => {
  it('unpacks whatever a packer may write', () => {
    fc.assert(
      fc.property(steps, all => {
        expect(unpackSnappy(snappyBlock(all), ROOM).equals(meant(all))).to.equal(true);
      }),
    );
  });

  it('unpacks blocks in the frame of snappy-java', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 4 }), many => {
        const whole = Buffer.concat(many.map(meant));
        expect(unpackSnappy(xerial(many.map(snappyBlock)), ROOM).equals(whole)).to.equal(true);
      }),
    );
  });

  it('refuses what is cut off, and never reads or writes beside it', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (all, cut) => {
        const packed = snappyBlock(all);
        expect(() => unpackSnappy(packed.subarray(0, cut % packed.length), ROOM)).to.throw(RangeError);
      }),
    );
  });

  it('answers any bytes with bytes or a RangeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        try {
          expect(unpackSnappy(bytes, ROOM).length).to.be.at.most(ROOM);
        } catch (error) {
          expect(error).to.be.instanceOf(RangeError);
        }
      }),
    );
  });

  it('refuses a block that says it is longer than there is room', () => {
    expect(() => unpackSnappy(Buffer.from(varint(ROOM + 1)), ROOM)).to.throw(RangeError, 'too long');
  });
});

describe('lz4', () => {
  const frames = fc.record({ hasSize: fc.boolean(), hasBlockChecksum: fc.boolean() });

  it('unpacks whatever a packer may write', () => {
    fc.assert(
      fc.property(steps, frames, (all, frame) => {
        const packed = lz4Frame([{ bytes: lz4Block(all), isPacked: true }], frame);
        expect(unpackLz4(packed, ROOM).equals(meant(all))).to.equal(true);
      }),
    );
  });

  it('unpacks blocks that were left as they are, and blocks that copy from the ones before', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), steps, frames, (plain, all, frame) => {
        const whole = meant([{ literal: plain }, ...all]);
        const packed = lz4Frame(
          [
            { bytes: Buffer.from(plain), isPacked: false },
            { bytes: lz4Block(all), isPacked: true },
          ],
          frame,
        );
        expect(unpackLz4(packed, ROOM).equals(whole)).to.equal(true);
      }),
    );
  });

  it('copies from the block before', () => {
    const packed = lz4Frame(
      [
        { bytes: Buffer.from('abcdefgh'), isPacked: false },
        { bytes: lz4Block([{ back: 8, count: 20 }]), isPacked: true },
      ],
      { hasSize: false, hasBlockChecksum: false },
    );
    expect(unpackLz4(packed, ROOM).toString()).to.equal('abcdefghabcdefghabcdefghabcd');
  });

  it('refuses what is cut off', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (all, cut) => {
        const packed = lz4Frame([{ bytes: lz4Block(all), isPacked: true }], {
          hasSize: false,
          hasBlockChecksum: false,
        });
        expect(() => unpackLz4(packed.subarray(0, cut % packed.length), ROOM)).to.throw(RangeError);
      }),
    );
  });

  it('answers any block with bytes or a RangeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        const frame = { hasSize: false, hasBlockChecksum: false };
        try {
          const whole = unpackLz4(lz4Frame([{ bytes: Buffer.from(bytes), isPacked: true }], frame), ROOM);
          expect(whole.length).to.be.at.most(ROOM);
        } catch (error) {
          expect(error).to.be.instanceOf(RangeError);
        }
      }),
    );
  });

  it('refuses a frame that grows beyond its room', () => {
    const all: Step[] = [{ literal: Uint8Array.of(65) }, { back: 1, count: 5_000 }];
    const packed = lz4Frame([{ bytes: lz4Block(all), isPacked: true }], {
      hasSize: false,
      hasBlockChecksum: false,
    });
    expect(unpackLz4(packed, 5_001).length).to.equal(5_001);
    expect(() => unpackLz4(packed, 5_000)).to.throw(RangeError, 'too long');
  });
});
