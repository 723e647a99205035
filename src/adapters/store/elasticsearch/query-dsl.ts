// Query → Elasticsearch DSL. What each condition means is said in `search/matches.ts`; this is the same in the server's
// words, and a property test over findings and queries by chance holds the two equal. Every part is a filter: nothing
// is scored.
import type { estypes } from '@elastic/elasticsearch';
import type { Query, QueryField, QueryTerm } from '../../../model/query.ts';
import { PROTECTED } from '../../../search/is-shown.ts';
import { ANY, ATTEMPT, departmentKey, domainKey, STATUS_CLASS } from '../../../search/matches.ts';
import { wordForms } from '../../../search/word-forms.ts';

export type Dsl = estypes.QueryDslQueryContainer;

/** The streams that were read under the sources that a term asks for. */
export type StreamsOf = (term: QueryTerm) => readonly string[];

/** Holds for what may be shown: all but what was taken back because its site is protected now (§6.2). */
export const SHOWN: Dsl = { bool: { must_not: [{ term: { 'granska.verdict': PROTECTED } }] } };

/** Makes the filter of a query over all that stands. */
export function filterOf(query: Query, streamsOf: StreamsOf): Dsl {
  const filter = query.terms.map(term => termDsl(term, streamsOf));
  const { fromMs, toMs } = query;
  if (fromMs !== null || toMs !== null) {
    const range = {
      ...(fromMs === null ? {} : { gte: fromMs }),
      ...(toMs === null ? {} : { lt: toMs }),
      format: 'epoch_millis',
    };
    filter.push({ range: { 'event.start': range } });
  }
  return filter.length === 0 ? EVERY : { bool: { filter } };
}

/** Makes the order of a query: what has no such field comes first, equals by id. */
export function sortOf(query: Query): estypes.SortCombinations[] {
  const order = query.descending ? 'desc' : 'asc';
  return [
    { [SORT_FIELDS[query.sort]]: { order, missing: missingOf(query) } },
    { 'event.id': { order: 'asc' } },
  ];
}

const SORT_FIELDS = {
  start: 'event.start',
  category: 'granska.category',
  domain: 'granska.sort.domain',
  department: 'granska.sort.department',
  subject: 'granska.subject.id',
  bytes: 'http.response.bytes',
} as const satisfies Record<Query['sort'], string>;

// Of a number that is missing, the server's own stand-in is greater than what JavaScript can hand back to it.
function missingOf(query: Query): string | number {
  if (query.sort === 'bytes') return -1;
  return query.descending ? '_last' : '_first';
}

const EVERY: Dsl = { match_all: {} };
const NONE: Dsl = { match_none: {} };

function termDsl(term: QueryTerm, streamsOf: StreamsOf): Dsl {
  const holds = term.kind === 'word' ? wordDsl(term.word) : fieldDsl(term, streamsOf);
  return term.negated ? not(holds) : holds;
}

// The server folds ASCII letters only, on both sides, which is all that a stored address has.
function wordDsl(word: string): Dsl {
  return any(
    wordForms(word).flatMap(form => {
      if (!form.isWellFormed()) return [];
      const value = `*${form.replace(/[\\*?]/g, '\\$&')}*`;
      return ['url.domain', 'url.path', 'rule.name'].map(
        (field): Dsl => ({ wildcard: { [field]: { value, case_insensitive: true } } }),
      );
    }),
  );
}

function fieldDsl(term: QueryTerm & { kind: 'field' }, streamsOf: StreamsOf): Dsl {
  if (term.field === 'source') return terms('granska.stream.id', streamsOf(term));
  const { field } = term;
  return any(
    term.values
      .filter(value => value.isWellFormed())
      .map(value => (value === ANY ? anyValue(field) : valueDsl(field, value))),
  );
}

function valueDsl(field: Exclude<QueryField, 'source'>, value: string): Dsl {
  if (value === '') return NONE;
  switch (field) {
    case 'id':
    case 'record':
    case 'subject':
    case 'client':
    case 'path':
      return beginning(FIELDS[field], value);
    case 'domain':
      return any([equal(FIELDS.domain, domainKey(value)), beginning(FIELDS.domain, `${domainKey(value)}.`)]);
    case 'department':
      return equal(FIELDS.department, departmentKey(value));
    case 'status':
      return statusDsl(value);
    case 'verdict':
      return value === ATTEMPT ? not(exists(FIELDS.verdict)) : equal(FIELDS.verdict, value);
    default:
      return equal(FIELDS[field], value);
  }
}

/** Asks that a field have any value at all. */
function anyValue(field: Exclude<QueryField, 'source'>): Dsl {
  if (field === 'verdict') return EVERY;
  if (field === 'status') return exists(FIELDS.status);
  // What ECS asks for is there even where it is empty.
  return { bool: { filter: [exists(FIELDS[field])], must_not: [equal(FIELDS[field], '')] } };
}

const FIELDS = {
  id: 'event.id',
  record: 'granska.record.id',
  organization: 'organization.name',
  category: 'granska.category',
  class: 'granska.class',
  verdict: 'granska.verdict',
  type: 'event.type',
  outcome: 'event.outcome',
  department: 'granska.sort.department',
  population: 'granska.population',
  role: 'user.roles',
  subject: 'granska.subject.id',
  kind: 'granska.subject_kind',
  client: 'granska.client.id',
  domain: 'granska.sort.domain',
  site: 'url.registered_domain',
  path: 'url.path',
  method: 'http.request.method',
  status: 'http.response.status_code',
  list: 'rule.ruleset',
  entry: 'rule.name',
  exemption: 'granska.exemptions',
  statute: 'granska.statutes',
  via: 'granska.via',
  referrer: 'granska.referrer',
  observer: 'observer.name',
} as const satisfies Record<Exclude<QueryField, 'source'>, string>;

function statusDsl(value: string): Dsl {
  if (STATUS_CLASS.test(value)) {
    const least = Number(value[0]) * 100;
    return { range: { [FIELDS.status]: { gte: least, lte: least + 99 } } };
  }
  const isNumber = String(Number(value)) === value && Number.isSafeInteger(Number(value));
  return isNumber ? { term: { [FIELDS.status]: Number(value) } } : NONE;
}

function equal(field: string, value: string): Dsl {
  return { term: { [field]: value } };
}

function beginning(field: string, value: string): Dsl {
  return { prefix: { [field]: value } };
}

function exists(field: string): Dsl {
  return { exists: { field } };
}

/** The server takes this many values in one list. */
const MAX_TERMS = 65_536;

function terms(field: string, values: readonly string[]): Dsl {
  const parts: Dsl[] = [];
  for (let start = 0; start < values.length; start += MAX_TERMS) {
    parts.push({ terms: { [field]: values.slice(start, start + MAX_TERMS) } });
  }
  return any(parts);
}

function not(dsl: Dsl): Dsl {
  return { bool: { must_not: [dsl] } };
}

function any(parts: readonly Dsl[]): Dsl {
  if (parts.length === 0) return NONE;
  return parts.length === 1 ? parts[0]! : { bool: { should: [...parts], minimum_should_match: 1 } };
}
