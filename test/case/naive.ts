// Cases as one would make them with everything at hand: the measure of `casesOf`.
import { caseIdOf } from '../../src/case/case-id.ts';
import type { CaseRules, Decided } from '../../src/case/cases-of.ts';
import type { Case } from '../../src/model/case.ts';
import type { Visit } from '../../src/model/visit.ts';

const SURE = ['none', 'lease', 'authenticated'] as const;

/** Makes all cases at once; for visits of 8 hex digits of digest. */
export function naiveCases(
  visits: readonly Visit[],
  decisions: readonly Decided[],
  { policy, hash }: CaseRules,
): Case[] {
  const groups = Map.groupBy(
    visits.filter(
      visit =>
        visit.verdict === 'examine' &&
        policy.reviewed.has(visit.population) &&
        visit.population !== 'unknown' &&
        SURE.indexOf(visit.confidence) >= SURE.indexOf(policy.minimumConfidence),
    ),
    visit => caseIdOf(visit, hash),
  );
  const made: Case[] = [];
  for (const [id, own] of groups) {
    const first = own[0]!;
    const set = (pick: (visit: Visit) => readonly string[]) => [...new Set(own.flatMap(pick))].sort();
    const total = own.reduce((sum, { digest }) => sum + BigInt(`0x${digest}`), 0n) % 2n ** 32n;
    const digest = total.toString(16).padStart(8, '0');
    const history = decisions.filter(one => one.id === id).map(one => one.decision);
    const last = history.at(-1);
    const count = (grade: string) => own.filter(visit => visit.grade === grade).length;
    made.push({
      id,
      tenant: first.tenant,
      subjectId: first.subjectId,
      subjectKind: first.subjectKind,
      category: first.category,
      day: first.day,
      confidence: SURE.find(sure => own.some(visit => visit.confidence === sure))!,
      population: first.population,
      class: own.some(visit => visit.class === 'forbidden') ? 'forbidden' : 'questionable',
      statutes: set(visit => visit.statutes),
      departments: set(visit => [visit.department]),
      roles: set(visit => visit.roles),
      sites: set(visit => [visit.site]),
      visits: own.length,
      records: own.reduce((sum, visit) => sum + Math.min(visit.records, visit.examine), 0),
      startMs: Math.min(...own.map(visit => visit.startMs)),
      lastMs: Math.max(...own.map(visit => visit.lastMs)),
      grades: { A: count('A'), B: count('B'), C: count('C'), D: count('D') },
      digest,
      status: last === undefined ? 'open' : last.digest === digest ? last.outcome : 'reopened',
      decisions: history,
    });
  }
  for (const id of new Set(decisions.map(one => one.id))) {
    if (groups.has(id)) continue;
    const history = decisions.filter(one => one.id === id).map(one => one.decision);
    const gone = { visits: 0, records: 0, startMs: null, lastMs: null, grades: { A: 0, B: 0, C: 0, D: 0 } };
    made.push({
      ...history.at(-1)!.facts,
      ...gone,
      id,
      digest: null,
      status: 'withdrawn',
      decisions: history,
    });
  }
  const order = (a: Case, b: Case) =>
    a.day.localeCompare(b.day) ||
    (a.startMs ?? Number.MAX_SAFE_INTEGER) - (b.startMs ?? Number.MAX_SAFE_INTEGER) ||
    (a.id < b.id ? -1 : 1);
  return made.sort(order);
}
