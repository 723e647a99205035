// Query of visits → a predicate over visits, with values compared as `search` compares them.
import type { Visit } from '../model/visit.ts';
import { valueTest } from '../search/matches.ts';
import type { KeyField, VisitField, VisitQuery, VisitTerm } from './visit-query.ts';

/** Makes the predicate of a query; a visit belongs to the time range in which it began. */
export function visitMatches(query: VisitQuery): (visit: Visit) => boolean {
  const tests = query.terms.map(testOf);
  const { fromMs, toMs } = query;
  return visit => {
    if (fromMs !== null && visit.startMs < fromMs) return false;
    if (toMs !== null && visit.startMs >= toMs) return false;
    return tests.every(test => test(visit));
  };
}

function testOf(term: VisitTerm): (visit: Visit) => boolean {
  const holds = term.kind === 'grade' ? gradeTest(term) : fieldTest(term);
  return term.negated ? visit => !holds(visit) : holds;
}

function gradeTest({ values }: VisitTerm & { kind: 'grade' }): (visit: Visit) => boolean {
  return visit => values.includes(visit.grade);
}

function fieldTest({ field, values }: VisitTerm & { kind: 'field' }): (visit: Visit) => boolean {
  const holds = valueTest(field, values);
  return visit => holds(valuesOf(visit, field));
}

function valuesOf(visit: Visit, field: KeyField | VisitField): readonly string[] {
  switch (field) {
    case 'organization':
      return present(visit.tenant);
    case 'category':
      return present(visit.category);
    case 'subject':
      return present(visit.subjectId);
    case 'kind':
      return [visit.subjectKind];
    case 'site':
      return present(visit.site);
    case 'class':
      return [visit.class];
    case 'department':
      return present(visit.department);
    case 'population':
      return [visit.population];
    case 'role':
      return visit.roles;
    case 'verdict':
      return [visit.verdict];
    case 'exemption':
      return visit.exemptions;
    case 'statute':
      return visit.statutes;
    default:
      return field satisfies never;
  }
}

function present(value: string): readonly string[] {
  return value === '' ? [] : [value];
}
