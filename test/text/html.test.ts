import { expect } from 'chai';
import { isCount } from '../../src/text/columns.ts';
import { html } from '../../src/text/html.ts';
import type { Block, ChartBar, Page } from '../../src/text/page.ts';
import { pageHtml } from '../../src/text/page-html.ts';
import { aPage } from './a-page.ts';

const HOSTILE = `"><script>alert('x')</script>&`;
const ESCAPED = '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;';

describe('text/html', () => {
  it('escapes every value, alone and in a list', () => {
    expect(`${html`<p title="${HOSTILE}">${HOSTILE}</p>`}`).to.equal(`<p title="${ESCAPED}">${ESCAPED}</p>`);
    expect(`${html`${[HOSTILE, 7]}`}`).to.equal(`${ESCAPED}7`);
  });

  it('takes markup of its own as it is', () => {
    expect(`${html`<ul>${['a', '<'].map(item => html`<li>${item}</li>`)}</ul>`}`).to.equal(
      '<ul><li>a</li><li>&lt;</li></ul>',
    );
  });

  it('lets no word of a page become markup, and asks for nothing from anywhere', () => {
    const page: Page = {
      lang: 'sv',
      title: HOSTILE,
      lead: [HOSTILE],
      banners: [HOSTILE],
      marks: null,
      sections: [
        {
          heading: HOSTILE,
          blocks: [
            { kind: 'text', text: HOSTILE },
            { kind: 'list', items: [HOSTILE] },
            { kind: 'table', head: [HOSTILE, 'n'], rows: [[HOSTILE, '1']] },
            {
              kind: 'checks',
              mark: 'checked',
              head: [HOSTILE],
              rows: [{ result: 'holds', word: HOSTILE, text: HOSTILE, counts: HOSTILE }],
            },
          ],
        },
      ],
      foot: HOSTILE,
    };
    const markup = pageHtml(page);
    expect(markup.split(ESCAPED)).to.have.length(14 + 1);
    expect(markup).to.not.match(/<script|<link|<img|src=|href=|javascript:/i);
    expect(markup).to.match(/^<!doctype html>\n<html lang="sv">/);
    expect(markup).to.include("default-src 'none'");
  });

  it('lets no word of a chart, a fact or a signature become markup', () => {
    const markup = pageHtml(aPage(HOSTILE));
    expect(markup.split(ESCAPED).length - 1).to.be.greaterThan(45);
    expect(markup).to.not.match(/<script|<link|<img|src=|href=|javascript:/i);
    expect(markup.match(/<svg [^>]*role="img"/g)).to.have.length(1);
    expect(markup).to.match(/<svg [^>]*aria-labelledby="([^"]+)"><title id="\1">[^<]+<\/title>/);
  });

  it('puts the table of its figures with every chart, and says where there is nothing', () => {
    const chart = (bars: ChartBar[]): Block => ({ kind: 'chart', title: 'T', unit: 'besök', bars });
    const bar = (label: string, value: number | null) => ({ label, parts: [{ label: 'Besök', value }] });
    const markup = pageHtml(aPage('ord', [chart([bar('Skola', 12), bar('Kultur', null)]), chart([])]));
    expect(markup).to.include('<tr><td>Skola</td><td class="number">12</td></tr>');
    expect(markup).to.include('<tr><td>Kultur</td><td class="number">dold</td></tr>');
    expect(markup).to.include('<td colspan="1">Inget att visa</td>');
  });

  it('numbers headings where a page asks for it', () => {
    const page: Page = { ...aPage('ord'), headings: 'numbered' };
    expect(pageHtml(page)).to.include('<h2>1. ord</h2>');
    expect(pageHtml(aPage('ord'))).to.include('<h2>ord</h2>');
  });

  it('takes grouped digits as a count, and nothing else', () => {
    expect(
      ['0', '912', '1,999', '24\u00a0267', '1 234 567'.replaceAll(' ', '\u00a0')].every(isCount),
    ).to.equal(true);
    expect(['', '2026-01-01', '1234', 'KS 1', '1.5', '–'].some(isCount)).to.equal(false);
  });
});
