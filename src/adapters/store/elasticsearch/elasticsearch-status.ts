// How a store in a cluster stands, in numbers that the server adds up. In: an account that reads; out: counts and
// positions, no finding. What the account may not read is not counted.
// Example: `await readElasticsearchStatus({ url, auth, ca })`.
import type { CategoryClass } from '../../../model/verdict.ts';
import type { StoreStatus, StreamPlace, Waiting } from '../../../ports/store-care.ts';
import { createConnection } from './connection.ts';
import { type ElasticsearchStoreOptions, PAGE_SIZE, PREFIX } from './elasticsearch-store.ts';
import { createIndexNames } from './index-names.ts';
import { SHOWN } from './query-dsl.ts';
import { totalOf } from './read-store.ts';
import { createSearcher } from './search.ts';
import { checkThere } from './set-up.ts';
import type { StreamDocument } from './stream-document.ts';

/** Reads the numbers; throws STORE where there is no store, or the cluster cannot be reached. */
export async function readElasticsearchStatus(
  options: Omit<ElasticsearchStoreOptions, 'mode'>,
): Promise<StoreStatus> {
  const names = createIndexNames(options.prefix ?? PREFIX);
  const connection = createConnection(options);
  const searcher = createSearcher(connection, options.pageSize ?? PAGE_SIZE);
  const { fixed } = names;

  async function streams(): Promise<StreamPlace[]> {
    const found = searcher.hits<StreamDocument>({
      index: fixed.streams,
      filter: { bool: { must_not: [{ term: { source: '' } }] } },
      sort: [{ source: 'asc' }, { ordinal: 'asc' }, { id: 'asc' }],
      limit: null,
    });
    const places: StreamPlace[] = [];
    for await (const { document } of found) {
      const { id, source, ordinal, position } = document;
      places.push({ id, source, ordinal, position });
    }
    return places;
  }

  async function newestHour(): Promise<number | null> {
    const aggs = { newest: { max: { field: 'hour' } } };
    return numberOf(await searcher.once(fixed.usage, { size: 0, aggs }), 'newest');
  }

  async function findings(category: CategoryClass): Promise<number> {
    const body = { query: SHOWN, size: 0, track_total_hits: true };
    return totalOf((await searcher.once(names.classPattern(category), body)).hits.total);
  }

  async function waiting(index: string, field: 'rejected' | 'refused'): Promise<Waiting> {
    const aggs = { count: { sum: { field: 'count' } }, since: { min: { field } } };
    const answer = await searcher.once(index, { size: 0, aggs });
    return { count: numberOf(answer, 'count') ?? 0, sinceMs: numberOf(answer, 'since') };
  }

  try {
    return {
      schemaVersion: await checkThere(connection, names),
      streams: await streams(),
      newestHourMs: await newestHour(),
      findings: { questionable: await findings('questionable'), forbidden: await findings('forbidden') },
      rejects: await waiting(fixed.rejects, 'rejected'),
      deadLetters: await waiting(fixed.deadletters, 'refused'),
    };
  } finally {
    await connection.close();
  }
}

/** Gives a sum of an answer; null where there was nothing to sum. */
function numberOf({ aggregations }: { aggregations?: unknown }, name: string): number | null {
  const sums = (aggregations ?? {}) as Record<string, { value?: number | null } | undefined>;
  return sums[name]?.value ?? null;
}
