// What a packer of LZ4 or snappy may do, as data, and the plain way to say what comes of it: the twins of the unpackers.
import { expect } from 'chai';
import fc from 'fast-check';

/** What a packer may do next: write bytes as they are, or repeat what came `back` bytes before. */
export type Step = { literal: Uint8Array } | { back: number; count: number };

/** Steps, with `back` brought into what there is by then. */
export const steps: fc.Arbitrary<Step[]> = fc
  .array(
    fc.oneof(
      fc.record({ literal: fc.uint8Array({ minLength: 1, maxLength: 400 }) }),
      fc.record({ back: fc.integer({ min: 1, max: 5_000 }), count: fc.integer({ min: 4, max: 300 }) }),
      fc.record({ back: fc.integer({ min: 1, max: 20 }), count: fc.integer({ min: 4, max: 40 }) }),
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

/** Says what steps come to, the slow and plain way. */
export function meant(all: readonly Step[]): Buffer {
  const out: number[] = [];
  for (const step of all) {
    if ('literal' in step) for (const byte of step.literal) out.push(byte);
    else for (let i = 0; i < step.count; i++) out.push(out[out.length - step.back]!);
  }
  return Buffer.from(out);
}

/** Makes bytes of which no two neighbours are alike. */
export function literal(length: number): { literal: Uint8Array } {
  return { literal: Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 255) };
}

/** Copies of each small offset and of lengths around each way of copying, in the middle and as the last of all. */
export function* overlaps(): Generator<Step[]> {
  for (let back = 1; back <= 20; back++) {
    for (const count of [4, 5, 7, 8, 9, 15, 16, 17, 31, 63, 64, 65, 127, 128, 129, 300]) {
      yield [literal(20), { back, count }];
      yield [literal(20), { back, count }, literal(30), { back, count }, literal(9)];
    }
  }
}

/** Literals of lengths around each way of writing and of copying them, alone, and between copies. */
export function* literals(): Generator<Step[]> {
  const around = [16, 60, 128, 255, 256, 270, 525, 65_536, 200_000];
  for (const length of [1, 7, 8, 9, ...around.flatMap(n => [n - 1, n, n + 1])]) {
    yield [literal(length)];
    yield [literal(12), { back: 12, count: 10 }, literal(length), { back: 1, count: 40 }, literal(1)];
  }
}

/** Expects an unpacker to refuse packed bytes that end early, wherever they do. */
export function expectCutsRefused(packed: Buffer, unpack: (cut: Buffer) => Buffer): void {
  for (let length = 0; length < packed.length; length++) {
    expect(() => unpack(packed.subarray(0, length)), `${length} bytes`).to.throw();
  }
}

/** Expects an unpacker to take packed bytes for what they are, whatever stands before and after them. */
export function expectAroundLeftAlone(packed: Buffer, whole: Buffer, unpack: (part: Buffer) => Buffer): void {
  for (const filler of [0, 255]) {
    const around = Buffer.concat([Buffer.alloc(20, filler), packed, Buffer.alloc(20, filler)]);
    expect(unpack(around.subarray(20, 20 + packed.length)).equals(whole)).to.equal(true);
    expectCutsRefused(packed, cut => unpack(around.subarray(20, 20 + cut.length)));
  }
}

/** Expects bytes to be in memory that is about theirs. */
export function expectLittleSlack(bytes: Buffer): void {
  expect(bytes.buffer.byteLength).to.be.at.most(Math.max(Buffer.poolSize, bytes.length * 2));
}
