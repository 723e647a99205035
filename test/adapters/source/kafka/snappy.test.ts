import { expect } from 'chai';
import fc from 'fast-check';
import { unpackSnappy } from '../../../../src/adapters/source/kafka/snappy.ts';
import {
  expectAroundLeftAlone,
  expectCutsRefused,
  literal,
  literals,
  meant,
  overlaps,
  type Step,
  steps,
} from './packing.ts';

const ROOM = 1 << 20;

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
      else if (length <= 65_536) out.push(61 << 2, (length - 1) & 255, (length - 1) >> 8);
      else out.push(62 << 2, (length - 1) & 255, ((length - 1) >> 8) & 255, (length - 1) >> 16);
      for (const byte of step.literal) out.push(byte);
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

  for (const [what, cases] of [
    ['copies that overlap what they write', overlaps],
    ['literals of any length', literals],
  ] as const) {
    it(`unpacks ${what}`, () => {
      for (const all of cases()) {
        const whole = meant(all);
        expect(unpackSnappy(snappyBlock(all), ROOM).equals(whole)).to.equal(true);
        const twice = Buffer.concat([whole, whole]);
        const block = snappyBlock(all);
        expect(unpackSnappy(xerial([block, block]), ROOM).equals(twice)).to.equal(true);
      }
    });
  }

  it('unpacks as much from as little as can be', () => {
    const all = [literal(1), { back: 1, count: 64_000 }];
    expect(unpackSnappy(snappyBlock(all), ROOM).equals(meant(all))).to.equal(true);
  });

  it('refuses blocks that are cut off, wherever', () => {
    const block = snappyBlock([literal(70), { back: 9, count: 5 }, literal(3), { back: 40, count: 63 }]);
    expectCutsRefused(block, cut => unpackSnappy(cut, ROOM));
    expectCutsRefused(block, cut => unpackSnappy(xerial([block, cut]), ROOM));
    expectCutsRefused(block, cut => unpackSnappy(xerial([cut, block]), ROOM));
    for (let length = 17; length < 20 + block.length; length++) {
      expect(() => unpackSnappy(xerial([block]).subarray(0, length), ROOM)).to.throw(RangeError);
    }
  });

  it('takes nothing from what stands around it', () => {
    const all = [literal(9), { back: 3, count: 12 }, literal(5)];
    expectAroundLeftAlone(snappyBlock(all), meant(all), part => unpackSnappy(part, ROOM));
  });

  for (const [what, hex, text] of [
    ['a length that goes on after the end', '80', 'no length'],
    ['a literal that runs into what comes after', '0510616263', 'a literal runs over'],
    ['a literal whose length is not all there', '05f400', 'a snappy block is cut off'],
    ['a literal longer than the block says', '0208616263', 'a literal runs over'],
    ['a copy whose near offset is not there', '05006101', 'a snappy block is cut off'],
    ['a copy whose offset is not all there', '0500610e01', 'a snappy block is cut off'],
    ['a copy whose far offset is not all there', '0500610f010000', 'a snappy block is cut off'],
    ['a copy of nothing', '0500610100', 'a copy runs over'],
    ['a copy from before the first byte', '0500610102', 'a copy runs over'],
    ['a copy longer than the block says', '0400610101', 'a copy runs over'],
    ['fewer bytes than the block says', '060061050161', 'a snappy block'],
  ] as const) {
    it(`refuses ${what}`, () => {
      const block = Buffer.from(hex, 'hex');
      const after = snappyBlock([literal(1)]);
      expect(() => unpackSnappy(block, ROOM)).to.throw(RangeError, text);
      expect(() => unpackSnappy(xerial([block, after]), ROOM)).to.throw(RangeError, text);
    });
  }

  it('refuses a copy from the block before', () => {
    const first = snappyBlock([literal(40)]);
    const second = Buffer.from([...varint(9), 0, 65, ((8 - 1) << 2) | 2, 2, 0]);
    expect(() => unpackSnappy(xerial([first, second]), ROOM)).to.throw(RangeError, 'a copy runs over');
  });

  it('refuses a block that cannot become as long as it says, and takes no memory for it', () => {
    const said = 200 << 20;
    const before = process.memoryUsage().arrayBuffers;
    for (const packed of [Buffer.from([...varint(said), 0, 65])]) {
      for (const bytes of [packed, xerial([packed])]) {
        expect(() => unpackSnappy(bytes, 256 << 20)).to.throw(RangeError, 'shorter than it says');
      }
    }
    expect(process.memoryUsage().arrayBuffers - before).to.be.below(said / 2);
  });

  it('counts the blocks of a frame together', () => {
    const block = snappyBlock([literal(600)]);
    expect(unpackSnappy(xerial([block, block]), 1_200).length).to.equal(1_200);
    expect(() => unpackSnappy(xerial([block, block]), 1_199)).to.throw(RangeError, 'too long');
  });
});
