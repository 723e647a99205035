// An HR report that was issued, and the rows that it shows of it later.
import { expect } from 'chai';
import { createMemoryStore } from '../../src/adapters/store/memory-store.ts';
import { caseSource, hashText } from '../../src/cli/case-source.ts';
import { visitRulesOf } from '../../src/cli/visit-rules.ts';
import { type HrReportSource, issueHrReport } from '../../src/pipeline/hr-report.ts';
import { readCases } from '../../src/pipeline/read-cases.ts';
import { aPolicy, NOW_MS, zone } from '../cli/commands/cases-support.ts';
import { aRejudged, aRevision } from '../contract/desk.ts';
import { aBatch } from '../contract/store.ts';
import { aFinding, idOf } from '../finding/arbitrary.ts';

const ASKED = { department: null, correction: null, incomplete: 'allow' } as const;

/** Makes a finding that is a visit by itself, on one morning of October. */
const gambling = (n: number, subjectId: string) =>
  aFinding({
    ...{ id: idOf(n), recordId: idOf(90 + n), offset: n, subjectId, tenant: 'kommun', category: 'gambling' },
    ...{ startMs: Date.parse('2026-10-05T08:00:00Z') + n, population: 'staff', verdict: 'examine' },
  });

describe('an HR report that was issued', () => {
  it('§6.2 shows no row of a case on a site that is protected now; what was issued stays, and today it is another', async () => {
    const desk = createMemoryStore();
    const finding = gambling(1, 'u26-b');
    await desk.write(aBatch({ findings: [finding, gambling(2, 'u26-c')] }));
    const policy = aPolicy();
    const { source: cases, rules: caseRules } = caseSource(desk, { policy, zone });
    const ids: string[] = [];
    const all = readCases({ terms: [], days: { from: null, through: null } }, cases, caseRules);
    for await (const { id } of all) ids.push(id);
    const source: HrReportSource = {
      ...{ desk, policy, tenant: 'kommun', month: '2026-10', rules: visitRulesOf(policy) },
      ground: { departments: { departments: [], size: () => 0 }, sharedNetworks: () => 0 },
      ...{ by: 'hr', nowMs: NOW_MS, hash: hashText, cases, caseRules, namesSomebody: () => false },
      opened: { has: () => true, ids: () => ids },
    };
    const issued = await issueHrReport(ASKED, source);
    expect(issued.report.cases.map(({ subject }) => subject)).to.have.members([finding.subjectId, 'u26-c']);
    const hidden = { verdict: 'protected', exemptions: [], otherExemptions: [] } as const;
    await desk.revise(aRejudged({ revisions: [aRevision({ findingId: finding.id, ...hidden })] }));
    const again = await issueHrReport(ASKED, source);
    expect(again.report.cases.map(({ subject }) => subject)).to.deep.equal(['u26-c']);
    expect(again.state).to.equal('changed');
    expect(again.issue).to.deep.equal(issued.issue);
  });
});
