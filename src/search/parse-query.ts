// What somebody typed → a query. In: text such as `category:gambling,drugs -verdict:exempt department:"Barn och
// utbildning" casino`; out: a Query whose terms must all hold. Invariant: nothing is guessed: what is no field, no
// value of a closed field or no whole quote is refused with its place, and without repeating it, for it may be a
// name. Example: `domain:example[.]com` → the host.
//
//   field:value        the finding's field is the value (what that means for each field: search/matches.ts)
//   field:a,b          one of the values            field:*   any value at all
//   -field:value       not; also where the finding has no such field
//   word               a part of domain, path or list entry; -word: no part
//   "two words"        quotes keep spaces, commas and colons; \" and \\ inside them are a quote and a backslash
// The same field twice asks for both: `role:a role:b`.
import { readInstant } from '../calendar/instant.ts';
import { isDay, type Zone } from '../calendar/zone.ts';
import { GranskaError } from '../errors.ts';
import type { Query, QueryField, QueryTerm, SortField } from '../model/query.ts';
import { refang } from '../url/defang.ts';
import { suggest } from '../words/nearest.ts';
import { canonicalValue, FIELDS, isField } from './fields.ts';
import { splitQuery, type Token } from './split-query.ts';

export interface QueryOptions {
  zone: Zone;
  /** Local day or instant from which on; null for no bound. */
  from?: string | null;
  /** Local day up to and including which, or instant up to which; null for no bound. */
  to?: string | null;
  /** Sort field, with `-` before it for descending; `-start` unless given. */
  sort?: string | null;
  limit?: number | null;
}

/** More values than anybody types; a store's statement has bounds of its own. */
const MAX_VALUES = 200;

/** Reads a query; throws QUERY with the place of the mistake. */
export function parseQuery(text: string, options: QueryOptions): Query {
  const terms = splitQuery(text).map(readTerm);
  const values = terms.reduce((sum, term) => sum + (term.kind === 'word' ? 1 : term.values.length), 0);
  if (values > MAX_VALUES) {
    throw new GranskaError('QUERY', `the query asks for ${values} values; ${MAX_VALUES} is the most`, {
      hint: 'ask several times',
    });
  }
  const fromMs = readBound(options.from ?? null, 'from', options.zone);
  const toMs = readBound(options.to ?? null, 'to', options.zone);
  if (fromMs !== null && toMs !== null && fromMs >= toMs) {
    throw new GranskaError('QUERY', '--from is not before --to', { hint: 'the days of both are in it' });
  }
  return { terms, fromMs, toMs, ...readSort(options.sort ?? '-start'), limit: options.limit ?? null };
}

function readTerm(token: Token): QueryTerm {
  const { negated } = token;
  if (token.field === null) {
    return { kind: 'word', word: canonicalWord(token.values[0]!.text), negated };
  }
  const { field } = token;
  if (!isField(field)) {
    throw new GranskaError('QUERY', `no field has the name at sign ${token.at + 1} of the query`, {
      hint: `${suggest(field, Object.keys(FIELDS))}; to search for the text itself, put it in quotes`,
    });
  }
  return { kind: 'field', field, values: readValues(field, token), negated };
}

function readValues(field: QueryField, token: Token): string[] {
  const values = token.values.map(value => {
    const found = canonicalValue(field, value.text);
    if (found !== null) return found;
    const { known, form } = FIELDS[field];
    throw new GranskaError('QUERY', `the value at sign ${value.at + 1} of the query is no ${field}`, {
      hint: known === undefined ? form : suggest(value.text, known),
    });
  });
  return [...new Set(values)];
}

/** A word may be pasted from a table, where addresses are shown defanged. */
function canonicalWord(word: string): string {
  return refang(word).replace(/^(?:https?|ftp):\/\/(?=.)/i, '');
}

/** Reads `--from` or `--to` as the bound of a half-open range. */
function readBound(text: string | null, side: 'from' | 'to', zone: Zone): number | null {
  if (text === null || text.trim() === '') return null;
  const written = text.trim();
  const day = side === 'to' && isDay(written) ? zone.nextDay(written) : written;
  const atMs = readInstant(day, zone);
  if (!Number.isNaN(atMs)) return atMs;
  throw new GranskaError('QUERY', `--${side} is no day and no time`, {
    hint: `write a local day (2026-10-31), a local time (2026-10-31T08:00) or an instant (2026-10-31T08:00Z)`,
  });
}

const SORT_FIELDS: readonly SortField[] = ['start', 'category', 'domain', 'department', 'subject', 'bytes'];

function readSort(text: string): { sort: SortField; descending: boolean } {
  const descending = text.startsWith('-');
  const name = descending ? text.slice(1) : text;
  const sort = SORT_FIELDS.find(field => field === name);
  if (sort !== undefined) return { sort, descending };
  throw new GranskaError('QUERY', 'nothing is sorted by what --sort names', {
    hint: `${suggest(name, SORT_FIELDS)}; - before the field turns the order round`,
  });
}
