// Periods: stretches of whole local days that have a name. In: a name, or a day; out: first and last day.
// Invariant: of one kind, periods touch and never overlap; weeks are those of ISO 8601, and belong to the year of their
// Thursday. Example: `periodBefore('week', '2026-01-01')` → 2025-W52, Monday 2025-12-22 to Sunday 2025-12-28.
import { isDay } from '../calendar/zone.ts';
import type { Period, PeriodKind } from '../model/review-plan.ts';

const DAY_MS = 86_400_000;

/** Gives the period that a day lies in; the day is one that the calendar has. */
export function periodOf(kind: PeriodKind, day: string): Period {
  const year = day.slice(0, 4);
  switch (kind) {
    case 'day':
      return { kind, id: day, firstDay: day, lastDay: day };
    case 'week': {
      const firstDay = dayAfter(day, 1 - weekdayOf(day));
      return { kind, id: weekName(firstDay), firstDay, lastDay: dayAfter(firstDay, 6) };
    }
    case 'month':
      return { kind, id: day.slice(0, 7), ...months(`${day.slice(0, 7)}-01`, 1) };
    case 'quarter': {
      const quarter = Math.ceil(Number(day.slice(5, 7)) / 3);
      return { kind, id: `${year}-Q${quarter}`, ...months(`${year}-${two(quarter * 3 - 2)}-01`, 3) };
    }
    default:
      return kind satisfies never;
  }
}

/** Gives the last period that is over when a day begins. */
export function periodBefore(kind: PeriodKind, day: string): Period {
  return periodOf(kind, dayAfter(periodOf(kind, day).firstDay, -1));
}

/** Reads the name of a period; null for what is none. */
export function readPeriod(name: string): Period | null {
  const week = /^(\d{4})-W(\d{2})$/.exec(name);
  const quarter = /^(\d{4})-Q([1-4])$/.exec(name);
  let period: Period | null = null;
  if (isDay(name)) period = periodOf('day', name);
  else if (isDay(`${name}-01`)) period = periodOf('month', `${name}-01`);
  else if (quarter !== null) period = periodOf('quarter', `${quarter[1]}-${two(Number(quarter[2]) * 3)}-01`);
  else if (week !== null) {
    // 4 January lies in the first week of every year.
    period = periodOf('week', dayAfter(`${week[1]}-01-04`, (Number(week[2]) - 1) * 7));
  }
  return period?.id === name ? period : null;
}

function months(firstDay: string, count: number): Pick<Period, 'firstDay' | 'lastDay'> {
  const next = new Date(`${firstDay}T00:00:00Z`);
  next.setUTCMonth(next.getUTCMonth() + count);
  return { firstDay, lastDay: dayAfter(next.toISOString().slice(0, 10), -1) };
}

function weekName(monday: string): string {
  const year = dayAfter(monday, 3).slice(0, 4);
  const firstMonday = periodOfFirstWeek(year);
  const week = Math.round((Date.parse(monday) - Date.parse(firstMonday)) / (7 * DAY_MS)) + 1;
  return `${year}-W${two(week)}`;
}

function periodOfFirstWeek(year: string): string {
  const fourth = `${year}-01-04`;
  return dayAfter(fourth, 1 - weekdayOf(fourth));
}

function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
