import { expect } from 'chai';
import { CASES_TEXT, CONSIDER } from '../../src/text/cases.ts';

/** Gives all that is said in one language, functions asked for some numbers. */
function sayings(words: unknown, path = ''): [string, string][] {
  if (typeof words === 'string') return [[path, words]];
  if (typeof words === 'function') return [[path, String(words(17, 23, 42))]];
  return Object.entries(words as object).flatMap(([key, value]) => sayings(value, `${path}.${key}`));
}

describe('the words about cases', () => {
  const en = new Map(sayings(CASES_TEXT.en));
  const sv = new Map(sayings(CASES_TEXT.sv));

  it('say the same in both languages, with the same numbers', () => {
    expect([...sv.keys()]).to.deep.equal([...en.keys()]);
    for (const [path, text] of en) {
      expect(text, path).to.not.equal('');
      expect(sv.get(path)!.match(/\d+/g), path).to.deep.equal(text.match(/\d+/g));
    }
  });

  it('never say that anybody did wrong (§5.2)', () => {
    const accusing =
      /violat|offen[cs]e|offender|guilt|crime|breach|abuse|brott|förseelse|skyldig|överträd|missbruk/i;
    for (const text of [...en.values(), ...sv.values()]) expect(text).to.not.match(accusing);
  });

  it('have something to consider for every grade', () => {
    for (const explanations of Object.values(CONSIDER)) expect(explanations).to.include('wrongList');
    expect(Object.keys(CONSIDER)).to.deep.equal(['A', 'B', 'C', 'D']);
  });
});
