// The making of a store in a cluster, as an operator has it done: looked at part by part, then made. In: an account that
// may (config/elasticsearch/roles.yml, granska_setup); out: parts with their state. Invariant: looking changes nothing.
// Example: `const setup = createElasticsearchSetup({ url, auth, ca }); await setup.look()`.
import type { StorePart, StoreSetup } from '../../../ports/store-care.ts';
import { type Connection, createConnection } from './connection.ts';
import { type ElasticsearchStoreOptions, PREFIX } from './elasticsearch-store.ts';
import { createIndexNames, type IndexNames } from './index-names.ts';
import { checkVersion, makeParts, partsOf, readVersion, SCHEMA_VERSION } from './set-up.ts';

/** Creates the making of one store; nothing is sent yet. */
export function createElasticsearchSetup(options: Omit<ElasticsearchStoreOptions, 'mode'>): StoreSetup {
  const names = createIndexNames(options.prefix ?? PREFIX);
  const connection = createConnection(options);
  return {
    look: () => look(connection, names),
    async make() {
      const parts = await look(connection, names);
      await makeParts(connection, names, { shards: options.shards ?? 1, parts });
    },
    close: () => connection.close(),
  };
}

async function look(connection: Connection, names: IndexNames): Promise<StorePart[]> {
  const version = await readVersion(connection, names);
  checkVersion(version);
  const { components, templates, indices } = partsOf(names);
  const componentVersions = await componentsUnder(connection, names.prefix);
  const templateVersions = await templatesUnder(connection, names.prefix);
  const parts: StorePart[] = [
    ...components.map(name => partOf('component template', name, componentVersions)),
    ...templates.map(name => partOf('index template', name, templateVersions)),
  ];
  for (const name of indices) parts.push({ what: 'index', name, state: await indexState(connection, name) });
  const state = version === 0 ? 'missing' : version < SCHEMA_VERSION ? 'old' : 'there';
  parts.push({ what: 'schema', name: String(SCHEMA_VERSION), state });
  return parts;
}

/** Versions by name; null where the account may not look. */
type Versions = ReadonlyMap<string, number> | null;

function partOf(what: StorePart['what'], name: string, versions: Versions): StorePart {
  if (versions === null) return { what, name, state: 'unseen' };
  const version = versions.get(name);
  if (version === undefined) return { what, name, state: 'missing' };
  return { what, name, state: version < SCHEMA_VERSION ? 'old' : 'there' };
}

/** What is missing, or may not be seen, is an answer. */
const MAY_MISS: { ignore: number[]; meta: true } = { ignore: [403, 404], meta: true };

async function componentsUnder(connection: Connection, prefix: string): Promise<Versions> {
  const { statusCode, body } = await connection.attempt(`${prefix}-settings`, () =>
    connection.client.cluster.getComponentTemplate({ name: `${prefix}-*` }, MAY_MISS),
  );
  if (statusCode === 403) return null;
  const found = body.component_templates ?? [];
  return new Map(found.map(({ name, component_template: { version } }) => [name, version ?? 0]));
}

async function templatesUnder(connection: Connection, prefix: string): Promise<Versions> {
  const { statusCode, body } = await connection.attempt(`${prefix}-meta`, () =>
    connection.client.indices.getIndexTemplate({ name: `${prefix}-*` }, MAY_MISS),
  );
  if (statusCode === 403) return null;
  const found = body.index_templates ?? [];
  return new Map(found.map(({ name, index_template: { version } }) => [name, version ?? 0]));
}

async function indexState(connection: Connection, index: string): Promise<StorePart['state']> {
  const { statusCode } = await connection.attempt(index, () =>
    connection.client.indices.exists({ index }, MAY_MISS),
  );
  if (statusCode === 403) return 'unseen';
  return statusCode === 404 ? 'missing' : 'there';
}
