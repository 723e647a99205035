// Rows → CSV for people's spreadsheets: no cell can be a formula. One that begins with a sign that a spreadsheet would
// obey gets an apostrophe before it.
import { writeToString } from 'fast-csv';

export type CsvCell = string | number | null;

/** Writes rows as lines of CSV. */
export function csvLines(rows: readonly (readonly CsvCell[])[]): Promise<string> {
  const harmless = rows.map(row => row.map(harmlessCell));
  return writeToString(harmless, { headers: false, includeEndRowDelimiter: true });
}

/** What a spreadsheet takes as the beginning of a formula, spaces before it included. */
const FORMULA = /^[\s\u00a0\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

function harmlessCell(value: CsvCell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  return FORMULA.test(value) ? `'${value}` : value;
}
