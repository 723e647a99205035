import { expect } from 'chai';
import { createHeads, type Sight } from '../../src/report/heads.ts';

function personsOf(...sights: [id: string, place: string, day: number][]): Record<string, number> {
  const heads = createHeads();
  for (const [subjectId, place, day] of sights) {
    const kind: Sight['kind'] = subjectId.startsWith('u') ? 'user' : 'client';
    heads.see({ kind, subjectId, place, atMs: day * 86_400_000, day: `2026-10-0${day}` });
  }
  return Object.fromEntries(heads.persons());
}

describe('persons of the figures', () => {
  it('are counted where they were first seen, once, in whatever order they come (§8.2)', () => {
    expect(personsOf(['u1', 'a', 1], ['u1', 'b', 2], ['u2', 'b', 2])).to.deep.equal({ a: 1, b: 1 });
    expect(personsOf(['u1', 'b', 2], ['u2', 'b', 2], ['u1', 'a', 1])).to.deep.equal({ a: 1, b: 1 });
    expect(personsOf(['u1', 'b', 1], ['u1', 'a', 1])).to.deep.equal({ a: 1 });
  });

  it('of which only addresses are known are those of the busiest day: a machine has another pseudonym each day (§3.5)', () => {
    const days = ([1, 2, 3, 4, 5] as const).map((day): [string, string, number] => [`c${day}`, 'a', day]);
    expect(personsOf(...days)).to.deep.equal({ a: 1 });
    const busy = [...days.slice(0, 2), ['c9', 'b', 2] satisfies [string, string, number], ...days.slice(2)];
    expect(personsOf(...(busy as typeof days))).to.deep.equal({ a: 1, b: 1 });
  });

  it('are users or addresses, never both: one person may be seen as either (§3.2)', () => {
    expect(personsOf(['u1', 'a', 1], ['u2', 'a', 1], ['c1', 'b', 1])).to.deep.equal({ a: 2 });
    expect(personsOf(['u1', 'a', 1], ['c1', 'b', 1], ['c2', 'b', 1])).to.deep.equal({ b: 2 });
  });
});
