import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { allocate, type Drawable, drawSample } from '../../src/review/draw-sample.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

const population = fc.uniqueArray(
  fc.record({ id: fc.string({ minLength: 1, maxLength: 6 }), stratum: fc.constantFrom('', 'A', 'B', 'Ö') }),
  {
    selector: item => item.id,
    maxLength: 60,
  },
);
const seeds = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 8, maxLength: 8 });

/** The five lines of the guide, followed by hand. */
function naive(items: readonly Drawable[], seed: string, size: number | null): string[] {
  const names = [...new Set(items.map(item => item.stratum))].sort((a, b) => (a < b ? -1 : 1));
  const groups = names.map(name => items.filter(item => item.stratum === name).map(item => item.id));
  const rest = Math.max(0, Math.min(size ?? items.length, items.length) - groups.length);
  const left = items.length - groups.length;
  const quotas = groups.map(group => (left === 0 ? 0 : (rest * (group.length - 1)) / left));
  const shares = quotas.map(quota => 1 + Math.floor(quota + 1e-9));
  const order = quotas
    .map((quota, at) => ({ at, part: quota - Math.floor(quota + 1e-9) }))
    .sort((a, b) => (Math.abs(a.part - b.part) < 1e-9 ? a.at - b.at : b.part - a.part));
  let missing = groups.length + rest - shares.reduce((a, b) => a + b, 0);
  for (const { at } of order) if (missing-- > 0) shares[at]!++;
  return groups.flatMap((group, at) => {
    const ordered = [...group].sort((a, b) => (hash(`${seed}:${a}`) < hash(`${seed}:${b}`) ? -1 : 1));
    return ordered.slice(0, shares[at]);
  });
}

describe('the sample of a review', () => {
  it('is what the five lines of the guide draw (§8.3)', () => {
    fc.assert(
      fc.property(population, seeds, fc.option(fc.integer({ min: 1, max: 80 })), (items, seed, size) => {
        expect(drawSample(items, { seed, size, hash }).ids).to.deep.equal(naive(items, seed, size));
      }),
      { numRuns: 500 },
    );
  });

  it('is the same whatever order the population comes in', () => {
    fc.assert(
      fc.property(population, seeds, fc.integer({ min: 1, max: 20 }), (items, seed, size) => {
        const options = { seed, size, hash };
        expect(drawSample([...items].reverse(), options)).to.deep.equal(drawSample(items, options));
      }),
    );
  });

  it('has one of every group, never more than asked for unless there are more groups', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 9 }),
        fc.nat(2000),
        (sizes, size) => {
          const shares = allocate(sizes, size);
          const total = sizes.reduce((a, b) => a + b, 0);
          expect(shares.every((share, at) => share >= 1 && share <= sizes[at]!)).to.equal(true);
          const wanted = Math.max(sizes.length, Math.min(size, total));
          expect(shares.reduce((a, b) => a + b, 0)).to.equal(wanted);
        },
      ),
    );
  });

  it('is another one by another seed, and all of it where everything is asked for', () => {
    const items = Array.from({ length: 40 }, (_, at) => ({ id: `v${at}`, stratum: at < 30 ? 'A' : 'B' }));
    const [one, two] = ['00', '01'].map(seed => drawSample(items, { seed, size: 8, hash }).ids);
    expect(one).to.not.deep.equal(two);
    const { ids, strata } = drawSample(items, { seed: '00', size: null, hash });
    expect([...ids].sort()).to.deep.equal(items.map(item => item.id).sort());
    expect(strata).to.deep.equal([
      { name: 'A', items: 30, sampled: 30 },
      { name: 'B', items: 10, sampled: 10 },
    ]);
  });

  it('of nothing is nothing', () => {
    expect(drawSample([], { seed: 'x', size: 5, hash })).to.deep.equal({ ids: [], strata: [] });
  });
});
