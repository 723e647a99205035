import { expect } from 'chai';
import { html } from '../../src/text/html.ts';
import type { Page } from '../../src/text/page.ts';
import { isCount, pageHtml } from '../../src/text/page-html.ts';

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

  it('takes grouped digits as a count, and nothing else', () => {
    expect(
      ['0', '912', '1,999', '24\u00a0267', '1 234 567'.replaceAll(' ', '\u00a0')].every(isCount),
    ).to.equal(true);
    expect(['', '2026-01-01', '1234', 'KS 1', '1.5', '–'].some(isCount)).to.equal(false);
  });
});
