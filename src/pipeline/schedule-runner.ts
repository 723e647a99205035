// The runner of plans: what was due by now and is not done is carried out, each period of a plan exactly once, whoever
// was down and however many look at once. In: plans, the ledger, the time; out: lines of the ledger, and `carryOut` called.
// Invariant: whoever adds the next line of a plan has the turn. A claim holds for a while and is kept up; who loses it writes
// nothing more. `carryOut` may be called again for a run that was begun and not finished, so it must do the same twice.
// Example: three months down → one wake carries out three months, oldest first.
import type { Zone } from '../calendar/zone.ts';
import type { PlanRuns, RunFailure, RunStep } from '../model/plan-run.ts';
import type { Period, SchedulePlan } from '../model/review-plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger, LedgerEntry } from '../ports/desk-store.ts';
import { type DueRun, dueOf, foldRuns, isBusy, stepBody } from '../schedule/plan-runs.ts';
import { failureOf, mayPass } from '../schedule/run-failure.ts';
import { createRunClaim } from './run-claim.ts';

/** What came of one run; `failed` parts make the whole run one to be tried again. */
export interface CarriedOut {
  result: Readonly<Record<string, number | string>>;
  failure: RunFailure | null;
}

export interface ScheduleRunnerOptions {
  ledger: Ledger;
  clock: Clock;
  zone: Zone;
  /** Account that lines are written under. */
  by: string;
  /** Tells this process from every other. */
  owner: string;
  carryOut(plan: SchedulePlan, period: Period, signal: AbortSignal): Promise<CarriedOut>;
  /** Waits; comes back early when the signal says stop. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** Calls something again and again until what it answers is called. */
  every(ms: number, work: () => Promise<void>): () => void;
  onEvent(event: ScheduleEvent): void;
}

/** What an operator may be told. */
export type ScheduleEvent =
  | { kind: 'begun' | 'done' | 'released' | 'lost'; plan: string; period: string }
  | { kind: 'failed'; plan: string; period: string; failure: RunFailure };

/** `time`: a clock wakes it, and failed runs wait their time · `asked`: a person or a start does, and they do not. */
export type WakeReason = 'time' | 'asked';

export interface WakeOutcome {
  done: number;
  failed: number;
  /** Runs that another process had, or that were left when the signal came. */
  left: number;
}

export interface ScheduleRunner {
  /** Carries out what is due, one wake at a time; throws, at its end, what kept it from a plan's lines. */
  wake(plans: readonly SchedulePlan[], reason: WakeReason, signal: AbortSignal): Promise<WakeOutcome>;
}

/** How long a claim holds unless it is kept up. */
export const CLAIM_MS = 600_000;
const KEEP_MS = CLAIM_MS / 3;
/** Pauses between the tries of one run for what may pass by itself. */
const PAUSES_MS = [1_000, 5_000];
/** A run that failed is tried again after an hour, two, four, and then once a day. */
const AGAIN_MS = 3_600_000;
const MAX_AGAIN_MS = 86_400_000;

/** Creates the runner of one process. */
export function createScheduleRunner(options: ScheduleRunnerOptions): ScheduleRunner {
  const { ledger, clock, zone, by, owner, onEvent } = options;

  async function read(plan: SchedulePlan): Promise<PlanRuns> {
    return foldRuns(await ledger.entries('run', plan.id));
  }

  /** Adds the next line of a plan; null where another was there before. */
  async function add(plan: SchedulePlan, known: PlanRuns, step: RunStep): Promise<PlanRuns | null> {
    const atMs = clock.nowMs();
    const line: LedgerEntry = {
      ...{ kind: 'run', key: plan.id, seq: known.lines + 1, atMs, by, body: stepBody(step) },
    };
    if (!(await ledger.append(line))) return null;
    // Only up to our own line: what another adds behind it is found when the next one is added.
    return foldRuns((await ledger.entries('run', plan.id)).slice(0, line.seq));
  }

  async function wakePlan(plan: SchedulePlan, { reason, signal }: Waking): Promise<WakeOutcome> {
    const outcome = { done: 0, failed: 0, left: 0 };
    let known = await read(plan);
    // Whoever is second finds the line that the first one wrote.
    if (known.plannedMs === null) known = (await add(plan, known, { what: 'planned' })) ?? (await read(plan));
    const tried = new Set<string>();
    while (true) {
      const nowMs = clock.nowMs();
      const due = dueOf(plan, known, { zone, nowMs }).filter(
        ({ period, run }) => !tried.has(period.id) && (reason === 'asked' || (run?.againMs ?? 0) <= nowMs),
      );
      const [next] = due;
      if (next === undefined) return outcome;
      if (signal.aborted || isBusy(known, nowMs)) return { ...outcome, left: outcome.left + due.length };
      tried.add(next.period.id);
      const { period, dueMs } = next;
      const untilMs = nowMs + CLAIM_MS;
      const claimed = await add(plan, known, { what: 'claimed', period: period.id, dueMs, owner, untilMs });
      if (claimed === null) {
        // Another wrote: what it wrote decides what is due now.
        tried.delete(next.period.id);
        known = await read(plan);
        continue;
      }
      const came = await carry({ plan, due: next, known: claimed, signal });
      outcome[came]++;
      known = await read(plan);
    }
  }

  async function carry({ plan, due, known, signal }: Carrying): Promise<keyof WakeOutcome> {
    const period = due.period.id;
    const names = { plan: plan.id, period };
    onEvent({ kind: 'begun', ...names });
    const claim = createRunClaim(known, (before, step) => add(plan, before, step));
    const keep = () => claim.keep({ what: 'kept', period, owner, untilMs: clock.nowMs() + CLAIM_MS });
    const stopKeeping = options.every(KEEP_MS, keep);
    let came: CarriedOut | null;
    try {
      came = await tryOften(plan, due.period, AbortSignal.any([signal, claim.lost]));
    } finally {
      stopKeeping();
    }
    const step = stepOf(came, { period, tries: due.run?.tries ?? 0 });
    if (!(await claim.end(step))) {
      onEvent({ kind: 'lost', ...names });
      return 'left';
    }
    if (step.what === 'failed') onEvent({ kind: 'failed', ...names, failure: step.failure });
    else onEvent({ kind: step.what, ...names });
    return step.what === 'released' ? 'left' : step.what;
  }

  /** Carries a run out, and tries again what may pass by itself; null where it was told to stop. */
  async function tryOften(
    plan: SchedulePlan,
    period: Period,
    signal: AbortSignal,
  ): Promise<CarriedOut | null> {
    for (let tryNo = 0; ; tryNo++) {
      const came = await tryOnce(plan, period, signal);
      if (came.failure === null) return came;
      if (signal.aborted) return null;
      const pauseMs = PAUSES_MS[tryNo];
      if (pauseMs === undefined || !mayPass(came.failure)) return came;
      await options.pause(pauseMs, signal);
      if (signal.aborted) return null;
    }
  }

  async function tryOnce(plan: SchedulePlan, period: Period, signal: AbortSignal): Promise<CarriedOut> {
    try {
      return await options.carryOut(plan, period, signal);
    } catch (error) {
      return { result: {}, failure: failureOf(error) };
    }
  }

  function stepOf(came: CarriedOut | null, { period, tries }: { period: string; tries: number }): EndStep {
    if (came === null) return { what: 'released', period, owner };
    if (came.failure === null) return { what: 'done', period, owner, result: came.result };
    const againMs = clock.nowMs() + Math.min(AGAIN_MS * 2 ** Math.min(tries, 10), MAX_AGAIN_MS);
    return { what: 'failed', period, owner, failure: came.failure, againMs };
  }

  return {
    async wake(plans, reason, signal) {
      const sum: WakeOutcome = { done: 0, failed: 0, left: 0 };
      const errors: unknown[] = [];
      for (const plan of plans) {
        try {
          const { done, failed, left } = await wakePlan(plan, { reason, signal });
          sum.done += done;
          sum.failed += failed;
          sum.left += left;
        } catch (error) {
          // One plan whose lines cannot be read or written keeps no other from its turn.
          errors.push(error);
        }
      }
      if (errors.length > 0) throw errors[0];
      return sum;
    },
  };
}

interface Waking {
  reason: WakeReason;
  signal: AbortSignal;
}

interface Carrying {
  plan: SchedulePlan;
  due: DueRun;
  known: PlanRuns;
  signal: AbortSignal;
}

type EndStep = Extract<RunStep, { what: 'done' | 'failed' | 'released' }>;
