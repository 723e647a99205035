// review-population: the visits that a review is of, each with the findings that it rests on. In: a store and a scope; out:
// visits to examine with the ids, revisions and versions of their findings, in order of start.
// Invariant: the findings of a visit are exactly those that it was gathered from: they are noted as they pass, and a count
// that is another one is a mistake of the program. What is held is what the visits hold: at most a day's.
import type { Finding, Versions } from '../model/finding.ts';
import type { PlanScope } from '../model/review-plan.ts';
import type { Visit } from '../model/visit.ts';
import type { ReadStore } from '../ports/store.ts';
import { leftOutReason } from '../visit/left-out.ts';
import { siteOf } from '../visit/open-visit.ts';
import type { VisitTerm } from '../visit/visit-query.ts';
import type { VisitRules } from '../visit/visit-rules.ts';
import { readVisits } from './read-visits.ts';

/** A finding as a visit rests on it. */
export interface SeenFinding {
  id: string;
  revision: number;
  versions: Versions;
}

export interface SeenVisit {
  visit: Visit;
  findings: readonly SeenFinding[];
}

export interface PopulationRange {
  fromMs: number;
  toMs: number;
  scope: PlanScope;
  /** The scope's departments with all that stand under them; null for all. */
  departments: ReadonlySet<string> | null;
  /** The configured organization. */
  organization: string;
}

/** Streams the visits that are to be examined, by start. */
export async function* visitsToReview(
  store: Pick<ReadStore, 'search'>,
  range: PopulationRange,
  rules: VisitRules,
): AsyncGenerator<SeenVisit> {
  const { fromMs, toMs, scope } = range;
  const noted = createNotes();
  const tapped: Pick<ReadStore, 'search'> = { search: query => noted.taking(store.search(query)) };
  const tenant = scope.tenant ?? range.organization;
  const categories = scope.categories === null ? null : new Set(scope.categories);
  const terms = [is('organization', [tenant])];
  for await (const visit of readVisits(tapped, { terms, fromMs, toMs, limit: null }, rules)) {
    const findings = noted.take(visit);
    if (visit.verdict !== 'examine' || visit.tenant !== tenant) continue;
    if (categories !== null && !categories.has(visit.category)) continue;
    if (scope.class !== null && visit.class !== scope.class) continue;
    if (range.departments !== null && !range.departments.has(visit.department)) continue;
    yield { visit, findings };
  }
}

function is(field: 'organization', values: readonly string[]): VisitTerm {
  return { kind: 'field', field, values, negated: false };
}

interface Note extends SeenFinding {
  startMs: number;
}

/** Notes findings as they pass, until their visit comes. */
function createNotes() {
  const byKey = new Map<string, Note[]>();

  return {
    async *taking(findings: AsyncIterable<Finding>): AsyncGenerator<Finding> {
      for await (const finding of findings) {
        if (leftOutReason(finding) === null) {
          const key = keyOf({ ...finding, site: siteOf(finding) });
          const { id, revision, versions, startMs } = finding;
          const notes = byKey.get(key);
          if (notes === undefined) byKey.set(key, [{ id, revision, versions, startMs }]);
          else notes.push({ id, revision, versions, startMs });
        }
        yield finding;
      }
    },
    take(visit: Visit): readonly SeenFinding[] {
      const key = keyOf(visit);
      const notes = byKey.get(key) ?? [];
      // They come by start, and so do the visits of one key: a visit's are the first ones, up to its last.
      const end = notes.findIndex(note => note.startMs > visit.lastMs);
      const own = end < 0 ? notes : notes.slice(0, end);
      if (end < 0) byKey.delete(key);
      else byKey.set(key, notes.slice(end));
      const inVisit = own.filter(note => note.startMs >= visit.startMs);
      if (inVisit.length !== visit.findings) throw new TypeError('a visit has other findings than passed');
      return inVisit;
    },
  };
}

function keyOf(of: {
  tenant: string;
  subjectKind: string;
  subjectId: string | null;
  category: string;
  site: string;
}): string {
  return JSON.stringify([of.tenant, of.subjectKind, of.subjectId, of.category, of.site]);
}
