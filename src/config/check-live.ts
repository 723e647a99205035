// check-live: the days under `live`. In: the policy file and today; out: problems at their places.
// Invariant: a policy is in force only for people who had been told: no category is announced before the notice to staff,
// and neither notice nor negotiation comes after the first day. Example: notice 2026-03-01, live.from 2026-02-01 → an error.
import { isDay } from '../calendar/zone.ts';
import { LIVE_KEYS } from '../policy/require-live.ts';
import type { Problem } from './problem.ts';
import { mapOf, type Path, valueAt, type YamlFile } from './yaml-file.ts';

/** Checks what `live` says against itself and against the days on which categories were announced. */
export function checkLive(file: YamlFile, today: string | null): void {
  const dayAt = (...path: Path) => dayOf(valueAt(file.data, path));
  const from = dayAt('live', 'from');
  const told = dayAt('live', 'notice', 'date');
  if (from !== null) checkOrder(file, from);
  if (from !== null && today !== null && from > today) {
    file.report(['live', 'from'], 'lies ahead: until that day nothing can be held against anybody', {
      severity: 'warning',
    });
  }
  if (told !== null) checkAnnounced(file, told);
}

/** Warns of a policy that is on trial; told by `check` and nowhere else, as it is no mistake. */
export function trialWarning(file: string): Problem {
  return {
    ...{ file, line: 0, column: 0, key: 'live', severity: 'warning' },
    message: 'the policy is on trial: nothing that it finds can be held against anybody',
    hint: `set ${LIVE_KEYS} once all of that is done`,
  };
}

/** What has to be done before the first day was done by then. */
function checkOrder(file: YamlFile, from: string): void {
  const rules = [
    ['notice', 'lies after live.from: people must have been told before'],
    ['negotiation', 'lies after live.from: the negotiation comes before'],
  ] as const;
  for (const [key, message] of rules) {
    const path = ['live', key, 'date'];
    const day = dayOf(valueAt(file.data, path));
    if (day !== null && day > from) file.report(path, message, { hint: `live.from is ${from}` });
  }
}

function checkAnnounced(file: YamlFile, told: string): void {
  for (const [name, rule] of Object.entries(mapOf(mapOf(file.data).categories))) {
    const announced = mapOf(rule).announcedFrom;
    const path = ['categories', name, 'announcedFrom'];
    if (typeof announced === 'string') {
      reportEarly(file, path, { day: announced, told });
      continue;
    }
    for (const [population, day] of Object.entries(mapOf(announced))) {
      reportEarly(file, [...path, population], { day, told });
    }
  }
}

function reportEarly(file: YamlFile, path: Path, { day, told }: { day: unknown; told: string }): void {
  const announced = dayOf(day);
  if (announced === null || announced >= told) return;
  file.report(path, 'lies before live.notice.date: people had not been told yet', {
    hint: `the notice is of ${told}; where an earlier one told them, give live.notice its day and number`,
  });
}

function dayOf(value: unknown): string | null {
  return typeof value === 'string' && isDay(value) ? value : null;
}
