// read-cases: a store's visits and its ledger → cases (see case/cases-of.ts).
// In: how visits are read, the ledger, and whole local days; out: cases in order of day.
// Invariant: a day is read whole or not at all, so that no case is cut by the range that was asked for. A case of which only
// decisions are left is not given where something of it lies out of sight for a protected site (§6.2): that there was one is
// told by nothing but its lines in the ledger, which stay.
import type { Zone } from '../calendar/zone.ts';
import { idDay, readCaseId } from '../case/case-id.ts';
import { caseQuery } from '../case/case-query.ts';
import { type CaseRules, casesOf, type Decided, isOfCase } from '../case/cases-of.ts';
import { readDecision } from '../case/ledger-body.ts';
import { GranskaError } from '../errors.ts';
import type { Case, CaseIdentity } from '../model/case.ts';
import type { Query, QueryTerm } from '../model/query.ts';
import type { Visit } from '../model/visit.ts';
import type { Ledger } from '../ports/desk-store.ts';
import type { ReadStore } from '../ports/store.ts';
import { PROTECTED } from '../search/is-shown.ts';
import type { VisitQuery, VisitTerm } from '../visit/visit-query.ts';

export interface CaseSource {
  /** Streams the visits of a query by start. */
  visits(query: VisitQuery): AsyncIterable<Visit>;
  /** Is asked whether something of a case lies out of sight. */
  findings: Pick<ReadStore, 'standing'>;
  ledger: Ledger;
  zone: Zone;
}

/** Inclusive local days; null where open. */
export interface Days {
  from: string | null;
  through: string | null;
}

/** Gives the whole local days that a query's time touches. */
export function daysOf({ fromMs, toMs }: Pick<Query, 'fromMs' | 'toMs'>, zone: Zone): Days {
  return {
    from: fromMs === null ? null : zone.dayOf(fromMs),
    through: toMs === null ? null : zone.dayOf(toMs - 1),
  };
}

/** Streams the cases that a query asks for. Throws QUERY for terms that are not about whole cases. */
export async function* readCases(
  asked: { terms: readonly QueryTerm[]; days: Days },
  source: CaseSource,
  rules: CaseRules,
): AsyncGenerator<Case> {
  const { reading, wants } = caseQuery(asked.terms);
  const visits = source.visits(visitQuery(reading, asked.days, source.zone));
  for await (const found of casesOf(visits, decisionsOf(source.ledger, asked.days), rules)) {
    if (!wants(found)) continue;
    if (found.status !== 'withdrawn' || !(await isOutOfSight(found, source))) yield found;
  }
}

/** Finds the one case whose id begins as typed. Throws USAGE for what is no id or could be several, NOT_FOUND. */
export async function readCase(typed: string, source: CaseSource, rules: CaseRules): Promise<Case> {
  const id = readCaseId(typed);
  if (id === null || Number.isNaN(source.zone.startOfDayMs(id.day))) {
    throw new GranskaError('USAGE', 'this is no id of a case', {
      hint: 'ids are as "granska cases list" shows them: the day, a dash, and four or more signs, such as 20261005-3f9a',
    });
  }
  const found: Case[] = [];
  const day = { from: id.day, through: id.day };
  for await (const one of readCases({ terms: [], days: day }, source, rules)) {
    if (one.id.startsWith(id.prefix)) found.push(one);
    if (found.length > 1) throw several();
  }
  if (found[0] !== undefined) return found[0];
  throw new GranskaError('NOT_FOUND', 'no case has that id', {
    hint: '"granska cases list" shows them; a case is gone where nothing is left of it and nobody had decided it',
  });
}

/** Tells whether a finding of a case was taken back because its site is protected now. */
export async function isOutOfSight(
  found: CaseIdentity,
  { findings, zone }: Pick<CaseSource, 'findings' | 'zone'>,
): Promise<boolean> {
  for await (const finding of findings.standing(findingQuery(found, zone, PROTECTED))) {
    if (finding.tenant === found.tenant && finding.subjectId === found.subjectId) return true;
  }
  return false;
}

/** Streams the visits that a case consists of. */
export async function* visitsOfCase(
  found: Case,
  source: CaseSource,
  rules: CaseRules,
): AsyncGenerator<Visit> {
  const query = visitQuery(identityTerms(found), { from: found.day, through: found.day }, source.zone);
  for await (const visit of source.visits(query)) {
    const isOwn =
      visit.tenant === found.tenant &&
      visit.subjectId === found.subjectId &&
      visit.category === found.category;
    if (isOwn && visit.day === found.day && isOfCase(visit, rules.policy)) yield visit;
  }
}

/** Gives the query of the findings that a case rests on. */
export function findingQuery(found: CaseIdentity, zone: Zone, verdict: 'examine' | typeof PROTECTED): Query {
  const { fromMs, toMs } = visitQuery([], { from: found.day, through: found.day }, zone);
  const terms = [...identityTerms(found), is('verdict', verdict)];
  return { terms, fromMs, toMs, sort: 'start', descending: false, limit: null };
}

/** Streams the decisions on cases of some days: the ledger lies in order of case ids, which begin with the day. */
async function* decisionsOf(ledger: Ledger, { from, through }: Days): AsyncGenerator<Decided> {
  for await (const line of ledger.allEntries('case')) {
    const day = line.key.slice(0, 8);
    if (from !== null && day < idDay(from)) continue;
    if (through !== null && day > idDay(through)) return;
    yield { id: line.key, decision: readDecision(line) };
  }
}

function visitQuery(terms: readonly VisitTerm[], { from, through }: Days, zone: Zone): VisitQuery {
  return {
    terms,
    fromMs: from === null ? null : zone.startOfDayMs(from),
    toMs: through === null ? null : zone.startOfDayMs(zone.nextDay(through)),
    limit: null,
  };
}

function identityTerms({ tenant, subjectId, category }: CaseIdentity): IdentityTerm[] {
  return [is('organization', tenant), is('subject', subjectId), is('category', category)];
}

type IdentityTerm = Extract<QueryTerm & VisitTerm, { kind: 'field' }>;

function is<F extends 'organization' | 'subject' | 'category' | 'verdict'>(field: F, value: string) {
  return { kind: 'field' as const, field, values: [value], negated: false };
}

function several(): GranskaError {
  return new GranskaError('USAGE', 'several cases have ids that begin so', {
    hint: 'write more of the id; --json shows it in full',
  });
}
