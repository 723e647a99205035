// Zone: the tenant's clock. In: an instant (milliseconds since 1970 UTC) or a local day (`2026-11-25`); out: days, hours,
// weekdays and instants. Days are 23, 24 or 25 hours long; what a clock shows is never added to, only instants are.
// Invariant: `dayOf(startOfDayMs(day)) === day` for each day that the zone has, and no earlier instant lies in it.
// Example: `createZone('Europe/Stockholm').startOfDayMs('2026-03-29')` is 2026-03-28T23:00Z; that day has 23 hours.
import { GranskaError } from '../errors.ts';

/** Answers questions about one time zone. Instants outside the years 1–9999 are taken as the nearest inside. */
export interface Zone {
  readonly name: string;
  /** Gives the local day, `YYYY-MM-DD`. */
  dayOf(atMs: number): string;
  /** Gives the local year, which is also the epoch of a pseudonym. */
  yearOf(atMs: number): number;
  /** Gives the first instant of a local day; NaN for what is no day. */
  startOfDayMs(day: string): number;
  /** Gives the day after; `''` for what is no day. */
  nextDay(day: string): string;
  /** Gives the beginning of the local clock hour that holds the instant; a change of offset also begins one. */
  hourStartMs(atMs: number): number;
  /** Gives the local weekday: 1 for Monday to 7 for Sunday. */
  weekdayOf(atMs: number): number;
  /** Gives the minutes since local midnight by the clock face, 0–1439. */
  minuteOfDay(atMs: number): number;
  /** Gives local time minus UTC. */
  offsetMs(atMs: number): number;
}

/** Offsets of one UTC day: `before` until `changeMs`, `after` from then on. */
interface Block {
  before: number;
  after: number;
  /** Infinity where nothing changes. */
  changeMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const MIN_MS = Date.parse('0001-01-03T00:00:00Z');
const MAX_MS = Date.parse('9999-12-29T00:00:00Z');
/** Days whose offsets are remembered: eleven years. */
const MAX_BLOCKS = 4096;

/** Makes a zone by its IANA name; throws CONFIG for a name that is not known. */
export function createZone(name: string): Zone {
  const offsetAt = offsetReader(name);
  const blocks = new Map<number, Block>();
  // The block asked for last: log lines come in time order, so nearly every call ends here.
  let nearIndex = Number.NaN;
  let near: Block = { before: 0, after: 0, changeMs: Infinity };
  let namedDay = Number.NaN;
  let namedAs = '';

  function blockAt(index: number): Block {
    if (index === nearIndex) return near;
    let block = blocks.get(index);
    if (block === undefined) {
      if (blocks.size >= MAX_BLOCKS) blocks.clear();
      block = readBlock(index * DAY_MS, offsetAt);
      blocks.set(index, block);
    }
    nearIndex = index;
    near = block;
    return block;
  }

  function offsetMs(atMs: number): number {
    const inside = clamp(atMs);
    const block = blockAt(Math.floor(inside / DAY_MS));
    return inside < block.changeMs ? block.before : block.after;
  }

  function localMs(atMs: number): number {
    const inside = clamp(atMs);
    return inside + offsetMs(inside);
  }

  function dayOf(atMs: number): string {
    const dayNumber = Math.floor(localMs(atMs) / DAY_MS);
    if (dayNumber !== namedDay) {
      namedDay = dayNumber;
      namedAs = nameOfDay(dayNumber);
    }
    return namedAs;
  }

  function startOfDayMs(day: string): number {
    const midnightMs = readDay(day);
    if (Number.isNaN(midnightMs)) return Number.NaN;
    // The first instant whose clock shows the day's midnight or later, over each stretch of one offset.
    const first = Math.floor(midnightMs / DAY_MS) - 2;
    for (let index = first; index < first + 5; index++) {
      const block = blockAt(index);
      const beginMs = index * DAY_MS;
      const endMs = beginMs + DAY_MS;
      const changeMs = Math.min(block.changeMs, endMs);
      const earlyMs = Math.max(beginMs, midnightMs - block.before);
      if (earlyMs < changeMs) return earlyMs;
      const lateMs = Math.max(changeMs, midnightMs - block.after);
      if (lateMs < endMs) return lateMs;
    }
    return midnightMs;
  }

  function nextDay(day: string): string {
    const midnightMs = readDay(day);
    return Number.isNaN(midnightMs) ? '' : nameOfDay(midnightMs / DAY_MS + 1);
  }

  function hourStartMs(atMs: number): number {
    const inside = clamp(atMs);
    const offset = offsetMs(inside);
    const startMs = Math.floor((inside + offset) / HOUR_MS) * HOUR_MS - offset;
    // Where the offset changed within the hour (by half an hour on Lord Howe), the hour begins anew.
    const { changeMs } = blockAt(Math.floor(inside / DAY_MS));
    if (changeMs > startMs && changeMs <= inside) return changeMs;
    const earlier = blockAt(Math.floor(startMs / DAY_MS)).changeMs;
    return earlier > startMs && earlier <= inside ? earlier : startMs;
  }

  function weekdayOf(atMs: number): number {
    const dayNumber = Math.floor(localMs(atMs) / DAY_MS);
    return modulo(dayNumber + 3, 7) + 1;
  }

  return {
    name,
    dayOf,
    yearOf: atMs => Number(dayOf(atMs).slice(0, 4)),
    startOfDayMs,
    nextDay,
    hourStartMs,
    weekdayOf,
    minuteOfDay: atMs => Math.floor(modulo(localMs(atMs), DAY_MS) / MINUTE_MS),
    offsetMs,
  };
}

/** Tells whether a text is a day that the calendar has, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  return !Number.isNaN(readDay(text));
}

function clamp(atMs: number): number {
  if (atMs >= MIN_MS && atMs <= MAX_MS) return atMs;
  return atMs > MAX_MS ? MAX_MS : MIN_MS;
}

function modulo(value: number, divisor: number): number {
  return value - Math.floor(value / divisor) * divisor;
}

/** Reads a day as the instant of its midnight in UTC; NaN for what is no day. */
function readDay(day: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return Number.NaN;
  const atMs = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(atMs) || nameOfDay(atMs / DAY_MS) !== day ? Number.NaN : atMs;
}

function nameOfDay(dayNumber: number): string {
  return new Date(dayNumber * DAY_MS).toISOString().slice(0, 10);
}

/** Finds what the offset is at both ends of a UTC day and, where they differ, the second at which it changes. */
function readBlock(beginMs: number, offsetAt: (atMs: number) => number): Block {
  const endMs = beginMs + DAY_MS;
  const before = offsetAt(beginMs);
  const after = offsetAt(endMs - 1);
  if (before === after) return { before, after, changeMs: Infinity };
  let low = beginMs;
  let high = endMs;
  while (high - low > 1000) {
    const middle = low + Math.floor((high - low) / 2000) * 1000;
    if (offsetAt(middle) === before) low = middle;
    else high = middle;
  }
  return { before, after, changeMs: high };
}

/** Makes the slow and exact reader of offsets, over the platform's own zone data. */
function offsetReader(name: string): (atMs: number) => number {
  const format = openZone(name);
  return atMs => {
    const match = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(format.format(atMs));
    if (match === null || match[1] === undefined) return 0;
    const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0);
    return (match[1] === '-' ? -seconds : seconds) * 1000;
  };
}

function openZone(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch (cause) {
    throw new GranskaError('CONFIG', `the time zone ${JSON.stringify(name)} is not known`, {
      hint: 'write an IANA name such as Europe/Stockholm or UTC',
      cause,
    });
  }
}
