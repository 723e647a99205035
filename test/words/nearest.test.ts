import { expect } from 'chai';
import fc from 'fast-check';
import { distanceOf, nearest, suggest } from '../../src/words/nearest.ts';

describe('words/nearest', () => {
  /** The naive twin: the same distance by plain recursion. */
  function naive(a: string, b: string): number {
    if (a === '' || b === '') return a.length + b.length;
    const same = a.at(-1) === b.at(-1) ? 0 : 1;
    const ways = [
      naive(a.slice(0, -1), b) + 1,
      naive(a, b.slice(0, -1)) + 1,
      naive(a.slice(0, -1), b.slice(0, -1)) + same,
    ];
    const isSwapped = a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1);
    if (isSwapped) ways.push(naive(a.slice(0, -2), b.slice(0, -2)) + 1);
    return Math.min(...ways);
  }

  it('counts edits as its naive twin does', () => {
    const words = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 });
    fc.assert(
      fc.property(words, words, (a, b) => {
        expect(distanceOf(a, b)).to.equal(naive(a, b));
      }),
      { numRuns: 200 },
    );
  });

  it('finds what was meant, and nothing where nothing is near', () => {
    const known = ['validFrom', 'validThrough', 'approvers', 'id'];
    expect(nearest('aprovers', known)).to.equal('approvers');
    expect(nearest('ValidFrom', known)).to.equal('validFrom');
    expect(nearest('xyz', known)).to.equal(null);
    expect(suggest('xyz', ['a', 'b'])).to.equal('known: a, b');
    expect(suggest('xyz', [])).to.equal('');
  });
});
