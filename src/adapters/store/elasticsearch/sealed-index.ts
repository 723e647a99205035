// Sealed texts as documents. Their dates lie in an index of their own: who keeps their bounds need not be able to read
// them, so that a worker can create and delete them and no more (config/elasticsearch/roles.yml).
// Invariant: a text has its date before it is there, so that none is without one.
import type { SealedTexts } from '../../../ports/sealed-texts.ts';
import { type Bulk, type BulkAction, requireAll } from './bulk.ts';
import type { Connection } from './connection.ts';
import type { Freshness } from './freshness.ts';
import { getDocument } from './get-documents.ts';
import type { IndexNames } from './index-names.ts';
import type { Searcher } from './search.ts';

export interface SealedIndexOptions {
  connection: Connection;
  names: IndexNames;
  bulk: Bulk;
  searcher: Searcher;
  freshness: Freshness;
  nowMs(): number;
}

/** Creates the sealed texts of one store. */
export function createSealedIndex(options: SealedIndexOptions): SealedTexts {
  const { connection, names, bulk, searcher, freshness } = options;
  const { sealed: texts, 'sealed-dates': dates } = names.fixed;

  const create = async (index: string, id: string, document: object) =>
    requireAll(await bulk([{ kind: 'create', index, id, document }]));

  return {
    place: `index ${texts} of Elasticsearch`,
    async write(name, sealed) {
      await create(dates, name, { name, written: options.nowMs() });
      // Under a name that is taken lies the same text, sealed before.
      await create(texts, name, { body: Buffer.from(sealed).toString('base64') });
    },
    async read(name) {
      const text = await getDocument<{ body: string }>(connection, texts, name);
      return text === null ? null : new Uint8Array(Buffer.from(text.body, 'base64'));
    },
    async remove(removed) {
      const from = (index: string): BulkAction[] => removed.map(id => ({ kind: 'delete', index, id }));
      requireAll(await bulk(from(texts)));
      requireAll(await bulk(from(dates)));
    },
    async olderThan(beforeMs) {
      await freshness.refresh(dates);
      const older = searcher.hits<{ name: string }>({
        index: dates,
        filter: { range: { written: { lt: beforeMs, format: 'epoch_millis' } } },
        sort: [{ name: 'asc' }],
        limit: null,
      });
      const found: string[] = [];
      for await (const { document } of older) found.push(document.name);
      return found;
    },
  };
}
