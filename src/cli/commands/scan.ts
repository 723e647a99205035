// `granska scan`: logs into findings. Also what `granska demo` runs.
import { shownPath } from '../../config/locate.ts';
import type { ExitCode } from '../../errors.ts';
import type { Detection } from '../../format/detect.ts';
import type { Format } from '../../format/formats.ts';
import type { ScanSummary } from '../../pipeline/summary.ts';
import type { App, ScanOutcome } from '../app.ts';
import { type Io, write } from '../io.ts';
import { createProgress } from '../progress.ts';
import { scanJson, scanText } from '../scan-report.ts';
import { describeFailure, exitOf } from '../source-exit.ts';

export interface ScanArgs {
  files: readonly string[];
  source: string;
  /** Null for `auto`. */
  format: Format | null;
  again: boolean;
  final: boolean;
  json: boolean;
}

/** Scans logs into the store and prints what was found. */
export async function runScan(
  args: ScanArgs,
  deps: { app: App; signal: AbortSignal },
  io: Io,
): Promise<ExitCode> {
  const { app, signal } = deps;
  const progress = createProgress(io, app.sizeOf(args.files));
  const installation = await app.installation('keep');
  const isNews = createNewsFilter();
  let outcome: ScanOutcome;
  try {
    outcome = await app.scan({
      files: args.files,
      source: args.source,
      format: args.format,
      mode: args.again ? 'again' : 'resume',
      takeHalfLine: args.final,
      signal,
      onProgress: summary => progress.update(summary),
      onDetect: (path, detection) => {
        if (!isNews(path, detection)) return;
        progress.clear();
        io.stderr.write(`${describeDetection(path, detection)}\n`);
      },
    });
  } finally {
    progress.clear();
  }
  const { summary, worker } = outcome;
  for (const failure of worker.failures) io.stderr.write(`${describeFailure(failure)}\n`);
  if (args.json) await write(io.stdout, `${JSON.stringify(scanJson(summary))}\n`);
  else await write(io.stdout, textOf(summary, outcome, installation));
  if (worker.interrupted) io.stderr.write('granska: interrupted; what was read so far is stored\n');
  return exitOf(worker.failures);
}

// A format that is only guessed is guessed anew for every chunk: said once, until the guess changes.
function createNewsFilter(): (path: string | null, detection: Detection) => boolean {
  const said = new Map<string | null, string>();
  return (path, { format, sure }) => {
    const guess = `${format.name} ${sure}`;
    if (said.get(path) === guess) return false;
    said.set(path, guess);
    return true;
  };
}

function textOf(
  summary: ScanSummary,
  outcome: ScanOutcome,
  installation: Awaited<ReturnType<App['installation']>>,
): string {
  return scanText(summary, {
    zone: installation.zone,
    describeExemption(id) {
      const exemption = installation.policy.exemptions.get(id);
      if (exemption === undefined) return null;
      return `${exemption.reason} (case ${exemption.caseNumber}, through ${exemption.validThrough})`;
    },
    rejectsFolder: shownPath(outcome.rejectsFolder, process.cwd()),
    rejectsKeepDays: installation.config.rejectsKeepDays,
    knownBytes: outcome.worker.knownBytes,
    isWithoutDirectory: installation.isWithoutDirectory,
    isWithoutEntries: installation.isWithoutEntries,
    isOnTrial: installation.policy.live === null,
  });
}

function describeDetection(path: string | null, { format, sure, confidence, lines }: Detection): string {
  const where = path === null ? 'stdin' : shownPath(path, process.cwd());
  if (lines === 0) return `${where}: format ${format.name}, not sure: no access line to go by`;
  const fit = `${Math.floor(confidence * 100)} % of the first ${lines} lines fit`;
  return `${where}: format ${format.name}${sure ? '' : ', not sure'} (${fit})`;
}
