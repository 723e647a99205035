import type { Zone } from '../calendar/zone.ts';

/** Writes an instant by the local clock, to the second: `2026-10-05 08:00:07`. */
export function localSecond(zone: Zone, atMs: number): string {
  const minute = zone.minuteOfDay(atMs);
  const seconds = Math.floor((((atMs + zone.offsetMs(atMs)) % 60_000) + 60_000) / 1000) % 60;
  return `${zone.dayOf(atMs)} ${[Math.floor(minute / 60), minute % 60, seconds].map(twoDigits).join(':')}`;
}

/** Writes an instant by the local clock, to the minute: `2026-10-05 08:00`. */
export function localMinute(zone: Zone, atMs: number): string {
  return localSecond(zone, atMs).slice(0, -3);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
