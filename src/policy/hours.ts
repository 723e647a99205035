// Clock hours of an exemption: `08:00-17:00`, or `22:00-06:00` past midnight.
import type { Hours } from './policy.ts';

/** Reads clock hours; null for what is none. `24:00` can only end them, and equal ends are refused. */
export function parseHours(text: string): Hours | null {
  const match = /^(\d{2}):(\d{2})\s*[-–]\s*(\d{2}):(\d{2})$/.exec(text);
  if (match === null) return null;
  const startMinute = minuteOf(match[1]!, match[2]!);
  const endMinute = minuteOf(match[3]!, match[4]!);
  if (startMinute < 0 || startMinute === 1440 || endMinute < 0 || startMinute === endMinute) return null;
  return { startMinute, endMinute };
}

function minuteOf(hour: string, minute: string): number {
  const minutes = Number(hour) * 60 + Number(minute);
  return Number(minute) > 59 || minutes > 1440 ? -1 : minutes;
}
