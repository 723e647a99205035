// `granska report statistics`: a month on the fixed lattice, for the board, the unions and the data protection officer
// (§8.2). In: a month; out: text, HTML, CSV or JSON of what was issued. Invariant: what is printed was frozen before, and
// is the same bytes whenever it is asked for; it is noted in the audit chain before it is shown (§8.5).
import { EXIT, type ExitCode, GranskaError } from '../../errors.ts';
import { type IssuedStatistics, issueStatistics } from '../../pipeline/month-statistics.ts';
import { readMonth } from '../../report/period.ts';
import type { Lang } from '../../text/lang.ts';
import type { App } from '../app.ts';
import { hashText } from '../case-source.ts';
import { toCorrect } from '../correction-words.ts';
import { createCountProgress } from '../count-progress.ts';
import { requireReason } from '../decider.ts';
import { type Io, write } from '../io.ts';
import { printStatistics, type StatisticsFormat } from '../statistics-print.ts';
import { visitRulesOf } from '../visit-rules.ts';
import { writeOut } from '../write-out.ts';

export interface ReportStatisticsOptions {
  period: string;
  /** The configured organisation unless given. */
  organization?: string;
  format: StatisticsFormat;
  lang: Lang;
  /** A file; stdout unless given. */
  out?: string;
  allowIncomplete: boolean;
  correct: boolean;
  reason?: string;
}

export type StatisticsApp = Pick<
  App,
  'clock' | 'installation' | 'reportGround' | 'openDesk' | 'openAudit' | 'decider' | 'renderPdf'
>;

/** Prints the statistics of a month. */
export async function runReportStatistics(
  options: ReportStatisticsOptions,
  app: StatisticsApp,
  io: Io,
): Promise<ExitCode> {
  const month = readMonth(options.period);
  const decider = await app.decider();
  const correction = readCorrection(options, decider);
  const { config, policy } = await app.installation('look');
  const ground = await app.reportGround();
  const tenant = readTenant(options.organization ?? config.organization, ground.tenants);
  const desk = await app.openDesk();
  try {
    const progress = createCountProgress(io, 'findings');
    const issued = await issueStatistics(
      { correction, incomplete: options.allowIncomplete ? 'allow' : 'refuse' },
      {
        ...{ desk, tenant, month, policy, ground, rules: visitRulesOf(policy) },
        ...{ by: decider.account, nowMs: app.clock.nowMs(), hash: hashText, onProgress: progress.update },
      },
    ).finally(progress.clear);
    const { format, lang } = options;
    const bytes = await printStatistics(issued, {
      format,
      lang,
      zone: policy.zone,
      renderPdf: app.renderPdf,
    });
    const { number, sha256 } = issued.issue;
    const audit = await app.openAudit();
    await audit.append({
      action: 'report statistics',
      // It shows no finding, but it was made of all of the month.
      shown: 0,
      details: { month, organization: tenant, issue: number, sha256, state: issued.state, format },
    });
    await writeOut(bytes, options.out, io);
    await write(io.stderr, remark(issued));
    return EXIT.done;
  } finally {
    await desk.close();
  }
}

function readCorrection(
  { correct, reason }: ReportStatisticsOptions,
  decider: Parameters<typeof requireReason>[1],
): string | null {
  if (correct && reason !== undefined) return requireReason(reason, decider);
  if (!correct && reason === undefined) return null;
  throw new GranskaError('USAGE', '--correct and --reason belong together', {
    hint: 'a correction is a new issue beside the old one; --reason says why it was needed',
  });
}

function readTenant(typed: string, tenants: readonly string[]): string {
  if (tenants.includes(typed)) return typed;
  throw new GranskaError('USAGE', '--organization names none that the configuration has', {
    hint: `it has ${tenants.join(', ')}`,
  });
}

function remark({ issue, statistics, state }: IssuedStatistics): string {
  const name = `issue ${issue.number}, SHA-256 ${issue.sha256.slice(0, 16)}…`;
  switch (state) {
    case 'new':
      return `${name}: frozen; asked for again it is the same\n`;
    case 'same':
      return `${name}, as it was issued\n`;
    case 'changed':
      return `${name}, as it was issued: today the figures would be others; ${toCorrect(issue, statistics)}\n`;
    default:
      return state satisfies never;
  }
}
