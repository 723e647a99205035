import { expect } from 'chai';
import fc from 'fast-check';
import { readInstant } from '../../src/calendar/instant.ts';
import { createZone, isDay, type Zone } from '../../src/calendar/zone.ts';

const ZONES = [
  'Europe/Stockholm',
  'Asia/Kolkata',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'America/Havana',
  'UTC',
];
const HOUR_MS = 3_600_000;
const utc = (text: string) => Date.parse(text);
const stockholm = createZone('Europe/Stockholm');

/** The naive twin: what the platform's own calendar says of an instant. */
function naive(name: string, atMs: number): { day: string; minute: number; weekday: string } {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: name,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    weekday: 'short',
    hourCycle: 'h23',
  });
  const parts = Object.fromEntries(format.formatToParts(atMs).map(part => [part.type, part.value]));
  return {
    day: `${parts.year!.padStart(4, '0')}-${parts.month}-${parts.day}`,
    minute: Number(parts.hour) * 60 + Number(parts.minute),
    weekday: parts.weekday!,
  };
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Instants of all years, and many near the changes of the clock. */
const instants = fc.oneof(
  fc.integer({ min: utc('1975-01-01T00:00:00Z'), max: utc('2090-01-01T00:00:00Z') }),
  ...['2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z', '2026-03-08T05:30:00Z', '2026-11-01T04:30:00Z'].map(
    change => fc.integer({ min: utc(change) - 26 * HOUR_MS, max: utc(change) + 26 * HOUR_MS }),
  ),
  fc.integer({ min: utc('2026-04-04T00:00:00Z'), max: utc('2026-04-06T00:00:00Z') }),
  fc.integer({ min: utc('2011-12-28T00:00:00Z'), max: utc('2012-01-01T00:00:00Z') }),
);
const zones = fc.constantFrom(...ZONES.map(createZone));

/** Walks from an instant to its hour's beginning by the naive way: minute by minute while the clock counts on. */
function naiveHourStart(zone: Zone, atMs: number): number {
  let startMs = Math.floor(atMs / 60_000) * 60_000;
  while (
    zone.offsetMs(startMs - 60_000) === zone.offsetMs(startMs) &&
    naive(zone.name, startMs).minute % 60 !== 0
  ) {
    startMs -= 60_000;
  }
  return startMs;
}

describe('calendar/zone', () => {
  it('§1.2 agrees with the platform on day, minute and weekday at any instant', () => {
    fc.assert(
      fc.property(zones, instants, (zone, atMs) => {
        const expected = naive(zone.name, atMs);
        expect(zone.dayOf(atMs)).to.equal(expected.day);
        expect(zone.minuteOfDay(atMs)).to.equal(expected.minute);
        expect(WEEKDAYS[zone.weekdayOf(atMs) - 1]).to.equal(expected.weekday);
        expect(zone.yearOf(atMs)).to.equal(Number(expected.day.slice(0, 4)));
      }),
      { numRuns: 600 },
    );
  });

  it('§1.2 begins a day at its first instant and at no earlier one', () => {
    fc.assert(
      fc.property(zones, instants, (zone, atMs) => {
        const day = zone.dayOf(atMs);
        const startMs = zone.startOfDayMs(day);
        expect(startMs).to.be.at.most(atMs);
        expect(zone.dayOf(startMs)).to.equal(day);
        expect(zone.dayOf(startMs - 1) < day).to.equal(true);
      }),
      { numRuns: 600 },
    );
  });

  it('begins hours where the clock does, and parts time without overlap', () => {
    fc.assert(
      fc.property(zones, instants, (zone, atMs) => {
        const startMs = zone.hourStartMs(atMs);
        expect(startMs).to.equal(naiveHourStart(zone, atMs));
        expect(zone.hourStartMs(startMs)).to.equal(startMs);
        expect(zone.dayOf(startMs)).to.equal(zone.dayOf(atMs));
      }),
      { numRuns: 400 },
    );
  });

  it('§1.2 has days of 23 and 25 hours where the clock changes', () => {
    const lengthOf = (day: string) =>
      (stockholm.startOfDayMs(stockholm.nextDay(day)) - stockholm.startOfDayMs(day)) / HOUR_MS;
    expect(lengthOf('2026-03-29')).to.equal(23);
    expect(lengthOf('2026-10-25')).to.equal(25);
    expect(lengthOf('2026-11-25')).to.equal(24);
    expect(stockholm.startOfDayMs('2026-03-30')).to.equal(utc('2026-03-29T22:00:00Z'));
    expect(stockholm.startOfDayMs('2026-10-26')).to.equal(utc('2026-10-25T23:00:00Z'));
  });

  it('tells the hour that the clock shows twice apart', () => {
    const first = stockholm.hourStartMs(utc('2026-10-25T00:30:00Z'));
    const second = stockholm.hourStartMs(utc('2026-10-25T01:30:00Z'));
    expect(stockholm.minuteOfDay(first)).to.equal(stockholm.minuteOfDay(second));
    expect(second - first).to.equal(HOUR_MS);
  });

  it('takes the year by the local clock', () => {
    expect(stockholm.yearOf(utc('2025-12-31T23:30:00Z'))).to.equal(2026);
    expect(createZone('UTC').yearOf(utc('2025-12-31T23:30:00Z'))).to.equal(2025);
  });

  it('answers for instants that are out of reach with the nearest inside', () => {
    for (const atMs of [Number.NaN, Number.NEGATIVE_INFINITY, -1e17]) {
      expect(stockholm.dayOf(atMs)).to.equal('0001-01-03');
    }
    expect(stockholm.dayOf(Number.POSITIVE_INFINITY)).to.equal('9999-12-29');
    expect(stockholm.hourStartMs(1e17)).to.be.lessThan(1e15);
  });

  it('knows what is no day', () => {
    for (const text of ['2026-02-29', '2026-13-01', '2026-1-1', '26-01-01', '', '2026-01-01T00:00']) {
      expect(isDay(text), text).to.equal(false);
      expect(stockholm.startOfDayMs(text), text).to.deep.equal(Number.NaN);
      expect(stockholm.nextDay(text), text).to.equal('');
    }
    expect(isDay('2024-02-29')).to.equal(true);
    expect(stockholm.nextDay('2024-02-28')).to.equal('2024-02-29');
    expect(stockholm.nextDay('2026-12-31')).to.equal('2027-01-01');
  });

  it('refuses a zone that is not known', () => {
    expect(() => createZone('Europe/Stokholm'))
      .to.throw('is not known')
      .with.property('code', 'CONFIG');
  });

  it('stays right when more days are asked for than it remembers', () => {
    const zone = createZone('Europe/Stockholm');
    const startMs = utc('2026-03-28T12:00:00Z');
    for (let day = 0; day < 5000; day++) zone.offsetMs(startMs - day * 24 * HOUR_MS);
    expect(zone.offsetMs(utc('2026-03-29T00:59:59Z'))).to.equal(HOUR_MS);
    expect(zone.offsetMs(utc('2026-03-29T01:00:00Z'))).to.equal(2 * HOUR_MS);
  });
});

describe('calendar/instant', () => {
  const cases: [string, string | null][] = [
    ['2026-10-05T10:00', '2026-10-05T08:00:00Z'],
    ['2026-10-05 10:00:30', '2026-10-05T08:00:30Z'],
    ['2026-10-05T10:00:30.250', '2026-10-05T08:00:30.250Z'],
    ['2026-10-05', '2026-10-04T22:00:00Z'],
    ['2026-10-05T10:00Z', '2026-10-05T10:00:00Z'],
    ['2026-10-05T10:00-03:30', '2026-10-05T13:30:00Z'],
    ['2026-10-25T02:30', '2026-10-25T00:30:00Z'],
    ['2026-03-29T01:59', '2026-03-29T00:59:00Z'],
    ['2026-03-29T03:00', '2026-03-29T01:00:00Z'],
    ['2026-03-29T02:30', null],
    ['2026-02-30T10:00', null],
    ['2026-10-05T24:00', null],
    ['2026-10-05T10:61', null],
    ['10:00', null],
    ['2026-10-05T10', null],
  ];
  for (const [text, expected] of cases) {
    it(`reads ${text} as ${expected ?? 'no instant'}`, () => {
      const atMs = readInstant(text, stockholm);
      expect(atMs).to.deep.equal(expected === null ? Number.NaN : utc(expected));
    });
  }

  it('reads back the minute that the clock shows at any instant', () => {
    fc.assert(
      fc.property(zones, instants, (zone, atMs) => {
        const minute = zone.minuteOfDay(atMs);
        const pad = (value: number) => String(value).padStart(2, '0');
        const text = `${zone.dayOf(atMs)}T${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`;
        const back = readInstant(text, zone);
        expect(zone.dayOf(back)).to.equal(zone.dayOf(atMs));
        expect(zone.minuteOfDay(back)).to.equal(minute);
        expect(back).to.be.at.most(atMs);
      }),
      { numRuns: 400 },
    );
  });
});
