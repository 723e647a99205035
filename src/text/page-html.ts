// page-html: a page → one HTML file to print and to file. In: a page; out: markup without script, link or anything that
// is fetched. Invariant: all words go through the escaping template. Example: `pageHtml(page)` begins with `<!doctype html>`.
import { type Html, html } from './html.ts';
import type { Block, Mark, Page, Section } from './page.ts';
import { PAGE_STYLE } from './page-style.ts';

/** Writes a page as one HTML file. */
export function pageHtml(page: Page): string {
  return `<!doctype html>\n${html`<html lang="${page.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${page.title}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<header>
<h1>${page.title}</h1>
${page.lead.map(line => html`<p class="lead">${line}</p>\n`)}${page.banners.map(text => html`<p class="banner">${text}</p>\n`)}${marks(page)}</header>
${page.sections.map(section => sectionHtml(section, page))}<footer>${page.foot}</footer>
</main>
</body>
</html>
`}`;
}

function marks({ marks: words }: Page): readonly Html[] {
  if (words === null) return [];
  const rows = Object.values(words).map(
    ({ short, long }) => html`<div><dt><span class="mark">${short}</span></dt><dd>${long}</dd></div>\n`,
  );
  return [html`<dl class="marks">\n${rows}</dl>\n`];
}

function sectionHtml({ heading, blocks }: Section, page: Page): Html {
  return html`<section>
<h2>${heading}</h2>
${blocks.map(block => blockHtml(block, page))}</section>
`;
}

function blockHtml(block: Block, page: Page): Html {
  switch (block.kind) {
    case 'text':
      return html`<p>${block.text}${mark(block.mark, page)}</p>\n`;
    case 'list':
      return html`${mark(block.mark, page, 'mark above')}<ul>\n${block.items.map(item => html`<li>${item}</li>\n`)}</ul>\n`;
    case 'table':
      return html`${mark(block.mark, page, 'mark above')}${tableHtml(block.head, block.rows)}`;
    case 'checks':
      return html`${mark(block.mark, page, 'mark above')}<table>
<thead>${headRow(block.head, () => false)}</thead>
<tbody>
${block.rows.map(
  row =>
    html`<tr><td class="${row.result}">${row.word}</td><td>${row.text}</td><td>${row.counts}</td></tr>\n`,
)}</tbody>
</table>
`;
    default:
      return block satisfies never;
  }
}

function tableHtml(head: readonly string[], rows: readonly (readonly string[])[]): Html {
  const last = head.length - 1;
  const isNumber = (column: number) =>
    column === last && rows.length > 0 && rows.every(row => isCount(row[last] ?? ''));
  const cells = (row: readonly string[]) =>
    row.map((cell, column) =>
      isNumber(column) ? html`<td class="number">${cell}</td>` : html`<td>${cell}</td>`,
    );
  return html`<table>
<thead>${headRow(head, isNumber)}</thead>
<tbody>
${rows.map(row => html`<tr>${cells(row)}</tr>\n`)}</tbody>
</table>
`;
}

function headRow(head: readonly string[], isNumber: (column: number) => boolean): Html {
  const cells = head.map((cell, column) =>
    isNumber(column) ? html`<th scope="col" class="number">${cell}</th>` : html`<th scope="col">${cell}</th>`,
  );
  return html`<tr>${cells}</tr>`;
}

/** Tells whether a cell is a count, which stands to the right. */
export function isCount(cell: string): boolean {
  return /^\d{1,3}([\u00a0,]\d{3})*$/.test(cell);
}

function mark(mark: Mark | undefined, { marks: words }: Page, name = 'mark'): readonly Html[] {
  if (mark === undefined || words === null) return [];
  return [html` <span class="${name}">${words[mark].short}</span>`];
}
