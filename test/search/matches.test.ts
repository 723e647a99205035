import { expect } from 'chai';
import fc from 'fast-check';
import { compareTexts, domainKey, matches } from '../../src/search/matches.ts';
import { wordForms } from '../../src/search/word-forms.ts';
import { aFinding, arbitraryFinding } from '../finding/arbitrary.ts';
import { arbitraryQuery } from './arbitrary.ts';

describe('what a query means', () => {
  it('of a term and of its negation, just one holds for every finding', () => {
    fc.assert(
      fc.property(arbitraryFinding, arbitraryQuery, (finding, query) => {
        for (const term of query.terms) {
          const holds = [true, false].map(negated => {
            const one = { ...query, fromMs: null, toMs: null, terms: [{ ...term, negated }] };
            return matches(one, () => 'default')(finding);
          });
          expect(holds.filter(Boolean)).to.have.length(1);
        }
      }),
    );
  });

  it('compares texts as their UTF-8 bytes do', () => {
    const texts = fc.string({
      unit: fc.constantFrom('a', 'z', 'ö', '\ud7ff', '\uff21', '\ud835\udc00', '\u{10ffff}'),
    });
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        expect(Math.sign(compareTexts(a, b))).to.equal(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  it('turns hosts round so that those of one site stand together, and back again', () => {
    expect(domainKey('www.example.com')).to.equal('com.example.www');
    expect(domainKey(domainKey('a.b.c.example'))).to.equal('a.b.c.example');
  });

  it('finds a word with å, ä and ö in hosts and in paths as they are stored', () => {
    expect(wordForms('Räksmörgås')).to.include('xn--rksmrgs-5wao1o');
    const holds = (word: string, changes: object) =>
      matches(
        {
          terms: [{ kind: 'word', word, negated: false }],
          fromMs: null,
          toMs: null,
          sort: 'start',
          descending: false,
          limit: null,
        },
        () => null,
      )(aFinding(changes));
    expect(holds('räksmörgås', { domain: 'www.xn--rksmrgs-5wao1o.example' })).to.equal(true);
    expect(holds('smör', { urlPath: '/r%C3%A4ksm%C3%B6rg%C3%A5s' })).to.equal(true);
    expect(holds('CASINO', {})).to.equal(true);
    expect(holds('smör', {})).to.equal(false);
  });
});
