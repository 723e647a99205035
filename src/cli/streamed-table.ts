// Rows → lines of a table that fits its terminal. Widths follow from the first rows, so that any number of them can be
// streamed; the last column gets the room that is left, or on a narrow terminal a line of its own.
import { cutToWidth, displayWidth, padToWidth, withoutControls } from './display-width.ts';

export interface TableColumn {
  title: string;
  /** The most columns of the terminal that it takes, and how far it gives way. */
  most: number;
  least: number;
}

export interface TableRow {
  cells: readonly string[];
  /** What stands in the last column. */
  rest: string;
  /** Lines that stand under the row, indented; never cut. */
  below?: readonly string[];
}

export interface StreamedTable {
  /** Gives the lines of rows, each with its line feed; the first ones come with the header. */
  lines(rows: readonly TableRow[]): string;
}

export interface TableOptions {
  columns: readonly TableColumn[];
  /** Title of the last column. */
  rest: string;
  /** Columns of the terminal; null where nothing bounds it (a file, a pipe). */
  width: number | null;
}

const GAP = 2;
const INDENT = 2;
/** With less room than this beside the other columns, the last one stands on a line of its own. */
const LEAST_REST = 30;

/** Where things stand: widths of the columns, and room for the last one, beside them or on its own line. */
interface Layout {
  widths: readonly number[];
  restWidth: number;
  isOneLine: boolean;
}

/** Creates the table. */
export function createStreamedTable(options: TableOptions): StreamedTable {
  let layout: Layout | null = null;
  return {
    lines(rows) {
      const clean = rows.map(cleanRow);
      if (layout !== null) return render(clean, layout);
      const header = { cells: options.columns.map(column => column.title), rest: options.rest };
      layout = layOut([header, ...clean], options);
      return render([header, ...clean], layout);
    },
  };
}

function cleanRow({ cells, rest, below = [] }: TableRow): TableRow {
  return {
    cells: cells.map(withoutControls),
    rest: withoutControls(rest),
    below: below.map(withoutControls),
  };
}

function layOut(rows: readonly TableRow[], { columns, width }: TableOptions): Layout {
  const widths = columns.map(({ most }, index) =>
    Math.min(most, Math.max(...rows.map(row => displayWidth(row.cells[index]!)))),
  );
  if (width === null) return { widths, restWidth: Number.POSITIVE_INFINITY, isOneLine: true };
  const taken = () => widths.reduce((sum, column) => sum + column + GAP, 0);
  const left = width - taken();
  if (left >= LEAST_REST) return { widths, restWidth: left, isOneLine: true };
  while (taken() - GAP > width) {
    const spare = widths.map((column, index) => column - columns[index]!.least);
    const widest = spare.indexOf(Math.max(...spare));
    if (spare[widest]! <= 0) break;
    widths[widest]!--;
  }
  return { widths, restWidth: Math.max(width - INDENT, 1), isOneLine: false };
}

function render(rows: readonly TableRow[], layout: Layout): string {
  return rows.map(row => renderRow(row, layout)).join('');
}

function renderRow({ cells, rest, below = [] }: TableRow, { widths, restWidth, isOneLine }: Layout): string {
  const columns = cells.map((cell, index) => padToWidth(cutToWidth(cell, widths[index]!), widths[index]!));
  const text = columns.join(' '.repeat(GAP));
  const cut = cutToWidth(rest, restWidth);
  const indent = ' '.repeat(INDENT);
  const under = below.map(line => `${indent}${line}\n`).join('');
  if (isOneLine) return `${`${text}${' '.repeat(GAP)}${cut}`.trimEnd()}\n${under}`;
  return `${text.trimEnd()}\n${indent}${cut}\n${under}`;
}
