// A query: what `search` asks of a store, parsed. Both stores answer it alike (contract suite).

/** The fields that a query can name, each with the values it is compared with. */
export type QueryField =
  | 'id'
  | 'record'
  | 'organization'
  | 'category'
  | 'class'
  | 'verdict'
  | 'type'
  | 'outcome'
  | 'department'
  | 'population'
  | 'role'
  | 'subject'
  | 'kind'
  | 'client'
  | 'domain'
  | 'site'
  | 'path'
  | 'method'
  | 'status'
  | 'list'
  | 'entry'
  | 'exemption'
  | 'statute'
  | 'via'
  | 'referrer'
  | 'observer'
  | 'source';

/** One condition. `word` looks in domain, path and list entry; `domain` also covers the hosts under it. */
export type QueryTerm =
  | { kind: 'field'; field: QueryField; values: readonly string[]; negated: boolean }
  | { kind: 'word'; word: string; negated: boolean };

/** Fields that a search can be sorted by. */
export type SortField = 'start' | 'category' | 'domain' | 'department' | 'subject' | 'bytes';

/** Holds a parsed query. All terms must hold. Times are a half-open range of `event.start`. */
export interface Query {
  terms: readonly QueryTerm[];
  fromMs: number | null;
  toMs: number | null;
  sort: SortField;
  descending: boolean;
  /** Null for no limit. */
  limit: number | null;
}
