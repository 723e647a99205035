// cases-of: visits and decisions → cases, a day at a time.
// In: visits in order of start, and the decisions of the ledger in order of case id, which begins with the day; out: cases
// in order of day, then of their first record, then id.
// Invariant: only visits that are to be examined, of subjects that may have a case, make one (§2.4, §3.2, §3.3); a decision
// belongs to a case whose whole identity it names, never to one of equal digits. What is held is one day of visits.
// Example: a decision whose digest is no longer the case's makes the case `reopened`; where no visit is left, `withdrawn`.
import type { Case, CaseDecision, CaseFacts, CaseIdentity, CaseStatus } from '../model/case.ts';
import type { Visit } from '../model/visit.ts';
import { isAsSureAs, mayBeCase } from '../policy/may-be-case.ts';
import type { Policy } from '../policy/policy.ts';
import { caseIdOf, idDay } from './case-id.ts';
import { type SumOfDigests, sumOfDigests } from './sum-of-digests.ts';

export interface CaseRules {
  policy: Pick<Policy, 'minimumConfidence' | 'reviewed'>;
  /** Hashes a text to hex digits. */
  hash(text: string): string;
}

/** A decision with the case that it is on. */
export interface Decided {
  id: string;
  decision: CaseDecision;
}

/** Tells whether a visit belongs into a case at all. */
export function isOfCase(visit: Visit, policy: CaseRules['policy']): boolean {
  return visit.verdict === 'examine' && mayBeCase(policy, visit);
}

/** Streams the cases that visits and decisions make. */
export async function* casesOf(
  visits: AsyncIterable<Visit>,
  decisions: AsyncIterable<Decided>,
  rules: CaseRules,
): AsyncGenerator<Case> {
  const ledger = readByCase(decisions);
  try {
    let day: CaseDay = { day: '', drafts: new Map() };
    for await (const visit of visits) {
      if (!isOfCase(visit, rules.policy)) continue;
      if (visit.day !== day.day) {
        yield* closeDay(day, ledger);
        day = { day: visit.day, drafts: new Map() };
      }
      takeVisit(day.drafts, visit, rules);
    }
    yield* closeDay(day, ledger);
    for (let group = await ledger.next(ALL_DAYS); group !== null; group = await ledger.next(ALL_DAYS)) {
      yield* withdrawnCases(group);
    }
  } finally {
    await ledger.close();
  }
}

interface CaseDay {
  day: string;
  drafts: Map<string, Draft>;
}

/** A case whose day is not over. */
interface Draft {
  facts: CaseFacts;
  departments: Set<string>;
  roles: Set<string>;
  sites: Set<string>;
  statutes: Set<string>;
  grades: { A: number; B: number; C: number; D: number };
  startMs: number;
  lastMs: number;
  digest: SumOfDigests;
}

function takeVisit(drafts: Map<string, Draft>, visit: Visit, rules: CaseRules): void {
  const { tenant, subjectId, category, day } = visit;
  const id = caseIdOf({ tenant, subjectId, category, day }, rules.hash);
  const draft = drafts.get(id) ?? beginCase(visit);
  drafts.set(id, draft);
  const { facts } = draft;
  facts.visits++;
  facts.records += Math.min(visit.records, visit.examine);
  if (!isAsSureAs(visit.confidence, facts.confidence)) facts.confidence = visit.confidence;
  if (visit.class === 'forbidden') facts.class = 'forbidden';
  draft.departments.add(visit.department);
  for (const role of visit.roles) draft.roles.add(role);
  for (const statute of visit.statutes) draft.statutes.add(statute);
  draft.sites.add(visit.site);
  draft.grades[visit.grade]++;
  draft.startMs = Math.min(draft.startMs, visit.startMs);
  draft.lastMs = Math.max(draft.lastMs, visit.lastMs);
  draft.digest.add(visit.digest);
}

function beginCase(visit: Visit): Draft {
  const { tenant, subjectId, subjectKind, category, day, confidence, population } = visit;
  return {
    facts: {
      ...{ tenant, subjectId, subjectKind, category, day, confidence, population },
      class: visit.class,
      ...{ statutes: [], departments: [], roles: [], sites: [], visits: 0, records: 0 },
    },
    departments: new Set(),
    roles: new Set(),
    sites: new Set(),
    statutes: new Set(),
    grades: { A: 0, B: 0, C: 0, D: 0 },
    startMs: visit.startMs,
    lastMs: visit.lastMs,
    digest: sumOfDigests(),
  };
}

/** Gives the cases of a day that is over, and before them those of earlier days of which only decisions are left. */
async function* closeDay(day: CaseDay, ledger: ByCase): AsyncGenerator<Case> {
  const decided = new Map<string, DecidedCase>();
  for (let group = await ledger.next(day.day); group !== null; group = await ledger.next(day.day)) {
    if (group.id.startsWith(`${idDay(day.day)}-`)) decided.set(group.id, group);
    else yield* withdrawnCases(group);
  }
  const drafts = [...day.drafts].sort(
    ([a, left], [b, right]) => left.startMs - right.startMs || (a < b ? -1 : 1),
  );
  for (const [id, draft] of drafts) {
    const group = decided.get(id);
    const own = group?.decisions.filter(({ facts }) => isSameCase(facts, draft.facts)) ?? [];
    const rest = group?.decisions.filter(({ facts }) => !isSameCase(facts, draft.facts)) ?? [];
    if (rest.length === 0) decided.delete(id);
    else decided.set(id, { id, decisions: rest });
    yield finishCase(id, { draft, decisions: own });
  }
  for (const group of decided.values()) yield* withdrawnCases(group);
}

function finishCase(
  id: string,
  { draft, decisions }: { draft: Draft; decisions: readonly CaseDecision[] },
): Case {
  const digest = draft.digest.value();
  return {
    ...draft.facts,
    id,
    statutes: sorted(draft.statutes),
    departments: sorted(draft.departments),
    roles: sorted(draft.roles),
    sites: sorted(draft.sites),
    startMs: draft.startMs,
    lastMs: draft.lastMs,
    grades: draft.grades,
    digest,
    status: statusOf(decisions, digest),
    decisions,
  };
}

/** Makes the cases of which only decisions are left. */
function* withdrawnCases({ id, decisions }: DecidedCase): Generator<Case> {
  const rest = [...decisions];
  for (let last = rest.at(-1); last !== undefined; last = rest.at(-1)) {
    const { facts } = last;
    const own = rest.filter(decision => isSameCase(decision.facts, facts));
    yield {
      ...{ ...facts, visits: 0, records: 0 },
      id,
      startMs: null,
      lastMs: null,
      grades: { A: 0, B: 0, C: 0, D: 0 },
      digest: null,
      status: 'withdrawn',
      decisions: own,
    };
    rest.splice(0, rest.length, ...rest.filter(decision => !own.includes(decision)));
  }
}

function statusOf(decisions: readonly CaseDecision[], digest: string): CaseStatus {
  const last = decisions.at(-1);
  if (last === undefined) return 'open';
  return last.digest === digest ? last.outcome : 'reopened';
}

/** Tells whether two cases are one. */
export function isSameCase(a: CaseIdentity, b: CaseIdentity): boolean {
  return a.tenant === b.tenant && a.subjectId === b.subjectId && a.category === b.category && a.day === b.day;
}

function sorted(texts: ReadonlySet<string>): string[] {
  return [...texts].sort();
}

interface DecidedCase {
  id: string;
  decisions: CaseDecision[];
}

/** Reads decisions a case at a time, as far as a day and no further. */
interface ByCase {
  /** Gives the next case of the day or an earlier one; null where there is none. */
  next(day: string): Promise<DecidedCase | null>;
  close(): Promise<void>;
}

/** Later than any day. */
const ALL_DAYS = '99999999';

function readByCase(decisions: AsyncIterable<Decided>): ByCase {
  const source = decisions[Symbol.asyncIterator]();
  let ahead: IteratorResult<Decided> | null = null;
  const peek = async () => {
    ahead ??= await source.next();
    return ahead;
  };
  return {
    async next(day) {
      const first = await peek();
      if (first.done === true || first.value.id.slice(0, 8) > idDay(day)) return null;
      const group: DecidedCase = { id: first.value.id, decisions: [] };
      for (let at = await peek(); at.done !== true && at.value.id === group.id; at = await peek()) {
        group.decisions.push(at.value.decision);
        ahead = null;
      }
      return group;
    },
    async close() {
      await source.return?.();
    },
  };
}
