// Makes the store in a cluster: component and index templates, the fixed indices, and the number of the schema last,
// so that a store whose number is there is whole. Every step may be repeated, and by two at once.
import { errors, type estypes } from '@elastic/elasticsearch';
import { GranskaError } from '../../../errors.ts';
import { CATEGORY_CLASSES, type CategoryClass } from '../../../model/verdict.ts';
import type { StorePart } from '../../../ports/store-care.ts';
import type { Connection } from './connection.ts';
import { getDocument } from './get-documents.ts';
import { FIXED, type FixedIndex, type IndexNames } from './index-names.ts';
import { ECS_PROPERTIES, FIXED_PROPERTIES, GRANSKA_PROPERTIES } from './mappings.ts';
import { type Dsl, SHOWN } from './query-dsl.ts';
import { typeOf } from './refusal.ts';

/** Number of the newest schema; each change of mappings, or of what a verdict may be, adds 1. */
export const SCHEMA_VERSION = 3;
const SCHEMA_ID = 'schema';

export interface SetUpOptions {
  /** Primary shards of each month of findings. */
  shards: number;
}

/** Makes the store where its number is missing or old; throws STORE where a newer Granska made it. */
export async function setUp(connection: Connection, names: IndexNames, options: SetUpOptions): Promise<void> {
  const version = await readVersion(connection, names);
  checkVersion(version);
  if (version === SCHEMA_VERSION) return;
  await make(connection, names, { ...options, version, isNeeded: () => true });
}

/** Makes what is missing of the store, though its number may be there; throws as `setUp` does. */
export async function makeParts(
  connection: Connection,
  names: IndexNames,
  options: SetUpOptions & { parts: readonly StorePart[] },
): Promise<void> {
  const version = await readVersion(connection, names);
  checkVersion(version);
  // Who may not look may not make either. Where the number is there, so is what was not seen.
  const isNeeded = (what: StorePart['what'], name: string) => {
    const state = options.parts.find(part => part.what === what && part.name === name)?.state;
    return state !== 'there' && (state !== 'unseen' || version < SCHEMA_VERSION);
  };
  await make(connection, names, { ...options, version, isNeeded });
}

interface Making extends SetUpOptions {
  /** Number of the schema that is there; 0 for none. */
  version: number;
  isNeeded(what: StorePart['what'], name: string): boolean;
}

async function make(connection: Connection, names: IndexNames, making: Making): Promise<void> {
  await putComponents(connection, names, making);
  await putTemplates(connection, names, making);
  const missing = Object.values(names.fixed).filter(name => making.isNeeded('index', name));
  await Promise.all(missing.map(name => createIndex(connection, name)));
  if (making.version === SCHEMA_VERSION) return;
  if (making.version > 0) {
    await Promise.all(FIXED.map(name => bringForward(connection, names, name)));
    await bringMonthsForward(connection, names);
    await filterAliases(connection, names);
  }
  const index = names.fixed.meta;
  await connection.attempt(index, () =>
    connection.client.index({ index, id: SCHEMA_ID, document: { version: SCHEMA_VERSION } }),
  );
}

/** Names what the store is made of, but for its number; months of findings are made when their first finding comes. */
export function partsOf(names: IndexNames): { components: string[]; templates: string[]; indices: string[] } {
  const indices = Object.values(names.fixed);
  return {
    components: ['settings', 'ecs', 'granska'].map(name => `${names.prefix}-${name}`),
    templates: [...CATEGORY_CLASSES.map(category => names.classAlias(category)), ...indices],
    indices,
  };
}

/** Makes sure that there is a store that this version can read; gives the number of its schema. */
export async function checkThere(connection: Connection, names: IndexNames): Promise<number> {
  const version = await readVersion(connection, names);
  checkVersion(version);
  if (version > 0) return version;
  throw new GranskaError('STORE', `there is no store under ${names.prefix} in the Elasticsearch cluster`, {
    hint: 'make it (granska store setup) or write to it first, or name the right prefix',
  });
}

/** Reads the number of the schema; 0 where there is no store. */
export async function readVersion(connection: Connection, names: IndexNames): Promise<number> {
  const schema = await getDocument<{ version: number }>(connection, names.fixed.meta, SCHEMA_ID);
  return schema?.version ?? 0;
}

/** Creates an index from its template unless it is there; a cluster that is full of shards is waited for (§9.7). */
export async function createIndex(connection: Connection, index: string): Promise<void> {
  await connection.attempt(index, async () => {
    try {
      await connection.client.indices.create({ index });
    } catch (error) {
      const isThere = error instanceof errors.ResponseError && typeOf(error.body) === ALREADY_THERE;
      if (!isThere) throw error;
    }
  });
}

const ALREADY_THERE = 'resource_already_exists_exception';

/** Adds the fields that an index lacks which an earlier version made; a field that is there stays as it is. */
async function bringForward(connection: Connection, names: IndexNames, name: FixedIndex): Promise<void> {
  const index = names.fixed[name];
  await connection.attempt(index, () =>
    connection.client.indices.putMapping({ index, properties: FIXED_PROPERTIES[name] }),
  );
}

/** Does the same with the months that there are: a finding with a field that its month lacks would be refused. */
async function bringMonthsForward(connection: Connection, names: IndexNames): Promise<void> {
  const index = names.findings;
  await connection.attempt(index, () =>
    connection.client.indices.putMapping({
      index,
      // There may be none yet.
      allow_no_indices: true,
      properties: { ...ECS_PROPERTIES, ...GRANSKA_PROPERTIES },
    }),
  );
}

/** Lets the aliases of months that an earlier version made leave out what no reading shows. */
async function filterAliases(connection: Connection, names: IndexNames): Promise<void> {
  const { client } = connection;
  const months = await connection.attempt(names.findings, () =>
    client.indices.get({ index: names.findings }),
  );
  const actions = CATEGORY_CLASSES.flatMap(category => {
    const own = Object.keys(months).filter(index => index.startsWith(`${names.classAlias(category)}-`));
    return Object.entries(aliasesOf(names, category)).flatMap(([alias, { filter }]) =>
      own.map(index => ({ add: { index, alias, filter } })),
    );
  });
  if (actions.length === 0) return;
  await connection.attempt(names.alias, () => client.indices.updateAliases({ actions }));
}

/** The aliases of a class, which people and dashboards read by: they show no more than the program does (§6.2). */
function aliasesOf(names: IndexNames, category: CategoryClass): Record<string, { filter: Dsl }> {
  return { [names.alias]: { filter: SHOWN }, [names.classAlias(category)]: { filter: SHOWN } };
}

/** Throws STORE where a newer Granska made the store. */
export function checkVersion(version: number): void {
  if (version <= SCHEMA_VERSION) return;
  throw new GranskaError('STORE', 'the store in Elasticsearch was made by a newer Granska', {
    hint: 'use the newer Granska, or another prefix',
  });
}

async function putComponents(
  connection: Connection,
  names: IndexNames,
  { shards, isNeeded }: Making,
): Promise<void> {
  const { prefix } = names;
  const components: Record<string, estypes.IndicesIndexState> = {
    [`${prefix}-settings`]: { settings: { 'index.auto_expand_replicas': '0-1' } },
    [`${prefix}-ecs`]: {
      settings: { 'index.number_of_shards': shards },
      mappings: { dynamic: 'strict', properties: ECS_PROPERTIES },
    },
    [`${prefix}-granska`]: { mappings: { dynamic: 'strict', properties: GRANSKA_PROPERTIES } },
  };
  await Promise.all(
    Object.entries(components)
      .filter(([name]) => isNeeded('component template', name))
      .map(([name, template]) =>
        connection.attempt(name, () =>
          connection.client.cluster.putComponentTemplate({ name, template, version: SCHEMA_VERSION }),
        ),
      ),
  );
}

async function putTemplates(connection: Connection, names: IndexNames, { isNeeded }: Making): Promise<void> {
  const { prefix } = names;
  const put = async (name: string, template: Omit<estypes.IndicesPutIndexTemplateRequest, 'name'>) => {
    if (!isNeeded('index template', name)) return;
    await connection.attempt(name, () =>
      connection.client.indices.putIndexTemplate({
        name,
        priority: PRIORITY,
        version: SCHEMA_VERSION,
        ...template,
      }),
    );
  };
  const ofClasses = CATEGORY_CLASSES.map(category =>
    put(names.classAlias(category), {
      index_patterns: [names.classPattern(category)],
      composed_of: [`${prefix}-settings`, `${prefix}-ecs`, `${prefix}-granska`],
      template: { aliases: aliasesOf(names, category) },
    }),
  );
  const ofOthers = FIXED.map(name =>
    put(names.fixed[name], {
      index_patterns: [names.fixed[name]],
      composed_of: [`${prefix}-settings`],
      template: { mappings: { dynamic: 'strict', properties: FIXED_PROPERTIES[name] } },
    }),
  );
  await Promise.all([...ofClasses, ...ofOthers]);
}

/** Above the templates that come with the server. */
const PRIORITY = 500;
