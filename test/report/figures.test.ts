import { expect } from 'chai';
import type { FigureCell } from '../../src/model/figures.ts';
import type { Finding, StandingFinding } from '../../src/model/finding.ts';
import { monthFigures } from '../../src/pipeline/month-figures.ts';
import { aFinding } from '../finding/arbitrary.ts';
import { at, RULES } from '../visit/support.ts';

let made = 0;

function finding(changes: Partial<Finding> = {}): Finding {
  made++;
  return aFinding({
    ...{ id: made.toString(16).padStart(32, '0'), recordId: made.toString(16).padStart(32, 'a') },
    ...{ tenant: 'Provby', department: 'Bygg', startMs: at('2026-10-05', 480 + made) },
    ...changes,
  });
}

/** Counts with one department, and asks for names from a lease on. */
async function figuresOf(...findings: StandingFinding[]) {
  return monthFigures(
    {
      async *standing() {
        yield* findings;
      },
    },
    {
      ...{ tenant: 'Provby', month: '2026-10', rules: RULES },
      policy: { minimumConfidence: 'lease', reviewed: new Set(['staff', 'unknown']), smallGroup: 5 },
      departments: { departments: [{ tenant: 'Provby', department: 'Bygg', parent: null }], size: () => 9 },
    },
  );
}

async function wholeOf(...findings: Finding[]): Promise<string[]> {
  const { cells } = await figuresOf(...findings);
  const tell = ({ kind, visits, records, persons }: FigureCell) =>
    `${kind} ${visits} ${records} by ${persons}`;
  return cells.filter(({ unit }) => unit === 't').map(tell);
}

describe('figures of a month', () => {
  it('count visits and attempts apart, and leave out what was taken back, an attempt too (§2.4, §5.8)', async () => {
    const attempt = finding({ access: 'denied', verdict: null });
    const withdrawn = [
      finding({ verdict: 'withdrawn' }),
      finding({ access: 'denied', verdict: 'withdrawn' }),
    ];
    expect(await wholeOf(finding(), attempt, ...withdrawn)).to.deep.equal([
      'examine 1 1 by 1',
      'attempts 0 1 by 1',
    ]);
    expect((await figuresOf(...withdrawn)).withdrawn).to.equal(2);
    // On a site that is protected now, told as one that was taken back (§6.2).
    const hidden = { ...finding({ department: 'Social' }), verdict: 'protected' as const };
    const { versions, ...figures } = await figuresOf(hidden, ...withdrawn);
    expect(figures).to.deep.include({ withdrawn: 3, withoutSubject: 0, cells: [], cellPersons: [] });
  });

  it('count no person who is not surely one: unknown to the files, or known less surely than asked (§3.3)', async () => {
    const unsure = [
      finding({ population: 'unknown' }),
      finding({ subjectId: 'u26-b', confidence: 'none' }),
      finding({ subjectId: 'u26-c', population: 'pupil' }),
      finding({ subjectKind: 'client', subjectId: 'c261005-d', population: 'unknown' }),
      finding({ subjectKind: 'client', subjectId: 'c261005-f', population: 'pupil' }),
    ];
    expect(await wholeOf(...unsure)).to.deep.equal(['examine 5 5 by 0']);
    const address = finding({ subjectKind: 'client', subjectId: 'c261005-e', confidence: 'none' });
    expect(await wholeOf(address)).to.deep.equal(['examine 1 1 by 1']);
  });

  it('count a finding of nobody in no visit, and say so; its attempts count without a person (§3.2)', async () => {
    const nobody = { subjectKind: 'none' as const, subjectId: null };
    const figures = await figuresOf(finding(nobody), finding({ ...nobody, access: 'denied', verdict: null }));
    expect(figures.withoutSubject).to.equal(1);
    expect(
      figures.cells.filter(({ unit }) => unit === 't').map(({ kind, persons }) => [kind, persons]),
    ).to.deep.equal([['attempts', 0]]);
  });

  it('count of another organisation nothing, though it be spelled alike (§3.1)', async () => {
    expect(await wholeOf(finding({ tenant: 'provby' }))).to.deep.equal([]);
  });
});
