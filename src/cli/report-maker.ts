// What makes the reports that are delivered: the commands that people type, with their output caught. In: one report in one
// form; out: its bytes, and which issue they are. Invariant: what is delivered is what the command would print, noted in the
// audit chain as its view is; the configuration is read anew for each, since a schedule goes on for months.

import { Writable } from 'node:stream';
import { EXIT, type ExitCode, GranskaError } from '../errors.ts';
import { hrReportKey } from '../pipeline/hr-report.ts';
import { issues } from '../pipeline/issue.ts';
import { statisticsKey } from '../pipeline/month-statistics.ts';
import type { ReportAsked, ReportMaker } from '../ports/reports.ts';
import type { App } from './app.ts';
import type { Io } from './io.ts';

/** Creates what makes reports; `open` opens the installation as it is at that moment. */
export function createReportMaker(open: () => App): ReportMaker {
  return {
    async make(asked) {
      const app = open();
      const before = await latestIssue(asked, app);
      const caught = catchOutput();
      const exit = await print(asked, app, caught.io);
      if (exit !== EXIT.done) {
        throw new GranskaError('CHECK_FAILED', 'the report could not be made', {
          hint: 'the same command by hand tells why',
        });
      }
      const issue = await latestIssue(asked, app);
      if (issue === null || (before !== null && before.number !== issue.number)) {
        throw new GranskaError('OVERTAKEN', 'the report was corrected while it was made', {
          hint: 'try again',
        });
      }
      return { bytes: caught.bytes(), issue: issue.number, contentHash: issue.sha256 };
    },
  };
}

async function print(asked: ReportAsked, app: App, io: Io): Promise<ExitCode> {
  const { report, month: period, department, format, lang } = asked;
  const options = { period, format, lang, allowIncomplete: false, correct: false };
  switch (report) {
    case 'hr': {
      // Only a schedule that delivers them reads all that reports are made of.
      const { runReportHr } = await import('./commands/report-hr.ts');
      return runReportHr({ ...options, ...(department === null ? {} : { department }) }, app, io);
    }
    case 'statistics': {
      const { runReportStatistics } = await import('./commands/report-statistics.ts');
      return runReportStatistics(options, app, io);
    }
    default:
      return report satisfies never;
  }
}

async function latestIssue(
  { report, department, month }: ReportAsked,
  app: App,
): Promise<{ number: number; sha256: string } | null> {
  const { organization } = await app.config();
  const key = keyOf(organization, { report, department, month });
  const desk = await app.openDesk();
  try {
    return (await issues(desk, key)).at(-1) ?? null;
  } finally {
    await desk.close();
  }
}

/** Names the line of issues of a report. */
function keyOf(
  organization: string,
  { report, department, month }: Pick<ReportAsked, 'report' | 'department' | 'month'>,
): string {
  switch (report) {
    case 'hr':
      return hrReportKey(organization, department, month);
    case 'statistics':
      return statisticsKey({ tenant: organization, month });
    default:
      return report satisfies never;
  }
}

/** Makes streams of which one is kept and the others go nowhere. */
function catchOutput(): { io: Io; bytes(): Uint8Array } {
  const parts: Buffer[] = [];
  const to = (parts: Buffer[]) =>
    new Writable({
      write(part: Buffer | string, _encoding, done) {
        parts.push(Buffer.from(part));
        done();
      },
    });
  const io: Io = {
    stdin: process.stdin,
    stdout: to(parts),
    stderr: to([]),
    ...{ isTerminal: false, isErrorTerminal: false, columns: 100 },
  };
  return { io, bytes: () => Buffer.concat(parts) };
}
