// The stamp of common and combined lines: `[24/Nov/2026:23:43:49 +0000]`, always 28 bytes with its brackets.
import { readInteger } from './bytes.ts';

/** Length of a stamp with its brackets. */
export const CLF_STAMP_BYTES = 28;

/** Finds the first stamp at or after `from` that a quoted request follows; -1 where there is none. */
export function findClfStamp(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at + CLF_STAMP_BYTES + 2 <= end; at += 1) if (isClfStamp(bytes, at)) return at;
  return -1;
}

/** Reads the stamp at `at` as milliseconds; -1 where it names no time between 1990 and 9999. */
export function readClfStamp(bytes: Uint8Array, at: number): number {
  const day = readInteger(bytes, at + 1, at + 3);
  const month = monthOf(bytes, at + 4);
  const year = readInteger(bytes, at + 8, at + 12);
  const hour = readInteger(bytes, at + 13, at + 15);
  const minute = readInteger(bytes, at + 16, at + 18);
  const second = readInteger(bytes, at + 19, at + 21);
  const zoneHour = readInteger(bytes, at + 23, at + 25);
  const zoneMinute = readInteger(bytes, at + 25, at + 27);
  if (year < 1990 || month < 0 || day < 1 || day > daysIn(year, month)) return -1;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return -1;
  if (zoneHour < 0 || zoneHour > 14 || zoneMinute < 0 || zoneMinute > 59) return -1;
  const zoneMs = (zoneHour * 60 + zoneMinute) * 60_000;
  // A leap second is the last one of its minute.
  const wallMs = Date.UTC(year, month, day, hour, minute, Math.min(second, 59));
  return bytes[at + 22] === 0x2d ? wallMs + zoneMs : wallMs - zoneMs;
}

// `[00/Aaa/0000:00:00:00 +0000] "`: only the marks are looked at; what stands between them is read later.
function isClfStamp(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === 0x5b &&
    bytes[at + 3] === 0x2f &&
    bytes[at + 7] === 0x2f &&
    bytes[at + 12] === 0x3a &&
    bytes[at + 15] === 0x3a &&
    bytes[at + 18] === 0x3a &&
    bytes[at + 21] === 0x20 &&
    (bytes[at + 22] === 0x2b || bytes[at + 22] === 0x2d) &&
    bytes[at + 27] === 0x5d &&
    bytes[at + 28] === 0x20 &&
    bytes[at + 29] === 0x22
  );
}

function monthOf(bytes: Uint8Array, at: number): number {
  const name = String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!);
  const index = MONTHS.indexOf(name);
  return index % 3 === 0 ? index / 3 : -1;
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
}
