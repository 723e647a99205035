// page-html: a page → one HTML file to print and to file. In: a page; out: markup without script, link or anything that
// is fetched. Invariant: all words go through the escaping template. Example: `pageHtml(page)` begins with `<!doctype html>`.
import { blockHtml } from './block-html.ts';
import { type Html, html } from './html.ts';
import { headingText, type Page, type Section } from './page.ts';
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
${page.sections.map((section, index) => sectionHtml(section, { page, index }))}<footer>${page.foot}</footer>
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

function sectionHtml(section: Section, { page, index }: { page: Page; index: number }): Html {
  return html`<section>
<h2>${headingText(section, index, page)}</h2>
${section.blocks.map((block, place) => blockHtml(block, { page, id: `c${index}-${place}` }))}</section>
`;
}
