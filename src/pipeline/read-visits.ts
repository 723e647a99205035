// Store × query → visits (§7.1). In: a store that gives findings by `event.start`; out: the visits of a query, by start.
// Invariant: findings are read over whole local days and by fields that all of a visit share, so that neither a time
// range nor a term ever cuts a visit; everything else is asked of the whole visit. Example:
// `readVisits(store, { ...EVERY_VISIT, fromMs, toMs }, rules)`.
import type { Zone } from '../calendar/zone.ts';
import type { Finding } from '../model/finding.ts';
import type { Query } from '../model/query.ts';
import type { Visit } from '../model/visit.ts';
import type { ReadStore } from '../ports/store.ts';
import { matches } from '../search/matches.ts';
import { type LeftOut, leftOutReason } from '../visit/left-out.ts';
import { visitMatches } from '../visit/visit-matches.ts';
import { findingTermsOf, isKeyTerm, type VisitQuery } from '../visit/visit-query.ts';
import type { VisitRules } from '../visit/visit-rules.ts';
import { visitsOf } from '../visit/visits-of.ts';

export interface ReadVisitsOptions extends VisitRules {
  /** Is given the counts of findings of the query that are part of no visit, whatever grade and verdict it asks for. */
  leftOut?: LeftOut;
}

/** Streams the visits of a query by start, then id. */
export async function* readVisits(
  store: Pick<ReadStore, 'search'>,
  query: VisitQuery,
  options: ReadVisitsOptions,
): AsyncGenerator<Visit> {
  const holds = visitMatches(query);
  let left = query.limit ?? Infinity;
  if (left <= 0) return;
  const findings = counting(store.search(findingsQuery(query, options.zone)), query, options.leftOut);
  for await (const visit of visitsOf(findings, options)) {
    if (!holds(visit)) continue;
    yield visit;
    if (--left <= 0) return;
  }
}

/** Makes the query whose findings hold every finding of each visit that is asked for. */
function findingsQuery(query: VisitQuery, zone: Zone): Query {
  const { fromMs, toMs } = query;
  return {
    terms: query.terms.filter(isKeyTerm),
    fromMs: fromMs === null ? null : zone.startOfDayMs(zone.dayOf(fromMs)),
    toMs: toMs === null ? null : endOfDay(zone, toMs),
    sort: 'start',
    descending: false,
    limit: null,
  };
}

/** Gives the end of the last local day that a half-open range ending here has a part of. */
function endOfDay(zone: Zone, toMs: number): number {
  const day = zone.dayOf(toMs);
  const startMs = zone.startOfDayMs(day);
  return startMs === toMs ? toMs : zone.startOfDayMs(zone.nextDay(day));
}

/** Counts what will be left out, as it passes. */
async function* counting(
  findings: AsyncIterable<Finding>,
  query: VisitQuery,
  leftOut: LeftOut | undefined,
): AsyncGenerator<Finding> {
  const terms = findingTermsOf(query).terms.filter(term => term.kind === 'field' && term.field !== 'verdict');
  const isAsked = matches(
    { ...query, terms, sort: 'start', descending: false },
    // No term of a query of visits asks for the source.
    () => null,
  );
  for await (const finding of findings) {
    const reason = leftOutReason(finding);
    if (reason !== null && leftOut !== undefined && isAsked(finding)) leftOut[reason]++;
    yield finding;
  }
}
