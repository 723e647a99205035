// The store in an Elasticsearch cluster as people write to it. In: lines of the ledger and later judgements; out: what
// every store gives. It takes no stream over, so that no worker is fenced by it.
// Invariant: the same calls give the same answers as the embedded store's desk (test/contract/desk.ts). What broke off
// comes right when the same is written again.
// Example: `await createElasticsearchDesk({ url: 'https://search.example:9200', auth, ca })`.
import type { DeskStore } from '../../../ports/desk-store.ts';
import { createBulk } from './bulk.ts';
import { type Connection, createConnection } from './connection.ts';
import {
  createElasticsearchStore,
  type ElasticsearchStoreOptions,
  PAGE_SIZE,
  PREFIX,
} from './elasticsearch-store.ts';
import { createFreshness, type Freshness } from './freshness.ts';
import { createIndexNames, type IndexNames } from './index-names.ts';
import { createJudgements } from './judgements.ts';
import { createKeptVersions } from './kept-versions.ts';
import { createKnownFindings } from './known-findings.ts';
import { createLedger } from './ledger.ts';
import { createMonths } from './months.ts';
import { requireAllClasses } from './readable-classes.ts';
import { createReviser } from './revise.ts';
import { createSearcher } from './search.ts';
import { setUp } from './set-up.ts';
import { createStandingFindings } from './standing-findings.ts';

export type ElasticsearchDeskOptions = Omit<ElasticsearchStoreOptions, 'mode' | 'seal'>;

/** Opens a store that is there, and brings it forward; throws STORE where there is none or the cluster refuses. */
export async function createElasticsearchDesk(options: ElasticsearchDeskOptions): Promise<DeskStore> {
  const names = createIndexNames(options.prefix ?? PREFIX);
  const reading = await createElasticsearchStore({ ...options, mode: 'read' });
  const connection = createConnection(options);
  const close = async () => {
    await Promise.all([connection.close(), reading.close()]);
  };
  try {
    await setUp(connection, names, { shards: options.shards ?? 1 });
  } catch (error) {
    await close();
    throw error;
  }
  const searcher = createSearcher(connection, options.pageSize ?? PAGE_SIZE);
  const freshness = createFreshness(connection);
  const common = { connection, names, searcher, freshness };
  const ledger = createLedger(common);
  const bulk = createBulk(connection, options.bulk);
  const revise = createReviser({
    ...common,
    bulk,
    known: createKnownFindings(common),
    months: createMonths(connection),
    judgements: createJudgements(connection, names),
    standing: createStandingFindings(common),
    versions: createKeptVersions({ ...common, bulk }),
  });
  return { ...readPartOf(reading), ...ledger, revise, catchUp: () => catchUp(common), close };
}

/** Lines of the ledger are searchable as soon as they are written, and all else is got by its id. */
async function catchUp({
  connection,
  names,
  freshness,
}: {
  connection: Connection;
  names: IndexNames;
  freshness: Freshness;
}): Promise<void> {
  await requireAllClasses(connection, names);
  await freshness.refresh(names.findings);
  const { usage, days, rejects, deadletters } = names.fixed;
  const counts = [usage, days, rejects, deadletters].join(',');
  // Named one by one: where a role lacks one of them, it is refused, and not passed over in silence.
  await connection.attempt(counts, () => connection.client.indices.refresh({ index: counts }));
}

/** Leaves out what only a worker does. */
function readPartOf(store: Awaited<ReturnType<typeof createElasticsearchStore>>) {
  const { takeOver, writeWindows, forgetSealed, retryDeadLetters, settleDeadLetters, sealed, ...reading } =
    store;
  return reading;
}
