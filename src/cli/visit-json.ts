import type { Visit } from '../model/visit.ts';
import type { Lang } from '../text/lang.ts';
import { factWords, VISITS_TEXT } from '../text/visits.ts';

/** Makes the object that a visit is printed as in JSON: addresses as they are, facts with their words. */
export function visitJson(visit: Visit, lang: Lang): Record<string, unknown> {
  const { subjectKind, subjectId, confidence, population, department, roles } = visit;
  return {
    schema: 'granska.visit/1',
    id: visit.id,
    organization: visit.tenant,
    subject: { kind: subjectKind, id: subjectId, confidence, population, department, roles },
    category: visit.category,
    class: visit.class,
    statutes: visit.statutes,
    site: visit.site,
    day: visit.day,
    start: new Date(visit.startMs).toISOString(),
    last: new Date(visit.lastMs).toISOString(),
    findings: visit.findings,
    records: visit.records,
    examine: visit.examine,
    exempt: visit.exempt,
    verdict: visit.verdict,
    exemptions: visit.exemptions,
    bytes: visit.bytes,
    grade: visit.grade,
    gradeText: VISITS_TEXT[lang].gradeMeanings[visit.grade],
    facts: visit.facts.map(fact => ({ ...fact, text: factWords(fact, lang) })),
    digest: visit.digest,
  };
}
