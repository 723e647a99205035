// An issued HR report in the form that was asked for. In: the issue as the ledger has it; out: bytes. Invariant: the same
// issue in the same form and language is the same bytes, and every form names the number and the hash of its content.
import type { Zone } from '../calendar/zone.ts';
import type { IssuedHr } from '../pipeline/hr-report.ts';
import { hrReportPage, type IssuedHrReport } from '../text/hr-report-page.ts';
import type { Lang } from '../text/lang.ts';
import type { Page } from '../text/page.ts';
import { pageHtml } from '../text/page-html.ts';
import { hrReportCsv } from './hr-report-csv.ts';

export type HrReportFormat = 'html' | 'json' | 'csv' | 'pdf';

export interface HrPrinting {
  format: HrReportFormat;
  lang: Lang;
  zone: Zone;
  renderPdf(page: Page): Promise<Uint8Array>;
}

/** Prints an issued report. */
export async function printHrReport(issued: IssuedHr, printing: HrPrinting): Promise<Uint8Array> {
  const { format, lang, zone, renderPdf } = printing;
  const shown = shownIssue(issued, zone);
  switch (format) {
    case 'html':
      return encoded(pageHtml(hrReportPage(shown, lang)));
    case 'json':
      return encoded(`${JSON.stringify(hrReportJson(shown))}\n`);
    case 'csv':
      return encoded(await hrReportCsv(shown, lang));
    case 'pdf':
      return renderPdf(hrReportPage(shown, lang));
    default:
      return format satisfies never;
  }
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Gives what a page says of an issue. */
export function shownIssue({ issue, report, corrected }: IssuedHr, zone: Zone): IssuedHrReport {
  return {
    ...{ report, number: issue.number, hash: issue.sha256, day: zone.dayOf(issue.atMs) },
    corrects:
      corrected === null
        ? null
        : { number: corrected.number, hash: corrected.sha256, reason: issue.reason ?? '' },
  };
}

/** Gives what `report hr --format json` prints. The hash is of `report` as canonical JSON: keys sorted, no blanks. */
function hrReportJson({ report, number, hash, day, corrects }: IssuedHrReport): Record<string, unknown> {
  return {
    schema: 'granska.hr-report-issue/1',
    issue: {
      ...{ number, sha256: hash, day },
      corrects:
        corrects === null
          ? null
          : { number: corrects.number, sha256: corrects.hash, reason: corrects.reason },
    },
    report,
  };
}
