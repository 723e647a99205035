// print-page: a page → what goes to a file or a terminal, in the form that was asked for.
import type { Page } from '../text/page.ts';
import { pageHtml } from '../text/page-html.ts';
import type { App } from './app.ts';
import { pageText } from './page-text.ts';

/** Forms of a page. */
export type PageFormat = 'text' | 'html' | 'pdf';

/** Writes a page as text, as one HTML file, or as PDF. */
export async function printPage(
  page: Page,
  format: PageFormat,
  app: Pick<App, 'renderPdf'>,
): Promise<string | Uint8Array> {
  switch (format) {
    case 'text':
      return pageText(page);
    case 'html':
      return pageHtml(page);
    case 'pdf':
      return app.renderPdf(page);
    default:
      return format satisfies never;
  }
}
