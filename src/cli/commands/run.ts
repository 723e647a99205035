// `granska run`: a worker that goes on: from the sources of the configuration into its store, until it is told to stop.
// What it does is told in its log, on stderr; with --once it ends when all that is there was read, and says what it was.
import { EXIT, type ExitCode } from '../../errors.ts';
import type { ReportMaker } from '../../ports/reports.ts';
import type { App } from '../app.ts';
import { type Io, write } from '../io.ts';
import { counted, formatCount } from '../numbers.ts';
import { describeFailure, exitOf } from '../source-exit.ts';

export interface RunArgs {
  once: boolean;
}

/** Runs the workers of the configuration. */
export async function runRun(
  args: RunArgs,
  deps: {
    app: Pick<App, 'run'>;
    reports: ReportMaker;
    signal: AbortSignal;
    onHangup(listener: () => void): () => void;
  },
  io: Io,
): Promise<ExitCode> {
  const { summary, failures } = await deps.app.run({ ...args, ...deps });
  for (const failure of failures) io.stderr.write(`${describeFailure(failure)}\n`);
  if (!args.once) return failures.length > 0 ? exitOf(failures) : EXIT.done;
  const { lines, records, rejected, skipped, findings } = summary;
  await write(
    io.stdout,
    `${counted(lines, 'line')} read: ${formatCount(records)} records, ${formatCount(rejected)} rejected, ${formatCount(skipped)} skipped\n` +
      `${counted(findings.new, 'new finding')}, ${formatCount(findings.known)} known already\n`,
  );
  return exitOf(failures);
}
