// A scan's counts → the JSON that programs read, and the summary that people read.
import type { Zone } from '../calendar/zone.ts';
import type { ScanSummary } from '../pipeline/summary.ts';
import { localMinute } from './local-time.ts';
import { counted, formatCount } from './numbers.ts';
import { alignTable } from './table.ts';

/** Gives the JSON of `scan --json`; each field is documented in docs/reference/json.md. */
export function scanJson(summary: ScanSummary): Record<string, unknown> {
  return {
    schema: 'granska.scan/1',
    lines: summary.lines,
    records: summary.records,
    rejected: summary.rejected,
    skipped: summary.skipped,
    pending: summary.pending,
    bytes: summary.bytes,
    seconds: summary.seconds,
    findings: summary.findings,
    verdicts: summary.verdicts,
    attempts: summary.attempts,
    authChallenges: summary.authChallenges,
    protected: summary.protected,
    unannounced: summary.unannounced,
    unreviewed: summary.unreviewed,
    tooOld: summary.tooOld,
    subjects: summary.subjects,
    categories: sortedByName(summary.categories),
    rejects: sortedByName(summary.rejects),
    skips: sortedByName(summary.skips),
    firstRecord: isoOrNull(summary.firstRecordMs),
    lastRecord: isoOrNull(summary.lastRecordMs),
    versions: summary.versions,
  };
}

export interface ReportContext {
  zone: Zone;
  /** Describes an exemption in a few words; null where the policy no longer has it. */
  describeExemption(id: string): string | null;
  /** Folder of the sealed rejects as the user would name it, and the days they are kept. */
  rejectsFolder: string;
  rejectsKeepDays: number;
  /** Bytes that were known from earlier scans. */
  knownBytes: number;
  /** True where no directory is configured: everyone is staff. */
  isWithoutDirectory: boolean;
  /** True where no list of a category holds an entry. */
  isWithoutEntries: boolean;
  /** True while nothing that is found can be held against anybody. */
  isOnTrial: boolean;
}

/** Writes the summary that a person reads after a scan. */
export function scanText(summary: ScanSummary, context: ReportContext): string {
  if (summary.lines === 0) return nothingNew(summary, context);
  const blocks = [
    head(summary, context),
    findings(summary),
    exemptions(summary, context),
    notJudged(summary),
    rejects(summary, context),
    notes(summary, context),
  ];
  return `${blocks.filter(block => block !== '').join('\n\n')}\n`;
}

function nothingNew(summary: ScanSummary, context: ReportContext): string {
  const pending =
    summary.pending > 0
      ? ` ${counted(summary.pending, 'half line')} at the end waits for its other half.`
      : '';
  if (context.knownBytes > 0) {
    return `Nothing is new: all ${formatCount(context.knownBytes)} bytes were read before.${pending}\n`;
  }
  return `Nothing to read: no whole line.${pending}\n`;
}

function head(summary: ScanSummary, { zone }: ReportContext): string {
  const rate =
    summary.seconds > 0 ? ` (${formatCount(Math.round(summary.lines / summary.seconds))} a second)` : '';
  const lines = [`${counted(summary.lines, 'line')} read in ${summary.seconds.toFixed(1)} s${rate}`];
  const parts = [counted(summary.records, 'record'), `${formatCount(summary.rejected)} rejected`];
  parts.push(`${formatCount(summary.skipped)} skipped`);
  if (summary.pending > 0) parts.push(`${counted(summary.pending, 'half line')} pending`);
  lines.push(`  ${parts.join(', ')}`);
  if (summary.firstRecordMs !== null && summary.lastRecordMs !== null) {
    lines.push(
      `  from ${localMinute(zone, summary.firstRecordMs)} to ${localMinute(zone, summary.lastRecordMs)} (${zone.name})`,
    );
  }
  const { user, client, none } = summary.subjects;
  lines.push(
    `  by user name ${formatCount(user)}, by client address ${formatCount(client)}, by neither ${formatCount(none)}`,
  );
  return lines.join('\n');
}

function findings(summary: ScanSummary): string {
  const { new: added, known } = summary.findings;
  const rows = Object.entries(summary.byVerdict).sort(([a], [b]) => (a < b ? -1 : 1));
  if (rows.length === 0) return 'No findings.';
  const title = `${counted(added, 'new finding')}${known > 0 ? `, ${formatCount(known)} known before` : ''}`;
  const table = alignTable(
    [
      ['category', 'to examine', 'exempt', 'attempts'],
      ...rows.map(([name, row]) => [name, ...[row.examine, row.exempt, row.attempts].map(formatCount)]),
      ['in all', ...[summary.verdicts.examine, summary.verdicts.exempt, summary.attempts].map(formatCount)],
    ],
    { rightFrom: 1, indent: 2 },
  );
  return `${title}\n${table}\n  An attempt is a request that the proxy stopped: it has no verdict.`;
}

function exemptions(summary: ScanSummary, context: ReportContext): string {
  const rows = Object.entries(summary.exemptions).sort(([a], [b]) => (a < b ? -1 : 1));
  if (rows.length === 0) return '';
  const table = alignTable(
    rows.map(([id, count]) => [id, formatCount(count), context.describeExemption(id) ?? '']),
    { rightFrom: 1, rightTo: 1, indent: 2 },
  );
  return `Exempt under these decisions\n${table}`;
}

function notJudged(summary: ScanSummary): string {
  const rows: [string, number, string][] = [
    ['protected', summary.protected, 'on protected sites: counted per day, nothing else is kept'],
    ['unreviewed', summary.unreviewed, 'on listed sites, by people whom the policy does not review'],
    ['unannounced', summary.unannounced, 'in a category that had not been announced to them by then'],
    ['too old', summary.tooOld, 'older than the retention'],
    ['407', summary.authChallenges, 'proxy-authentication challenges'],
  ];
  const shown = rows.filter(([, count]) => count > 0);
  if (shown.length === 0) return '';
  const table = alignTable(
    shown.map(([name, count, meaning]) => [name, formatCount(count), meaning]),
    { rightFrom: 1, rightTo: 1, indent: 2 },
  );
  return `Counted, but not findings\n${table}`;
}

function rejects(summary: ScanSummary, context: ReportContext): string {
  const skipped = Object.entries(summary.skips).map(([code, count]) => `${code} ${formatCount(count)}`);
  const lines: string[] = [];
  if (summary.rejected > 0) {
    const codes = Object.entries(summary.rejects).sort((a, b) => b[1] - a[1]);
    const reasons = codes.map(([code, count]) => `${code} ${formatCount(count)}`).join(', ');
    lines.push(
      `${counted(summary.rejected, 'line')} could not be read: ${reasons}`,
      `  kept sealed in ${context.rejectsFolder} for ${counted(context.rejectsKeepDays, 'day')}; "granska rejects" tells more`,
    );
  }
  if (skipped.length > 0) lines.push(`Skipped, being no access records: ${skipped.join(', ')}`);
  return lines.join('\n');
}

function notes(summary: ScanSummary, context: ReportContext): string {
  if (summary.records === 0) return '';
  const lines: string[] = [];
  if (context.isOnTrial) {
    lines.push(
      'The policy is on trial: nothing that it finds can be held against anybody ("granska check").',
    );
  }
  if (context.isWithoutEntries) {
    lines.push(
      'The lists hold no entry, so that nothing can be found: docs/guide/lists.md tells how to fill them.',
    );
  }
  if (context.isWithoutDirectory) {
    lines.push(
      'No directory is configured: where no network says otherwise, everyone counts as staff in department "unassigned".',
    );
  }
  return lines.join('\n');
}

function sortedByName(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isoOrNull(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}
