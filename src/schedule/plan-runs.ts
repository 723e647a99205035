// planRuns: lines of the ledger on one plan → how each of its runs stands; and what is due of it.
// Invariant: a run that is done is never due again; nobody takes one that another is carrying out, nor any other period of
// that plan meanwhile; a claim that ran out is anybody's. Example: claimed at 06:00 until 06:10, and the process died: at
// 06:11 it is due again.
import type { Zone } from '../calendar/zone.ts';
import { GranskaError } from '../errors.ts';
import type { PlanRun, PlanRuns, RunStep } from '../model/plan-run.ts';
import type { Period, SchedulePlan } from '../model/review-plan.ts';
import { isMistake, readCron } from './cron.ts';
import { dueRuns } from './due-runs.ts';
import { periodBefore } from './period.ts';

/** A line of the ledger, as the port has it. */
interface Line {
  key: string;
  seq: number;
  atMs: number;
  body: Readonly<Record<string, unknown>>;
}

/** A period that a plan is to be carried out for. */
export interface DueRun {
  period: Period;
  /** When it became due. */
  dueMs: number;
  /** Null where it was never begun. */
  run: PlanRun | null;
}

/** Writes a step as the body of a line. */
export function stepBody(step: RunStep): Record<string, unknown> {
  return { version: 1, ...step };
}

/** Folds the lines of one plan; throws DAMAGED for a line that is none. */
export function foldRuns(lines: readonly Line[]): PlanRuns {
  const runs = new Map<string, PlanRun>();
  let plannedMs: number | null = null;
  for (const line of lines) {
    const step = readStep(line);
    if (step.what === 'planned') plannedMs ??= line.atMs;
    else runs.set(step.period, follow(runs.get(step.period) ?? null, step, line));
  }
  return { lines: lines.length, plannedMs, runs };
}

/** Says from when on a plan is due: nothing at that instant or before it is. */
export function dueAfterMs(plan: SchedulePlan, { plannedMs }: PlanRuns, zone: Zone): number | null {
  // A run at the first instant of the first day counts.
  return plan.validFrom === null ? plannedMs : zone.startOfDayMs(plan.validFrom) - 1;
}

/** Gives what was due by now and is not done, each period once, in order. */
export function dueOf(
  plan: SchedulePlan,
  known: PlanRuns,
  { zone, nowMs }: { zone: Zone; nowMs: number },
): DueRun[] {
  const cron = readCron(plan.schedule);
  const afterMs = dueAfterMs(plan, known, zone);
  if (isMistake(cron) || afterMs === null) return [];
  const kind = plan.kind === 'review' ? plan.period : 'month';
  const due = new Map<string, DueRun>();
  for (const dueMs of dueRuns(cron, zone, { afterMs, throughMs: nowMs })) {
    const period = periodBefore(kind, zone.dayOf(dueMs));
    const run = known.runs.get(period.id) ?? null;
    if (run?.state !== 'done' && !due.has(period.id)) due.set(period.id, { period, dueMs, run });
  }
  return [...due.values()];
}

/** Tells whether somebody is carrying out any run of the plan. */
export function isBusy({ runs }: PlanRuns, nowMs: number): boolean {
  return [...runs.values()].some(run => run.state === 'claimed' && run.untilMs > nowMs);
}

function follow(
  before: PlanRun | null,
  step: Exclude<RunStep, { what: 'planned' }>,
  { atMs }: Line,
): PlanRun {
  const blank = { failure: null, againMs: 0, untilMs: 0, result: {} };
  const { period, owner } = step;
  const base = { period, owner, atMs, dueMs: before?.dueMs ?? atMs, tries: before?.tries ?? 0, ...blank };
  switch (step.what) {
    case 'claimed': {
      const { dueMs, untilMs } = step;
      // Why it failed before is told until it comes out otherwise.
      const failure = before?.failure ?? null;
      return { ...base, state: 'claimed', dueMs, untilMs, tries: base.tries + 1, failure };
    }
    case 'kept':
      return { ...base, state: 'claimed', untilMs: step.untilMs, failure: before?.failure ?? null };
    case 'done':
      return { ...base, state: 'done', result: step.result };
    case 'failed':
      return { ...base, state: 'failed', failure: step.failure, againMs: step.againMs };
    case 'released':
      return { ...base, state: 'released', failure: before?.failure ?? null };
    default:
      return step satisfies never;
  }
}

/** What each kind of line holds beside its kind. */
const PARTS: Readonly<Record<RunStep['what'], Readonly<Record<string, 'string' | 'number' | 'object'>>>> = {
  planned: {},
  claimed: { period: 'string', dueMs: 'number', owner: 'string', untilMs: 'number' },
  kept: { period: 'string', owner: 'string', untilMs: 'number' },
  done: { period: 'string', owner: 'string', result: 'object' },
  failed: { period: 'string', owner: 'string', failure: 'object', againMs: 'number' },
  released: { period: 'string', owner: 'string' },
};

function readStep({ key, seq, body }: Line): RunStep {
  const { what } = body;
  const parts =
    typeof what === 'string' && Object.hasOwn(PARTS, what) ? PARTS[what as RunStep['what']] : null;
  const isWhole =
    parts !== null &&
    Object.entries(parts).every(([name, type]) => typeof body[name] === type && body[name] !== null);
  if (isWhole) return body as unknown as RunStep;
  throw new GranskaError('DAMAGED', `line ${seq} on the runs of ${key} in the ledger cannot be read`, {
    hint: 'a newer version may have written it; keep the store as it is, and ask whoever runs it',
  });
}
