import { expect } from 'chai';
import { pagePdf } from '../../../src/adapters/pdf/page-pdf.ts';
import type { Block } from '../../../src/text/page.ts';
import { PAGE_TEXT } from '../../../src/text/page-words.ts';
import { aPage } from '../../text/a-page.ts';
import { pdfText } from './pdf-text.ts';

const SWEDISH = 'Räksmörgås på Åhléns – “så” §8.2, 25 % … é ü ł € ≥';
const LONG_WORD = `hxxps://${'mycket'.repeat(30)}[.]example`;

/** What a sheet says, without the blanks and ends of lines that only its layout makes. */
const said = (text: string) => text.replace(/\s+/g, '');
const times = (text: string, word: string) => said(text).split(said(word)).length - 1;

/** Prints blocks, and gives the text of each sheet. */
async function sheetsOf(...blocks: Block[]): Promise<string[]> {
  return pdfText(await pagePdf(aPage('ord', blocks)));
}

const rowsOf = (count: number) => Array.from({ length: count }, (_, row) => [`rad-${row}-slut`, String(row)]);

describe('adapters/pdf/page-pdf', () => {
  it('makes a PDF of A4 sheets with its title and language', async () => {
    const text = Buffer.from(await pagePdf(aPage('Titel'))).toString('latin1');
    expect(text.slice(0, 8)).to.equal('%PDF-1.7');
    expect(text.trimEnd().slice(-5)).to.equal('%%EOF');
    expect(text).to.include('/MediaBox [0 0 595.28 841.89]').and.include('/Lang (sv)');
  });

  it('gives the same bytes for the same page, and others for another', async () => {
    const [one, again, other] = await Promise.all(
      ['ord', 'ord', 'ort'].map(async word => Buffer.from(await pagePdf(aPage(word))).toString('hex')),
    );
    expect(one === again).to.equal(true);
    expect(one === other).to.equal(false);
  });

  it('prints every word of every kind of block, with the letters of Swedish', async () => {
    const sheets = pdfText(await pagePdf(aPage(SWEDISH)));
    const sheet = sheets.join('');
    // Title, lead, banner, heading and foot, marks explained and marks used; then block by block: the chart has its title and
    // unit, three signs explained, one bar with its label and what is hidden, and the table of the same.
    const frame = 5 + 8 + 4;
    const blocks = 1 + 2 + 3 + 6 + 1 + 2 + (2 + 3 + 2 + 5) + 6;
    expect(times(sheet, SWEDISH)).to.equal(frame + blocks + sheets.length - 1);
    expect(said(sheet))
      .to.include('inteundertecknat')
      .and.include(`sha256${'ab'.repeat(32)}`);
  });

  it('numbers its sheets, in the language of the page', async () => {
    const sheets = await sheetsOf({ kind: 'table', head: ['vad', 'antal'], rows: rowsOf(100) });
    expect(sheets.length).to.be.within(3, 5);
    sheets.forEach((sheet, index) => {
      expect(said(sheet)).to.include(`Sida${index + 1}av${sheets.length}`);
    });
    expect(PAGE_TEXT.en.page(1, 3)).to.equal('Page 1 of 3');
  });

  it('repeats the heads of a table on each sheet, and prints each row once and whole', async () => {
    const sheets = await sheetsOf({ kind: 'table', head: ['vadhelst', 'antal'], rows: rowsOf(100) });
    for (const sheet of sheets) expect(times(sheet, 'vadhelst')).to.equal(1);
    const all = sheets.join('');
    for (let row = 0; row < 100; row++) expect(times(all, `rad-${row}-slut`), `row ${row}`).to.equal(1);
  });

  it('loses nothing of a cell, a fact, a list or a label that is longer than a sheet', async () => {
    const words = Array.from({ length: 1_500 }, (_, index) => `w${index}w`);
    const text = words.join(' ');
    const blocks: Block[] = [
      { kind: 'table', head: ['a', 'b'], rows: [[text, 'kort']] },
      { kind: 'table', head: [text, 'b'], rows: [['a', 'kort']] },
      { kind: 'facts', rows: [{ label: text, value: text }] },
      { kind: 'list', items: [text] },
      { kind: 'chart', title: 't', unit: 'u', bars: [{ label: text, parts: [{ label: 'p', value: 1 }] }] },
      {
        kind: 'chart',
        title: text,
        unit: 'u',
        bars: [{ label: 'l', parts: [{ label: text, value: null }] }],
      },
    ];
    const expected = [1, 1, 2, 1, 2, 2];
    for (const [index, block] of blocks.entries()) {
      const found = new Map<string, number>();
      for (const [word] of said((await sheetsOf(block)).join('')).matchAll(/w\d+w/g))
        found.set(word, (found.get(word) ?? 0) + 1);
      const short = words.filter(word => (found.get(word) ?? 0) < expected[index]!);
      expect(short, `block ${index}`).to.deep.equal([]);
    }
  }).timeout(120_000);

  it('breaks a word that is longer than its column instead of cutting it off', async () => {
    const cells = [LONG_WORD, LONG_WORD, 'Informationssäkerhetssamordnare', '12', '2026-10-01', 'f', 'g'];
    const [sheet] = await sheetsOf({
      kind: 'table',
      head: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
      rows: [cells],
    });
    expect(times(sheet!, LONG_WORD)).to.equal(2);
    expect(times(sheet!, 'Informationssäkerhetssamordnare')).to.equal(1);
  });

  it('names a sign that it has no letter for by its number, and turns what moves others into blanks', async () => {
    const [sheet] = await sheetsOf({ kind: 'text', text: 'a日b🙂c→d\u202ee\u0007f A\u030a' });
    expect(said(sheet!)).to.include('a[U+65E5]b[U+1F642]c->defÅ');
  });

  it('never leaves a heading alone at the end of a sheet', async () => {
    const parts: Block[] = [
      { kind: 'text', text: 'ord' },
      { kind: 'table', caption: 'NAMN', head: ['a', 'b'], rows: rowsOf(9), mark: 'checked' },
      { kind: 'chart', title: 'NAMN', unit: 'u', bars: [{ label: 'l', parts: [{ label: 'p', value: 1 }] }] },
    ];
    for (const part of parts)
      for (let filled = 18; filled < 34; filled += 1) {
        const filling: Block = { kind: 'list', items: Array.from({ length: filled }, () => 'fyllnad') };
        const sheets = await sheetsOf(filling, { kind: 'heading', text: 'RUBRIK' }, part);
        for (const sheet of sheets) {
          const last = said(sheet)
            .replace(/Innehållsha256.*$/, '')
            .replace(/ordSida.*$/, '');
          expect(last, `${part.kind} after ${filled}`).to.not.match(/(RUBRIK|NAMN\(?u?\)?|\[ord\])$/);
        }
      }
  }).timeout(120_000);

  it('says where there is nothing to show', async () => {
    const [sheet] = await sheetsOf(
      { kind: 'table', head: ['a', 'b', 'c'], rows: [] },
      { kind: 'chart', title: 't', unit: 'u', bars: [] },
    );
    expect(times(sheet!, PAGE_TEXT.sv.nothing)).to.equal(2);
  });

  it('takes words that look like markup as words, in bars too', async () => {
    const hostile = `"><script>alert('x')</script>&amp;<rect/>`;
    const sheets = pdfText(await pagePdf(aPage(hostile)));
    expect(times(sheets.join(''), hostile)).to.equal(50 + sheets.length - 1);
  });
});
