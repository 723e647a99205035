// table-pdf: a table → a table on paper: heads again on each sheet, rows whole, numbers to the right. Invariant: the widths
// of the columns are at most that of the sheet, whatever stands in them.
import type { Content, Table, TableCell, TableLayout } from 'pdfmake/interfaces.js';
import type { FigureTable } from '../../text/chart.ts';
import { isShortCode, numberColumns } from '../../text/columns.ts';
import type { Lang } from '../../text/lang.ts';
import type { Page } from '../../text/page.ts';
import { PAGE_TEXT } from '../../text/page-words.ts';
import { COLORS, SHEET_WIDTH } from './look.ts';
import { longestWord, plainRuns } from './plain-runs.ts';
import { printable } from './roboto.ts';

interface CellLook {
  color?: string;
  bold?: boolean;
}

type LookOf = (row: number, column: number) => CellLook;

/** Widths of the columns and the size of letters that they are made for. */
interface Measure {
  widths: readonly number[];
  fontSize: number;
}

const GAP = 12;
/** Sizes of letters that are tried, the largest first. */
const SIZES = [9, 8, 7];
/** Width of a sign of usual text, as a share of its size; a little more than is needed. */
const SIGN = 0.55;
/** How much wider bold letters are. */
const BOLD = 1.12;
/** Rows that may be higher break over sheets: pdfmake loses what is more than a sheet of a row that it keeps whole. */
const HIGHEST_ROW = 400;
/** Longer words break anywhere. */
const LONG_WORD = 24;

/** Makes a table; `lookOf` colours single cells. */
export function tablePdf(table: FigureTable, { lang }: Page, lookOf?: LookOf): Content {
  const numbers = numberColumns(table.rows);
  const measure = measured(table, numbers);
  const cell = (text: string, column: number, look: CellLook): TableCell => {
    const isNumber = numbers.has(column);
    return {
      text: isNumber
        ? printable(text)
        : plainRuns(text, measure.widths[column]! / (measure.fontSize * SIGN) + 0.5),
      alignment: isNumber ? 'right' : 'left',
      noWrap: isShortCode(text) && text.length < LONG_WORD,
      ...look,
    };
  };
  const head = table.head.map((text, column) => cell(text, column, { bold: true, color: COLORS.soft }));
  const rows = table.rows.map((row, index) =>
    table.head.map((_, column) => cell(row[column] ?? '', column, lookOf?.(index, column) ?? {})),
  );
  const isLong = [table.head, ...table.rows].some(row => heightOf(row, measure) > HIGHEST_ROW);
  const made: Table = {
    headerRows: isLong ? 0 : 1,
    keepWithHeaderRows: isLong ? 0 : 1,
    dontBreakRows: !isLong,
    widths: [...measure.widths],
    body: [head, ...(rows.length === 0 ? [nothing(table.head.length, lang)] : rows)],
  };
  return { table: made, layout: LINES, fontSize: measure.fontSize, margin: [0, 3, 0, 9] };
}

/** Says in one row that there is none. */
function nothing(columns: number, lang: Lang): TableCell[] {
  const empty = Array.from({ length: columns - 1 }, (): TableCell => '');
  return [{ text: PAGE_TEXT[lang].nothing, colSpan: columns, color: COLORS.soft }, ...empty];
}

/** Only lines under rows, and no space before the first column. */
const LINES: TableLayout = {
  hLineWidth: index => (index === 0 ? 0 : 0.6),
  vLineWidth: () => 0,
  hLineColor: () => COLORS.line,
  paddingLeft: () => 0,
  paddingRight: (index, node) => (index === node.table.body[0]!.length - 1 ? 0 : GAP),
  paddingTop: () => 3,
  paddingBottom: () => 3,
};

/** Finds the largest letters with which no usual word breaks, and shares the sheet out. */
function measured({ head, rows }: FigureTable, numbers: ReadonlySet<number>): Measure {
  const room = SHEET_WIDTH - GAP * Math.max(0, head.length - 1);
  for (const fontSize of SIZES) {
    const least = head.map((text, column) => {
      const words = rows.map(row => signsOf(row[column] ?? ''));
      return Math.max(3, signsOf(text) * BOLD, ...words) * SIGN * fontSize;
    });
    const most = head.map((text, column) => {
      const cells = rows.map(row => (row[column] ?? '').length);
      return Math.max(least[column]!, Math.max(text.length, ...cells) * SIGN * fontSize);
    });
    if (sum(least) <= room) return { widths: shared({ least, most, room, numbers }), fontSize };
    if (fontSize === SIZES.at(-1)) return { widths: least.map(one => (one * room) / sum(least)), fontSize };
  }
  throw new RangeError('no size of letters');
}

/** Estimates the height of a row, rather more than less. */
function heightOf(row: readonly string[], { widths, fontSize }: Measure): number {
  const lines = row.map((cell, column) => {
    const signs = Math.max(1, widths[column]! / (fontSize * SIGN));
    return Math.ceil((printable(cell).length * 1.5) / signs) + 1;
  });
  return Math.max(...lines) * fontSize * 1.5;
}

/** Gives how many signs of a cell must stand on one line. */
function signsOf(cell: string): number {
  return Math.min(LONG_WORD, isShortCode(cell) ? cell.length : longestWord(cell));
}

interface Sharing {
  least: readonly number[];
  most: readonly number[];
  room: number;
  numbers: ReadonlySet<number>;
}

/** Gives every column what it needs, and the rest to those that have more to say; what is over to the longest text. */
function shared({ least, most, room, numbers }: Sharing): readonly number[] {
  const wanted = sum(most) - sum(least);
  const left = room - sum(least);
  if (wanted > left) return least.map((one, column) => one + ((most[column]! - one) * left) / wanted);
  const texts = most.map((width, column) => (numbers.has(column) ? 0 : width));
  const widest = texts.indexOf(Math.max(...texts));
  return most.map((width, column) => (column === widest ? width + left - wanted : width));
}

function sum(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width, 0);
}
