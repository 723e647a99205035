// csv-rows: lines of CSV → rows by column name. The header is read as every table's is; the rows, which are millions, are
// cut here: a lease has no line break in a cell. A property test holds the cells equal to those of read-table.
// Example: with `client;user;start;end`, the line `10.1.2.3;"bo";…` has the cell `user` = `bo`.
import { columnOf, detectDelimiter, readTable } from '../read-table.ts';
import type { IntervalColumn, Reported, RowLines, TakeRow } from './rows.ts';
import { splitCells } from './split-cells.ts';

const COLUMNS: readonly IntervalColumn[] = ['user', 'client', 'start', 'end', 'tenant'];
const REFUSED = {
  from: 'write start: the first instant that is covered',
  to: 'write end: the first instant that is not covered any more',
  validfrom: 'write start, an instant',
  validthrough: 'write end, an instant: the first that is not covered any more',
};

/** Creates the reader of one CSV file of leases. */
export function createCsvRows(take: TakeRow, report: Reported): RowLines {
  let delimiter: string | null = null;
  let header: { text: string; line: number; at: Map<string, number>; count: number } | null = null;

  function readHeader(text: string, line: number): void {
    delimiter ??= detectDelimiter(text);
    const names = (splitCells(text, delimiter) ?? []).map(name => name.trim().toLowerCase());
    header = { text, line, at: new Map(names.map((name, index) => [name, index])), count: names.length };
  }

  function readRow(text: string, line: number): 'more' | 'full' {
    const { at, count } = header!;
    const cells = splitCells(text, delimiter!);
    const place = (index: number) => columnOf(text, index, delimiter!);
    if (cells === null || cells.length > count) {
      const isBroken = cells === null;
      report({
        ...{ line, column: isBroken ? 1 : place(count), key: '' },
        message: isBroken
          ? 'a quoted cell is not closed, or goes on behind its closing quote'
          : 'the line has more cells than the header names',
        hint: 'a lease is one line; put quotes around a cell that holds the separator',
      });
      return 'more';
    }
    return take({
      line,
      cell: column => (cells[at.get(column) ?? -1] ?? '').trim().normalize('NFC'),
      report: (column, message, hint) =>
        report({ line, column: place(at.get(column) ?? 0), key: column, message, hint }),
    });
  }

  return {
    line(text, number) {
      if (text.trim() === '' || /^\s*#/.test(text)) return 'more';
      if (header !== null) return isUsable(header.at) ? readRow(text, number) : 'full';
      const separator = number === 1 ? /^sep=(.)\s*$/i.exec(text) : null;
      if (separator === null) readHeader(text, number);
      else delimiter = separator[1]!;
      return 'more';
    },
    async end() {
      const { text, line } = header ?? { text: '', line: 1 };
      const bytes = new TextEncoder().encode(`${text}\n`);
      const required = COLUMNS.filter(column => column !== 'tenant');
      const table = await readTable(bytes, { file: '', columns: COLUMNS, required, refused: REFUSED });
      for (const { file: _, ...problem } of table.problems) report({ ...problem, line });
    },
  };
}

/** Without its columns a row says nothing; what is wrong with the header is told at the end. */
function isUsable(at: ReadonlyMap<string, number>): boolean {
  return COLUMNS.every(column => column === 'tenant' || at.has(column));
}
