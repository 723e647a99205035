// block-html: one part of a section → markup. In: a block and its page; out: markup. Invariant: all words go through the
// escaping template, and a chart never stands without the table of its figures.
import { chartTable, drawnBars, legendOf } from './chart.ts';
import { barSvg, hiddenSwatchSvg, swatchSvg } from './chart-svg.ts';
import { isShortCode, numberColumns } from './columns.ts';
import { type Html, html } from './html.ts';
import type { Block, Chart, Mark, Page, SignatureRow } from './page.ts';
import { PAGE_TEXT } from './page-words.ts';

/** A page, and the place of a block in it, which makes ids of their own for what the block draws. */
export interface Place {
  page: Page;
  id: string;
}

/** How many columns, or columns of text, a table has that is wider than a phone. */
const WIDE = { columns: 7, texts: 4 };
const WIDE_CLASS = html` class="wide"`;

/** Writes a block. */
export function blockHtml(block: Block, place: Place): Html {
  const { page } = place;
  switch (block.kind) {
    case 'text':
      return html`<p>${block.text}${mark(block.mark, page)}</p>\n`;
    case 'list':
      return html`${markAbove(block.mark, page)}<ul>\n${block.items.map(item => html`<li>${item}</li>\n`)}</ul>\n`;
    case 'table':
      return html`${markAbove(block.mark, page)}${tableHtml(block, page)}`;
    case 'checks':
      return html`${markAbove(block.mark, page)}<div class="scroll"><table>
<thead>${headRow(block.head, new Set())}</thead>
<tbody>
${block.rows.map(
  row =>
    html`<tr><td class="${row.result}">${row.word}</td><td>${row.text}</td><td>${row.counts}</td></tr>\n`,
)}</tbody>
</table></div>
`;
    case 'heading':
      return html`<h3>${block.text}</h3>\n`;
    case 'facts':
      return html`${markAbove(block.mark, page)}<dl class="facts">\n${block.rows.map(
        ({ label, value }) => html`<div><dt>${label}</dt><dd>${value}</dd></div>\n`,
      )}</dl>\n`;
    case 'chart':
      return chartHtml(block, place);
    case 'signatures':
      return signaturesHtml(block.rows, page);
    default:
      return block satisfies never;
  }
}

function chartHtml(chart: Chart, { page, id }: Place): Html {
  const { lang } = page;
  const bars = drawnBars(chart, lang).map(
    (bar, index) =>
      html`<li><span class="label">${bar.label}</span> <span class="values">${bar.values}</span>${barSvg(
        bar,
        {
          ...{ width: 'fluid', id: `${id}-${index}`, words: bar.words },
        },
      )}</li>\n`,
  );
  const drawn =
    bars.length === 0 ? [] : [html`${legend(chart, { page, id })}<ul class="bars">\n${bars}</ul>\n`];
  return html`${markAbove(chart.mark, page)}<figure class="chart">
<figcaption>${chart.title} (${chart.unit})</figcaption>
${drawn}${tableHtml(chartTable(chart, lang), page)}</figure>
`;
}

function legend(chart: Chart, { page, id }: Place): readonly Html[] {
  const entries = legendOf(chart, page.lang).map(({ series, label }) => {
    const sign = series === null ? hiddenSwatchSvg() : swatchSvg(series, `${id}-s`);
    return html`<li>${sign}${label}</li>\n`;
  });
  return entries.length === 0 ? [] : [html`<ul class="legend">\n${entries}</ul>\n`];
}

function signaturesHtml(rows: readonly SignatureRow[], { lang }: Page): Html {
  const { head, missing } = PAGE_TEXT[lang].signatures;
  return html`<div class="scroll"><table class="signatures">
<thead>${headRow(head, new Set())}</thead>
<tbody>
${rows.map(
  ({ who, duty, when, hash }) =>
    html`<tr><td>${who}</td><td>${duty}</td><td>${when ?? missing}</td><td class="hash">${hash ?? ''}</td></tr>\n`,
)}</tbody>
</table></div>
`;
}

interface Table {
  caption?: string;
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

function tableHtml({ caption, head, rows }: Table, { lang }: Page): Html {
  const numbers = numberColumns(rows);
  const cells = (row: readonly string[]) =>
    row.map((cell, column) => {
      if (numbers.has(column)) return html`<td class="number">${cell}</td>`;
      return isShortCode(cell) ? html`<td class="code">${cell}</td>` : html`<td>${cell}</td>`;
    });
  const named = caption === undefined ? [] : [html`<caption>${caption}</caption>\n`];
  const body =
    rows.length === 0
      ? html`<tr><td colspan="${head.length}">${PAGE_TEXT[lang].nothing}</td></tr>\n`
      : html`${rows.map(row => html`<tr>${cells(row)}</tr>\n`)}`;
  const isWide = head.length >= WIDE.columns || head.length - numbers.size >= WIDE.texts;
  return html`<div class="scroll"><table${isWide ? WIDE_CLASS : ''}>
${named}<thead>${headRow(head, numbers)}</thead>
<tbody>
${body}</tbody>
</table></div>
`;
}

function headRow(head: readonly string[], numbers: ReadonlySet<number>): Html {
  const cells = head.map((cell, column) =>
    numbers.has(column)
      ? html`<th scope="col" class="number">${cell}</th>`
      : html`<th scope="col">${cell}</th>`,
  );
  return html`<tr>${cells}</tr>`;
}

function markAbove(known: Mark | undefined, page: Page): readonly Html[] {
  return mark(known, page, 'mark above');
}

function mark(known: Mark | undefined, { marks: words }: Page, name = 'mark'): readonly Html[] {
  if (known === undefined || words === null) return [];
  return [html` <span class="${name}">${words[known].short}</span>`];
}
