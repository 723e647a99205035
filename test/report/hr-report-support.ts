// A small issued HR report, made by the stage itself, of one department with what a test cares about.
import { createZone } from '../../src/calendar/zone.ts';
import type { Measures, ReportCoverage, ShownFigures } from '../../src/model/figures.ts';
import { type HrReportParts, hrReport } from '../../src/report/hr-report.ts';
import type { IssuedHrReport } from '../../src/text/hr-report-page.ts';
import { aPolicy } from '../cli/commands/cases-support.ts';

interface Parts {
  department?: string;
  /** What its only category is called. */
  category?: string;
  /** Of its only decision. */
  reason?: string;
  parts?: Partial<HrReportParts>;
}

const NONE: Measures = { persons: 0, visits: 0, records: 0, grades: { A: 0, B: 0, C: 0, D: 0 } };

const COVERAGE: ReportCoverage = {
  ...{ from: '2026-10-01', through: '2026-10-31', completeThrough: '2026-10-31', isComplete: true },
  ...{
    records: 1000,
    tunnels: 400,
    named: 900,
    deniedPerMille: 2,
    rejected: 1,
    refused: 0,
    rejectedStreams: 1,
  },
  ...{
    protected: 3,
    unreviewed: 4,
    unannounced: 0,
    tooOld: 0,
    authChallenges: 9,
    withoutSubject: 0,
    withdrawn: 0,
  },
  ...{ sharedNetworks: 1, daysWithoutLines: [], departmentsWithoutLines: [], longestGap: null },
};

/** Makes the figures of one department: 7 visits to examine, exempt ones hidden, no attempts. */
export function figuresOf(department: string): ShownFigures {
  const examine = { persons: 6, visits: 9, records: 20, grades: { A: 7, B: 0, C: 0, D: 2 } };
  const cell = { category: 'gambling', examine, exempt: null, attempts: NONE, decisions: null };
  return {
    ...{ tenant: 'Provby', from: '2026-10-01', through: '2026-10-31', smallGroup: 5 },
    units: [
      { id: 't', kind: 'tenant', name: '', parent: null },
      { id: `d:${department}`, kind: 'administration', name: department, parent: 't' },
      { id: 'd:Annan', kind: 'administration', name: 'Annan', parent: 't' },
      { id: 'o:', kind: 'own', name: '', parent: 't' },
    ],
    cells: ['t', `d:${department}`, 'd:Annan'].map(unit => ({ unit, ...cell })),
  };
}

/** Makes an issued report. */
export function aReport({ department = 'Bygg', category, reason, parts = {} }: Parts = {}): IssuedHrReport {
  const policy = aPolicy();
  const report = hrReport({
    figures: figuresOf(department),
    versions: { policy: ['a'.repeat(64)], lists: ['b'.repeat(64)], directory: [] },
    coverage: COVERAGE,
    department,
    cases: [],
    policy: { ...policy, zone: createZone('Europe/Stockholm') },
    namesSomebody: () => false,
    ...parts,
  });
  const gambling = { ...report.categories.find(({ name }) => name === 'gambling')! };
  if (category !== undefined) Object.assign(gambling, { sv: category, en: category });
  const decision = {
    id: 'U-1',
    caseNumber: 'PS 1',
    validFrom: '2026-01-01',
    validThrough: '2026-12-31',
    visits: 6,
  };
  return {
    report: {
      ...report,
      categories: [gambling],
      decisions: reason === undefined ? report.decisions : [{ ...decision, reason }],
    },
    ...{ number: 1, hash: 'c'.repeat(64), day: '2026-11-02', corrects: null },
  };
}
