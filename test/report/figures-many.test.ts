// A million findings: what is held while they are counted does not grow with them.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import type { Finding } from '../../src/model/finding.ts';
import { monthFigures } from '../../src/pipeline/month-figures.ts';
import { suppress } from '../../src/report/suppress.ts';
import { aFinding } from '../finding/arbitrary.ts';
import { RULES, ZONE } from '../visit/support.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const FINDINGS = 1_000_000;
const PEOPLE = 3_000;
const FROM_MS = ZONE.startOfDayMs('2026-10-01');
const STEP_MS = Math.floor((31 * 86_400_000) / FINDINGS);

/** Findings of a month, made as they are asked for. */
async function* manyFindings(seen: (n: number) => void): AsyncGenerator<Finding> {
  for (let n = 0; n < FINDINGS; n++) {
    const person = (n * 7919) % PEOPLE;
    seen(n);
    yield aFinding({
      ...{ id: n.toString(16).padStart(32, '0'), recordId: n.toString(16).padStart(32, 'a') },
      ...{ tenant: 'Provby', startMs: FROM_MS + n * STEP_MS, subjectId: `u26-${person}` },
      ...{ department: `d${person % 30}`, category: ['gambling', 'weapons', 'dating'][n % 3]! },
      ...(n % 50 === 0 ? { access: 'denied' as const, verdict: null } : {}),
    });
  }
}

describe('figures of a million findings', () => {
  it('are counted in memory that is bounded by people and a day’s visits, and tell how far they are', async () => {
    let highest = 0;
    const base = heapUsed();
    const told: number[] = [];
    const figures = await monthFigures(
      {
        standing: () =>
          manyFindings(n => {
            if (n % 100_000 === 0) highest = Math.max(highest, heapUsed() - base);
          }),
      },
      {
        ...{ tenant: 'Provby', month: '2026-10', rules: RULES },
        policy: { minimumConfidence: 'none', reviewed: new Set(['staff']), smallGroup: 5 },
        departments: {
          departments: Array.from({ length: 30 }, (_, n) => ({
            tenant: 'Provby',
            department: `d${n}`,
            parent: null,
          })),
          size: () => 100,
        },
        onProgress: findings => told.push(findings),
      },
    );
    const whole = figures.cells.filter(({ unit }) => unit === 't');
    const records = (kind: string) =>
      whole.reduce((sum, cell) => sum + (cell.kind === kind ? cell.records : 0), 0);
    expect(records('attempts')).to.equal(FINDINGS / 50);
    expect(records('examine') + records('attempts')).to.equal(FINDINGS);
    expect(told.length).to.be.greaterThan(50);
    expect(told.at(-1)).to.equal(FINDINGS);
    // A finding alone is more than 1 kB: all of them would be over 1 GB.
    expect(highest / 1_000_000).to.be.lessThan(100);
    expect(suppress(figures, 5).cells.every(({ examine }) => examine !== null)).to.equal(true);
  }).timeout(600_000);
});

/** What is held, without what is only not collected yet. */
function heapUsed(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
