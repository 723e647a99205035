// Makes the store in a cluster: component and index templates, the fixed indices, and the number of the schema last,
// so that a store whose number is there is whole. Every step may be repeated, and by two at once.
import type { estypes } from '@elastic/elasticsearch';
import { GranskaError } from '../../../errors.ts';
import type { CategoryClass } from '../../../model/verdict.ts';
import type { Connection } from './connection.ts';
import { FIXED, type FixedIndex, type IndexNames } from './index-names.ts';
import { ECS_PROPERTIES, FIXED_PROPERTIES, GRANSKA_PROPERTIES } from './mappings.ts';

/** Number of the newest schema; each change of mappings adds 1. */
export const SCHEMA_VERSION = 2;
const SCHEMA_ID = 'schema';
const CLASSES: readonly CategoryClass[] = ['questionable', 'forbidden'];

export interface SetUpOptions {
  /** Primary shards of each month of findings. */
  shards: number;
}

/** Makes the store where it is missing; throws STORE where a newer Granska made it. */
export async function setUp(connection: Connection, names: IndexNames, options: SetUpOptions): Promise<void> {
  const version = await readVersion(connection, names);
  checkVersion(version);
  if (version === SCHEMA_VERSION) return;
  await putComponents(connection, names, options);
  await putTemplates(connection, names);
  await Promise.all(FIXED.map(name => createIndex(connection, names.fixed[name])));
  if (version > 0) await Promise.all(FIXED.map(name => bringForward(connection, names, name)));
  const index = names.fixed.meta;
  await connection.attempt(index, () =>
    connection.client.index({ index, id: SCHEMA_ID, document: { version: SCHEMA_VERSION } }),
  );
}

/** Makes sure that there is a store that this version can read. */
export async function checkThere(connection: Connection, names: IndexNames): Promise<void> {
  const version = await readVersion(connection, names);
  checkVersion(version);
  if (version > 0) return;
  throw new GranskaError('STORE', `there is no store under ${names.prefix} in the Elasticsearch cluster`, {
    hint: 'write to it first, or name the right prefix',
  });
}

/** Reads the number of the schema; 0 where there is no store. */
export async function readVersion(connection: Connection, names: IndexNames): Promise<number> {
  const index = names.fixed.meta;
  const got = await connection.attempt(index, () =>
    connection.client.get<{ version: number }>({ index, id: SCHEMA_ID }, { ignore: [404] }),
  );
  return got._source?.version ?? 0;
}

/** Creates an index from its template unless it is there. */
export async function createIndex(connection: Connection, index: string): Promise<void> {
  await connection.attempt(index, async () => {
    const answer = await connection.client.indices.create({ index }, { ignore: [400], meta: true });
    if (answer.statusCode !== 400) return;
    const { error } = answer.body as unknown as { error?: { type?: string } };
    if (error?.type === 'resource_already_exists_exception') return;
    throw new GranskaError(
      'STORE',
      `Elasticsearch refused to make ${index}: ${error?.type ?? 'no reason given'}`,
    );
  });
}

/** Adds the fields that an index lacks which an earlier version made; a field that is there stays as it is. */
async function bringForward(connection: Connection, names: IndexNames, name: FixedIndex): Promise<void> {
  const index = names.fixed[name];
  await connection.attempt(index, () =>
    connection.client.indices.putMapping({ index, properties: FIXED_PROPERTIES[name] }),
  );
}

function checkVersion(version: number): void {
  if (version <= SCHEMA_VERSION) return;
  throw new GranskaError('STORE', 'the store in Elasticsearch was made by a newer Granska', {
    hint: 'use the newer Granska, or another prefix',
  });
}

async function putComponents(
  connection: Connection,
  names: IndexNames,
  options: SetUpOptions,
): Promise<void> {
  const { prefix } = names;
  const components: Record<string, estypes.IndicesIndexState> = {
    [`${prefix}-settings`]: { settings: { 'index.auto_expand_replicas': '0-1' } },
    [`${prefix}-ecs`]: {
      settings: { 'index.number_of_shards': options.shards },
      mappings: { dynamic: 'strict', properties: ECS_PROPERTIES },
    },
    [`${prefix}-granska`]: { mappings: { dynamic: 'strict', properties: GRANSKA_PROPERTIES } },
  };
  await Promise.all(
    Object.entries(components).map(([name, template]) =>
      connection.attempt(name, () =>
        connection.client.cluster.putComponentTemplate({ name, template, version: SCHEMA_VERSION }),
      ),
    ),
  );
}

async function putTemplates(connection: Connection, names: IndexNames): Promise<void> {
  const { prefix } = names;
  const put = (name: string, template: Omit<estypes.IndicesPutIndexTemplateRequest, 'name'>) =>
    connection.attempt(name, () =>
      connection.client.indices.putIndexTemplate({
        name,
        priority: PRIORITY,
        version: SCHEMA_VERSION,
        ...template,
      }),
    );
  const ofClasses = CLASSES.map(category =>
    put(names.classAlias(category), {
      index_patterns: [names.classPattern(category)],
      composed_of: [`${prefix}-settings`, `${prefix}-ecs`, `${prefix}-granska`],
      template: { aliases: { [names.alias]: {}, [names.classAlias(category)]: {} } },
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
