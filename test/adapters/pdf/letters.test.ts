import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { lettersOf } from '../../../src/adapters/pdf/letters.ts';
import { LETTERS } from '../../../src/adapters/pdf/roboto.ts';

const FILES = ['Roboto-Regular.ttf', 'Roboto-Medium.ttf', 'Roboto-Italic.ttf', 'Roboto-MediumItalic.ttf'];

describe('adapters/pdf/letters', () => {
  it('knows what a font has and what it lacks', () => {
    const has = lettersOf(readFileSync(LETTERS + FILES[0]));
    const all = (text: string) => [...text].map(sign => has(sign.codePointAt(0)!));
    expect(all('åäöÅÄÖéßłőșдλ–—“”„…§€≥≤−·\u00a0').every(Boolean)).to.equal(true);
    expect(all('→日🙂✓\u202f\uffff').some(Boolean)).to.equal(false);
  });

  it('finds the same letters in every style, so that one can be asked for all', () => {
    const [regular, ...others] = FILES.map(file => {
      const has = lettersOf(readFileSync(LETTERS + file));
      return Array.from({ length: 65_536 }, (_, codePoint) => has(codePoint));
    });
    expect(regular!.filter(Boolean).length).to.be.greaterThan(900);
    for (const other of others) expect(other).to.deep.equal(regular);
  });
});
