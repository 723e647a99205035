// Plans carried out: the runner of plans put together with the ledger, the reviews, the reports and what wakes it.
// In: a request with what makes reports; out: what was done. Invariant: store, configuration and plans are opened anew at
// each wake, so that nothing is held while nothing is due; what goes wrong at one wake is told, and looked at at the next.
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createReportFolder } from '../adapters/delivery/report-folder.ts';
import { createWaker } from '../adapters/schedule/cron.ts';
import type { ScheduleRequest } from '../cli/app.ts';
import type { Config } from '../config/config.ts';
import type { Period, Plans, ReviewPlan, SchedulePlan } from '../model/review-plan.ts';
import { deliverReports } from '../pipeline/deliver-reports.ts';
import {
  type CarriedOut,
  createScheduleRunner,
  type WakeOutcome,
  type WakeReason,
} from '../pipeline/schedule-runner.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeskStore } from '../ports/desk-store.ts';
import { createLattice, WHOLE } from '../report/lattice.ts';
import { deliveryPage } from '../text/delivery-page.ts';
import { pageHtml } from '../text/page-html.ts';
import type { Chain, Parts } from './installation.ts';
import { openDeskStore } from './open-store.ts';
import { composeReportGround } from './report-ground.ts';
import { beginReview } from './reviews.ts';

export interface ScheduleParts {
  /** Reads configuration and plans anew; throws CONFIG. */
  readPlans(): Promise<{ config: Config; plans: Plans }>;
  /** Reads everything that judges, anew. */
  makeParts(): Promise<Parts>;
  chainOf(parts: Parts): Chain;
  clock: Clock;
  /** Account that is at work. */
  account: string;
}

/** Carries out what is due: once, or whenever it is until the signal says stop. Gives what the last wake came to. */
export async function composeSchedule(request: ScheduleRequest, made: ScheduleParts): Promise<WakeOutcome> {
  const { signal } = request;
  const owner = randomBytes(8).toString('hex');
  const wake = async (reason: WakeReason): Promise<WakeOutcome> =>
    wakeOnce(reason, request, { ...made, owner });
  if (request.mode === 'once') return wake('asked');

  const first = await made.readPlans();
  const bell = createBell(signal);
  const waker = createWaker({ timezone: first.config.zone.name, wake: bell.ring });
  try {
    waker.set(schedulesOf(first.plans));
    let outcome: WakeOutcome = { done: 0, failed: 0, left: 0 };
    for (let reason: WakeReason = 'asked'; !signal.aborted; reason = 'time') {
      try {
        outcome = await wake(reason);
        waker.set(schedulesOf((await made.readPlans()).plans));
      } catch (error) {
        request.onTrouble(error);
      }
      await bell.rung();
    }
    return outcome;
  } finally {
    waker.stop();
  }
}

function schedulesOf({ reviews, deliveries }: Plans): string[] {
  return [...reviews, ...deliveries].map(plan => plan.schedule);
}

/** A bell that is rung while nobody listens is heard when somebody does. */
function createBell(signal: AbortSignal): { ring(): void; rung(): Promise<void> } {
  let isRung = false;
  let tell: (() => void) | null = null;
  const ring = () => {
    isRung = true;
    tell?.();
  };
  signal.addEventListener('abort', ring, { once: true });
  return {
    ring,
    async rung() {
      if (!isRung) await new Promise<void>(done => (tell = done));
      tell = null;
      isRung = false;
    },
  };
}

async function wakeOnce(
  reason: WakeReason,
  request: ScheduleRequest,
  made: ScheduleParts & { owner: string },
): Promise<WakeOutcome> {
  const { clock, account } = made;
  const { config, plans } = await made.readPlans();
  const all: readonly SchedulePlan[] = [...plans.reviews, ...plans.deliveries];
  if (all.length === 0) return { done: 0, failed: 0, left: 0 };
  const desk = await openDeskStore(config);
  try {
    const runner = createScheduleRunner({
      ...{ ledger: desk, clock, zone: config.zone, by: account, owner: made.owner },
      carryOut: composeCarryOut({ ...made, desk, config, request }),
      pause: async (ms, signal) => void (await sleep(ms, undefined, { signal }).catch(() => undefined)),
      every(ms, work) {
        const timer = setInterval(() => void work(), ms);
        return () => clearInterval(timer);
      },
      onEvent: request.onEvent,
    });
    return await runner.wake(all, reason, request.signal);
  } finally {
    await desk.close();
  }
}

type CarryOut = (plan: SchedulePlan, period: Period, signal: AbortSignal) => Promise<CarriedOut>;

interface CarryParts extends ScheduleParts {
  desk: DeskStore;
  config: Config;
  request: ScheduleRequest;
}

function composeCarryOut(made: CarryParts): CarryOut {
  // Lists and directory are read when the first run needs them, and once a wake.
  let parts: Promise<Parts> | null = null;
  return async (plan, period, signal) => {
    parts ??= made.makeParts();
    const opened = await parts;
    switch (plan.kind) {
      case 'review':
        return review(plan, { period, signal, parts: opened, made });
      case 'delivery': {
        const { config } = made;
        return deliverReports(plan, period, {
          ...{ maker: made.request.reports, folder: createReportFolder(config.reportsFolder), signal },
          departments: highestOf(opened, period),
          clock: made.clock,
          hash: bytes => createHash('sha256').update(bytes).digest('hex'),
          indexPage: index => Buffer.from(pageHtml(deliveryPage(index))),
        });
      }
      default:
        return plan satisfies never;
    }
  };
}

async function review(
  plan: ReviewPlan,
  { period, signal, parts, made }: { period: Period; signal: AbortSignal; parts: Parts; made: CarryParts },
): Promise<CarriedOut> {
  const { desk, account, chainOf } = made;
  const { id, frozen } = await beginReview(
    { plan, period, diary: null, incomplete: 'refuse', signal },
    { parts, chain: chainOf(parts), desk, account },
  );
  const items = frozen?.population.items ?? 0;
  return { result: { review: id, items, sampled: frozen?.sample.items ?? 0 }, failure: null };
}

/** Departments that are counted by themselves in a month, and stand under no other that is (§8.2). */
function highestOf(parts: Parts, { firstDay }: Period): string[] {
  const { config, policy } = parts;
  const { units } = createLattice({
    ...{ tenant: config.organization, smallGroup: policy.smallGroup },
    departments: composeReportGround(parts).departments,
    atMs: config.zone.startOfDayMs(firstDay),
  });
  return units.filter(unit => unit.parent === WHOLE && unit.kind !== 'own').map(unit => unit.name);
}
