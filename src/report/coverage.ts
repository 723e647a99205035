// coverage: what a store tells of how complete its reading was → what every report prints (§8.3). In: counts of one
// organisation and time; out: `ReportCoverage`. Invariant: it holds numbers, days and departments, and nothing of anybody;
// a period counts as complete only where something of a later day was read, since a log that has stopped and one that is
// late look alike.
// Example: read up to 2026-10-30 14:00 → completeThrough 2026-10-29, and October is not complete.
import type { Zone } from '../calendar/zone.ts';
import { GranskaError } from '../errors.ts';
import type { Figures, ReportCoverage, Unit } from '../model/figures.ts';

/** What a count of an hour and department says. The port's `UsageCount` has this shape. */
interface HourCount {
  hourMs: number;
  department: string;
  records: number;
  denied: number;
  tunnels: number;
  named: number;
}

export interface CoverageInput {
  zone: Zone;
  from: string;
  through: string;
  /** Of the organisation, in the period. */
  hours: readonly HourCount[];
  /** Of the organisation, in the period: what is only counted. */
  days: readonly {
    kind: 'protected' | 'unreviewed' | 'unannounced' | 'tooOld' | 'authChallenges';
    count: number;
  }[];
  /** Lines that could not be read, and documents that were refused, since the period began. */
  rejects: readonly { stream: string; count: number }[];
  refused: readonly { count: number }[];
  /** Beginning of the newest hour of the organisation that has a line, later ones than the period included; null for none. */
  newestMs: number | null;
  sharedNetworks: number;
  figures: Pick<Figures, 'units' | 'withoutSubject' | 'withdrawn'>;
}

/** Says what a period's figures rest on. */
export function coverageOf(input: CoverageInput): ReportCoverage {
  const { zone, from, through, hours, newestMs, figures } = input;
  const isComplete = newestMs !== null && zone.dayOf(newestMs) > through;
  const completeThrough = newestMs === null || isComplete ? null : dayBefore(zone, newestMs);
  const sum = (of: 'records' | 'denied' | 'tunnels' | 'named') =>
    hours.reduce((total, row) => total + row[of], 0);
  const records = sum('records');
  const dayCount = (kind: CoverageInput['days'][number]['kind']) =>
    input.days.reduce((total, row) => total + (row.kind === kind ? row.count : 0), 0);
  return {
    // Once it is complete, how much further was read since says nothing of it.
    ...{ from, through, completeThrough: isComplete ? through : completeThrough, isComplete },
    ...{ records, tunnels: sum('tunnels'), named: sum('named') },
    deniedPerMille: records === 0 ? 0 : Math.round((sum('denied') / records) * 1000),
    rejected: input.rejects.reduce((total, { count }) => total + count, 0),
    refused: input.refused.reduce((total, { count }) => total + count, 0),
    rejectedStreams: new Set(input.rejects.map(({ stream }) => stream)).size,
    protected: dayCount('protected'),
    unreviewed: dayCount('unreviewed'),
    unannounced: dayCount('unannounced'),
    tooOld: dayCount('tooOld'),
    authChallenges: dayCount('authChallenges'),
    withoutSubject: figures.withoutSubject,
    withdrawn: figures.withdrawn,
    sharedNetworks: input.sharedNetworks,
    daysWithoutLines: daysWithout(input),
    departmentsWithoutLines: departmentsWithout(input),
    longestGap: longestGap(input),
  };
}

/** Leaves out what the program forgets in time: what is left tells whether figures have changed since they were issued. */
export function lastingCoverage(coverage: ReportCoverage): Partial<ReportCoverage> {
  const { rejected: _lines, rejectedStreams: _streams, refused: _documents, ...lasting } = coverage;
  return lasting;
}

type Completeness = Pick<ReportCoverage, 'isComplete' | 'completeThrough' | 'through'>;

/** Throws CHECK_FAILED where a period is asked for before it is complete (§8.3). */
export function requireComplete(coverage: Completeness): void {
  if (coverage.isComplete) return;
  const { completeThrough, through } = coverage;
  throw new GranskaError(
    'CHECK_FAILED',
    completeThrough === null
      ? 'the period is not complete: nothing of it or of later was read'
      : `the period is not complete: what was read is whole through ${completeThrough}, and the period ends with ${through}`,
    {
      hint: 'ask again once a line of a later day was read, or with --allow-incomplete: then the report says so',
    },
  );
}

/**
 * Throws where figures are to be corrected before their period is complete, allowed or not: one issue less another of a
 * growing month would show what single persons did in between (§8.2). CHECK_FAILED where a period that is not complete is
 * refused anyway, REFUSED where it is allowed.
 */
export function requireCorrectable(coverage: Completeness, incomplete: 'allow' | 'refuse'): void {
  if (coverage.isComplete) return;
  throw new GranskaError(
    incomplete === 'allow' ? 'REFUSED' : 'CHECK_FAILED',
    'figures are not corrected before their period is complete: one issue less another could show what one person did',
    {
      hint: `ask again once a line of a day after ${coverage.through} was read; until then the latest issue stays as it is`,
    },
  );
}

/** Does as `requireComplete` of what was issued. Once all of the period was read, it tells that a correction is what is left to do. */
export function requireIssuedComplete(issued: Completeness, today: Completeness): void {
  if (issued.isComplete || !today.isComplete) {
    requireComplete(issued);
    return;
  }
  throw new GranskaError('CHECK_FAILED', 'the figures of the period were issued before it was complete', {
    hint: 'it is complete now: --correct --reason TEXT issues it anew; --allow-incomplete shows it as it was issued',
  });
}

function dayBefore(zone: Zone, atMs: number): string {
  return zone.dayOf(zone.startOfDayMs(zone.dayOf(atMs)) - 1);
}

function daysWithout({ zone, from, through, hours }: CoverageInput): string[] {
  const seen = new Set(hours.filter(({ records }) => records > 0).map(({ hourMs }) => zone.dayOf(hourMs)));
  const days: string[] = [];
  for (let day = from; day !== '' && day <= through; day = zone.nextDay(day))
    if (!seen.has(day)) days.push(day);
  return days;
}

/** A department has lines where it, or one below it, has. */
function departmentsWithout({ hours, figures: { units } }: CoverageInput): string[] {
  const byId = new Map(units.map(unit => [unit.id, unit]));
  const seen = new Set<string>();
  for (const { department, records } of hours) {
    if (records === 0) continue;
    for (let at = byId.get(`d:${department}`); at !== undefined; at = above(at, byId)) seen.add(at.id);
  }
  return units.filter(({ id, kind }) => isDepartment(kind) && !seen.has(id)).map(({ name }) => name);
}

function above({ parent }: Unit, byId: ReadonlyMap<string, Unit>): Unit | undefined {
  return parent === null ? undefined : byId.get(parent);
}

function isDepartment(kind: Unit['kind']): boolean {
  return kind === 'administration' || kind === 'department';
}

const HOUR_MS = 3_600_000;

/** Hours are of the clock: where it is put, one may be of another length, so that instants are compared. */
function longestGap({ zone, from, through, hours }: CoverageInput): ReportCoverage['longestGap'] {
  const endMs = zone.startOfDayMs(zone.nextDay(through));
  const starts = [...new Set(hours.filter(({ records }) => records > 0).map(({ hourMs }) => hourMs))].sort(
    (a, b) => a - b,
  );
  let at = zone.startOfDayMs(from);
  let longest: ReportCoverage['longestGap'] = null;
  for (const next of [...starts, endMs]) {
    const gapHours = Math.floor((next - at) / HOUR_MS);
    if (gapHours > (longest?.hours ?? 1)) longest = { fromMs: at, toMs: next, hours: gapHours };
    at = Math.max(at, next + HOUR_MS);
  }
  return longest;
}
