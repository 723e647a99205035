// page-text: a page as plain text, to read in a terminal and to file as it is. In: a page; out: lines of at most 78 signs,
// but for tables that are wider. Invariant: no sign of a terminal's own: what was configured cannot move its cursor.

import { chartTable, type FigureTable } from '../text/chart.ts';
import { numberColumns } from '../text/columns.ts';
import { type Block, headingText, type Mark, type Page, type SignatureRow } from '../text/page.ts';
import { PAGE_TEXT } from '../text/page-words.ts';
import { alignTable } from './table.ts';

const WIDTH = 78;

/** Writes a page as plain text. */
export function pageText(page: Page): string {
  const blocks = [
    [page.title, '='.repeat(page.title.length), ...page.lead.flatMap(line => wrap(line, ''))],
    ...page.banners.map(banner => wrap(banner, '', '*** ')),
    ...(page.marks === null
      ? []
      : [Object.values(page.marks).flatMap(({ short, long }) => wrap(`[${short}] ${long}`, '  '))]),
    ...page.sections.flatMap((section, index) => {
      const heading = headingText(section, index, page);
      return [[heading, '-'.repeat(heading.length)], ...section.blocks.map(block => blockLines(block, page))];
    }),
    wrap(page.foot, ''),
  ];
  return `${blocks.map(lines => lines.map(withoutControls).join('\n')).join('\n\n')}\n`;
}

function blockLines(block: Block, page: Page): string[] {
  switch (block.kind) {
    case 'text':
      return wrap(block.text + markOf(block.mark, page), '');
    case 'list':
      return [...markLine(block.mark, page), ...block.items.flatMap(item => wrap(item, '  ', '- '))];
    case 'table':
      return [
        ...(block.caption === undefined ? [] : [block.caption]),
        ...markLine(block.mark, page),
        ...tableLines(block, page),
      ];
    case 'checks':
      return [
        ...markLine(block.mark, page),
        ...block.rows.flatMap(row => wrap(`${row.word}: ${row.text} (${row.counts})`, '  ', '- ')),
      ];
    case 'heading':
      return [block.text];
    case 'facts':
      return [
        ...markLine(block.mark, page),
        ...block.rows.flatMap(({ label, value }) => wrap(value, '  ', `${label}: `)),
      ];
    case 'chart':
      return [
        `${block.title} (${block.unit})`,
        ...markLine(block.mark, page),
        ...tableLines(chartTable(block, page.lang), page),
      ];
    case 'signatures':
      return tableLines(signatureTable(block.rows, page), page);
    default:
      return block satisfies never;
  }
}

/** Aligns a table; numbers stand to the right. */
function tableLines({ head, rows }: FigureTable, { lang }: Page): string[] {
  if (rows.length === 0) return [`  ${PAGE_TEXT[lang].nothing}`];
  const numbers = numberColumns(rows);
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...rows.map(row => (row[column] ?? '').length)),
  );
  const set = (row: readonly string[]) =>
    row.map((cell, column) => (numbers.has(column) ? cell.padStart(widths[column]!) : cell));
  return alignTable([head, ...rows].map(set), { rightFrom: head.length, indent: 2 }).split('\n');
}

function signatureTable(rows: readonly SignatureRow[], { lang }: Page): FigureTable {
  const { head, missing } = PAGE_TEXT[lang].signatures;
  return {
    head,
    rows: rows.map(({ who, duty, when, hash }) => [who, duty, when ?? missing, hash ?? '']),
  };
}

function markOf(mark: Mark | undefined, { marks }: Page): string {
  return mark === undefined || marks === null ? '' : ` [${marks[mark].short}]`;
}

function markLine(mark: Mark | undefined, page: Page): string[] {
  const text = markOf(mark, page).trim();
  return text === '' ? [] : [text];
}

/** Breaks a text into lines at blanks; the first line begins with `first`, the others with as many blanks. */
function wrap(text: string, indent: string, first = ''): string[] {
  const lines: string[] = [];
  let line = indent + first;
  let isBlank = true;
  for (const word of text.split(' ')) {
    if (!isBlank && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent + ' '.repeat(first.length);
      isBlank = true;
    }
    line += isBlank ? word : ` ${word}`;
    isBlank = false;
  }
  return [...lines, line];
}

function withoutControls(line: string): string {
  return line.replace(/[\p{Cc}\p{Bidi_Control}]/gu, ' ');
}
