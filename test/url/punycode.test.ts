import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalHost } from '../../src/url/host.ts';
import { decodePunycode } from '../../src/url/punycode.ts';

describe('decodePunycode', () => {
  const known: [encoded: string, text: string | null][] = [
    ['rksmrgs-5wao1o', 'räksmörgås'],
    ['bcher-kva', 'bücher'],
    ['r8jz45g', '例え'],
    ['ls8h', '💩'],
    ['a-', 'a'],
    ['a', '\u0080'],
    ['rksmrgs-', 'rksmrgs'],
    ['', ''],
    ['rksmrgs-5wao1ö', null],
    ['99999999', null],
  ];
  for (const [encoded, text] of known) {
    it(`decodes ${encoded} to ${text}`, () => {
      expect(decodePunycode(encoded)).to.equal(text);
    });
  }

  it('undoes what the URL class does to a label', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zåäöéüß一-鿿а-я0-9]{1,20}$/u), label => {
        const host = canonicalHost(`${label}.example`);
        fc.pre(host.startsWith('xn--'));
        const encoded = host.slice(4, -'.example'.length);
        expect(decodePunycode(encoded)).to.equal(label);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const decoded = decodePunycode(text);
        expect(decoded === null || typeof decoded === 'string').to.equal(true);
      }),
    );
  });
});
