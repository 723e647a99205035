// The store that the configuration names, opened. In: `config.store`; out: what every store gives (`openReadStore`), or
// a store to write into, of one of two kinds (`openWriteStore`), with the place of the sealed texts that belong to it.
// Invariant: secrets are read here, from the files that are named, and nowhere kept; no error holds what they hold.
// Example: `const store = await openReadStore(config)`.
import { join } from 'node:path';
import { createSealedFiles } from '../adapters/rejects/sealed-files.ts';
import type { ElasticsearchStoreOptions } from '../adapters/store/elasticsearch/elasticsearch-store.ts';
import { storePath } from '../adapters/store/sqlite/open-database.ts';
import { createSqliteDesk } from '../adapters/store/sqlite/sqlite-desk.ts';
import { createSqliteStore } from '../adapters/store/sqlite/sqlite-store.ts';
import type { Config, StoreAuth, StoreConfig } from '../config/config.ts';
import type { DeskStore } from '../ports/desk-store.ts';
import type { SealedTexts } from '../ports/sealed-texts.ts';
import type { ReadStore, Store } from '../ports/store.ts';
import type { WindowStore } from '../ports/window-store.ts';
import { readCertificates, readSecretFile } from './secret-file.ts';

/** A store that is written, in transactions or window by window, and where its sealed texts lie. */
export type WriteStore =
  | { kind: 'transactions'; store: Store; sealed: SealedTexts }
  | { kind: 'windows'; store: WindowStore; sealed: SealedTexts };

/** What a store that is written needs of its worker. The embedded one needs none of it: it never waits for a server. */
export type WriteHooks = Pick<ElasticsearchStoreOptions, 'seal' | 'signal' | 'patience' | 'onEvent'>;

/** Folder of the sealed texts inside the data folder. */
export const SEALED_FOLDER = 'rejects';

/** A person waits for the answer: a server that is away is told of within seconds, one that is silent within minutes. */
export const PERSON_WAITS = { retry: { tries: 3, firstMs: 250, maxMs: 1_000 }, requestMs: 30_000 };

/** Opens the store for reading; throws STORE where there is none or it cannot be reached, KEYS for its secrets. */
export async function openReadStore(config: Config): Promise<ReadStore> {
  return (await openReadSealed(config)).store;
}

/** Opens the store for reading, and the place of its sealed texts; throws as `openReadStore` does. */
export async function openReadSealed(config: Config): Promise<{ store: ReadStore; sealed: SealedTexts }> {
  const { store } = config;
  switch (store.kind) {
    case 'sqlite':
      return {
        store: createSqliteStore({ path: storePath(config.dataDir), mode: 'read' }),
        sealed: sealedFiles(config),
      };
    case 'elasticsearch': {
      const { createElasticsearchStore } = await loadElasticsearchStore();
      const opened = await createElasticsearchStore({ ...clusterOf(store), ...PERSON_WAITS, mode: 'read' });
      return { store: opened, sealed: opened.sealed };
    }
    default:
      return store satisfies never;
  }
}

/** Opens the store as people write to it, beside any worker; throws as `openReadStore` does. */
export async function openDeskStore(config: Config): Promise<DeskStore> {
  const { store } = config;
  switch (store.kind) {
    case 'sqlite':
      return createSqliteDesk({ path: storePath(config.dataDir) });
    case 'elasticsearch': {
      const { createElasticsearchDesk } = await import(
        '../adapters/store/elasticsearch/elasticsearch-desk.ts'
      );
      return createElasticsearchDesk({ ...clusterOf(store), ...PERSON_WAITS });
    }
    default:
      return store satisfies never;
  }
}

/** Opens the store for writing, and makes what is missing; throws as `openReadStore` does. */
export async function openWriteStore(config: Config, hooks: WriteHooks): Promise<WriteStore> {
  const { store } = config;
  switch (store.kind) {
    case 'sqlite':
      return {
        kind: 'transactions',
        store: createSqliteStore({ path: storePath(config.dataDir), mode: 'write' }),
        sealed: sealedFiles(config),
      };
    case 'elasticsearch': {
      const { createElasticsearchStore } = await loadElasticsearchStore();
      const opened = await createElasticsearchStore({ ...clusterOf(store), ...hooks, mode: 'write' });
      return { kind: 'windows', store: opened, sealed: opened.sealed };
    }
    default:
      return store satisfies never;
  }
}

/** Loads the client of Elasticsearch only where that is the store: it has more files than all other packages together. */
function loadElasticsearchStore() {
  return import('../adapters/store/elasticsearch/elasticsearch-store.ts');
}

function sealedFiles({ dataDir }: Config): SealedTexts {
  return createSealedFiles({ folder: join(dataDir, SEALED_FOLDER) });
}

type Cluster = Pick<ElasticsearchStoreOptions, 'url' | 'prefix' | 'shards' | 'auth' | 'ca'>;

/** Gives how a cluster is reached; reads its secrets, and throws KEYS where they cannot be. */
export function clusterOf(store: Extract<StoreConfig, { kind: 'elasticsearch' }>): Cluster {
  const auth = authOf(store.auth);
  return {
    url: store.url,
    prefix: store.prefix,
    shards: store.shards,
    ...(auth === null ? {} : { auth }),
    ...(store.caFile === null ? {} : { ca: readCertificates('store.caFile', store.caFile) }),
  };
}

function authOf(auth: StoreAuth): NonNullable<Cluster['auth']> | null {
  switch (auth.kind) {
    case 'none':
      return null;
    case 'basic': {
      const password = readSecretFile('store.passwordFile', auth.passwordFile);
      return { kind: 'basic', username: auth.username, password };
    }
    case 'apiKey':
      return { kind: 'apiKey', key: readSecretFile('store.apiKeyFile', auth.apiKeyFile) };
    default:
      return auth satisfies never;
  }
}
