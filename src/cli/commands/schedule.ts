// `granska schedule`: carries out review plans and deliveries when they are due, until it is told to stop; with --once it
// does what is due, and ends. What it does is told line by line on stdout; nothing that a report says is.
import { EXIT, type ExitCode, faultOf, GranskaError } from '../../errors.ts';
import type { ScheduleEvent } from '../../pipeline/schedule-runner.ts';
import type { ReportMaker } from '../../ports/reports.ts';
import type { App } from '../app.ts';
import { type Io, write } from '../io.ts';
import { localMinute } from '../local-time.ts';
import { counted } from '../numbers.ts';

export interface ScheduleDeps {
  app: Pick<App, 'schedule' | 'config' | 'clock' | 'plans'>;
  reports: ReportMaker;
  signal: AbortSignal;
}

/** Carries out what is due. Exits 1 where, with `once`, a run failed. */
export async function runSchedule(
  { once }: { once: boolean },
  { app, reports, signal }: ScheduleDeps,
  io: Io,
): Promise<ExitCode> {
  const { zone, reviewsFile } = await app.config();
  if (reviewsFile === null) {
    throw new GranskaError('CONFIG', 'no plans are configured', {
      hint: 'name their file under reviews in granska.yaml',
    });
  }
  const tell = (text: string) => io.stdout.write(`${localMinute(zone, app.clock.nowMs())} ${text}\n`);
  if (!once) {
    const { reviews, deliveries } = await app.plans();
    const plans = counted(reviews.length + deliveries.length, 'plan');
    tell(`carrying out ${plans} by the clock of ${zone.name}`);
  }
  const { done, failed, left } = await app.schedule({
    ...{ mode: once ? 'once' : 'go-on', reports, signal },
    onEvent: event => tell(wordsOf(event)),
    onTrouble: error => io.stderr.write(`${troubleWords(error)}\n`),
  });
  if (!once) {
    tell('stopped');
    return EXIT.done;
  }
  await write(io.stdout, `${counted(done, 'run')} done, ${failed} failed, ${left} left\n`);
  return failed > 0 ? EXIT.condition : EXIT.done;
}

function wordsOf(event: ScheduleEvent): string {
  const run = `${event.plan} ${event.period}`;
  switch (event.kind) {
    case 'begun':
      return `${run}: begun`;
    case 'done':
      return `${run}: done`;
    case 'released':
      return `${run}: left unfinished; whoever looks next goes on with it`;
    case 'lost':
      return `${run}: another process has taken it over`;
    case 'failed':
      return `${run}: failed: ${event.failure.message} [${event.failure.code}]`;
    default:
      return event satisfies never;
  }
}

function troubleWords(error: unknown): string {
  const why = error instanceof GranskaError ? `${error.message} [${error.code}]` : faultOf(error).kind;
  return `granska: plans cannot be looked at: ${why}; trying again within the hour`;
}
