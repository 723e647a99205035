// The care of the store that the configuration names. In: the configuration; out: what makes the store, and what tells
// how it stands. Invariant: the place that is told holds no user name and no password.

import { storePath } from '../adapters/store/sqlite/open-database.ts';
import { createSqliteSetup, readSqliteStatus } from '../adapters/store/sqlite/sqlite-care.ts';
import type { Config, StoreConfig } from '../config/config.ts';
import type { StoreCare } from '../ports/store-care.ts';
import { clusterOf, PERSON_WAITS } from './open-store.ts';

/** Puts the care of a store together; `shown` writes a path as the user would. */
export function composeStoreCare(config: Config, shown: (path: string) => string): StoreCare {
  const { store, dataDir } = config;
  switch (store.kind) {
    case 'sqlite': {
      const path = storePath(dataDir);
      return {
        ...{ kind: 'sqlite', place: shown(path) },
        openSetup: async () => createSqliteSetup(path),
        readStatus: async () => readSqliteStatus(path),
      };
    }
    case 'elasticsearch':
      return {
        ...{ kind: 'elasticsearch', place: `indices ${store.prefix}-* at ${serversOf(store)}` },
        async openSetup() {
          const { createElasticsearchSetup } = await import(
            '../adapters/store/elasticsearch/elasticsearch-setup.ts'
          );
          return createElasticsearchSetup({ ...clusterOf(store), ...PERSON_WAITS });
        },
        async readStatus() {
          const { readElasticsearchStatus } = await import(
            '../adapters/store/elasticsearch/elasticsearch-status.ts'
          );
          return readElasticsearchStatus({ ...clusterOf(store), ...PERSON_WAITS });
        },
      };
    default:
      return store satisfies never;
  }
}

function serversOf({ url }: Extract<StoreConfig, { kind: 'elasticsearch' }>): string {
  return url.map(one => new URL(one).origin).join(', ');
}
