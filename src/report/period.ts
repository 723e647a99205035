// period: a month as people type it → its local days.
import type { Zone } from '../calendar/zone.ts';
import { GranskaError } from '../errors.ts';

/** Reads a month, `2026-10`. Throws USAGE for anything else. */
export function readMonth(typed: string): string {
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(typed) && typed >= '0002') return typed;
  throw new GranskaError('USAGE', '--period is no month', {
    hint: 'write a year and a month, such as 2026-10',
  });
}

/** Gives the last local day of a month. */
export function lastDayOf(month: string, zone: Zone): string {
  return daysOfMonth(month, zone).at(-1)!;
}

/** Gives all local days of a month: one that a zone has left out is not among them. */
export function daysOfMonth(month: string, zone: Zone): string[] {
  const days: string[] = [];
  for (let day = `${month}-01`; day.startsWith(month); day = zone.nextDay(day)) days.push(day);
  return days;
}
