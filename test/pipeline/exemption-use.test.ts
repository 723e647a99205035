// What exemptions covered, counted from visits.
import { expect } from 'chai';
import type { Visit } from '../../src/model/visit.ts';
import { exemptionUse } from '../../src/pipeline/exemption-use.ts';

const VISIT: Visit = {
  ...{ id: 'v', tenant: 'kommun', subjectKind: 'user', subjectId: 'u26-a', confidence: 'authenticated' },
  ...{ population: 'staff', department: 'Omsorg', roles: [], category: 'gambling', class: 'questionable' },
  ...{ statutes: [], site: 'casino.example', day: '2026-03-02', startMs: 0, lastMs: 0, findings: 2 },
  ...{ records: 2, examine: 0, exempt: 2, verdict: 'exempt', exemptions: ['E-1'], bytes: 0, grade: 'C' },
  ...{ facts: [], digest: '' },
};

async function* streamOf(...visits: Partial<Visit>[]): AsyncGenerator<Visit> {
  for (const over of visits) yield { ...VISIT, ...over };
}

describe('pipeline/exemption-use', () => {
  it('counts visits, days and categories for each exemption that covered some of one', async () => {
    const { uses, findings } = await exemptionUse(
      streamOf(
        {},
        { day: '2026-03-01', exemptions: ['E-2', 'E-1'], category: 'drugs' },
        { day: '2026-03-09', verdict: 'examine', examine: 1, exempt: 1 },
      ),
      2,
    );
    expect(findings).to.equal(5);
    expect(uses).to.deep.equal([
      {
        ...{ id: 'E-1', visits: 3, subjects: null, firstDay: '2026-03-01', lastDay: '2026-03-09' },
        byCategory: { drugs: 1, gambling: 2 },
      },
      {
        ...{ id: 'E-2', visits: 1, subjects: null, firstDay: '2026-03-01', lastDay: '2026-03-01' },
        byCategory: { drugs: 1 },
      },
    ]);
  });

  it('§8.2 tells how many people there were only from the small group on', async () => {
    const people = (count: number) =>
      streamOf(...Array.from({ length: count }, (_, n) => ({ subjectId: `u26-${n}` })));
    expect((await exemptionUse(people(4), 5)).uses[0]!.subjects).to.equal(null);
    expect((await exemptionUse(people(5), 5)).uses[0]!.subjects).to.equal(5);
  });

  it('§3.1 takes one id in two organizations as two people', async () => {
    const { uses } = await exemptionUse(streamOf({}, { tenant: 'energi' }), 2);
    expect(uses[0]!.subjects).to.equal(2);
  });

  it('passes over visits that no decision covered', async () => {
    const { uses } = await exemptionUse(streamOf({ exempt: 0, exemptions: [] }), 5);
    expect(uses).to.deep.equal([]);
  });

  it('leaks no pseudonym', async () => {
    expect(JSON.stringify(await exemptionUse(streamOf({}), 1))).to.not.contain('u26');
  });
});
