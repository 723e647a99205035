// A schedule under a clock that a test sets: plans, a runner of one process, and what it did.
import { createZone } from '../../src/calendar/zone.ts';
import type { DeliveryPlan, PeriodKind, ReviewPlan, SchedulePlan } from '../../src/model/review-plan.ts';
import {
  type CarriedOut,
  createScheduleRunner,
  type ScheduleEvent,
  type ScheduleRunner,
  type ScheduleRunnerOptions,
} from '../../src/pipeline/schedule-runner.ts';
import type { Ledger } from '../../src/ports/desk-store.ts';

export const ZONE = createZone('Europe/Stockholm');
export const DONE: CarriedOut = { result: {}, failure: null };

/** Makes a plan of monthly reviews at 06:00 on the first day, from 2026 on. */
export function aPlan(changes: Partial<ReviewPlan> = {}): ReviewPlan {
  return {
    kind: 'review',
    id: 'monthly',
    names: { sv: 'Månadens granskning', en: 'Review of the month' },
    scope: { tenant: null, departments: null, categories: null, class: null, population: 'findings' },
    period: 'month' satisfies PeriodKind,
    schedule: '0 6 1 * *',
    validFrom: '2026-01-01',
    dueDays: 30,
    sample: { kind: 'all' },
    checklist: {
      version: '1',
      items: [{ id: 'work', sv: 'Hör det till arbetet?', en: 'Is it part of the work?' }],
    },
    reviewers: ['rut'],
    signers: ['siv'],
    ...changes,
  };
}

/** Makes a delivery of the report to heads, to each department's folder. */
export function aDelivery(changes: Partial<DeliveryPlan> = {}): DeliveryPlan {
  return {
    kind: 'delivery',
    id: 'heads',
    report: 'hr',
    schedule: '0 7 1 * *',
    validFrom: '2026-01-01',
    formats: ['html', 'json'],
    lang: 'sv',
    folder: 'hr',
    split: 'departments',
    departments: null,
    ...changes,
  };
}

/** A process that looks at plans. */
export interface Process extends ScheduleRunner {
  /** `plan/period` of what was carried out, in order. */
  carried: string[];
  events: ScheduleEvent[];
  pauses: number[];
  /** Calls what is called again and again while a run goes on. */
  beat(): Promise<void>;
}

/** A clock that stands where it is put. */
export interface SetClock {
  nowMs(): number;
  set(instant: string): void;
  add(ms: number): void;
}

export function aClock(instant: string): SetClock {
  let now = Date.parse(instant);
  return {
    nowMs: () => now,
    set(text) {
      now = Date.parse(text);
    },
    add(ms) {
      now += ms;
    },
  };
}

type Carry = (plan: SchedulePlan, period: string, signal: AbortSignal) => Promise<CarriedOut>;

let processes = 0;

/** Starts a process over a ledger. */
export function startProcess(
  ledger: Ledger,
  clock: SetClock,
  carry: Carry = async () => DONE,
  changes: Partial<ScheduleRunnerOptions> = {},
): Process {
  const carried: string[] = [];
  const events: ScheduleEvent[] = [];
  const pauses: number[] = [];
  let kept: (() => Promise<void>)[] = [];
  const runner = createScheduleRunner({
    ...{ ledger, clock, zone: ZONE, by: 'operator', owner: `process ${++processes}` },
    async carryOut(plan, period, signal) {
      carried.push(`${plan.id}/${period.id}`);
      return carry(plan, period.id, signal);
    },
    async pause(ms) {
      pauses.push(ms);
      clock.add(ms);
    },
    every(_ms, work) {
      kept.push(work);
      return () => {
        kept = kept.filter(other => other !== work);
      };
    },
    onEvent: event => events.push(event),
    ...changes,
  });
  return {
    ...{ ...runner, carried, events, pauses },
    async beat() {
      for (const work of kept) await work();
    },
  };
}

export const GOING = new AbortController().signal;
