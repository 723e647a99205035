// page-text: a page as plain text, to read in a terminal and to file as it is. In: a page; out: lines of at most 78 signs,
// but for tables that are wider. Invariant: no sign of a terminal's own: what was configured cannot move its cursor.

import type { Block, Mark, Page } from '../text/page.ts';
import { isCount } from '../text/page-html.ts';
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
    ...page.sections.flatMap(({ heading, blocks: parts }) => [
      [heading, '-'.repeat(heading.length)],
      ...parts.map(part => blockLines(part, page)),
    ]),
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
      return [...markLine(block.mark, page), ...tableLines([block.head, ...block.rows])];
    case 'checks':
      return [
        ...markLine(block.mark, page),
        ...block.rows.flatMap(row => wrap(`${row.word}: ${row.text} (${row.counts})`, '  ', '- ')),
      ];
    default:
      return block satisfies never;
  }
}

function tableLines(rows: readonly (readonly string[])[]): string[] {
  const last = (rows[0]?.length ?? 1) - 1;
  const isRight = rows.length > 1 && rows.slice(1).every(row => isCount(row[last] ?? ''));
  return alignTable(rows, { rightFrom: isRight ? last : last + 1, indent: 2 }).split('\n');
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
