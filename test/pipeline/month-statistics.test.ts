// What freezes figures: it catches up with the store before it reads, and corrects no month that still grows.
import { expect } from 'chai';
import { createMemoryStore } from '../../src/adapters/store/memory-store.ts';
import { hashText } from '../../src/cli/case-source.ts';
import { visitRulesOf } from '../../src/cli/visit-rules.ts';
import type { GranskaError } from '../../src/errors.ts';
import { type HrReportSource, issueHrReport } from '../../src/pipeline/hr-report.ts';
import { issueStatistics, type StatisticsSource } from '../../src/pipeline/month-statistics.ts';
import type { DeskStore } from '../../src/ports/desk-store.ts';
import { aPolicy, NOW_MS } from '../cli/commands/cases-support.ts';

const ASKED = { correction: null, incomplete: 'allow' } as const;

/** Makes what a month without any line is issued from, and notes what is asked of its store. */
function source(): StatisticsSource & { asked: string[] } {
  const asked: string[] = [];
  const desk = new Proxy<DeskStore>(createMemoryStore(), {
    get(store, name, receiver) {
      asked.push(String(name));
      return Reflect.get(store, name, receiver);
    },
  });
  const policy = aPolicy();
  return {
    ...{ desk, asked, policy, tenant: 'Exempelby', month: '2026-10', rules: visitRulesOf(policy) },
    ground: { departments: { departments: [], size: () => 0 }, sharedNetworks: () => 0 },
    ...{ by: 'hr', nowMs: NOW_MS, hash: hashText },
  };
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: GranskaError) => error.code ?? error.message,
  );

describe('what is issued of a month', () => {
  it('is read once the store has caught up with what was written before (§8.2, §8.3)', async () => {
    const statistics = source();
    expect((await issueStatistics(ASKED, statistics)).state).to.equal('new');
    const hr = source();
    await codeOf(issueHrReport({ ...ASKED, department: 'none' }, hr as unknown as HrReportSource));
    for (const { asked } of [statistics, hr]) {
      expect(asked[0]).to.equal('catchUp');
      expect(asked).to.include.members(['usage', 'days', 'rejects']);
    }
  });

  it('is corrected by nobody before it is complete, and nothing is written (§8.2, §8.3)', async () => {
    const made = source();
    await issueStatistics(ASKED, made);
    const before = made.asked.filter(name => name === 'append').length;
    const correction = 'a list was wrong';
    for (const [incomplete, code] of [
      ['allow', 'REFUSED'],
      ['refuse', 'CHECK_FAILED'],
    ] as const) {
      expect(await codeOf(issueStatistics({ correction, incomplete }, made))).to.equal(code);
      const hr = { correction, incomplete, department: null };
      expect(await codeOf(issueHrReport(hr, made as unknown as HrReportSource))).to.equal(code);
    }
    expect(made.asked.filter(name => name === 'append')).to.have.length(before);
  });
});
