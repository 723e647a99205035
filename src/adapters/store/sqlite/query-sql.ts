// Query → SQL with bound values. What each condition means is said in `search/matches.ts`; this is the same in SQL,
// and the contract suite holds the two equal. No value is ever written into the SQL.
import type { Query, QueryField, QueryTerm, SortField } from '../../../model/query.ts';
import type { CategoryClass } from '../../../model/verdict.ts';
import { PROTECTED } from '../../../search/is-shown.ts';
import { ANY, ATTEMPT, departmentKey, domainKey, STATUS_CLASS } from '../../../search/matches.ts';
import { wordForms } from '../../../search/word-forms.ts';
import { FINDING_TABLES } from './finding-row.ts';

/** A condition or statement with the values of its `?`. */
export interface Sql {
  text: string;
  values: (string | number | Uint8Array)[];
}

/** Which findings are read: those that may be shown, or all that stand (§6.2). */
export type Scope = 'shown' | 'standing';

/** Makes the WHERE condition of a query for one class table. */
export function whereOf(query: Query, table: CategoryClass, scope: Scope): Sql {
  const parts: Sql[] = query.terms.map(term => termSql(term, table));
  if (scope === 'shown') parts.push(shownSql(table));
  if (query.fromMs !== null) parts.push({ text: 'start_ms >= ?', values: [query.fromMs] });
  if (query.toMs !== null) parts.push({ text: 'start_ms < ?', values: [query.toMs] });
  return all(parts);
}

/**
 * Leaves out what no reading shows. By number, from an index of these alone: nearly always there are none, and a count over
 * an index need not look at the rows.
 */
function shownSql(table: CategoryClass): Sql {
  const name = FINDING_TABLES[table];
  return { text: `no NOT IN (SELECT no FROM ${name} WHERE verdict = '${PROTECTED}')`, values: [] };
}

/** Makes the ORDER BY of a query. */
export function orderSql(query: Query): string {
  return `${SORT_COLUMNS[query.sort]} ${query.descending ? 'DESC' : 'ASC'}, id ASC`;
}

const SORT_COLUMNS: Readonly<Record<SortField, string>> = {
  start: 'start_ms',
  category: 'category',
  domain: 'domain_key',
  department: 'department_key',
  subject: 'subject',
  bytes: 'bytes',
};

const TRUE: Sql = { text: 'TRUE', values: [] };
const FALSE: Sql = { text: 'FALSE', values: [] };

function termSql(term: QueryTerm, table: CategoryClass): Sql {
  const holds = term.kind === 'word' ? wordSql(term.word) : fieldSql(term.field, term.values, table);
  // A comparison with NULL is NULL: the condition does not hold, so its negation does.
  return term.negated ? { text: `(${holds.text}) IS NOT TRUE`, values: holds.values } : holds;
}

// instr knows no wildcards, so that a `%` in a word is a `%`. lower folds ASCII only, which is all that a stored
// address has.
function wordSql(word: string): Sql {
  return any(
    wordForms(word).flatMap(form =>
      ['domain', 'path', 'entry'].map(column => ({ text: `instr(lower(${column}), ?) > 0`, values: [form] })),
    ),
  );
}

function fieldSql(field: QueryField, values: readonly string[], table: CategoryClass): Sql {
  if (field === 'class') return values.some(value => value === ANY || value === table) ? TRUE : FALSE;
  return any(values.map(value => (value === ANY ? anyValueSql(field) : valueSql(field, value))));
}

function valueSql(field: Exclude<QueryField, 'class'>, value: string): Sql {
  if (value === '') return FALSE;
  switch (field) {
    case 'id':
      return beginningOfId('id', value);
    case 'record':
      return beginningOfId('record', value);
    case 'subject':
    case 'client':
    case 'path':
      return beginning(field, value);
    case 'domain':
      return any([equal('domain_key', domainKey(value)), beginning('domain_key', `${domainKey(value)}.`)]);
    case 'department':
      return equal('department_key', departmentKey(value));
    case 'status':
      return statusSql(value);
    case 'verdict':
      return value === ATTEMPT ? { text: 'verdict IS NULL', values: [] } : equal('verdict', value);
    case 'role':
      return oneOf('roles', value);
    case 'exemption':
      return oneOf('exemptions', value);
    case 'statute':
      return oneOf('statutes', value);
    case 'source':
      return {
        text: 'stream IN (SELECT text.no FROM stream JOIN text ON text.value = stream.id WHERE stream.source = ?)',
        values: [value],
      };
    case 'organization':
    case 'category':
    case 'type':
    case 'outcome':
    case 'population':
    case 'kind':
    case 'site':
    case 'method':
    case 'list':
    case 'entry':
    case 'via':
    case 'observer':
    case 'referrer':
      return equal(COLUMNS[field], value);
    default:
      return field satisfies never;
  }
}

const COLUMNS = {
  organization: 'tenant',
  category: 'category',
  type: 'access',
  outcome: 'outcome',
  population: 'population',
  kind: 'subject_kind',
  site: 'site',
  method: 'method',
  list: 'list',
  entry: 'entry',
  via: 'via',
  observer: 'observer',
  referrer: 'referrer',
  department: 'department',
  subject: 'subject',
  client: 'client',
  domain: 'domain',
  path: 'path',
} as const;

/** Asks that a field have any value at all. */
function anyValueSql(field: Exclude<QueryField, 'class'>): Sql {
  switch (field) {
    case 'id':
    case 'record':
    case 'verdict':
      return TRUE;
    case 'status':
      return { text: 'status <> 0', values: [] };
    case 'role':
      return { text: "roles <> '[]'", values: [] };
    case 'exemption':
      return { text: "exemptions <> '[]'", values: [] };
    case 'statute':
      return { text: "statutes <> '[]'", values: [] };
    case 'source':
      return {
        text: "stream IN (SELECT text.no FROM stream JOIN text ON text.value = stream.id WHERE stream.source <> '')",
        values: [],
      };
    default:
      return { text: `${COLUMNS[field]} <> ''`, values: [] };
  }
}

function equal(column: string, value: string): Sql {
  return { text: `${column} = ?`, values: [value] };
}

function oneOf(column: string, value: string): Sql {
  return { text: `EXISTS (SELECT 1 FROM json_each(${column}) WHERE json_each.value = ?)`, values: [value] };
}

// The range lets an index find the beginning, the comparison decides.
function beginning(column: string, value: string): Sql {
  const range: Sql = { text: `${column} >= ?`, values: [value] };
  const after = textAfter(value);
  if (after !== null) {
    range.text += ` AND ${column} < ?`;
    range.values.push(after);
  }
  return {
    text: `(${range.text} AND substr(${column}, 1, ?) = ?)`,
    values: [...range.values, [...value].length, value],
  };
}

/** Gives the least text that sorts after all that begin with a text; null where there may be none. */
function textAfter(beginning: string): string | null {
  const signs = [...beginning];
  const last = signs.pop()!.codePointAt(0)!;
  const next = last + 1;
  const isText = next <= 0x10ffff && (next < 0xd800 || next > 0xdfff);
  return isText ? signs.join('') + String.fromCodePoint(next) : null;
}

function beginningOfId(column: string, value: string): Sql {
  if (!/^[0-9a-f]{1,32}$/.test(value)) return FALSE;
  const least = Buffer.from(value.padEnd(32, '0'), 'hex');
  const greatest = Buffer.from(value.padEnd(32, 'f'), 'hex');
  return { text: `(${column} BETWEEN ? AND ?)`, values: [least, greatest] };
}

function statusSql(value: string): Sql {
  if (STATUS_CLASS.test(value)) {
    const least = Number(value[0]) * 100;
    return { text: '(status BETWEEN ? AND ?)', values: [least, least + 99] };
  }
  const isNumber = String(Number(value)) === value && Number.isSafeInteger(Number(value));
  return isNumber && value !== '0' ? { text: 'status = ?', values: [Number(value)] } : FALSE;
}

function all(parts: readonly Sql[]): Sql {
  return parts.length === 0 ? TRUE : join(parts, ' AND ');
}

function any(parts: readonly Sql[]): Sql {
  return parts.length === 0 ? FALSE : join(parts, ' OR ');
}

function join(parts: readonly Sql[], operator: string): Sql {
  return {
    text: parts.length === 1 ? parts[0]!.text : `(${parts.map(part => part.text).join(operator)})`,
    values: parts.flatMap(part => part.values),
  };
}
