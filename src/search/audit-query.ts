// A query → what the audit chain may keep of it. Free text (a word, a host, a path) is hidden by a keyed hash: the same
// question is known again, and a name or a protected host that somebody typed does not come into the data folder
// (§3.6, §6.2). Values of closed vocabularies stay readable, and so do those of open ones (a category, a department, a
// pseudonym) where some finding has them: they stand in the data folder already.
import type { Query, QueryField, QueryTerm } from '../model/query.ts';
import { FIELDS } from './fields.ts';
import { ANY } from './matches.ts';
import { quoteValue } from './quote-value.ts';

export interface AuditQueryOptions {
  /** Hides a text by a keyed hash. */
  hide(text: string): string;
  /** Says whether some finding has the value. */
  isKnown(field: QueryField, value: string): boolean;
}

/** Writes a query for the audit chain. */
export function auditQuery(query: Query, options: AuditQueryOptions): Record<string, unknown> {
  return {
    terms: query.terms.map(term => auditTerm(term, options)),
    from: isoOrNull(query.fromMs),
    to: isoOrNull(query.toMs),
    sort: `${query.descending ? '-' : ''}${query.sort}`,
    limit: query.limit,
  };
}

function auditTerm(term: QueryTerm, options: AuditQueryOptions): string {
  const sign = term.negated ? '-' : '';
  if (term.kind === 'word') return `${sign}word:${options.hide(term.word)}`;
  const values = term.values.map(value =>
    isReadable(term.field, value, options) ? quoteValue(value) : options.hide(value),
  );
  return `${sign}${term.field}:${values.join(',')}`;
}

function isReadable(field: QueryField, value: string, options: AuditQueryOptions): boolean {
  if (value === ANY) return true;
  const { vocabulary } = FIELDS[field];
  return vocabulary === 'closed' || (vocabulary === 'open' && options.isKnown(field, value));
}

function isoOrNull(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}
