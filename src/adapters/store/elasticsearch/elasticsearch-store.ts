// The store in an Elasticsearch cluster, versions 8 and 9. In: windows of streams that were taken over, each written so
// that its stream's position comes last and a repeat is harmless; out: findings as a query asks for them, streamed from
// one moment's state.
// Invariant: the same calls give the same answers as the embedded store (test/contract/store.ts), but a window that broke
// off may be there in part until it is done again (test/contract/window-store.ts). It needs no script, no delete by query
// and nothing that is paid for.
// Example: `await createElasticsearchStore({ url: 'https://search.example:9200', mode: 'write', auth, ca, seal })`.
import { GranskaError } from '../../../errors.ts';
import type { SealedTexts } from '../../../ports/sealed-texts.ts';
import type { WindowStore } from '../../../ports/window-store.ts';
import { type BulkOptions, createBulk } from './bulk.ts';
import { type Connection, type ConnectionOptions, createConnection } from './connection.ts';
import { createCumulativeCounts } from './cumulative-counts.ts';
import { createDeadLetters } from './dead-letters.ts';
import { createFence } from './fence.ts';
import { createFreshness, createNoFreshness } from './freshness.ts';
import { createIndexNames, type IndexNames } from './index-names.ts';
import { createKeptVersions } from './kept-versions.ts';
import { createKnownFindings } from './known-findings.ts';
import { createMonths } from './months.ts';
import { createStoreReader } from './read-store.ts';
import { createSealedIndex } from './sealed-index.ts';
import { createSealedRows } from './sealed-rows.ts';
import { createSearcher } from './search.ts';
import { checkThere, setUp } from './set-up.ts';
import { createWindowContent } from './window-content.ts';
import { createWindowWriter } from './write-windows.ts';

export interface ElasticsearchStoreOptions extends ConnectionOptions {
  /** `write` makes what is missing; `read` needs a store that is there, and never asks for a refresh. */
  mode: 'read' | 'write';
  /** What all names begin with; `granska` unless set. */
  prefix?: string;
  /** Primary shards of each month of findings, when the store is made; 1 unless set. */
  shards?: number;
  /** Seals documents that are refused for good; without it, the first of them is a STORE error. */
  seal?(plain: Uint8Array): Promise<Uint8Array>;
  bulk?: BulkOptions;
  /** Documents of one page of a search; 1,000 unless set. */
  pageSize?: number;
  /** Tells the time; the machine's unless set. */
  nowMs?(): number;
}

export type ElasticsearchStore = WindowStore & { sealed: SealedTexts };

/** What all names begin with unless something else is set. */
export const PREFIX = 'granska';
/** Documents of one page of a search unless something else is set. */
export const PAGE_SIZE = 1_000;

/** Opens the store; throws STORE where the cluster cannot be reached, refuses, or holds a newer store. */
export async function createElasticsearchStore(
  options: ElasticsearchStoreOptions,
): Promise<ElasticsearchStore> {
  const names = createIndexNames(options.prefix ?? PREFIX);
  const connection = createConnection(options);
  try {
    if (options.mode === 'write') await setUp(connection, names, { shards: options.shards ?? 1 });
    else await checkThere(connection, names);
  } catch (error) {
    await connection.close();
    throw error;
  }
  return assemble(options, { names, connection });
}

function assemble(
  options: ElasticsearchStoreOptions,
  { names, connection }: { names: IndexNames; connection: Connection },
): ElasticsearchStore {
  const searcher = createSearcher(connection, options.pageSize ?? PAGE_SIZE);
  const freshness = options.mode === 'write' ? createFreshness(connection) : createNoFreshness();
  const bulk = createBulk(connection, options.bulk);
  const nowMs = options.nowMs ?? (() => Date.now());
  const seal = options.seal ?? null;
  const common = { connection, names, searcher, freshness, bulk, nowMs };
  const reader = createStoreReader(common);
  const rows = createSealedRows(common);
  const sealed = createSealedIndex(common);
  const known = createKnownFindings(common);
  const counts = createCumulativeCounts(connection, names);
  const months = createMonths(connection);
  const letters = createDeadLetters({ ...common, known, months, rows, sealed, seal });
  const content = createWindowContent({ ...common, known, counts, months, letters, rows, reader });
  const fence = createFence(connection, names.fixed.streams);
  const versions = createKeptVersions(common);
  const writer = createWindowWriter({ ...common, fence, known, counts, content, versions });
  const oneByOne = createQueue();

  /** Runs one write after the other: what is new in a window depends on the one before. */
  async function write<T>(run: () => Promise<T>): Promise<T> {
    if (options.mode === 'write') return oneByOne(run);
    throw new GranskaError('STORE', `the store ${names.prefix} was opened for reading only`);
  }

  return {
    ...reader,
    rejects: rows.rejects,
    deadLetters: rows.deadLetters,
    takeOver: ids => write(() => writer.takeOver(ids)),
    writeWindows: batch => write(() => writer.writeWindows(batch)),
    forgetSealed: beforeMs => write(() => rows.forgetSealed(beforeMs)),
    retryDeadLetters: refused => write(() => letters.retryDeadLetters(refused)),
    settleDeadLetters: files => write(() => letters.settleDeadLetters(files)),
    sealed,
    close: () => connection.close(),
  };
}

function createQueue(): <T>(run: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return run => {
    const next = last.then(run, run);
    last = next.catch(() => undefined);
    return next;
  };
}
