// `granska rejects retry`: lines that could not be read, once more, for whoever holds the private key. Their texts may hold
// names: that they are opened is noted in the audit chain before the first one is (§8.5).
import type { ExitCode } from '../../errors.ts';
import type { Format } from '../../format/formats.ts';
import type { RejectCode } from '../../model/record.ts';
import type { RetryOutcome } from '../../pipeline/retry/retry.ts';
import type { App } from '../app.ts';
import { type Io, write } from '../io.ts';
import { counted, formatCount } from '../numbers.ts';
import { describeLeft, exitOfLeft } from '../retry-left.ts';
import { scanJson } from '../scan-report.ts';
import { alignTable } from '../table.ts';

export interface RejectsRetryArgs {
  /** File with the private key; that of the keys folder unless given. */
  identity?: string;
  code?: RejectCode;
  /** Null for each line's own. */
  format: Format | null;
  dryRun: boolean;
  json: boolean;
}

/** What the command needs of the program. */
export interface RejectsRetryDeps {
  app: Pick<App, 'retryRejects' | 'sealedPlaces' | 'openAudit'>;
  signal: AbortSignal;
}

/** Reads rejected lines again, and prints what came of it. Throws KEYS where the private key is not there. */
export async function runRejectsRetry(
  args: RejectsRetryArgs,
  { app, signal }: RejectsRetryDeps,
  io: Io,
): Promise<ExitCode> {
  const code = args.code ?? null;
  const outcome = await app.retryRejects({
    ...{ identity: args.identity ?? null, code, format: args.format, signal },
    mode: args.dryRun ? 'dry-run' : 'write',
    async beforeOpening(plan) {
      const audit = await app.openAudit();
      const asked = { code, format: args.format?.name ?? null, dryRun: args.dryRun };
      await audit.append({ action: 'rejects-retry', shown: 0, details: { ...plan, ...asked } });
    },
  });
  for (const left of outcome.left) await write(io.stderr, describeLeft(left));
  const text = args.json
    ? `${JSON.stringify(asJson(outcome, args))}\n`
    : asText(outcome, args, (await app.sealedPlaces()).place);
  await write(io.stdout, text);
  if (outcome.interrupted) await write(io.stderr, 'granska: interrupted; what was done so far is stored\n');
  return exitOfLeft(outcome.left);
}

function asJson(outcome: RetryOutcome, { dryRun }: RejectsRetryArgs): Record<string, unknown> {
  // What a scan says of files, this one has nothing to say of.
  const { schema: _, pending, bytes, seconds, ...counts } = scanJson(outcome.summary);
  const { files, untried, refused, left } = outcome;
  return { schema: 'granska.rejects-retry/1', dryRun, files, ...counts, untried, refused, left };
}

function asText(outcome: RetryOutcome, { dryRun }: RejectsRetryArgs, place: string): string {
  const { summary, files } = outcome;
  if (files === 0) return 'No rejected line was read again.\n';
  const blocks = [head(outcome, dryRun), findings(outcome), stillRejected(outcome, place)];
  if (summary.records > 0 && dryRun) blocks.push('Nothing was stored: run it without --dry-run.');
  return `${blocks.filter(block => block !== '').join('\n\n')}\n`;
}

function head({ summary, files, untried }: RetryOutcome, dryRun: boolean): string {
  const what = dryRun ? 'read, on trial' : 'read again';
  const { lines, records, rejected, skipped } = summary;
  return [
    `${counted(lines, 'rejected line')} of ${counted(files, 'sealed text')} ${what}`,
    `  ${counted(records, 'record')}, ${formatCount(rejected)} rejected, ${formatCount(skipped)} skipped`,
    ...(untried === 0
      ? []
      : [`  ${formatCount(untried)} of the rejected were not tried: of another code, or part of a line`]),
  ].join('\n');
}

function findings({ summary, refused }: RetryOutcome): string {
  const { findings: found, verdicts, attempts } = summary;
  if (found.new + found.known === 0) return 'No findings.';
  const known = found.known > 0 ? `, ${formatCount(found.known)} known before` : '';
  const lines = [
    `${counted(found.new, 'new finding')}${known}`,
    `  to examine ${formatCount(verdicts.examine)}, exempt ${formatCount(verdicts.exempt)}, attempts ${formatCount(attempts)}`,
  ];
  if (refused > 0) {
    lines.push(
      `  ${counted(refused, 'document')} refused by the store: "granska deadletters list" tells more`,
    );
  }
  return lines.join('\n');
}

function stillRejected({ summary }: RetryOutcome, place: string): string {
  const codes = Object.entries(summary.rejects).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  if (codes.length === 0) return '';
  const table = alignTable(
    codes.map(([code, count]) => [code, formatCount(count)]),
    { rightFrom: 1, indent: 2 },
  );
  return `Still rejected, and kept sealed in ${place} no longer than before\n${table}`;
}
