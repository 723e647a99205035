import { expect } from 'chai';
import fc from 'fast-check';
import { readVarint, varintLength, writeVarint } from '../../src/category/varint.ts';

describe('varint', () => {
  it('reads back every number that it writes, in the length that it says', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), fc.nat(5), (value, at) => {
        const bytes = new Uint8Array(12);
        const end = writeVarint(bytes, at, value);
        expect(end - at).to.equal(varintLength(value));
        expect(readVarint(bytes, at)).to.equal(value);
      }),
    );
  });

  it('knows the numbers at which the length changes', () => {
    for (const [value, length] of [
      [0, 1],
      [127, 1],
      [128, 2],
      [16383, 2],
      [16384, 3],
      [2097151, 3],
      [2097152, 4],
      [268435455, 4],
      [268435456, 5],
      [4294967295, 5],
    ] as const) {
      expect(varintLength(value), String(value)).to.equal(length);
      expect(writeVarint(new Uint8Array(8), 0, value), String(value)).to.equal(length);
    }
  });
});
