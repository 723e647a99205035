// page-pdf: a page → sheets of paper (PDF). In: a page; out: bytes. Invariant: the same page gives the same bytes, so that
// what was issued once can be printed again; nothing is fetched, and no file is read but the letters of the package.
import pdfmake from 'pdfmake';
import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import { headingText, type Page, type Section } from '../../text/page.ts';
import { PAGE_TEXT } from '../../text/page-words.ts';
import { blockPdf } from './block-pdf.ts';
import { EDGE, isLeftAlone, keptTogether } from './kept-together.ts';
import { COLORS, SHEET } from './look.ts';
import { plainRuns } from './plain-runs.ts';
import { FONTS, LETTERS, printable } from './roboto.ts';

/** A date in a file is part of its bytes; when a page was made stands on the page. */
const NO_DATE = new Date(0);

/** Prints a page. */
export async function pagePdf(page: Page): Promise<Uint8Array> {
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy(path => path.startsWith(LETTERS));
  pdfmake.setFonts(FONTS);
  return new Uint8Array(await pdfmake.createPdf(documentOf(page)).getBuffer());
}

function documentOf(page: Page): TDocumentDefinitions {
  const words = PAGE_TEXT[page.lang];
  const [left, , right] = SHEET.margins;
  const title = printable(page.title);
  const hash = page.hash === undefined ? '' : `${words.content} sha256 ${printable(page.hash)}`;
  return {
    content: keptTogether([
      { text: title, style: 'title' },
      ...page.lead.map((line): Content => ({ text: plainRuns(line, 80), style: 'lead' })),
      ...page.banners.map(banner),
      ...marks(page),
      ...page.sections.flatMap((section, index) => sectionPdf(section, { page, index })),
      ...foot(page),
    ]),
    header: current =>
      current === 1 ? '' : { text: title, style: EDGE, fontSize: 8, margin: [left, 28, right, 0] },
    footer: (current, all) => ({
      columns: [
        { text: hash, style: EDGE, fontSize: 6.5, margin: [0, 1.5, 0, 0] },
        { text: words.page(current, all), style: EDGE, alignment: 'right', width: 'auto', fontSize: 8 },
      ],
      style: EDGE,
      margin: [left, 22, right, 0],
    }),
    pageBreakBefore: isLeftAlone,
    pageSize: 'A4',
    pageMargins: SHEET.margins,
    language: page.lang,
    displayTitle: true,
    version: '1.7',
    info: { title, creator: 'Granska', producer: 'Granska', creationDate: NO_DATE, modDate: NO_DATE },
    defaultStyle: { font: 'Roboto', fontSize: 9.5, lineHeight: 1.25, color: COLORS.ink },
    styles: {
      title: { fontSize: 19, bold: true, lineHeight: 1.15, margin: [0, 0, 0, 6] },
      lead: { color: COLORS.soft },
      [EDGE]: { color: COLORS.soft },
      heading: { fontSize: 12, bold: true, margin: [0, 16, 0, 4] },
      part: { fontSize: 10, bold: true, margin: [0, 9, 0, 2] },
      caption: { fontSize: 9.5, bold: true, margin: [0, 7, 0, 4] },
      text: { margin: [0, 2, 0, 4] },
      mark: { fontSize: 7.5, color: COLORS.soft },
    },
  };
}

function banner(text: string): Content {
  return {
    table: { widths: ['*'], body: [[{ text: plainRuns(text, 70), bold: true, color: COLORS.fails }]] },
    layout: {
      hLineColor: () => COLORS.fails,
      vLineColor: () => COLORS.fails,
      paddingLeft: () => 8,
      paddingRight: () => 8,
      paddingTop: () => 5,
      paddingBottom: () => 5,
    },
    margin: [0, 10, 0, 0],
  };
}

function marks({ marks: words }: Page): Content[] {
  if (words === null) return [];
  return [
    {
      table: {
        widths: [110, '*'],
        body: Object.values(words).map(({ short, long }) => [
          { text: `[${printable(short)}]`, style: 'mark', margin: [0, 0.8, 0, 0] },
          { text: printable(long) },
        ]),
      },
      layout: {
        hLineWidth: () => 0,
        vLineWidth: () => 0,
        fillColor: () => COLORS.wash,
        paddingLeft: () => 8,
        paddingRight: () => 8,
        paddingTop: () => 3,
        paddingBottom: () => 3,
      },
      fontSize: 8.5,
      margin: [0, 10, 0, 0],
    },
  ];
}

function sectionPdf(section: Section, { page, index }: { page: Page; index: number }): Content[] {
  return [
    { text: printable(headingText(section, index, page)), style: 'heading', headlineLevel: 1 },
    ...section.blocks.flatMap((block, place) => blockPdf(block, { page, id: `c${index}-${place}` })),
  ];
}

function foot({ foot: text }: Page): Content[] {
  if (text === '') return [];
  return [{ text: plainRuns(text, 80), color: COLORS.soft, fontSize: 8.5, margin: [0, 16, 0, 0] }];
}
