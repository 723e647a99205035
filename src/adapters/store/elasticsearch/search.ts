// Reads that may be long: hits in an order, page by page, and sums per value, page by page, each from one moment's
// state (a point in time) and none of it cut off.
import type { estypes } from '@elastic/elasticsearch';
import type { Connection } from './connection.ts';
import type { Dsl } from './query-dsl.ts';
import { cutShort } from './refusal.ts';

export interface SearchOptions {
  index: string;
  filter: Dsl;
  sort: estypes.SortCombinations[];
  limit: number | null;
}

export interface GroupOptions {
  index: string;
  filter: Dsl;
  /** Fields to group by, in order of the groups; what has none is a group too, its key null. */
  by: readonly string[];
  /** Fields to add up in each group. */
  sums?: readonly string[];
}

export interface Group {
  /** The values of `by`, in its order. */
  key: (string | number | null)[];
  count: number;
  /** The sums of `sums`, in its order. */
  sums: number[];
}

export interface Searcher {
  /** Gives hits in order, each with its id and document. */
  hits<T>(options: SearchOptions): AsyncIterable<{ id: string; document: T }>;
  groups(options: GroupOptions): AsyncIterable<Group>;
  /** Runs one search for its totals. */
  once(index: string, body: estypes.SearchRequest): Promise<estypes.SearchResponse>;
}

/** How long the server keeps the moment between two pages: people read slowly. */
const KEEP_ALIVE = '10m';

/** Creates the searcher of one connection. */
export function createSearcher(connection: Connection, pageSize: number): Searcher {
  const { client, attempt } = connection;

  async function once(index: string, body: estypes.SearchRequest): Promise<estypes.SearchResponse> {
    return attempt(index, async () =>
      whole(
        index,
        await client.search({
          index,
          ignore_unavailable: true,
          ...body,
          allow_partial_search_results: false,
        }),
      ),
    );
  }

  async function* atOneMoment<T>(index: string, run: (pit: string) => AsyncGenerator<T>): AsyncGenerator<T> {
    const opened = await attempt(index, async () => {
      const answer = await client.openPointInTime({
        index,
        keep_alive: KEEP_ALIVE,
        ignore_unavailable: true,
      });
      if (typeof answer.id !== 'string') throw cutShort(index);
      return answer;
    });
    try {
      yield* run(opened.id);
    } finally {
      // Whatever becomes of it: the server forgets it by itself in time.
      await client.closePointInTime({ id: opened.id }, { ignore: [404] }).catch(() => undefined);
    }
  }

  // The index is said by the point in time.
  const page = (index: string, body: estypes.SearchRequest) =>
    attempt(index, async () =>
      whole(index, await client.search({ ...body, allow_partial_search_results: false })),
    );

  async function* hitsOf<T>(options: SearchOptions, id: string): AsyncGenerator<{ id: string; document: T }> {
    let left = options.limit ?? Infinity;
    let after: estypes.SortResults | undefined;
    while (left > 0) {
      const size = Math.min(left, pageSize);
      const { hits } = await page(options.index, {
        pit: { id, keep_alive: KEEP_ALIVE },
        query: options.filter,
        sort: options.sort,
        size,
        track_total_hits: false,
        ...(after === undefined ? {} : { search_after: after }),
      });
      for (const hit of hits.hits) yield { id: hit._id!, document: hit._source as T };
      if (hits.hits.length < size) return;
      after = hits.hits.at(-1)!.sort!;
      left -= size;
    }
  }

  async function* groupsOf(options: GroupOptions, id: string): AsyncGenerator<Group> {
    const sources = options.by.map(field => ({ [field]: { terms: { field, missing_bucket: true } } }));
    const sums = options.sums ?? [];
    let after: Record<string, estypes.FieldValue> | undefined;
    while (true) {
      const { aggregations } = await page(options.index, {
        pit: { id, keep_alive: KEEP_ALIVE },
        query: options.filter,
        size: 0,
        track_total_hits: false,
        aggs: {
          groups: {
            composite: { size: pageSize, sources, ...(after === undefined ? {} : { after }) },
            ...(sums.length === 0 ? {} : { aggs: sumsOf(sums) }),
          },
        },
      });
      const { buckets, after_key } = (aggregations?.groups ?? { buckets: [] }) as Composite;
      for (const bucket of buckets) {
        yield {
          key: options.by.map(field => bucket.key[field] ?? null),
          count: bucket.doc_count,
          sums: sums.map(field => bucket[field]!.value),
        };
      }
      if (after_key === undefined || buckets.length < pageSize) return;
      after = after_key;
    }
  }

  return {
    once,
    hits: <T>(options: SearchOptions) => atOneMoment(options.index, id => hitsOf<T>(options, id)),
    groups: options => atOneMoment(options.index, id => groupsOf(options, id)),
  };
}

/** Every answer to a search has hits, none perhaps: one without is no answer. */
function whole(index: string, response: estypes.SearchResponse): estypes.SearchResponse {
  if (!Array.isArray(response.hits?.hits)) throw cutShort(index);
  return response;
}

interface Composite {
  buckets: ({ key: Record<string, string | number | null>; doc_count: number } & Record<
    string,
    { value: number }
  >)[];
  after_key?: Record<string, estypes.FieldValue>;
}

function sumsOf(fields: readonly string[]): Record<string, estypes.AggregationsAggregationContainer> {
  return Object.fromEntries(fields.map(field => [field, { sum: { field } }]));
}
