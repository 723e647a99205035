import { expect } from 'chai';
import type { Finding } from '../../../src/model/finding.ts';
import { createTally } from '../../../src/pipeline/rejudge/tally.ts';
import { aFinding } from '../../finding/arbitrary.ts';

const OUTCOME = { verdict: 'exempt', exemptions: ['E-1'], otherExemptions: [], why: null } as const;

/** Tallies one changed finding for each person of each department; the small group is 3. */
function diffOf(departments: Readonly<Record<string, number>>, changes: Partial<Finding> = {}) {
  const tally = createTally(3);
  const changed = Object.entries(departments).flatMap(([department, persons]) =>
    Array.from({ length: persons }, (_, person) => ({
      finding: aFinding({
        department,
        subjectId: `u26-${department}${person}`,
        verdict: 'examine',
        ...changes,
      }),
      outcome: OUTCOME,
    })),
  );
  tally.add({ changed, added: [] });
  return tally.diff();
}

const peopleOf = (diff: ReturnType<typeof diffOf>) => diff.departments.map(({ people }) => people);

describe('the tally of a rejudging', () => {
  it('§8.2 tells people from the small group on, and those below it as that', () => {
    expect(peopleOf(diffOf({ a: 3, b: 2, c: 1 }))).to.deep.equal([3, '<3', '<3']);
    expect(diffOf({ a: 2 }).total).to.deep.equal({ new: 0, gone: 0, changed: 2, people: '<3' });
    expect(diffOf({}).total.people).to.equal(0);
  });

  it('§8.2 does not tell a total from which a hidden number could be had', () => {
    expect(diffOf({ a: 5, b: 2 }).total.people).to.equal('hidden');
    // Two departments with three people between them: which of them has how many cannot be told.
    expect(diffOf({ a: 5, b: 2, c: 1 }).total.people).to.equal(8);
    expect(diffOf({ a: 5, b: 1, c: 1 }).total.people).to.equal('hidden');
    // All of it in one category: its row would tell the total.
    const [only] = diffOf({ a: 5, b: 2 }, { category: 'gambling' }).categories;
    expect(only).to.deep.include({ name: 'gambling', people: 'hidden' });
  });

  it('§3.2 counts findings of addresses, and no people in them', () => {
    const { total } = diffOf({ a: 4 }, { subjectKind: 'client' });
    expect(total).to.deep.equal({ new: 0, gone: 0, changed: 4, people: 0 });
  });

  it('§5.8 what was taken back and is judged again is new', () => {
    const { total, transitions } = diffOf({ a: 1 }, { verdict: 'withdrawn' });
    expect(total).to.deep.include({ new: 1, changed: 0 });
    expect(transitions).to.deep.equal([{ from: 'withdrawn', to: 'exempt', findings: 1 }]);
  });
});
