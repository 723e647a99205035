// `granska report hr`: what a head of administration is given for one month (§8.1–8.3). In: the issued figures of the month
// and the cases that two people opened; out: HTML, PDF, CSV or JSON. Invariant: it is noted in the audit chain before
// anything of it is shown (§8.5); what was issued once is shown as it was issued, and what changed since is only told of.
import { EXIT, type ExitCode, GranskaError } from '../../errors.ts';
import { type IssuedHr, issueHrReport } from '../../pipeline/hr-report.ts';
import { openedCases } from '../../pipeline/opened-cases.ts';
import { requireLive } from '../../policy/require-live.ts';
import type { DeskStore } from '../../ports/desk-store.ts';
import { readMonth } from '../../report/period.ts';
import type { Lang } from '../../text/lang.ts';
import type { App } from '../app.ts';
import { caseSource, hashText } from '../case-source.ts';
import { toCorrect } from '../correction-words.ts';
import { createCountProgress } from '../count-progress.ts';
import { requireReason } from '../decider.ts';
import { type HrReportFormat, printHrReport } from '../hr-report-print.ts';
import { type Io, write } from '../io.ts';
import { visitRulesOf } from '../visit-rules.ts';
import { writeOut } from '../write-out.ts';

export interface ReportHrOptions {
  /** `2026-10` */
  period: string;
  department?: string;
  format: HrReportFormat;
  lang: Lang;
  out?: string;
  allowIncomplete: boolean;
  correct: boolean;
  reason?: string;
}

export type ReportApp = Pick<
  App,
  'clock' | 'installation' | 'openDesk' | 'openAudit' | 'people' | 'decider' | 'reportGround' | 'renderPdf'
>;

/** Issues or shows a report. Throws CONFIG for a policy on trial, CHECK_FAILED before the month is complete. */
export async function runReportHr(options: ReportHrOptions, app: ReportApp, io: Io): Promise<ExitCode> {
  const { lang, format, out } = options;
  const month = readMonth(options.period);
  const { policy, zone } = await app.installation('look');
  // In force now, and from the first instant of the month on: no visit of it may be older than what people were told.
  requireLive(policy, Math.min(app.clock.nowMs(), zone.startOfDayMs(`${month}-01`)));
  const decider = await app.decider();
  const correction = correctionReason(options, decider);
  const desk = await app.openDesk();
  try {
    const issued = await issue({ month, correction, decider, options }, { app, desk, io });
    const bytes = await printHrReport(issued, { format, lang, zone, renderPdf: app.renderPdf });
    await note(issued, options, app);
    await writeOut(bytes, out, io);
    await write(io.stderr, remarks(issued));
    return EXIT.done;
  } finally {
    await desk.close();
  }
}

type Decider = Awaited<ReturnType<App['decider']>>;

/** Gives the reason of a correction; null where none is asked for. Throws USAGE for one without the other. */
function correctionReason({ correct, reason }: ReportHrOptions, decider: Decider): string | null {
  if (correct && reason !== undefined) return requireReason(reason, decider);
  if (!correct && reason === undefined) return null;
  throw new GranskaError('USAGE', '--correct and --reason belong together', {
    hint: 'a correction says why in --reason; without --correct the report is shown as it was issued',
  });
}

interface Asked {
  month: string;
  correction: string | null;
  decider: Decider;
  options: ReportHrOptions;
}

async function issue(
  { month, correction, decider, options }: Asked,
  { app, desk, io }: { app: ReportApp; desk: DeskStore; io: Io },
): Promise<IssuedHr> {
  const { config, policy, zone } = await app.installation('look');
  const { source: cases, rules: caseRules } = caseSource(desk, { policy, zone });
  const progress = createCountProgress(io, 'findings');
  return await issueHrReport(
    {
      department: options.department ?? null,
      correction,
      incomplete: options.allowIncomplete ? 'allow' : 'refuse',
    },
    {
      ...{ desk, month, policy, cases, caseRules, tenant: config.organization },
      ...{ ground: await app.reportGround(), rules: visitRulesOf(policy) },
      ...{ by: decider.account, nowMs: app.clock.nowMs(), hash: hashText, onProgress: progress.update },
      opened: await openedCases(desk, await app.people()),
      namesSomebody: text => decider.namesSomebody(text),
    },
  ).finally(progress.clear);
}

/** Notes the view: which report of whom, and how much of it. */
async function note(
  { issue, report, state }: IssuedHr,
  { format, lang }: ReportHrOptions,
  app: ReportApp,
): Promise<void> {
  const audit = await app.openAudit();
  await audit.append({
    action: 'report hr',
    // Visits that are shown as rows.
    shown: report.cases.reduce((total, { visits }) => total + visits.length, 0),
    details: {
      ...{ organization: report.organization, department: report.department, month: report.month },
      ...{ issue: issue.number, hash: issue.sha256, isNew: state === 'new' },
      ...{ units: report.units.length, cells: report.cells.length },
      cases: report.cases.map(({ id }) => id),
      ...{ format, lang },
    },
  });
}

function remarks({ issue, report, state }: IssuedHr): string {
  const name = `issue ${issue.number}, SHA-256 ${issue.sha256.slice(0, 16)}…`;
  switch (state) {
    case 'new':
      return `${name}: issued now; asked for again it is the same\n`;
    case 'same':
      return `${name}, as it was issued\n`;
    case 'changed':
      return `${name}, as it was issued: what it is made of has changed since; ${toCorrect(issue, report)}\n`;
    default:
      return state satisfies never;
  }
}
