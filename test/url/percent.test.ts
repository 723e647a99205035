import { expect } from 'chai';
import fc from 'fast-check';
import { decodeBytes, decodePercent } from '../../src/url/percent.ts';

/** The naive twin: a decoder that throws at what is no UTF-8. */
function decodeOrThrow(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Array.from(bytes, byte => String.fromCharCode(byte)).join('');
  }
}

describe('url/percent', () => {
  it('reads UTF-8 as UTF-8 and anything else as Latin-1', () => {
    expect(decodePercent('r%C3%A4v')).to.equal('räv');
    expect(decodePercent('r%E4v')).to.equal('räv');
    expect(decodePercent('r%EF%BF%BDv')).to.equal('r\u{fffd}v');
    expect(decodePercent('r%EF%BF%BD%E4v')).to.equal('rï¿½äv');
    expect(decodePercent('%EF%BB%BFräv')).to.equal('räv');
    expect(decodePercent('100%, %zz')).to.equal('100%, %zz');
  });

  it('equals a decoder that throws, on any bytes', () => {
    const telling = fc.constantFrom(
      0x41,
      0x80,
      0xa0,
      0xa5,
      0xbb,
      0xbd,
      0xbf,
      0xc3,
      0xe5,
      0xed,
      0xef,
      0xf0,
      0x9f,
      0x98,
    );
    const bytes = fc
      .array(fc.oneof(telling, fc.integer({ min: 0, max: 255 })), { maxLength: 12 })
      .map(list => Uint8Array.from(list));
    fc.assert(
      fc.property(bytes, sample => {
        expect(decodeBytes(sample)).to.equal(decodeOrThrow(sample));
      }),
      { numRuns: 3000 },
    );
  });
});
