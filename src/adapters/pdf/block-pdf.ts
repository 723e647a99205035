// block-pdf: one part of a section → content of sheets of paper. Invariant: it says what the same block says as HTML, in the
// same order; a chart never stands without the table of its figures.
import type { Column, Content } from 'pdfmake/interfaces.js';
import { chartTable, type DrawnBar, drawnBars, legendOf } from '../../text/chart.ts';
import { barSvg, hiddenSwatchSvg, swatchSvg } from '../../text/chart-svg.ts';
import type { Block, Chart, Fact, Mark, Page, SignatureRow } from '../../text/page.ts';
import { PAGE_TEXT } from '../../text/page-words.ts';
import { COLORS, SHEET_WIDTH } from './look.ts';
import { plainRuns } from './plain-runs.ts';
import { printable } from './roboto.ts';
import { tablePdf } from './table-pdf.ts';

/** A page, and the place of a block in it. */
export interface Place {
  page: Page;
  id: string;
}

/** Signs on a line of usual text: a word that is longer breaks anywhere. */
const LINE_SIGNS = 80;
/** Bars that stand on the same sheet as the title. */
const BARS_WITH_TITLE = 3;
const LEGEND_COLUMNS = 5;

/** Makes the content of a block. */
export function blockPdf(block: Block, place: Place): Content[] {
  const { page } = place;
  switch (block.kind) {
    case 'text':
      return [{ text: [...plainRuns(block.text, LINE_SIGNS), ...mark(block.mark, page)], style: 'text' }];
    case 'list':
      return [
        ...markAbove(block.mark, page),
        {
          ul: block.items.map(item => ({ text: plainRuns(item, LINE_SIGNS), margin: [0, 1.5, 0, 1.5] })),
          style: 'text',
        },
      ];
    case 'table':
      return [
        ...(block.caption === undefined ? [] : [caption(block.caption)]),
        ...markAbove(block.mark, page),
        tablePdf(block, page),
      ];
    case 'checks': {
      const { head, rows } = block;
      return [
        ...markAbove(block.mark, page),
        tablePdf(
          { head, rows: rows.map(({ word, text, counts }) => [word, text, counts]) },
          page,
          (row, column) => (column === 0 ? { bold: true, color: COLORS[rows[row]!.result] } : {}),
        ),
      ];
    }
    case 'heading':
      return [{ text: printable(block.text), style: 'part', headlineLevel: 2 }];
    case 'facts':
      return [...markAbove(block.mark, page), factsPdf(block.rows)];
    case 'chart':
      return chartPdf(block, place);
    case 'signatures':
      return [signaturesPdf(block.rows, page)];
    default:
      return block satisfies never;
  }
}

function factsPdf(rows: readonly Fact[]): Content {
  return {
    table: {
      widths: [150, '*'],
      dontBreakRows: rows.every(({ label, value }) => label.length < 400 && value.length < 1_200),
      body: rows.map(({ label, value }) => [
        { text: plainRuns(label, 24), bold: true, color: COLORS.soft },
        { text: plainRuns(value, 66) },
      ]),
    },
    layout: {
      hLineWidth: index => (index === 0 ? 0 : 0.6),
      vLineWidth: () => 0,
      hLineColor: () => COLORS.line,
      paddingLeft: () => 0,
      paddingRight: () => 10,
      paddingTop: () => 3,
      paddingBottom: () => 3,
    },
    fontSize: 9,
    margin: [0, 3, 0, 9],
  };
}

function chartPdf(chart: Chart, { page, id }: Place): Content[] {
  const { lang } = page;
  const words = [chart.title, chart.unit, ...legendOf(chart, lang).map(({ label }) => label)];
  const bars = drawnBars(chart, lang).map((bar, index) => barPdf(bar, `${id}-${index}`));
  const head = [caption(`${chart.title} (${chart.unit})`), ...markAbove(chart.mark, page)];
  const table = tablePdf(chartTable(chart, lang), page);
  if (bars.length === 0) return [...head, table];
  const first = chart.bars.slice(0, BARS_WITH_TITLE).map(({ label }) => label);
  const begin = [...legend(chart, { page, id }), ...bars.slice(0, BARS_WITH_TITLE)];
  return [
    ...head,
    ...(isShort([...words, ...first]) ? [{ stack: begin, unbreakable: true }] : begin),
    ...bars.slice(BARS_WITH_TITLE),
    { text: '', margin: [0, 0, 0, 4] },
    table,
  ];
}

/** Tells whether words fit on a sheet whatever their letters: only then is what they stand in kept whole. */
function isShort(words: readonly string[]): boolean {
  return words.join('').length < 1_000;
}

function barPdf(bar: DrawnBar, id: string): Content {
  const whole = isShort([bar.label, bar.values]) ? { unbreakable: true } : {};
  return {
    stack: [
      {
        columns: [
          { text: plainRuns(bar.label, 60), width: '*' },
          { text: printable(bar.values), width: 'auto', noWrap: true, color: COLORS.soft },
        ],
        columnGap: 12,
        fontSize: 8.5,
      },
      { svg: withoutWords(`${barSvg(bar, { width: SHEET_WIDTH, id, words: '' })}`) },
    ],
    ...whole,
    margin: [0, 5, 0, 0],
  };
}

/** Leaves out what only a screen reader takes: on paper the text above the bar says it. */
function withoutWords(svg: string): string {
  return svg.replace(/<title\b[^>]*><\/title>/g, '');
}

function legend(chart: Chart, { page, id }: Place): Content[] {
  const entries = legendOf(chart, page.lang);
  const rows: Content[] = [];
  for (let from = 0; from < entries.length; from += LEGEND_COLUMNS)
    rows.push({
      columns: entries.slice(from, from + LEGEND_COLUMNS).flatMap(({ series, label }): Column[] => [
        { svg: `${series === null ? hiddenSwatchSvg() : swatchSvg(series, `${id}-s`)}`, width: 18 },
        { text: plainRuns(label, 24), width: 'auto', margin: [0, 0, 12, 0] },
      ]),
      columnGap: 5,
      fontSize: 8.5,
      margin: [0, 0, 0, 3],
    });
  return rows;
}

function signaturesPdf(rows: readonly SignatureRow[], page: Page): Content {
  const { head, missing } = PAGE_TEXT[page.lang].signatures;
  return tablePdf(
    {
      head,
      rows: rows.map(({ who, duty, when, hash }) => [who, duty, when ?? missing, hash ?? '']),
    },
    page,
  );
}

function caption(text: string): Content {
  return { text: printable(text), style: 'caption', headlineLevel: 2 };
}

function markAbove(known: Mark | undefined, page: Page): Content[] {
  const [text] = mark(known, page);
  return text === undefined
    ? []
    : [{ text: text.text.trim(), style: 'mark', headlineLevel: 2, margin: [0, 4, 0, 0] }];
}

function mark(known: Mark | undefined, { marks: words }: Page): { text: string; style: 'mark' }[] {
  if (known === undefined || words === null) return [];
  return [{ text: ` [${words[known].short}]`, style: 'mark' }];
}
