import { crc32, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { unpackGzip, unpackZstd } from '../../../../src/adapters/source/kafka/zlib-unpack.ts';
import { expectCutsRefused, expectLittleSlack, literal } from './packing.ts';

const ROOM = 32 << 20;
/** What a lie about a length may take at most. */
const LITTLE = 16 << 20;

/** Parts that are to be packed: any bytes, repeated. */
const parts = fc.array(
  fc
    .tuple(fc.uint8Array({ maxLength: 3_000 }), fc.integer({ min: 1, max: 50 }))
    .map(([bytes, times]) => Buffer.concat(Array<Uint8Array>(times).fill(bytes))),
  { minLength: 1, maxLength: 4 },
);

/** Nine megabytes: longer than the longest piece that it is unpacked in. */
const LONG = Buffer.alloc(9 << 20, literal(5_003).literal);

/** A frame of bytes as they are (RFC 8878), which says its length as wide as asked, or does not. */
function zstdFrame(bytes: Buffer, sizeBytes: 0 | 1 | 2 | 4 | 8, said: number = bytes.length): Buffer {
  const isSingle = sizeBytes === 1;
  const flag = { 0: 0, 1: 0, 2: 1, 4: 2, 8: 3 }[sizeBytes];
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(sizeBytes === 2 ? said - 256 : said));
  return Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, (flag << 6) | (isSingle ? 0x20 : 0)]),
    // A window of two megabytes, as Java's producer has it.
    Buffer.from(isSingle ? [] : [0x58]),
    size.subarray(0, sizeBytes),
    zstdBlock(0, bytes.length),
    bytes,
  ]);
}

/** The head of the last block: bytes as they are, or one byte over and over. */
function zstdBlock(kind: 0 | 1, length: number): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(1 | (kind << 1) | (length << 3));
  return head.subarray(0, 3);
}

const SKIPPED = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

/** Expects a call to take little memory beside what it answers. */
function expectLittleMemory(call: () => unknown): void {
  const before = process.memoryUsage().arrayBuffers;
  call();
  expect(process.memoryUsage().arrayBuffers - before).to.be.below(LITTLE);
}

for (const [name, pack, unpack] of [
  ['gzip', gzipSync, unpackGzip],
  ['zstd', zstdCompressSync, unpackZstd],
] as const) {
  describe(name, () => {
    it('unpacks what was packed, in any number of parts one after the other', () => {
      fc.assert(
        fc.property(parts, all => {
          const packed = Buffer.concat(all.map(part => pack(part)));
          expect(unpack(packed, ROOM).equals(Buffer.concat(all))).to.equal(true);
        }),
      );
    });

    it('unpacks what is longer than the longest piece', () => {
      const packed = pack(LONG);
      expect(unpack(packed, ROOM).equals(LONG)).to.equal(true);
      expect(unpack(Buffer.concat([packed, packed]), ROOM).equals(Buffer.concat([LONG, LONG]))).to.equal(
        true,
      );
    });

    it('refuses what is cut off, wherever', () => {
      expectCutsRefused(pack(Buffer.from(literal(300).literal)), cut => unpack(cut, ROOM));
    });

    it('refuses any other bytes, short or long', () => {
      for (const length of [0, 1, 3, 4, 17, 18, 19, 5_000]) {
        expect(() => unpack(Buffer.alloc(length, 7), ROOM), `${length} bytes`).to.throw();
      }
    });

    it('refuses what unpacks to more than there is room, at whatever part', () => {
      const packed = pack(LONG);
      expect(unpack(packed, LONG.length).length).to.equal(LONG.length);
      expect(() => unpack(packed, LONG.length - 1)).to.throw(RangeError);
      const twice = Buffer.concat([packed, packed]);
      expect(unpack(twice, LONG.length * 2).length).to.equal(LONG.length * 2);
      expect(() => unpack(twice, LONG.length * 2 - 1)).to.throw(RangeError);
    });

    it('keeps little more memory than its bytes need', () => {
      for (const part of [Buffer.alloc(9_000, 'a'), LONG.subarray(0, 40_000), LONG]) {
        expectLittleSlack(unpack(pack(part), ROOM));
      }
    });
  });
}

describe('gzip', () => {
  const text = Buffer.from('a line of a proxy log\n');

  /** The member, saying that it is of that length. */
  function saying(length: number): Buffer {
    const packed = gzipSync(text);
    packed.writeUInt32LE(length, packed.length - 4);
    return packed;
  }

  it('refuses a member that says another length than it has, and takes little memory for it', () => {
    for (const length of [0, 1, text.length + 1, 2 ** 31, 2 ** 32 - 1]) {
      expectLittleMemory(() => expect(() => unpackGzip(saying(length), ROOM)).to.throw('length check'));
    }
  });

  it('takes the length from its end for a hint, and no more', () => {
    for (const end of [0, 1, 100, 2 ** 31, 2 ** 32 - 1]) {
      // Padding of zeros ends gzip; what comes after it is passed over.
      const padded = Buffer.concat([gzipSync(text), Buffer.alloc(5)]);
      padded.writeUInt32LE(end, padded.length - 4);
      expectLittleMemory(() => {
        const unpacked = unpackGzip(padded, ROOM);
        expect(unpacked.equals(text)).to.equal(true);
        expectLittleSlack(unpacked);
      });
    }
    const last = Buffer.concat([gzipSync(LONG), gzipSync(text)]);
    expect(unpackGzip(last, ROOM).equals(Buffer.concat([LONG, text]))).to.equal(true);
  });

  it('takes a member for broken whose bytes are not those that were packed', () => {
    const packed = gzipSync(text);
    packed.writeUInt32LE(crc32(text) ^ 1, packed.length - 8);
    expect(() => unpackGzip(packed, ROOM)).to.throw('data check');
  });
});

describe('zstd', () => {
  const bytes = Buffer.from(literal(255).literal);
  const more = Buffer.from(literal(60_000).literal);

  it('unpacks frames that say their length, in each width, and ones that do not', () => {
    for (const size of [0, 1, 4, 8] as const) {
      expect(unpackZstd(zstdFrame(bytes, size), ROOM).equals(bytes), `${size} bytes`).to.equal(true);
    }
    for (const size of [0, 2, 4, 8] as const) {
      expectLittleSlack(unpackZstd(zstdFrame(more, size), ROOM));
      expect(unpackZstd(zstdFrame(more, size), ROOM).equals(more), `${size} bytes`).to.equal(true);
    }
  });

  it('refuses a frame that says another length than it has, and takes little memory for it', () => {
    for (const length of [0, 1, 59_999, 60_001, 2 ** 31, 2 ** 53, Number.MAX_VALUE]) {
      const frame = zstdFrame(more, 8, Math.min(length, 2 ** 63));
      expectLittleMemory(() => expect(() => unpackZstd(frame, 256 << 20)).to.throw());
    }
  });

  it('unpacks all frames, also of those that say no length, and passes over the ones that hold nothing', () => {
    const all = [SKIPPED, zstdFrame(bytes, 0), zstdFrame(more, 0), SKIPPED, zstdFrame(bytes, 1), SKIPPED];
    expect(unpackZstd(Buffer.concat(all), ROOM).equals(Buffer.concat([bytes, more, bytes]))).to.equal(true);
    expect(unpackZstd(SKIPPED, ROOM).length).to.equal(0);
  });

  it('passes over what comes after the last frame and is none', () => {
    const tail = Buffer.from('something else');
    for (const size of [0, 1] as const) {
      const packed = Buffer.concat([zstdFrame(bytes, size), tail]);
      expect(unpackZstd(packed, ROOM).equals(bytes)).to.equal(true);
    }
  });

  it('refuses the second frame where it is cut off', () => {
    const [first, second] = [zstdFrame(bytes, 0), zstdFrame(bytes, 1)];
    // Less than four bytes are no frame, but something else that is passed over.
    for (let length = 4; length < second.length; length++) {
      const cut = Buffer.concat([first, second.subarray(0, length)]);
      expect(() => unpackZstd(cut, ROOM), `${length} bytes`).to.throw();
    }
  });

  it('refuses more frames than anybody has reason to write', () => {
    const many = (count: number) => Buffer.concat(Array<Buffer>(count).fill(SKIPPED));
    expect(unpackZstd(many(1_000), ROOM).length).to.equal(0);
    expect(() => unpackZstd(many(1_001), ROOM)).to.throw(RangeError, 'too many frames');
  });
});
