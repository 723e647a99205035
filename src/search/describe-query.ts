import type { Query, QueryTerm } from '../model/query.ts';
import { quoteValue } from './quote-value.ts';

/** Writes the terms of a query as they could have been typed; `parseQuery` reads the same terms back. */
export function describeQuery(query: Query): string {
  return query.terms.map(describeTerm).join(' ');
}

function describeTerm(term: QueryTerm): string {
  const sign = term.negated ? '-' : '';
  if (term.kind === 'word') return sign + quoteValue(term.word);
  return `${sign}${term.field}:${term.values.map(quoteValue).join(',')}`;
}
