import { expect } from 'chai';
import fc from 'fast-check';
import { unpackLz4 } from '../../../../src/adapters/source/kafka/lz4.ts';
import {
  expectAroundLeftAlone,
  expectCutsRefused,
  expectLittleSlack,
  literal,
  literals,
  meant,
  overlaps,
  type Step,
  steps,
} from './packing.ts';

const ROOM = 1 << 20;

function lz4Block(all: readonly Step[]): Buffer {
  const out: number[] = [];
  let pending: number[] = [];
  const more = (length: number) => {
    if (length < 15) return;
    let rest = length - 15;
    for (; rest >= 255; rest -= 255) out.push(255);
    out.push(rest);
  };
  for (const step of all) {
    if ('literal' in step) {
      for (const byte of step.literal) pending.push(byte);
      continue;
    }
    const extra = step.count - 4;
    out.push((Math.min(pending.length, 15) << 4) | Math.min(extra, 15));
    more(pending.length);
    for (const byte of pending) out.push(byte);
    out.push(step.back & 255, step.back >> 8);
    more(extra);
    pending = [];
  }
  out.push(Math.min(pending.length, 15) << 4);
  more(pending.length);
  return Buffer.from([...out, ...pending]);
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

  const plain = { hasSize: false, hasBlockChecksum: false };

  function frameOf(...blocks: Step[][]): Buffer {
    return lz4Frame(
      blocks.map(block => ({ bytes: lz4Block(block), isPacked: true })),
      plain,
    );
  }

  for (const [what, cases] of [
    ['copies that overlap what they write', overlaps],
    ['literals of any length', literals],
  ] as const) {
    it(`unpacks ${what}`, () => {
      for (const all of cases()) {
        const whole = meant(all);
        expect(unpackLz4(frameOf(all), ROOM).equals(whole)).to.equal(true);
        expect(unpackLz4(frameOf(all), whole.length).equals(whole)).to.equal(true);
        const twice = Buffer.concat([whole, whole]);
        expect(unpackLz4(frameOf(all, all), ROOM).equals(twice)).to.equal(true);
      }
    });
  }

  it('makes room where a frame unpacks to more than is usual, over blocks that copy from each other', () => {
    const blocks: Step[][] = [[literal(50), { back: 50, count: 3_000 }]];
    for (let i = 1; i < 30; i++) blocks.push([{ back: 2_000 + i, count: i * 97 }, literal(i)]);
    expect(unpackLz4(frameOf(...blocks), ROOM).equals(meant(blocks.flat()))).to.equal(true);
  });

  it('refuses a frame that is cut off, wherever', () => {
    const packed = frameOf([
      literal(300),
      { back: 9, count: 5 },
      literal(3),
      { back: 40, count: 600 },
      literal(5),
    ]);
    expectCutsRefused(packed, cut => unpackLz4(cut, ROOM));
  });

  it('takes nothing from what stands around it', () => {
    const all = [literal(9), { back: 3, count: 12 }, literal(5)];
    expectAroundLeftAlone(frameOf(all), meant(all), part => unpackLz4(part, ROOM));
  });

  for (const [what, hex, text] of [
    ['a literal that runs into what comes after', '50616263', 'a literal runs over'],
    ['a length that goes on after the end', 'f0ff', 'an LZ4 block is cut off'],
    ['an offset of which one byte is there', '106101', 'an LZ4 block is cut off'],
    ['the length of a copy that goes on after the end', '1f610100ff', 'an LZ4 block is cut off'],
    ['a copy of nothing', '10610000', 'a copy runs over'],
    ['a copy from before the first byte', '3061626304001061', 'a copy runs over'],
  ] as const) {
    it(`refuses ${what}`, () => {
      const block = { bytes: Buffer.from(hex, 'hex'), isPacked: true };
      // What comes after would do: the end of the frame, and another block.
      expect(() => unpackLz4(lz4Frame([block], plain), ROOM)).to.throw(RangeError, text);
      const after = { bytes: Buffer.alloc(300), isPacked: false };
      expect(() => unpackLz4(lz4Frame([block, after], plain), ROOM)).to.throw(RangeError, text);
    });
  }

  it('keeps little more memory than its bytes need', () => {
    expectLittleSlack(unpackLz4(frameOf([literal(50_000)]), ROOM));
    expectLittleSlack(unpackLz4(frameOf([literal(50), { back: 50, count: 60_000 }]), ROOM));
  });
});
