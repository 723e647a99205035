// Cases as JSON (docs/reference/json.md). Addresses are as they were logged.
import type { Case } from '../model/case.ts';
import type { Visit } from '../model/visit.ts';
import type { Lang } from '../text/lang.ts';
import { factWords } from '../text/visits.ts';

/** Gives what a line of `cases list --json` holds. */
export function caseJson(found: Case): Record<string, unknown> {
  return {
    schema: 'granska.case/1',
    id: found.id,
    status: found.status,
    organization: found.tenant,
    day: found.day,
    subject: {
      kind: found.subjectKind,
      id: found.subjectId,
      confidence: found.confidence,
      population: found.population,
    },
    departments: found.departments,
    roles: found.roles,
    category: found.category,
    class: found.class,
    statutes: found.statutes,
    sites: found.sites,
    visits: found.visits,
    records: found.records,
    grades: found.grades,
    firstRecord: isoOrNull(found.startMs),
    lastRecord: isoOrNull(found.lastMs),
    digest: found.digest,
    decisions: found.decisions.map(({ seq, atMs, by, outcome, reason, digest, facts }) => ({
      number: seq,
      at: isoOrNull(atMs),
      by,
      outcome,
      reason,
      digest,
      visits: facts.visits,
      records: facts.records,
    })),
  };
}

/** Gives what `cases show --json` holds: the case with its visits. */
export function shownCaseJson(found: Case, visits: readonly Visit[], lang: Lang): Record<string, unknown> {
  return { ...caseJson(found), visitList: visits.map(visit => visitJson(visit, lang)) };
}

function visitJson(visit: Visit, lang: Lang): Record<string, unknown> {
  return {
    id: visit.id,
    site: visit.site,
    firstRecord: isoOrNull(visit.startMs),
    lastRecord: isoOrNull(visit.lastMs),
    grade: visit.grade,
    facts: visit.facts.map(fact => ({ code: fact.code, values: fact.values, text: factWords(fact, lang) })),
    records: visit.records,
    examine: visit.examine,
    exempt: visit.exempt,
    exemptions: visit.exemptions,
  };
}

function isoOrNull(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}
