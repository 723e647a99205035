// case-query: which cases a query asks for. In: a parsed query of findings; out: a predicate over cases, and the terms that
// visits may be read by.
// Invariant: what is read is never a part of a case: only what is the same over all of a case narrows the reading (its
// organisation, subject and category); all else is asked of the whole case, lest a part of it look like a change.
// Example: `site:casino.example` gives each case with a visit there, with all of its visits.
import { GranskaError } from '../errors.ts';
import type { Case } from '../model/case.ts';
import type { QueryField, QueryTerm } from '../model/query.ts';
import { ANY, departmentKey } from '../search/matches.ts';
import type { KeyField, VisitTerm } from '../visit/visit-query.ts';

/** Fields that a query of cases can name. */
export const CASE_FIELDS = [
  'organization',
  'subject',
  'category',
  'class',
  'kind',
  'department',
  'population',
  'role',
  'site',
  'statute',
] as const satisfies readonly QueryField[];

type CaseField = (typeof CASE_FIELDS)[number];
type CaseTerm = Extract<QueryTerm, { kind: 'field' }> & { field: CaseField };

/** Fields that are the same over all of a case, by its identity. */
const IDENTITY = ['organization', 'subject', 'category'] as const satisfies readonly (KeyField & CaseField)[];

export interface CaseQuery {
  /** Terms by which visits may be read. */
  reading: readonly VisitTerm[];
  wants(found: Case): boolean;
}

/** Makes the query of cases; throws QUERY for a term that cannot be asked of a case. */
export function caseQuery(terms: readonly QueryTerm[]): CaseQuery {
  const asked = terms.map(requireCaseTerm);
  return {
    reading: asked.filter(isOfIdentity),
    wants: found => asked.every(term => holds(found, term) !== term.negated),
  };
}

function requireCaseTerm(term: QueryTerm): CaseTerm {
  if (term.kind === 'field' && isCaseField(term.field)) return { ...term, field: term.field };
  throw new GranskaError('QUERY', 'a query of cases has a term that is not about a whole case', {
    hint: `cases are asked by ${CASE_FIELDS.join(', ')}; "granska search" asks single findings`,
  });
}

function isOfIdentity(term: CaseTerm): term is CaseTerm & { field: (typeof IDENTITY)[number] } {
  return (IDENTITY as readonly CaseField[]).includes(term.field);
}

function isCaseField(field: QueryField): field is CaseField {
  return (CASE_FIELDS as readonly QueryField[]).includes(field);
}

function holds(found: Case, { field, values }: CaseTerm): boolean {
  const has = valuesOf(found, field).filter(value => value !== '');
  return values.some(value => {
    if (value === ANY) return has.length > 0;
    return value !== '' && has.some(text => isValue(field, text, value));
  });
}

function isValue(field: CaseField, text: string, value: string): boolean {
  switch (field) {
    case 'subject':
      return text.startsWith(value);
    case 'department':
      return departmentKey(text) === departmentKey(value);
    default:
      return text === value;
  }
}

function valuesOf(found: Case, field: CaseField): readonly string[] {
  switch (field) {
    case 'organization':
      return [found.tenant];
    case 'subject':
      return [found.subjectId];
    case 'category':
      return [found.category];
    case 'class':
      return [found.class];
    case 'kind':
      return [found.subjectKind];
    case 'department':
      return found.departments;
    case 'population':
      return [found.population];
    case 'role':
      return found.roles;
    case 'site':
      return found.sites;
    case 'statute':
      return found.statutes;
    default:
      return field satisfies never;
  }
}
