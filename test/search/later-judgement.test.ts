import { expect } from 'chai';
import type { Finding } from '../../src/model/finding.ts';
import { firstRevision } from '../../src/search/first-revision.ts';
import { historyOf, isSameJudgement, judgedBy, standingOf } from '../../src/search/later-judgement.ts';
import { aRevision } from '../contract/desk.ts';
import { aFinding, idOf } from '../finding/arbitrary.ts';

describe('search/later-judgement', () => {
  const finding = (revision: number): Finding => aFinding({ id: idOf(1), revision });
  const first = firstRevision(finding(0));

  it('§5.8 tells where a judgement stands', () => {
    const other = aRevision({ reason: 'another' });
    const cases: [Finding | null, ReturnType<typeof aRevision> | null, string][] = [
      [finding(0), null, 'next'],
      [finding(1), null, 'overtaken'],
      [null, null, 'overtaken'],
      [null, aRevision(), 'overtaken'],
      [finding(0), aRevision({ atMs: 1 }), 'known'],
      [finding(2), aRevision(), 'known'],
      [finding(0), other, 'overtaken'],
    ];
    for (const [shown, there, expected] of cases) {
      expect(standingOf(aRevision(), shown, there), `${shown?.revision} ${there?.reason}`).to.equal(expected);
    }
  });

  it('§5.8 takes two judgements for one only where all but their time is the same', () => {
    expect(isSameJudgement(aRevision(), aRevision({ atMs: 0 }))).to.equal(true);
    for (const changes of [
      { findingId: idOf(2) },
      { revision: 2 },
      { versions: { lists: null, policy: '9'.repeat(64), directory: null } },
      { verdict: null },
      { exemptions: [] },
      { otherExemptions: ['U-9'] },
      { reason: '' },
      { by: 'bo' },
    ]) {
      expect(isSameJudgement(aRevision(), aRevision(changes)), Object.keys(changes)[0]).to.equal(false);
    }
  });

  it('§5.8 shows by a judgement nothing else than what was judged', () => {
    const { verdict, exemptions, otherExemptions, versions } = aRevision();
    const shown = { ...finding(0), verdict, exemptions, otherExemptions, versions, revision: 1 };
    expect(judgedBy(finding(0), aRevision())).to.deep.equal(shown);
  });

  it('§5.8 tells the first judgement from the finding only where that still shows it', () => {
    expect(historyOf(null, [first, aRevision()])).to.deep.equal([]);
    expect(historyOf(finding(0), [])).to.deep.equal([first]);
    expect(historyOf(finding(1), [first, aRevision()])).to.deep.equal([first, aRevision()]);
    // What broke off before the finding showed it was judged all the same.
    expect(historyOf(finding(0), [first, aRevision()])).to.deep.equal([first, aRevision()]);
    expect(historyOf(finding(1), [aRevision()])).to.deep.equal([aRevision()]);
  });
});
