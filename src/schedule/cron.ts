// cron: the text of a schedule, five fields as cron has them → sets of minutes, hours, days, months and weekdays.
// In: `0 6 1 * *`; out: a schedule, or which field is wrong and why. Invariant: what is read here, node-cron reads alike.
// Absent: seconds, `L`, `W`, `#` and `@monthly`; and a day of the month together with a weekday, of which one cron program
// makes "both" and another "either". Example: `readCron('30 6 * * mon')` → 06:30 on Mondays.

/** When something is due, by the clock on the wall. Lists are sorted. */
export interface Cron {
  minutes: readonly number[];
  hours: readonly number[];
  /** Of the month, 1–31. */
  days: ReadonlySet<number>;
  /** 1–12. */
  months: ReadonlySet<number>;
  /** 1 for Monday to 7 for Sunday. */
  weekdays: ReadonlySet<number>;
}

/** What is wrong with a text that is no schedule; `column` counts from 0 within it. */
export interface CronMistake {
  column: number;
  message: string;
}

interface Field {
  name: string;
  min: number;
  max: number;
  /** Words for numbers, from `min` on. */
  words: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59, words: [] },
  { name: 'hour', min: 0, max: 23, words: [] },
  { name: 'day of the month', min: 1, max: 31, words: [] },
  { name: 'month', min: 1, max: 12, words: MONTHS },
  { name: 'weekday', min: 0, max: 7, words: WEEKDAYS },
];

/** Reads a schedule. */
export function readCron(text: string): Cron | CronMistake {
  const parts = [...text.matchAll(/\S+/g)].map(match => ({ text: match[0], column: match.index }));
  if (parts.length !== FIELDS.length) {
    const message = `has ${parts.length} fields in place of five: minute, hour, day of the month, month, weekday`;
    return { column: 0, message };
  }
  const read: number[][] = [];
  for (const [index, part] of parts.entries()) {
    const field = FIELDS[index]!;
    const values = readField(part.text, field);
    if (values === null) return { column: part.column, message: mistakeIn(field) };
    read.push(values);
  }
  const [minutes, hours, days, months, weekdays] = read as [number[], number[], number[], number[], number[]];
  if (days.length < 31 && new Set(weekdays.map(of7)).size < 7) {
    const message = 'takes a day of the month and a weekday: cron programs differ in what that means';
    return { column: parts[2]!.column, message };
  }
  return {
    ...{ minutes, hours, days: new Set(days), months: new Set(months) },
    weekdays: new Set(weekdays.map(of7)),
  };
}

/** Tells a mistake from a schedule. */
export function isMistake(read: Cron | CronMistake): read is CronMistake {
  return 'message' in read;
}

/** Cron calls Sunday 0, and 7 too. */
function of7(weekday: number): number {
  return weekday === 0 ? 7 : weekday;
}

function mistakeIn({ name, min, max, words }: Field): string {
  const named = words.length === 0 ? '' : `, or a name such as ${words[1]}`;
  return `the ${name} cannot be read: it is * or numbers from ${min} to ${max}${named}, with , - and /`;
}

function readField(text: string, field: Field): number[] | null {
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const match = /^(?:(\*)|([a-z0-9]+)(?:-([a-z0-9]+))?)(?:\/(\d{1,2}))?$/i.exec(item);
    if (match === null) return null;
    const [, star, first, last, step = '1'] = match;
    // `5/10` means one thing here and another there.
    if (match[4] !== undefined && star === undefined && last === undefined) return null;
    const from = star === undefined ? readNumber(first!, field) : field.min;
    const to = star === undefined ? readNumber(last ?? first!, field) : field.max;
    if (from === null || to === null || from > to || Number(step) === 0) return null;
    for (let value = from; value <= to; value += Number(step)) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

function readNumber(text: string, { min, max, words }: Field): number | null {
  const named = words.indexOf(text.toLowerCase());
  if (named >= 0) return named + min;
  if (!/^\d{1,2}$/.test(text)) return null;
  const value = Number(text);
  return value < min || value > max ? null : value;
}
