// read-table: a CSV file as people save it → rows by column name, with places for messages.
// In: bytes (UTF-8 with or without BOM, UTF-16 or Windows-1252; `,`, `;` or tab; any line ends); out: cells, and problems
// that never repeat what a cell says, for it may be a name. Example: `user;roles⏎bo;"a;b"` → one row, `roles` is `a;b`.
import { parseString } from 'fast-csv';
import type { Problem } from '../../config/problem.ts';
import { suggest } from '../../words/nearest.ts';

export interface TableOptions {
  /** The file as its user named it. */
  file: string;
  columns: readonly string[];
  required: readonly string[];
  /** Column names that are refused, with what to write instead. */
  refused: Readonly<Record<string, string>>;
}

/** One row of a table. */
export interface Row {
  readonly line: number;
  /** Gives a cell, trimmed and in Unicode form C; `''` where the column is not there. */
  cell(column: string): string;
  /** Adds a problem that is about a cell of this row. */
  report(column: string, message: string, options?: { hint?: string; severity?: Problem['severity'] }): void;
}

export interface Table {
  rows: Row[];
  /** Says whether the file has a column. */
  has(column: string): boolean;
  problems: Problem[];
}

/** Reads a table. Where its header cannot be used there are no rows, and problems that say why. */
export async function readTable(bytes: Uint8Array, options: TableOptions): Promise<Table> {
  const { text, separator } = prepare(decode(bytes));
  const problems: Problem[] = [];
  const lines = text.split(/\r\n|\n|\r/);
  const report = (problem: Omit<Problem, 'file'>) => problems.push({ file: options.file, ...problem });
  const delimiter = separator ?? detectDelimiter(lines.find(line => line.trim() !== '') ?? '');
  const table: Table = { rows: [], has: column => header.has(column), problems };
  const header = new Map<string, number>();
  const parsed = await parse(text, delimiter);
  if (parsed === null) {
    report({
      ...{ ...findBrokenQuote(text, delimiter), key: '', severity: 'error' },
      message: 'a quoted cell is not closed, or goes on behind its closing quote',
      hint: 'write a quote inside a quoted cell twice',
    });
    return table;
  }
  const first = parsed.find(row => row.cells.some(cell => cell.trim() !== '')) ?? { line: 1, cells: [] };
  readHeader(first, { ...options, header, report, lines, delimiter });
  if (problems.length > 0) return table;

  for (const row of parsed) {
    if (row.line <= first.line || row.cells.every(cell => cell.trim() === '')) continue;
    const place = (index: number) => columnOf(lines[row.line - 1] ?? '', index, delimiter);
    table.rows.push({
      line: row.line,
      cell: column => (row.cells[header.get(column) ?? -1] ?? '').trim().normalize('NFC'),
      report: (column, message, { hint = '', severity = 'error' } = {}) =>
        report({
          line: row.line,
          column: place(header.get(column) ?? 0),
          key: column,
          message,
          hint,
          severity,
        }),
    });
    const extra = row.cells.findIndex((cell, index) => index >= first.cells.length && cell.trim() !== '');
    if (extra < 0) continue;
    report({
      ...{ line: row.line, column: place(extra), key: '', severity: 'error' },
      message: 'the line has more cells than the header names',
      hint: 'put quotes around a cell that holds the separator',
    });
  }
  return table;
}

interface ParsedRow {
  line: number;
  cells: readonly string[];
}

/** Decodes what a spreadsheet may have written: Windows-1252 where it is not UTF-8. */
export function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Blanks comment lines and a spreadsheet's `sep=;` line, so that the lines keep their numbers. */
function prepare(text: string): { text: string; separator: string | null } {
  const separator = /^sep=(.)[^\S\r\n]*(?=\r|\n|$)/i.exec(text)?.[1] ?? null;
  const rest = separator === null ? text : text.replace(/^[^\r\n]*/, '');
  return { text: rest.replace(/^[^\S\r\n]*#[^\r\n]*/gm, ''), separator };
}

/** Takes the separator that the header has most of, outside quotes. */
export function detectDelimiter(header: string): string {
  const bare = header.replace(/"[^"]*"/g, '');
  const count = (sign: string) => bare.split(sign).length - 1;
  return [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

/** Reads all rows; null where the quotes do not fit together. */
function parse(text: string, delimiter: string): Promise<ParsedRow[] | null> {
  return new Promise(resolve => {
    const rows: ParsedRow[] = [];
    let line = 1;
    parseString(text, { delimiter, headers: false, ignoreEmpty: false })
      .on('data', (cells: string[]) => {
        rows.push({ line, cells });
        line++;
        for (const cell of cells) line += countBreaks(cell);
      })
      // The parser's own message repeats the text that it stumbled over.
      .on('error', () => resolve(null))
      .on('end', () => resolve(rows));
  });
}

function countBreaks(text: string): number {
  return text.includes('\n') || text.includes('\r') ? text.split(/\r\n|\n|\r/).length - 1 : 0;
}

/** Finds the quoted cell that is not closed or goes on behind its quote: where it begins. */
function findBrokenQuote(text: string, delimiter: string): { line: number; column: number } {
  const cells = new RegExp(`"[^"]*(?:""[^"]*)*"?|[^"\\r\\n${delimiter}][^\\r\\n${delimiter}]*`, 'g');
  let line = 1;
  let lineStart = 0;
  let counted = 0;
  for (const { 0: cell, index } of text.matchAll(cells)) {
    const before = text.slice(counted, index);
    if (countBreaks(before) > 0) {
      line += countBreaks(before);
      lineStart = counted + Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
    }
    counted = index;
    if (!cell.startsWith('"')) continue;
    const behind = text[index + cell.length] ?? '';
    const isClosed = cell.length > 1 && cell.endsWith('"');
    if (!isClosed || !['', '\r', '\n', delimiter].includes(behind)) break;
  }
  return { line, column: counted - lineStart + 1 };
}

interface HeaderOptions extends TableOptions {
  /** Filled with the cell that each column is in. */
  header: Map<string, number>;
  report(problem: Omit<Problem, 'file'>): void;
  lines: readonly string[];
  delimiter: string;
}

/** Reads which cell each column is in, and reports what the header has wrong. */
function readHeader(row: ParsedRow, options: HeaderOptions): void {
  const { header } = options;
  const names = row.cells.map(cell => cell.trim().toLowerCase());
  const known = new Map(options.columns.map(column => [column.toLowerCase(), column]));
  const error = (index: number, key: string, said: { message: string; hint: string }) =>
    options.report({
      ...{ line: row.line, column: columnOf(options.lines[row.line - 1] ?? '', index, options.delimiter) },
      ...{ key, severity: 'error', ...said },
    });

  if (!names.some(name => known.has(name))) {
    // A first line without any known name is somebody's data: it is not repeated.
    const hint = `begin with a line such as ${options.columns.join(',')}`;
    error(0, '', { message: 'the first line does not name the columns', hint });
    return;
  }
  for (const [index, name] of names.entries()) {
    const column = known.get(name);
    const refusal = options.refused[name];
    if (column !== undefined && header.has(column)) {
      error(index, column, { message: 'the column is there twice', hint: 'keep one of them' });
    } else if (column !== undefined) header.set(column, index);
    else if (refusal !== undefined) {
      error(index, name, {
        message: 'is refused: it does not say whether that day counts',
        hint: refusal,
      });
    } else if (name !== '') {
      const shown = row.cells[index]!.trim();
      error(index, shown, { message: 'is no known column', hint: suggest(shown, options.columns) });
    }
  }
  for (const column of options.required) {
    if (header.has(column)) continue;
    error(0, column, { message: 'the column is missing', hint: 'add it to the first line' });
  }
}

/** Finds where a cell begins in its line, counted from 1. */
export function columnOf(line: string, index: number, delimiter: string): number {
  let cell = 0;
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    if (cell === index) return at + 1;
    if (line[at] === '"') isQuoted = !isQuoted;
    else if (line[at] === delimiter && !isQuoted) cell++;
  }
  return cell === index ? line.length + 1 : 1;
}
