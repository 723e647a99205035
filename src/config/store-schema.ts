// The `store` section of `granska.yaml`: its schema, and the typed value with absolute paths.
// Invariant: no secret stands in the file; a key that would hold one does not exist.
// Example: `{ kind: elasticsearch, url: https://search.example:9200, apiKeyFile: /run/secrets/elastic }`
import { resolve } from 'node:path';
import { z } from 'zod';
import type { StoreAuth, StoreConfig } from './config.ts';
import { listOf, path, text } from './fields.ts';

const url = z.string().max(2000).refine(isServerUrl, {
  message: 'must be an http:// or https:// address that holds no user name, password or query',
});

const sqlite = z.strictObject({
  kind: z
    .literal('sqlite')
    .default('sqlite')
    .describe('where findings and counts go: a file in the data folder, or a cluster'),
});

const elasticsearch = z.strictObject({
  kind: z
    .literal('elasticsearch')
    .describe('where findings and counts go: a file in the data folder, or a cluster'),
  url: z
    .union([url, listOf(url)])
    .describe('address of a node, or of several: `https://search.example:9200`'),
  prefix: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,63}$/, {
      message: 'may hold lower-case letters, digits and _ only, and begins with a letter',
    })
    .default('granska')
    .describe('what the names of all indices begin with'),
  shards: z
    .int()
    .min(1)
    .max(1024)
    .default(1)
    .describe('primary shards of each month of findings, when the store is made'),
  username: text.optional().describe('user of the cluster'),
  passwordFile: path.optional().describe('file that holds the password of that user, and nothing else'),
  apiKeyFile: path.optional().describe('file that holds an API key, in place of user and password'),
  caFile: path
    .optional()
    .describe('PEM file of the authority that signed the servers; those that the system knows unless set'),
});

/** The schema of the `store` section. */
export const storeSchema = z.discriminatedUnion('kind', [sqlite, elasticsearch]);

/** Makes the typed store of a valid section; paths start from the file's folder. */
export function toStore(store: z.output<typeof storeSchema>, root: string): StoreConfig {
  switch (store.kind) {
    case 'sqlite':
      return { kind: 'sqlite' };
    case 'elasticsearch':
      return {
        kind: 'elasticsearch',
        url: [store.url].flat(),
        prefix: store.prefix,
        shards: store.shards,
        auth: toAuth(store, root),
        caFile: store.caFile === undefined ? null : resolve(root, store.caFile),
      };
    default:
      return store satisfies never;
  }
}

function toAuth(store: z.output<typeof elasticsearch>, root: string): StoreAuth {
  const { username, passwordFile, apiKeyFile } = store;
  if (apiKeyFile !== undefined) return { kind: 'apiKey', apiKeyFile: resolve(root, apiKeyFile) };
  if (username === undefined || passwordFile === undefined) return { kind: 'none' };
  return { kind: 'basic', username, passwordFile: resolve(root, passwordFile) };
}

/** A user name or a password in an address would be a secret in the file. */
function isServerUrl(value: string): boolean {
  if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) return false;
  const { username, password, search, hash } = new URL(value);
  return username + password + search + hash === '';
}
