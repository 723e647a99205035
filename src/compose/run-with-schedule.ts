// `granska run` that carries plans out too (`run.schedule: on`). In: a run and a schedule; out: what the run came to.
// Invariant: what goes wrong with a plan is told in the log and never stops a worker; both end together.
import type { RunOutcome, RunRequest, ScheduleRequest } from '../cli/app.ts';
import { GranskaError } from '../errors.ts';
import type { ScheduleEvent, WakeOutcome } from '../pipeline/schedule-runner.ts';
import type { Telemetry } from '../ports/telemetry.ts';

export interface RunBeside {
  run(): Promise<RunOutcome>;
  schedule(request: ScheduleRequest): Promise<WakeOutcome>;
  telemetry: Pick<Telemetry, 'log'>;
}

/** Runs both. With `once`, plans are looked at when everything was read. */
export async function runWithSchedule(request: RunRequest, beside: RunBeside): Promise<RunOutcome> {
  const { telemetry } = beside;
  const onTrouble = (error: unknown) => {
    const code = error instanceof GranskaError ? error.code : 'SYSTEM';
    telemetry.log('error', 'schedule-troubled', { code });
  };
  const ended = new AbortController();
  const asked: ScheduleRequest = {
    ...{ mode: request.once ? 'once' : 'go-on', reports: request.reports, onTrouble },
    signal: AbortSignal.any([request.signal, ended.signal]),
    onEvent: event => tellEvent(event, telemetry),
  };
  const scheduled = () => beside.schedule(asked).catch(onTrouble);
  if (request.once) {
    const outcome = await beside.run();
    if (!request.signal.aborted) await scheduled();
    return outcome;
  }
  const going = scheduled();
  try {
    return await beside.run();
  } finally {
    ended.abort();
    await going;
  }
}

function tellEvent(event: ScheduleEvent, telemetry: Pick<Telemetry, 'log'>): void {
  const { plan, period } = event;
  switch (event.kind) {
    case 'begun':
      telemetry.log('info', 'plan-begun', { plan, period });
      break;
    case 'done':
      telemetry.log('info', 'plan-done', { plan, period });
      break;
    case 'released':
    case 'lost':
      telemetry.log('warn', 'plan-left', { plan, period });
      break;
    case 'failed':
      telemetry.log('error', 'plan-failed', { plan, period, code: event.failure.code });
      break;
    default:
      event satisfies never;
  }
}
