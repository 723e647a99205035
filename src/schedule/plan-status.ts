// plan-status: how a plan stands: what was done last, what comes next, and what is left of what was due.
// Invariant: a run that is due and not done is always told, whether it was tried or not.
import type { Zone } from '../calendar/zone.ts';
import type { PlanRun, PlanRuns } from '../model/plan-run.ts';
import type { SchedulePlan } from '../model/review-plan.ts';
import { isMistake, readCron } from './cron.ts';
import { nextRun } from './due-runs.ts';
import { dueAfterMs, dueOf } from './plan-runs.ts';

export interface PlanStatus {
  plan: SchedulePlan;
  /** The latest period that was done; null where none was. */
  lastDone: PlanRun | null;
  /** What was due and is not done, in order. */
  left: readonly LeftRun[];
  /** When it is due next; null where it never is. */
  nextMs: number | null;
  /** False where no schedule has known the plan yet, and no first day is set. */
  isPlanned: boolean;
}

export interface LeftRun {
  period: string;
  dueMs: number;
  /** `waiting` nobody has begun it · `running` somebody carries it out · `broken` it was begun and not ended, or asked for again · `failed`. */
  state: 'waiting' | 'running' | 'broken' | 'failed';
  run: PlanRun | null;
}

/** Tells how a plan stands. */
export function planStatus(
  plan: SchedulePlan,
  known: PlanRuns,
  { zone, nowMs }: { zone: Zone; nowMs: number },
): PlanStatus {
  const cron = readCron(plan.schedule);
  const afterMs = dueAfterMs(plan, known, zone);
  const done = [...known.runs.values()].filter(run => run.state === 'done');
  return {
    plan,
    lastDone: done.sort((a, b) => a.dueMs - b.dueMs).at(-1) ?? null,
    left: dueOf(plan, known, { zone, nowMs }).map(({ period, dueMs, run }) => ({
      ...{ period: period.id, dueMs, run },
      state: stateOf(run, nowMs),
    })),
    nextMs: isMistake(cron) ? null : nextRun(cron, zone, Math.max(nowMs, afterMs ?? nowMs)),
    isPlanned: afterMs !== null,
  };
}

function stateOf(run: PlanRun | null, nowMs: number): LeftRun['state'] {
  switch (run?.state) {
    case undefined:
      return 'waiting';
    case 'failed':
      return 'failed';
    case 'claimed':
      return run!.untilMs > nowMs ? 'running' : 'broken';
    case 'released':
    case 'done':
      return 'broken';
    default:
      return run!.state satisfies never;
  }
}
