// visit: stored findings, sorted by `event.start` → visits, ordered by start, then id (§7.1). A visit is a pure function
// of its findings: subject × category × site, gaps of at most `visitGapMinutes`, cut at local midnight, so that a month
// is the sum of its days. Invariant: the order of findings of one instant changes nothing, and what is held is the
// visits that began since the earliest one that may go on: at most a day's. Attempts, withdrawn findings and those
// without a subject make no visit. Example: requests at 23:50, 23:58 and 00:05 → two visits, one on either day.
import type { Zone } from '../calendar/zone.ts';
import type { Finding } from '../model/finding.ts';
import type { Visit } from '../model/visit.ts';
import { compareTexts } from '../search/matches.ts';
import { leftOutReason } from './left-out.ts';
import {
  addToVisit,
  closeVisit,
  type Day,
  type OpenVisit,
  openVisit,
  siteOf,
  type VisitFinding,
} from './open-visit.ts';
import type { VisitRules } from './visit-rules.ts';

export interface VisitGatherer {
  /** Visits that are held. */
  readonly held: number;
  /** Takes the next finding; answers the visits that nothing can change any more, in order. */
  add(finding: Finding): readonly Visit[];
  /** Answers those that are left, in order. */
  end(): readonly Visit[];
}

/** Streams the visits of findings that come sorted by `event.start`, in bounded memory. */
export async function* visitsOf(findings: AsyncIterable<Finding>, rules: VisitRules): AsyncGenerator<Visit> {
  const gatherer = createVisitGatherer(rules);
  for await (const finding of findings) yield* gatherer.add(finding);
  yield* gatherer.end();
}

/** Creates what gathers findings into visits, one after the other. */
export function createVisitGatherer(rules: VisitRules): VisitGatherer {
  const { zone } = rules;
  const gapMs = rules.thresholds.visitGapMinutes * 60_000;
  /** The latest visit of each subject, category and site. */
  const latest = new Map<string, { key: string; visit: OpenVisit }>();
  /** All that are held, by start; those before `next` are gone. */
  let queue: { key: string; visit: OpenVisit }[] = [];
  let next = 0;
  let nowMs = -Infinity;
  let today: Day = { day: '', endMs: -Infinity };

  const isOver = (visit: OpenVisit) => nowMs - visit.lastMs > gapMs || nowMs >= visit.day.endMs;

  function take(finding: VisitFinding): void {
    const key = keyOf(finding);
    const known = latest.get(key);
    if (known !== undefined && !isOver(known.visit)) {
      addToVisit(known.visit, finding, rules);
      return;
    }
    if (nowMs >= today.endMs) today = dayAt(zone, nowMs);
    const opened = { key, visit: openVisit(finding, today, rules) };
    latest.set(key, opened);
    queue.push(opened);
  }

  /** Takes those off the queue that are over and before which none can come; of one start, all or none. */
  function release(): Visit[] {
    const done: Visit[] = [];
    while (next < queue.length) {
      const { startMs } = queue[next]!.visit.of;
      const isOfGroup = (at: number) => at < queue.length && queue[at]!.visit.of.startMs === startMs;
      let end = next;
      while (isOfGroup(end) && isOver(queue[end]!.visit)) end++;
      if (isOfGroup(end)) break;
      const group = queue.slice(next, end);
      for (const held of group) if (latest.get(held.key) === held) latest.delete(held.key);
      done.push(...group.map(held => closeVisit(held.visit, rules)).sort((a, b) => compareTexts(a.id, b.id)));
      next = end;
    }
    if (next > 1024 && next * 2 > queue.length) {
      queue = queue.slice(next);
      next = 0;
    }
    return done;
  }

  return {
    get held() {
      return queue.length - next;
    },
    add(finding) {
      if (!isPart(finding)) return NONE;
      // A mistake of the program: out of order, visits would be cut where they are whole.
      if (finding.startMs < nowMs) throw new TypeError('findings must come sorted by their start');
      const hasMoved = finding.startMs > nowMs;
      nowMs = finding.startMs;
      const done = hasMoved ? release() : NONE;
      take(finding);
      return done;
    },
    end() {
      nowMs = Infinity;
      return release();
    },
  };
}

const NONE: readonly Visit[] = [];

function isPart(finding: Finding): finding is VisitFinding {
  return leftOutReason(finding) === null;
}

function keyOf(finding: VisitFinding): string {
  const { tenant, subjectKind, subjectId, category } = finding;
  return JSON.stringify([tenant, subjectKind, subjectId, category, siteOf(finding)]);
}

function dayAt(zone: Zone, atMs: number): Day {
  const day = zone.dayOf(atMs);
  return { day, endMs: zone.startOfDayMs(zone.nextDay(day)) };
}
