// The store in an Elasticsearch cluster, versions 8 and 9. In: batches, each written so that its positions come last and
// a repeat is harmless; out: findings as a query asks for them, streamed from one moment's state.
// Invariant: the same calls give the same answers as the embedded store (test/contract/store.ts), but a batch that broke
// off may be there in part until it is written again. It needs no script, no delete by query and nothing that is paid
// for. Example: `await createElasticsearchStore({ url: 'https://search.example:9200', mode: 'write', auth, ca })`.
import { GranskaError } from '../../../errors.ts';
import type { Store } from '../../../ports/store.ts';
import { type BulkOptions, createBulk } from './bulk.ts';
import { type ConnectionOptions, createConnection } from './connection.ts';
import { createFreshness, createNoFreshness } from './freshness.ts';
import { createIndexNames } from './index-names.ts';
import { createKnownFindings } from './known-findings.ts';
import { createStoreReader } from './read-store.ts';
import { createSearcher } from './search.ts';
import { checkThere, setUp } from './set-up.ts';
import { createBatchWriter } from './write-batch.ts';

export interface ElasticsearchStoreOptions extends ConnectionOptions {
  /** `write` makes what is missing; `read` needs a store that is there, and never asks for a refresh. */
  mode: 'read' | 'write';
  /** What all names begin with; `granska` unless set. */
  prefix?: string;
  /** Primary shards of each month of findings, when the store is made; 1 unless set. */
  shards?: number;
  bulk?: BulkOptions;
  /** Documents of one page of a search; 1,000 unless set. */
  pageSize?: number;
  /** Tells the time; the machine's unless set. */
  nowMs?(): number;
}

const PREFIX = 'granska';
const PAGE_SIZE = 1_000;

/** Opens the store; throws STORE where the cluster cannot be reached, refuses, or holds a newer store. */
export async function createElasticsearchStore(options: ElasticsearchStoreOptions): Promise<Store> {
  const names = createIndexNames(options.prefix ?? PREFIX);
  const connection = createConnection(options);
  const searcher = createSearcher(connection, options.pageSize ?? PAGE_SIZE);
  const freshness = options.mode === 'write' ? createFreshness(connection) : createNoFreshness();
  const reader = createStoreReader({ connection, names, searcher, freshness });
  const known = createKnownFindings({ connection, names, searcher, freshness });
  const bulk = createBulk(connection, options.bulk);
  const nowMs = options.nowMs ?? (() => Date.now());
  const writer = createBatchWriter({ connection, names, bulk, freshness, known, reader, nowMs });
  const oneByOne = createQueue();
  try {
    if (options.mode === 'write') await setUp(connection, names, { shards: options.shards ?? 1 });
    else await checkThere(connection, names);
  } catch (error) {
    await connection.close();
    throw error;
  }

  const needWriter = () => {
    if (options.mode === 'write') return;
    throw new GranskaError('STORE', `the store ${names.prefix} was opened for reading only`);
  };

  const { rejectDocuments: _, ...reads } = reader;
  return {
    ...reads,
    async streams(source, firstLine) {
      const states = await reader.streams(source, firstLine);
      known.forget(states.map(state => state.id));
      return states;
    },
    async write(batch) {
      needWriter();
      return oneByOne(() => writer.write(batch));
    },
    async forgetRejects(beforeMs) {
      needWriter();
      return oneByOne(() => writer.forgetRejects(beforeMs));
    },
    close: () => connection.close(),
  };
}

/** Makes what runs one write after the other: what is new in a batch depends on the one before. */
function createQueue(): <T>(run: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return run => {
    const next = last.then(run, run);
    last = next.catch(() => undefined);
    return next;
  };
}
