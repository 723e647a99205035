// A query of visits: the terms of `search` that speak of a whole visit. In: text such as `category:gambling grade:A,B`;
// out: a VisitQuery. Invariant: no term can cut a visit. What differs between the findings of one visit (a status, a
// path, a host) is refused, for the visits of a part of the findings are none that anybody made. Example:
// `department:Bygg -verdict:exempt grade:A`; `status:200` → QUERY, with the advice to search for findings.
import { GranskaError } from '../errors.ts';
import type { Query, QueryField, QueryTerm } from '../model/query.ts';
import type { Grade } from '../model/visit.ts';
import { parseQuery, type QueryOptions } from '../search/parse-query.ts';
import { splitQuery, type Token } from '../search/split-query.ts';
import { suggest } from '../words/nearest.ts';

/** Fields that all findings of one visit share: the store itself can be asked for these. */
export const KEY_FIELDS = ['organization', 'category', 'subject', 'kind', 'site'] as const;

/** Fields that are asked of the visit, once it is whole. */
export const VISIT_FIELDS = [
  'class',
  'department',
  'population',
  'role',
  'verdict',
  'exemption',
  'statute',
] as const;

export type KeyField = (typeof KEY_FIELDS)[number];
export type VisitField = (typeof VISIT_FIELDS)[number];

/** One condition on a visit. */
export type VisitTerm =
  | { kind: 'field'; field: KeyField | VisitField; values: readonly string[]; negated: boolean }
  | { kind: 'grade'; values: readonly Grade[]; negated: boolean };

/** A parsed query of visits. All terms must hold. Times are a half-open range of the visit's start. */
export interface VisitQuery {
  terms: readonly VisitTerm[];
  fromMs: number | null;
  toMs: number | null;
  /** The earliest so many; null for all. */
  limit: number | null;
}

/** Asks for all visits. */
export const EVERY_VISIT: VisitQuery = { terms: [], fromMs: null, toMs: null, limit: null };

/** Reads a query of visits; throws QUERY with the place of the mistake. */
export function parseVisitQuery(text: string, options: Omit<QueryOptions, 'sort'>): VisitQuery {
  const tokens = splitQuery(text);
  const grades = tokens.filter(isGrade).map(readGrades);
  const { terms, fromMs, toMs, limit } = parseQuery(withoutGrades(text, tokens), options);
  return { terms: [...terms.map(readTerm), ...grades], fromMs, toMs, limit };
}

/** Gives the part of a query that findings can be asked, for the audit chain. */
export function findingTermsOf(query: VisitQuery): Pick<Query, 'terms'> {
  return { terms: query.terms.filter(term => term.kind === 'field') };
}

/** Tells whether a term is one on a field that all findings of a visit share. */
export function isKeyTerm(term: VisitTerm): term is VisitTerm & { kind: 'field'; field: KeyField } {
  return term.kind === 'field' && (KEY_FIELDS as readonly string[]).includes(term.field);
}

const GRADES: readonly Grade[] = ['A', 'B', 'C', 'D'];

function isGrade(token: Token): boolean {
  return token.field === 'grade';
}

function readGrades({ values, negated }: Token): VisitTerm {
  const grades = values.map(({ text, at }) => {
    const found = GRADES.find(grade => grade === text.toUpperCase());
    if (found !== undefined) return found;
    throw new GranskaError('QUERY', `the value at sign ${at + 1} of the query is no grade`, {
      hint: suggest(text, GRADES),
    });
  });
  return { kind: 'grade', values: grades, negated };
}

/** Leaves spaces in the place of grades, so that a mistake behind them is told with its own place. */
function withoutGrades(text: string, tokens: readonly Token[]): string {
  let kept = text;
  tokens.forEach((token, index) => {
    if (!isGrade(token)) return;
    const end = index + 1 < tokens.length ? startOf(tokens[index + 1]!) : text.length;
    const start = startOf(token);
    kept = kept.slice(0, start) + ' '.repeat(end - start) + kept.slice(end);
  });
  return kept;
}

function startOf({ at, negated }: Token): number {
  return negated ? at - 1 : at;
}

function readTerm(term: QueryTerm): VisitTerm {
  if (term.kind === 'word') {
    throw new GranskaError('QUERY', 'a word finds single findings, and would cut visits', {
      hint: 'site:HOST asks for the visits of a site; granska search finds words',
    });
  }
  const { field, values, negated } = term;
  if (!isVisitField(field)) {
    throw new GranskaError('QUERY', `${field}: may differ within one visit, and would cut it`, {
      hint: `visits are asked by ${[...KEY_FIELDS, ...VISIT_FIELDS, 'grade'].join(', ')}; granska search finds single findings`,
    });
  }
  if (field === 'verdict' && values.some(value => !['examine', 'exempt', '*'].includes(value))) {
    throw new GranskaError('QUERY', 'attempts and what was withdrawn are part of no visit', {
      hint: 'a visit is verdict:examine or verdict:exempt; granska search finds the others',
    });
  }
  return { kind: 'field', field, values, negated };
}

function isVisitField(field: QueryField): field is KeyField | VisitField {
  return ([...KEY_FIELDS, ...VISIT_FIELDS] as readonly QueryField[]).includes(field);
}
