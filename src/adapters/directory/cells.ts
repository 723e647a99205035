// Cells of the directory files → values. What cannot be read is reported at its place, without repeating it.
import { isDay, type Zone } from '../../calendar/zone.ts';
import { POPULATIONS, type Population } from '../../model/subject.ts';
import { SHARED_KINDS, type Shared } from '../../subject/shared.ts';
import { suggest } from '../../words/nearest.ts';
import type { Row } from './read-table.ts';

/** A half-open interval, ±Infinity where it is open. */
export interface Interval {
  fromMs: number;
  toMs: number;
}

/** Creates the reader of `validFrom` and `validThrough`, inclusive local days; it gives null where they are wrong. */
export function createIntervalReader(zone: Zone): (row: Row) => Interval | null {
  // A directory has few days, each in thousands of lines.
  const known = new Map<string, Interval>();
  return row => {
    const key = `${row.cell('validFrom')} ${row.cell('validThrough')}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const read = readInterval(row, zone);
    if (read !== null) known.set(key, read);
    return read;
  };
}

function readInterval(row: Row, zone: Zone): Interval | null {
  const from = readDay(row, 'validFrom');
  const through = readDay(row, 'validThrough');
  if (from === null || through === null) return null;
  if (from !== '' && through !== '' && from > through) {
    row.report('validThrough', 'the last day is before the first', { hint: 'both days are inclusive' });
    return null;
  }
  return {
    fromMs: from === '' ? -Infinity : zone.startOfDayMs(from),
    toMs: through === '' ? Infinity : zone.startOfDayMs(zone.nextDay(through)),
  };
}

/** Reads a population; null where the cell is empty or wrong, which is reported as the caller wishes. */
export function readPopulation(row: Row, column: string): Population | null {
  const text = row.cell(column).toLowerCase();
  if (text === '') return null;
  const known = POPULATIONS.find(population => population === text);
  if (known !== undefined) return known;
  row.report(column, 'is no population', { hint: suggest(text, POPULATIONS) });
  return null;
}

/** Reads roles, joined by `;`, `,` or `|`, sorted and without doubles. */
export function readRoles(row: Row, column: string): string[] {
  const roles = row.cell(column).split(/[;,|]/);
  return [...new Set(roles.map(role => role.trim()).filter(role => role !== ''))].sort();
}

const YES: readonly string[] = ['true', 'yes', 'ja', '1'];
const NO: readonly string[] = ['', 'false', 'no', 'nej', '0'];

/** Reads whether an address is many people's, and how; an empty cell is no. */
export function readShared(row: Row, column: string): Shared {
  const text = row.cell(column).toLowerCase();
  const kind = SHARED_KINDS.find(known => known === text);
  if (kind !== undefined) return kind;
  if (!YES.includes(text) && !NO.includes(text)) {
    row.report(column, 'is neither yes nor no, nor a kind of sharing', {
      hint: `write yes, no, ${SHARED_KINDS.slice(0, -1).join(', ')} or ${SHARED_KINDS.at(-1)}`,
    });
  }
  return YES.includes(text);
}

/** Reads a number of persons; null where the cell is empty or wrong. */
export function readCount(row: Row, column: string): number | null {
  const text = row.cell(column);
  if (text === '') return null;
  if (/^\d{1,7}$/.test(text)) return Number(text);
  row.report(column, 'is no number of persons', { hint: 'write a whole number' });
  return null;
}

/** Gives a day, `''` for an empty cell, null for what is none. */
function readDay(row: Row, column: string): string | null {
  const text = row.cell(column);
  if (text === '' || isDay(text)) return text;
  row.report(column, 'is no day of the calendar', { hint: 'write it as 2026-11-25' });
  return null;
}
