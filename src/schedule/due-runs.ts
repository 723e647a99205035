// dueRuns: a schedule and a stretch of time → the instants at which it is due, by the tenant's clock.
// Invariant: each time on the wall comes once on each local day. What stands in the hour that spring skips comes at the first
// instant after it; of two showings in autumn the first counts; two times that become one instant are one.
// Example: `30 2 * * *` in Stockholm on 2026-03-29 → 01:00Z, which is 03:00; on 2026-10-25 → 00:30Z alone.
import type { Zone } from '../calendar/zone.ts';
import type { Cron } from './cron.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Gives the instants after `afterMs` up to and with `throughMs`, in order. */
export function* dueRuns(
  cron: Cron,
  zone: Zone,
  { afterMs, throughMs }: { afterMs: number; throughMs: number },
): Generator<number> {
  let lastMs = afterMs;
  const lastDay = zone.dayOf(throughMs);
  for (let day = zone.dayOf(afterMs); day !== '' && day <= lastDay; day = zone.nextDay(day)) {
    if (!isOnDay(cron, day)) continue;
    for (const minutes of timesOf(cron)) {
      const atMs = firstAtOrAfter(Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE_MS, zone);
      if (atMs > throughMs) return;
      if (atMs <= lastMs) continue;
      lastMs = atMs;
      yield atMs;
    }
  }
}

/** Gives the next instant after one; null where none comes within the years that 29 February can take. */
export function nextRun(cron: Cron, zone: Zone, afterMs: number): number | null {
  const throughMs = afterMs + 9 * 366 * DAY_MS;
  const { value } = dueRuns(cron, zone, { afterMs, throughMs }).next();
  return value ?? null;
}

function isOnDay({ days, months, weekdays }: Cron, day: string): boolean {
  if (!days.has(Number(day.slice(8))) || !months.has(Number(day.slice(5, 7)))) return false;
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekdays.has(weekday === 0 ? 7 : weekday);
}

function* timesOf({ hours, minutes }: Cron): Generator<number> {
  for (const hour of hours) for (const minute of minutes) yield hour * 60 + minute;
}

/** Finds the first instant at which the zone's clock shows a time or a later one; times are milliseconds as if in UTC. */
function firstAtOrAfter(wallMs: number, zone: Zone): number {
  const before = zone.offsetMs(wallMs - DAY_MS);
  const after = zone.offsetMs(wallMs + DAY_MS);
  for (const offset of [before, after]) {
    const atMs = wallMs - offset;
    if (atMs + zone.offsetMs(atMs) === wallMs) return atMs;
  }
  // The clock skipped it: the change lies between the two readings of it.
  let low = wallMs - after - 1;
  let high = wallMs - before;
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    if (middle + zone.offsetMs(middle) >= wallMs) high = middle;
    else low = middle;
  }
  return high;
}
