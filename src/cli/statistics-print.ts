// Issued statistics in the form that was asked for. Invariant: the same issue in the same form and language is the same
// bytes, and every form names the number and the hash of its content.
import type { Zone } from '../calendar/zone.ts';
import type { IssuedStatistics } from '../pipeline/month-statistics.ts';
import type { Lang } from '../text/lang.ts';
import type { Page } from '../text/page.ts';
import { pageHtml } from '../text/page-html.ts';
import { type PrintedStatistics, statisticsPage } from '../text/statistics-page.ts';
import { pageText } from './page-text.ts';
import { statisticsCsv } from './statistics-csv.ts';

export type StatisticsFormat = 'html' | 'pdf' | 'json' | 'csv' | 'text';

export interface StatisticsPrinting {
  format: StatisticsFormat;
  lang: Lang;
  zone: Zone;
  renderPdf(page: Page): Promise<Uint8Array>;
}

/** Prints issued statistics. */
export async function printStatistics(
  { issue, statistics }: Pick<IssuedStatistics, 'issue' | 'statistics'>,
  { format, lang, zone, renderPdf }: StatisticsPrinting,
): Promise<Uint8Array> {
  const { number, sha256: hash, reason, atMs } = issue;
  const printed: PrintedStatistics = { statistics, number, hash, reason, day: zone.dayOf(atMs) };
  switch (format) {
    case 'html':
      return encoded(pageHtml(statisticsPage(printed, lang)));
    case 'pdf':
      return renderPdf(statisticsPage(printed, lang));
    case 'json':
      return encoded(`${JSON.stringify(statisticsJson(printed))}\n`);
    case 'csv':
      return encoded(await statisticsCsv(printed, lang));
    case 'text':
      return encoded(pageText(statisticsPage(printed, lang)));
    default:
      return format satisfies never;
  }
}

/** The hash is of `statistics` as canonical JSON: keys sorted, no blanks. */
function statisticsJson({
  statistics,
  number,
  hash,
  day,
  reason,
}: PrintedStatistics): Record<string, unknown> {
  return {
    schema: 'granska.statistics-issue/1',
    issue: { number, sha256: hash, day, corrects: reason === null ? null : { number: number - 1, reason } },
    statistics,
  };
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
