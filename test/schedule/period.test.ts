import { expect } from 'chai';
import fc from 'fast-check';
import { createZone } from '../../src/calendar/zone.ts';
import { PERIOD_KINDS } from '../../src/model/review-plan.ts';
import { periodBefore, periodOf, readPeriod } from '../../src/schedule/period.ts';

const ZONE = createZone('UTC');
const days = fc
  .integer({ min: -20_000, max: 30_000 })
  .map(n => new Date(n * 86_400_000).toISOString().slice(0, 10));

const KNOWN: [string, string, string][] = [
  ['2026-10-05', '2026-10-05', '2026-10-05'],
  ['2028-02', '2028-02-01', '2028-02-29'],
  ['2026-12', '2026-12-01', '2026-12-31'],
  ['2026-Q4', '2026-10-01', '2026-12-31'],
  ['2026-Q1', '2026-01-01', '2026-03-31'],
  ['2026-W01', '2025-12-29', '2026-01-04'],
  ['2026-W53', '2026-12-28', '2027-01-03'],
  ['2020-W53', '2020-12-28', '2021-01-03'],
  ['2027-W01', '2027-01-04', '2027-01-10'],
];

describe('periods', () => {
  for (const [name, firstDay, lastDay] of KNOWN) {
    it(`run from day to day: ${name}`, () => {
      expect(readPeriod(name)).to.include({ id: name, firstDay, lastDay });
    });
  }

  it('have names that are theirs alone', () => {
    const none = [
      '',
      '2026',
      '2026-13',
      '2026-02-29',
      '2026-Q5',
      '2026-Q0',
      '2026-W00',
      '2025-W53',
      '2026-W54',
    ];
    for (const name of [...none, '26-10', '2026-10-5', '2026-10 ', 'x2026-10']) {
      expect(readPeriod(name), name).to.equal(null);
    }
  });

  it('of one kind touch and never overlap, and each is found by its name', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PERIOD_KINDS), days, (kind, day) => {
        const period = periodOf(kind, day);
        expect(period.firstDay <= day && day <= period.lastDay).to.equal(true);
        expect(readPeriod(period.id)).to.deep.equal(period);
        const before = periodBefore(kind, day);
        expect(ZONE.nextDay(before.lastDay)).to.equal(period.firstDay);
        expect(periodOf(kind, before.lastDay)).to.deep.equal(before);
      }),
    );
  });
});
