import { expect } from 'chai';
import fc from 'fast-check';
import { createCountIn } from '../../src/subject/count-in.ts';
import type { Department } from '../../src/subject/roster.ts';

const under = (department: string, parent: string | null): Department => ({
  department,
  parent,
  tenant: 't',
});

const TREE = [under('Education', null), under('School', 'Education'), under('Library', 'Education')];

const CASES: readonly [string, Record<string, number>, string, string][] = [
  ['a department of k persons stands by itself', { School: 5, Education: 9 }, 'School', 'School'],
  ['one of k - 1 goes to its parent', { School: 4, Education: 9 }, 'School', 'Education'],
  ['where the parent is too small as well, to the tenant', { School: 2, Education: 2 }, 'School', ''],
  ['two small ones make a parent big enough', { School: 3, Library: 2 }, 'School', 'Education'],
  ['a big child lends a small one nothing', { School: 2, Library: 100 }, 'School', ''],
  ['a department that nobody knows goes to the tenant', { School: 5 }, 'Elsewhere', ''],
  ['one without a parent in the files stands if it is big', { Elsewhere: 5 }, 'Elsewhere', 'Elsewhere'],
];

describe('where a department is counted', () => {
  for (const [title, sizes, department, expected] of CASES) {
    it(`§8.2 ${title}`, () => {
      const countIn = createCountIn({
        departments: TREE,
        smallGroup: 5,
        size: (_tenant, name) => sizes[name] ?? 0,
      });
      expect(countIn('t', department)).to.equal(expected);
    });
  }

  it('comes to an end where departments stand in a circle', () => {
    const circle = [under('a', 'b'), under('b', 'a')];
    const countIn = createCountIn({ departments: circle, smallGroup: 5, size: () => 1 });
    expect(countIn('t', 'a')).to.equal('');
  });

  it('§8.2 never lets fewer than k persons meet in a department', () => {
    const tree = fc.array(fc.tuple(fc.nat(100), fc.nat(8)), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(tree, fc.integer({ min: 1, max: 8 }), (rows, smallGroup) => {
        // Each department stands under one of those before it, or under none.
        const departments = rows.map(([pick], index) =>
          under(`d${index}`, pick % (index + 1) === index ? null : `d${pick % (index + 1)}`),
        );
        const sizes = new Map(rows.map(([, size], index) => [`d${index}`, size]));
        const countIn = createCountIn({ departments, smallGroup, size: (_tenant, name) => sizes.get(name)! });
        const meeting = new Map<string, number>();
        for (const [name, size] of sizes) {
          const place = countIn('t', name);
          meeting.set(place, (meeting.get(place) ?? 0) + size);
        }
        for (const [place, persons] of meeting) {
          if (place !== '') expect(persons).to.be.at.least(smallGroup);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
