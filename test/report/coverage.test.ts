import { expect } from 'chai';
import { createZone } from '../../src/calendar/zone.ts';
import { GranskaError } from '../../src/errors.ts';
import type { Unit } from '../../src/model/figures.ts';
import {
  type CoverageInput,
  coverageOf,
  requireComplete,
  requireCorrectable,
} from '../../src/report/coverage.ts';

const ZONE = createZone('Europe/Stockholm');
const HOUR_MS = 3_600_000;

const UNITS: readonly Unit[] = [
  { id: 't', kind: 'tenant', name: '', parent: null },
  { id: 'd:Ledning', kind: 'administration', name: 'Ledning', parent: 't' },
  { id: 'd:IT', kind: 'department', name: 'IT', parent: 'd:Ledning' },
  { id: 'o:Ledning', kind: 'own', name: 'Ledning', parent: 'd:Ledning' },
  { id: 'd:Bygg', kind: 'administration', name: 'Bygg', parent: 't' },
  { id: 'o:', kind: 'own', name: '', parent: 't' },
];

function hourOf(day: string, hour: number, department = 'IT'): CoverageInput['hours'][number] {
  const hourMs = ZONE.startOfDayMs(day) + hour * HOUR_MS;
  return { hourMs, department, records: 100, denied: 3, tunnels: 40, named: 90 };
}

function coverage(changes: Partial<CoverageInput> = {}) {
  const { hours = [], newestMs = Math.max(...hours.map(({ hourMs }) => hourMs)) } = changes;
  return coverageOf({
    ...{ zone: ZONE, from: '2026-10-24', through: '2026-10-26', days: [], rejects: [], refused: [] },
    ...{ sharedNetworks: 0, figures: { units: UNITS, withoutSubject: 0, withdrawn: 0 } },
    ...changes,
    hours,
    newestMs: Number.isFinite(newestMs) ? newestMs : null,
  });
}

describe('coverage of a report', () => {
  it('is complete once something of a later day was read, and not before (§8.3)', () => {
    const lastHour = coverage({ hours: [hourOf('2026-10-26', 23)] });
    expect([lastHour.completeThrough, lastHour.isComplete]).to.deep.equal(['2026-10-25', false]);
    const later = coverage({ hours: [hourOf('2026-10-26', 23)], newestMs: ZONE.startOfDayMs('2026-10-27') });
    expect([later.completeThrough, later.isComplete]).to.deep.equal(['2026-10-26', true]);
    const muchLater = coverage({
      hours: [hourOf('2026-10-26', 23)],
      newestMs: ZONE.startOfDayMs('2027-01-01'),
    });
    expect(muchLater).to.deep.equal(later);
    const nothing = coverage();
    expect([nothing.completeThrough, nothing.isComplete]).to.deep.equal([null, false]);
  });

  it('refuses a period that is asked for before it is complete, with exit 1 (§8.3, §10.2)', () => {
    for (const early of [coverage({ hours: [hourOf('2026-10-26', 23)] }), coverage()]) {
      expect(() => requireComplete(early))
        .to.throw(GranskaError)
        .with.property('exit', 1);
    }
    requireComplete(coverage({ newestMs: ZONE.startOfDayMs('2026-10-27') }));
  });

  it('lets nothing be corrected before the period is complete, whatever is allowed, and says when (§8.2, §8.3)', () => {
    for (const early of [coverage({ hours: [hourOf('2026-10-26', 23)] }), coverage()]) {
      for (const [incomplete, code] of [
        ['refuse', 'CHECK_FAILED'],
        ['allow', 'REFUSED'],
      ] as const) {
        expect(() => requireCorrectable(early, incomplete))
          .to.throw(GranskaError)
          .with.property('code', code);
      }
    }
    const whole = coverage({ newestMs: ZONE.startOfDayMs('2026-10-27') });
    for (const incomplete of ['refuse', 'allow'] as const) requireCorrectable(whole, incomplete);
  });

  it('names days and departments without lines, those with lines below them not (§8.3)', () => {
    const found = coverage({ hours: [hourOf('2026-10-24', 8), hourOf('2026-10-26', 8)] });
    expect(found.daysWithoutLines).to.deep.equal(['2026-10-25']);
    expect(found.departmentsWithoutLines).to.deep.equal(['Bygg']);
  });

  it('finds the longest gap, over a day of 25 hours and up to the end of the period (§1.2, §8.3)', () => {
    const over = coverage({
      hours: [hourOf('2026-10-24', 23), hourOf('2026-10-26', 0), hourOf('2026-10-26', 23)],
    });
    expect(over.longestGap).to.deep.include({ fromMs: ZONE.startOfDayMs('2026-10-25'), hours: 25 });
    const start = coverage({ hours: [hourOf('2026-10-24', 0)] });
    expect(start.longestGap).to.deep.equal({
      fromMs: ZONE.startOfDayMs('2026-10-24') + HOUR_MS,
      toMs: ZONE.startOfDayMs('2026-10-27'),
      hours: 72,
    });
  });

  it('adds up counts, and tells of what the proxy stopped a share only (§8.2)', () => {
    const found = coverage({
      hours: [hourOf('2026-10-24', 8), hourOf('2026-10-24', 8, 'Bygg')],
      days: [
        { kind: 'protected', count: 4 },
        { kind: 'protected', count: 3 },
        { kind: 'unannounced', count: 2 },
      ],
      rejects: [
        { stream: 'a', count: 5 },
        { stream: 'a', count: 1 },
      ],
    });
    expect(found).to.deep.include({ records: 200, tunnels: 80, named: 180, protected: 7, unannounced: 2 });
    expect(found).to.deep.include({ rejected: 6, rejectedStreams: 1, deniedPerMille: 30, unreviewed: 0 });
    expect(found).to.not.have.property('denied');
  });
});
