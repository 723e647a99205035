// Instants as people write them: `2026-10-05T10:00` by the local clock, or with an offset (`Z`, `+02:00`).
import { isDay, type Zone } from './zone.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * Reads an instant; NaN for what is none, for a time that the clock skipped included.
 * A time that the clock showed twice is the first of the two. A day alone is its first instant.
 */
export function readInstant(text: string, zone: Zone): number {
  const match =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  if (match === null || !isDay(match[1]!)) return Number.NaN;
  if (match[2] === undefined) return zone.startOfDayMs(match[1]!);
  const clockMs = readClock(match[2], match[3]!, match[4] ?? '0') + Number(`0${match[5] ?? ''}`) * 1000;
  const wallMs = Date.parse(`${match[1]}T00:00:00Z`) + clockMs;
  return match[6] === undefined ? firstShowing(wallMs, zone) : wallMs - readOffset(match[6]);
}

function readClock(hours: string, minutes: string, seconds: string): number {
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return Number.NaN;
  return (Number(hours) * 60 + Number(minutes)) * MINUTE_MS + Number(seconds) * 1000;
}

function readOffset(text: string): number {
  if (text === 'Z') return 0;
  const offsetMs = (Number(text.slice(1, 3)) * 60 + Number(text.slice(4))) * MINUTE_MS;
  return text.startsWith('-') ? -offsetMs : offsetMs;
}

/** Finds the first instant at which the zone's clock shows the time; NaN where it never does. */
function firstShowing(wallMs: number, zone: Zone): number {
  // The offsets in force a day before and after are the only ones that can hold at the time itself.
  for (const nearMs of [wallMs - DAY_MS, wallMs + DAY_MS]) {
    const atMs = wallMs - zone.offsetMs(nearMs);
    if (atMs + zone.offsetMs(atMs) === wallMs) return atMs;
  }
  return Number.NaN;
}
