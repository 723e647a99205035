// report-coverage: a store → what a period's figures rest on (§8.3; see report/coverage.ts). In: the counts that a store
// keeps; out: `ReportCoverage` of one organisation. Invariant: only counts are read, no finding and no name.
import type { Zone } from '../calendar/zone.ts';
import type { Figures, ReportCoverage } from '../model/figures.ts';
import type { ReadStore } from '../ports/store.ts';
import { coverageOf } from '../report/coverage.ts';

export interface CoverageOptions {
  zone: Zone;
  figures: Pick<Figures, 'tenant' | 'from' | 'through' | 'units' | 'withoutSubject' | 'withdrawn'>;
  /** Now: nothing later is looked for. */
  nowMs: number;
  /** Counts the shared networks that are configured for a time. */
  sharedNetworks(tenant: string, fromMs: number, toMs: number): number;
}

type CountStore = Pick<ReadStore, 'usage' | 'days' | 'rejects' | 'deadLetters'>;

/** Reads what the figures of a period rest on. */
export async function readCoverage(store: CountStore, options: CoverageOptions): Promise<ReportCoverage> {
  const { zone, figures, nowMs, sharedNetworks } = options;
  const { tenant, from, through, units, withoutSubject, withdrawn } = figures;
  const fromMs = zone.startOfDayMs(from);
  const toMs = zone.startOfDayMs(zone.nextDay(through));
  const hours = (await store.usage(fromMs, toMs)).filter(row => row.tenant === tenant);
  const days = (await store.days(from, through)).filter(
    row => row.tenant === tenant && isIn(row.day, from, through),
  );
  const later = await newestAfter(store, { tenant, fromMs: toMs, untilMs: nowMs + AHEAD_MS });
  return coverageOf({
    ...{ zone, from, through, hours, days },
    // Nothing of the period was read before it began.
    rejects: (await store.rejects()).filter(({ rejectedMs }) => rejectedMs >= fromMs),
    refused: (await store.deadLetters()).filter(({ refusedMs }) => refusedMs >= fromMs),
    newestMs: later ?? newestOf(hours),
    sharedNetworks: sharedNetworks(tenant, fromMs, toMs),
    figures: { units, withoutSubject, withdrawn },
  });
}

/** Hours that are asked for at once: a month's, so that no store must answer for years. */
const STEP_MS = 31 * 24 * 3_600_000;
/** How far ahead of the clock a stamp may be, and more. */
const AHEAD_MS = 3_600_000;

/** Tells an hour with a line after the period: the newest of the first month that has one. */
async function newestAfter(
  store: Pick<ReadStore, 'usage'>,
  { tenant, fromMs, untilMs }: { tenant: string; fromMs: number; untilMs: number },
): Promise<number | null> {
  for (let at = fromMs; at < untilMs; at += STEP_MS) {
    const rows = await store.usage(at, Math.min(at + STEP_MS, untilMs));
    const newest = newestOf(rows.filter(row => row.tenant === tenant));
    if (newest !== null) return newest;
  }
  return null;
}

function newestOf(rows: readonly { hourMs: number; records: number }[]): number | null {
  return rows.reduce<number | null>(
    (newest, { hourMs, records }) => (records > 0 && hourMs > (newest ?? -Infinity) ? hourMs : newest),
    null,
  );
}

function isIn(day: string, from: string, through: string): boolean {
  return day >= from && day <= through;
}
