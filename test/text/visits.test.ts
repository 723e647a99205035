import { expect } from 'chai';
import { GRADE_FACTS, type GradeFact, type GradeFactCode } from '../../src/model/visit.ts';
import { factWords, VISITS_TEXT } from '../../src/text/visits.ts';

const NUMBERS = { one: 1, many: 1_234 };
const CODES = Object.keys(GRADE_FACTS) as GradeFactCode[];

/** Makes a fact all of whose numbers differ. */
function factOf(code: GradeFactCode, first: number): GradeFact {
  return { code, values: Object.fromEntries(GRADE_FACTS[code].map((name, n) => [name, first + n * 61_000])) };
}

const numbersIn = (text: string) => (text.match(/\d+/g) ?? []).map(Number);

describe('the words of visits', () => {
  for (const code of CODES) {
    it(`say ${code} in both languages, with the same numbers`, () => {
      for (const first of Object.values(NUMBERS)) {
        const [en, sv] = (['en', 'sv'] as const).map(lang => factWords(factOf(code, first), lang));
        expect(en).to.not.equal(sv);
        expect(numbersIn(en!), en).to.have.length(GRADE_FACTS[code].length);
        expect(numbersIn(sv!), sv).to.deep.equal(numbersIn(en!));
        expect(`${en} ${sv}`).to.not.match(/undefined|NaN|\.$/);
      }
    });
  }

  it('tell one from many', () => {
    expect(factWords(factOf('documents', 1), 'en')).to.contain('1 HTML document came');
    expect(factWords(factOf('documents', 3), 'en')).to.contain('3 HTML documents came');
    expect(factWords(factOf('onlyTunnels', 1), 'sv')).to.contain('1 tunnel,');
    expect(factWords(factOf('onlyTunnels', 2), 'sv')).to.contain('2 tunnlar,');
  });

  it('§5.2 accuse nobody: no word of guilt, in either language', () => {
    const all = (['en', 'sv'] as const).flatMap(lang => [
      ...CODES.map(code => factWords(factOf(code, 2), lang)),
      ...Object.values(VISITS_TEXT[lang].grades),
      ...Object.values(VISITS_TEXT[lang].gradeMeanings),
    ]);
    expect(all.join(' ')).to.not.match(
      /violat|offen[cs]e|guilt|breach|suspect|crim|abus|överträd|brott|skyldig|misstänk|förse/i,
    );
  });

  it('give the code of a fact that they do not know', () => {
    expect(factWords({ code: 'toString', values: {} }, 'en')).to.equal('toString');
  });
});
