// `granska schedule status`: how each plan stands: what was done last, what comes next, what is due and not done, and why.
// In: the plans and the lines on their runs; out: a table, or one JSON object. It shows no finding and nothing of a report.
import type { Zone } from '../../calendar/zone.ts';
import { EXIT, type ExitCode } from '../../errors.ts';
import type { SchedulePlan } from '../../model/review-plan.ts';
import { foldRuns } from '../../schedule/plan-runs.ts';
import { type LeftRun, type PlanStatus, planStatus } from '../../schedule/plan-status.ts';
import type { App } from '../app.ts';
import { type Io, write } from '../io.ts';
import { localMinute } from '../local-time.ts';
import { alignTable } from '../table.ts';

type Deps = Pick<App, 'plans' | 'openDesk' | 'config' | 'clock'>;

/** Shows how every plan stands. */
export async function runScheduleStatus({ json }: { json: boolean }, app: Deps, io: Io): Promise<ExitCode> {
  const { zone } = await app.config();
  const { reviews, deliveries } = await app.plans();
  const found = await readStatus([...reviews, ...deliveries], app, zone);
  const text = json ? `${JSON.stringify(toJson(found, zone))}\n` : toText(found, zone);
  await write(io.stdout, text);
  return EXIT.done;
}

async function readStatus(plans: readonly SchedulePlan[], app: Deps, zone: Zone): Promise<PlanStatus[]> {
  const desk = await app.openDesk();
  try {
    const nowMs = app.clock.nowMs();
    const found: PlanStatus[] = [];
    for (const plan of plans) {
      found.push(planStatus(plan, foldRuns(await desk.entries('run', plan.id)), { zone, nowMs }));
    }
    return found;
  } finally {
    await desk.close();
  }
}

function toText(found: readonly PlanStatus[], zone: Zone): string {
  if (found.length === 0) return 'no plans\n';
  const head = ['plan', 'kind', 'schedule', 'last done', 'next'];
  const rows = found.map(({ plan, lastDone, nextMs }) => [
    plan.id,
    plan.kind,
    plan.schedule,
    lastDone === null ? '-' : `${lastDone.period} (${localMinute(zone, lastDone.atMs)})`,
    nextMs === null ? 'never' : localMinute(zone, nextMs),
  ]);
  const lines = found.flatMap(status => remarksOf(status, zone));
  const remarks = lines.length === 0 ? '' : `\n${lines.join('\n')}\n`;
  return `${alignTable([head, ...rows], { rightFrom: 9, indent: 0 })}\n${remarks}`;
}

function remarksOf({ plan, left, isPlanned }: PlanStatus, zone: Zone): string[] {
  if (!isPlanned) return [`${plan.id}: no schedule has known it yet; it is due from the first one on`];
  return left.map(run => `${plan.id} ${run.period}: ${leftWords(run, zone)}`);
}

function leftWords({ state, dueMs, run }: LeftRun, zone: Zone): string {
  const due = `due since ${localMinute(zone, dueMs)}`;
  switch (state) {
    case 'waiting':
      return `${due}, not begun`;
    case 'running':
      return `${due}, being carried out`;
    case 'broken':
      return `${due}, begun and not ended, or asked for again; whoever looks next goes on with it`;
    case 'failed': {
      const { failure, tries, againMs } = run!;
      const why = failure === null ? '' : `: ${failure.message} [${failure.code}]`;
      return `failed${why}; tries ${tries}, again after ${localMinute(zone, againMs)}`;
    }
    default:
      return state satisfies never;
  }
}

function toJson(found: readonly PlanStatus[], zone: Zone) {
  const instant = (atMs: number | null) => (atMs === null ? null : new Date(atMs).toISOString());
  return {
    schema: 'granska.schedule-status/1',
    timezone: zone.name,
    plans: found.map(({ plan, lastDone, nextMs, left, isPlanned }) => ({
      ...{ id: plan.id, kind: plan.kind, schedule: plan.schedule, isPlanned },
      lastDone: lastDone && {
        period: lastDone.period,
        at: instant(lastDone.atMs),
        result: lastDone.result,
      },
      next: instant(nextMs),
      left: left.map(({ period, dueMs, state, run }) => ({
        ...{ period, state, due: instant(dueMs), tries: run?.tries ?? 0 },
        failure: run?.failure ?? null,
        again: state === 'failed' ? instant(run!.againMs) : null,
      })),
    })),
  };
}
