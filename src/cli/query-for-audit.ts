// A query as the audit chain may keep it: values that findings have stand in the data folder already, others are hidden.
import type { Query, QueryField } from '../model/query.ts';
import type { ReadStore } from '../ports/store.ts';
import { auditQuery } from '../search/audit-query.ts';
import { FIELDS } from '../search/fields.ts';

/** Writes a query for the audit chain, asking the store which of its values are known. */
export async function queryForAudit(
  query: Query,
  { store, hide }: { store: Pick<ReadStore, 'search'>; hide(text: string): string },
): Promise<Record<string, unknown>> {
  const known = await knownValues(query, store);
  const isKnown = (field: QueryField, value: string) => known.has(`${field}:${value}`);
  return auditQuery(query, { hide, isKnown });
}

/** Finds the values of a query that some finding has, which therefore stand in the data folder already. */
async function knownValues(query: Query, store: Pick<ReadStore, 'search'>): Promise<Set<string>> {
  const known = new Set<string>();
  for (const term of query.terms) {
    if (term.kind === 'word' || FIELDS[term.field].vocabulary !== 'open') continue;
    for (const value of term.values) {
      const one = { ...term, values: [value], negated: false };
      const asked: Query = { ...query, terms: [one], fromMs: null, toMs: null, sort: 'start', limit: 1 };
      for await (const _ of store.search(asked)) known.add(`${term.field}:${value}`);
    }
  }
  return known;
}
