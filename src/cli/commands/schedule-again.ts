// `granska schedule again`: a delivery that was done for a month is due once more, so that a correction that was issued
// since reaches its readers. In: a delivery and a month; out: one line of the ledger. Invariant: nothing is made or shown
// here: the next look carries it out, and what was delivered and still holds stays as it lies.
import { EXIT, type ExitCode, GranskaError } from '../../errors.ts';
import type { DeliveryPlan } from '../../model/review-plan.ts';
import { dueOf, foldRuns, stepBody } from '../../schedule/plan-runs.ts';
import type { App } from '../app.ts';
import { type Io, write } from '../io.ts';

type Deps = Pick<App, 'plans' | 'openDesk' | 'config' | 'clock' | 'decider'>;

/** Makes a delivery due again. Throws USAGE for one that is none or was not done, OVERTAKEN where another wrote first. */
export async function runScheduleAgain(
  { delivery, period }: { delivery: string; period: string },
  app: Deps,
  io: Io,
): Promise<ExitCode> {
  const { zone } = await app.config();
  const plan = deliveryOf((await app.plans()).deliveries, delivery);
  const { account } = await app.decider();
  const desk = await app.openDesk();
  try {
    const lines = await desk.entries('run', plan.id);
    const nowMs = app.clock.nowMs();
    const [key, seq, by] = [plan.id, lines.length + 1, account];
    const body = stepBody({ what: 'released', period, owner: account });
    const line = { kind: 'run' as const, key, seq, atMs: nowMs, by, body };
    const isDone = foldRuns(lines).runs.get(period)?.state === 'done';
    const due = isDone ? dueOf(plan, foldRuns([...lines, line]), { zone, nowMs }) : [];
    if (!due.some(run => run.period.id === period)) {
      throw new GranskaError('USAGE', 'that month was not delivered', {
        hint: '"granska schedule status" tells what was done, and what is left',
      });
    }
    if (!(await desk.append(line))) {
      throw new GranskaError('OVERTAKEN', 'a schedule is at work on this delivery', { hint: 'try again' });
    }
  } finally {
    await desk.close();
  }
  await write(
    io.stdout,
    `${plan.id} ${period}: due again; the next look of "granska schedule" delivers it\n`,
  );
  return EXIT.done;
}

function deliveryOf(deliveries: readonly DeliveryPlan[], id: string): DeliveryPlan {
  const found = deliveries.find(plan => plan.id === id);
  if (found !== undefined) return found;
  throw new GranskaError('USAGE', 'there is no such delivery', {
    hint: `there are: ${deliveries.map(plan => plan.id).join(', ') || 'none'}`,
  });
}
