import { expect } from 'chai';
import fc from 'fast-check';
import { base32 } from '../../src/subject/base32.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** The slow and plain way: one long row of bits. */
function naive(bytes: Uint8Array): string {
  const bits = [...bytes].map(byte => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map(five => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('');
}

describe('base32', () => {
  it('writes the vectors of RFC 4648 in lower case without padding', () => {
    const written = ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map(text => base32(Buffer.from(text)));
    expect(written).to.deep.equal(['', 'my', 'mzxq', 'mzxw6', 'mzxw6yq', 'mzxw6ytb', 'mzxw6ytboi']);
  });

  it('equals its naive twin on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), bytes => {
        expect(base32(bytes)).to.equal(naive(bytes));
      }),
    );
  });
});
