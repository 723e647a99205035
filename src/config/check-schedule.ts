// check-schedule: when a plan is due. In: its schedule and period; out: problems at their places.
// Invariant: a schedule that passes can be read, comes at all, and leaves out no period unless that is said.
import type { Zone } from '../calendar/zone.ts';
import type { PeriodKind } from '../model/review-plan.ts';
import { type Cron, isMistake, readCron } from '../schedule/cron.ts';
import { dueRuns } from '../schedule/due-runs.ts';
import { periodBefore } from '../schedule/period.ts';
import type { Path, YamlFile } from './yaml-file.ts';

interface Scheduled {
  schedule: string;
  period: PeriodKind;
  zone: Zone;
}

/** Checks a schedule, and warns of one that never looks at some periods. */
export function checkSchedule(file: YamlFile, plan: Path, { schedule, period, zone }: Scheduled): void {
  const at: Path = [...plan, 'schedule'];
  const cron = readCron(schedule);
  const hint = 'such as 0 6 1 * *: at 06:00 on the first day of each month';
  if (isMistake(cron)) {
    file.report(at, cron.message, { hint });
    return;
  }
  if (cron.minutes.length > 1) {
    file.report(at, 'is due more than once an hour', { hint: 'take one minute' });
    return;
  }
  const { seen, missed } = lookAhead(cron, period, zone);
  if (seen === 0) file.report(at, 'never comes: no year has such a day', { hint });
  else if (missed !== null) {
    file.report(at, `leaves periods out, such as ${missed}: each run is of the one ${period} before it`, {
      hint: 'let it come at least once in each period',
      severity: 'warning',
    });
  }
}

// A leap year first, and long enough for a 29 February and for weeks at both ends of a year.
const FROM = '2028-01-01';
const THROUGH = '2032-12-31';

/** Runs through five years: how many runs there are, and the first period between two of them that none is of. */
function lookAhead(cron: Cron, kind: PeriodKind, zone: Zone): { seen: number; missed: string | null } {
  let seen = 0;
  let before: string | null = null;
  const stretch = { afterMs: zone.startOfDayMs(FROM) - 1, throughMs: zone.startOfDayMs(THROUGH) };
  for (const dueMs of dueRuns(cron, zone, stretch)) {
    seen++;
    const period = periodBefore(kind, zone.dayOf(dueMs));
    const earlier = periodBefore(kind, period.firstDay);
    if (before !== null && before !== period.id && before !== earlier.id) {
      return { seen, missed: earlier.id };
    }
    before = period.id;
  }
  return { seen, missed: null };
}
