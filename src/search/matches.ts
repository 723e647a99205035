// Query → a predicate over findings and an order of them. The memory store searches with these; every other store
// must answer alike (contract suite). What a condition means is said once, here:
//   id, record, subject, client, path   the value is how it begins
//   domain                              the host itself and the hosts under it
//   department                          the same text, whatever the case
//   status                              the number, or a class such as 4xx
//   verdict                             `attempt` stands for what has none
//   role, exemption, statute            one of them is the value
//   source                              the name that the stream was read under
//   the others                          the same text
//   a word                              a part of domain, path or list entry, whatever the case
// `*` asks that there be any value at all; an empty value is nobody's. Several values: any of them. A negated term holds where its condition
// does not, thus also where the finding has no such field.
import type { StandingFinding } from '../model/finding.ts';
import type { Query, QueryField, QueryTerm, SortField } from '../model/query.ts';
import { wordForms } from './word-forms.ts';

/** Names the source that a stream was read under; null where it is not known. */
export type SourceOf = (stream: string) => string | null;

/** Makes the predicate of a query. */
export function matches(query: Query, sourceOf: SourceOf): (finding: StandingFinding) => boolean {
  const tests = query.terms.map(term => testOf(term, sourceOf));
  const { fromMs, toMs } = query;
  return finding => {
    if (fromMs !== null && finding.startMs < fromMs) return false;
    if (toMs !== null && finding.startMs >= toMs) return false;
    return tests.every(test => test(finding));
  };
}

/** Makes the order of a query: its sort field (what has none comes first), then the id. */
export function orderOf(query: Query): (a: StandingFinding, b: StandingFinding) => number {
  const direction = query.descending ? -1 : 1;
  return (a, b) => {
    const byKey = compareKeys(sortKey(a, query.sort), sortKey(b, query.sort));
    return byKey === 0 ? compareTexts(a.id, b.id) : byKey * direction;
  };
}

/** Compares texts by code point, as their UTF-8 bytes compare. */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left === right) continue;
    // Surrogates stand for code points above all others, though their own numbers are lower.
    const isLeftHigh = left >= 0xd800 && left <= 0xdfff;
    const isRightHigh = right >= 0xd800 && right <= 0xdfff;
    if (isLeftHigh !== isRightHigh) return isLeftHigh ? 1 : -1;
    return left - right;
  }
  return a.length - b.length;
}

/** Turns a host's labels round, so that hosts of one site stand together in order: `www.example.com` → `com.example.www`. */
export function domainKey(domain: string): string {
  return domain.split('.').reverse().join('.');
}

/** Makes what departments are compared and sorted by. */
export function departmentKey(department: string): string {
  return department.normalize('NFC').toLowerCase();
}

/** The value that asks for any value at all. */
export const ANY = '*';
/** The value of `verdict` that stands for findings without one. */
export const ATTEMPT = 'attempt';

function testOf(term: QueryTerm, sourceOf: SourceOf): (finding: StandingFinding) => boolean {
  const holds = term.kind === 'word' ? wordTest(term.word) : fieldTest(term.field, term.values, sourceOf);
  return term.negated ? finding => !holds(finding) : holds;
}

function wordTest(word: string): (finding: StandingFinding) => boolean {
  const forms = wordForms(word);
  return finding =>
    [finding.domain, finding.urlPath, finding.entry].some(text => {
      const folded = foldAscii(text);
      return forms.some(form => folded.includes(form));
    });
}

function fieldTest(
  field: QueryField,
  values: readonly string[],
  sourceOf: SourceOf,
): (finding: StandingFinding) => boolean {
  const holds = valueTest(field, values);
  return finding => holds(valuesOf(finding, field, sourceOf));
}

/** Makes the test of what a field has: whether one of the values is there, as the field compares them. */
export function valueTest(
  field: QueryField,
  values: readonly string[],
): (found: readonly string[]) => boolean {
  const compare = comparisonOf(field);
  return found =>
    values.some(value => {
      if (value === ANY) return found.length > 0;
      return value !== '' && found.some(text => compare(text, value));
    });
}

function comparisonOf(field: QueryField): (text: string, value: string) => boolean {
  switch (field) {
    case 'id':
    case 'record':
    case 'subject':
    case 'client':
    case 'path':
      return (text, value) => text.startsWith(value);
    case 'domain':
      return (text, value) => text === value || text.endsWith(`.${value}`);
    case 'department':
      return (text, value) => departmentKey(text) === departmentKey(value);
    case 'status':
      return (text, value) =>
        STATUS_CLASS.test(value) ? text.length === 3 && text[0] === value[0] : text === value;
    default:
      return (text, value) => text === value;
  }
}

/** Tells a class of statuses such as `4xx`. */
export const STATUS_CLASS = /^[1-9]xx$/;

function valuesOf(finding: StandingFinding, field: QueryField, sourceOf: SourceOf): readonly string[] {
  switch (field) {
    case 'id':
      return [finding.id];
    case 'record':
      return [finding.recordId];
    case 'organization':
      return present(finding.tenant);
    case 'category':
      return present(finding.category);
    case 'class':
      return [finding.class];
    case 'verdict':
      return [finding.verdict ?? ATTEMPT];
    case 'type':
      return [finding.access];
    case 'outcome':
      return [finding.outcome];
    case 'department':
      return present(finding.department);
    case 'population':
      return [finding.population];
    case 'role':
      return finding.roles;
    case 'subject':
      return present(finding.subjectId);
    case 'kind':
      return [finding.subjectKind];
    case 'client':
      return present(finding.clientId);
    case 'domain':
      return present(finding.domain);
    case 'site':
      return present(finding.registeredDomain);
    case 'path':
      return present(finding.urlPath);
    case 'method':
      return present(finding.method);
    case 'status':
      return finding.status === 0 ? [] : [String(finding.status)];
    case 'list':
      return present(finding.list);
    case 'entry':
      return present(finding.entry);
    case 'exemption':
      return finding.exemptions;
    case 'statute':
      return finding.statutes;
    case 'via':
      return present(finding.via);
    case 'referrer':
      return [finding.referrer];
    case 'observer':
      return present(finding.observerName);
    case 'source':
      return present(sourceOf(finding.stream));
    default:
      return field satisfies never;
  }
}

function present(value: string | null): readonly string[] {
  return value === null || value === '' ? [] : [value];
}

type SortKey = string | number | null;

function sortKey(finding: StandingFinding, sort: SortField): SortKey {
  switch (sort) {
    case 'start':
      return finding.startMs;
    case 'category':
      return finding.category;
    case 'domain':
      return domainKey(finding.domain);
    case 'department':
      return departmentKey(finding.department);
    case 'subject':
      return finding.subjectId;
    case 'bytes':
      return finding.bytes;
    default:
      return sort satisfies never;
  }
}

function compareKeys(a: SortKey, b: SortKey): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return compareTexts(String(a), String(b));
}

/** Folds the case of ASCII letters only, as a store without Unicode tables does. */
export function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/g, upper => upper.toLowerCase());
}
