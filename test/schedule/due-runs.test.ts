import { expect } from 'chai';
import fc from 'fast-check';
import { createTask } from 'node-cron';
import { createZone, type Zone } from '../../src/calendar/zone.ts';
import { type Cron, isMistake, readCron } from '../../src/schedule/cron.ts';
import { dueRuns, nextRun } from '../../src/schedule/due-runs.ts';
import { schedules } from './support.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const STOCKHOLM = createZone('Europe/Stockholm');

function cronOf(text: string): Cron {
  const read = readCron(text);
  if (isMistake(read)) throw new Error(read.message);
  return read;
}

/** Runs of some local days, as texts. */
function runsOf(text: string, from: string, to: string, zone: Zone = STOCKHOLM): string[] {
  const stretch = {
    afterMs: zone.startOfDayMs(from) - 1,
    throughMs: zone.startOfDayMs(zone.nextDay(to)) - 1,
  };
  return [...dueRuns(cronOf(text), zone, stretch)].map(atMs => new Date(atMs).toISOString().slice(0, 16));
}

/** The twin: every minute of the time is looked at, and the first that shows a time of the day or a later one is its run. */
function naiveRuns(text: string, from: string, to: string, zone: Zone): string[] {
  const cron = cronOf(text);
  const found = new Set<number>();
  for (let day = from; day <= to; day = zone.nextDay(day)) {
    const date = new Date(`${day}T00:00:00Z`);
    if (!cron.days.has(date.getUTCDate()) || !cron.months.has(date.getUTCMonth() + 1)) continue;
    if (!cron.weekdays.has(date.getUTCDay() || 7)) continue;
    for (const hour of cron.hours) {
      for (const minute of cron.minutes) {
        const wanted = hour * 60 + minute;
        const end = zone.startOfDayMs(zone.nextDay(day));
        for (let atMs = zone.startOfDayMs(day); atMs <= end; atMs += MINUTE_MS) {
          if (atMs < end && zone.minuteOfDay(atMs) < wanted) continue;
          found.add(atMs);
          break;
        }
      }
    }
  }
  return [...found].sort((a, b) => a - b).map(atMs => new Date(atMs).toISOString().slice(0, 16));
}

describe('runs that are due', () => {
  it('§1.2 come once on the day that spring shortens: at the first instant after the hour that is skipped', () => {
    expect(runsOf('30 2 * * *', '2026-03-28', '2026-03-30')).to.deep.equal([
      '2026-03-28T01:30',
      '2026-03-29T01:00',
      '2026-03-30T00:30',
    ]);
    // 02:00, 02:30 and 03:00 are one instant on that day.
    expect(runsOf('0,30 2,3 * * *', '2026-03-29', '2026-03-29')).to.deep.equal([
      '2026-03-29T01:00',
      '2026-03-29T01:30',
    ]);
  });

  it('§1.2 come once on the day that autumn lengthens: at the first of two showings', () => {
    expect(runsOf('30 2 * * *', '2026-10-24', '2026-10-26')).to.deep.equal([
      '2026-10-24T00:30',
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
    expect(runsOf('0 * * * *', '2026-10-25', '2026-10-25')).to.have.length(24);
    expect(runsOf('0 * * * *', '2026-03-29', '2026-03-29')).to.have.length(23);
  });

  it('come on 29 February of leap years alone', () => {
    expect(runsOf('0 6 29 2 *', '2026-01-01', '2033-12-31')).to.deep.equal([
      '2028-02-29T05:00',
      '2032-02-29T05:00',
    ]);
    const next = nextRun(cronOf('0 6 29 2 *'), STOCKHOLM, Date.parse('2028-03-01T00:00:00Z'));
    expect(new Date(next!).toISOString()).to.equal('2032-02-29T05:00:00.000Z');
  });

  it('never come on 30 February', () => {
    expect(nextRun(cronOf('0 6 30 2 *'), STOCKHOLM, Date.parse('2026-01-01T00:00:00Z'))).to.equal(null);
  });

  it('begin after an instant and end with one', () => {
    const cron = cronOf('0 6 1 * *');
    const first = Date.parse('2026-11-01T05:00:00Z');
    const at = (afterMs: number, throughMs: number) => [...dueRuns(cron, STOCKHOLM, { afterMs, throughMs })];
    expect(at(first - 1, first)).to.deep.equal([first]);
    expect(at(first, first + DAY_MS)).to.deep.equal([]);
    expect(at(first - 1, first - 1)).to.deep.equal([]);
  });

  it('keep to the clock of a zone that changes at midnight, by half an hour, or that skipped a day', () => {
    const of = (name: string, from: string, to: string) => runsOf('0 0 * * *', from, to, createZone(name));
    // Cuba's spring day begins at 01:00.
    expect(of('America/Havana', '2026-03-07', '2026-03-09')).to.deep.equal([
      '2026-03-07T05:00',
      '2026-03-08T05:00',
      '2026-03-09T04:00',
    ]);
    expect(runsOf('10 2 * * *', '2026-10-03', '2026-10-04', createZone('Australia/Lord_Howe'))).to.deep.equal(
      ['2026-10-02T15:40', '2026-10-03T15:30'],
    );
    expect(of('Pacific/Apia', '2011-12-29', '2011-12-31')).to.deep.equal([
      '2011-12-29T10:00',
      '2011-12-30T10:00',
    ]);
  });

  it('§1.2 equal those of a twin that looks at every minute, on days that change and on others', () => {
    const days = fc.constantFrom('2026-03-28', '2026-10-24', '2026-12-30', '2028-02-27', '2027-06-01');
    const zones = fc.constantFrom('Europe/Stockholm', 'America/Havana', 'Australia/Lord_Howe', 'UTC');
    fc.assert(
      fc.property(schedules(), days, zones, (text, from, name) => {
        const zone = createZone(name);
        const to = zone.nextDay(zone.nextDay(zone.nextDay(from)));
        expect(runsOf(text, from, to, zone), `${text} ${name}`).to.deep.equal(
          naiveRuns(text, from, to, zone),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('are on ordinary days the minutes that node-cron wakes at', () => {
    const days = fc.integer({ min: 0, max: 400 }).map(n => new Date(Date.parse('2026-01-01') + n * DAY_MS));
    fc.assert(
      fc.property(schedules(), days, (text, date) => {
        const day = date.toISOString().slice(0, 10);
        const startMs = STOCKHOLM.startOfDayMs(day);
        const endMs = STOCKHOLM.startOfDayMs(STOCKHOLM.nextDay(day));
        fc.pre(endMs - startMs === DAY_MS);
        const task = createTask(text, () => {}, { timezone: STOCKHOLM.name });
        const theirs: string[] = [];
        for (let atMs = startMs; atMs < endMs; atMs += MINUTE_MS) {
          if (task.match(new Date(atMs))) theirs.push(new Date(atMs).toISOString().slice(0, 16));
        }
        void task.destroy();
        expect(runsOf(text, day, day), text).to.deep.equal(theirs);
      }),
      { numRuns: 40 },
    );
  });
});
