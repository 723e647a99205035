// Documents by their ids, as they stand now, refreshed or not. The server answers status 200 with an error per document
// where it has not opened an index yet: here that is waited for like any other busy server, so that no reader takes it
// for "not there". Invariant: what is told as not there was looked for.
// Example: `const [first] = await getDocuments<StreamDocument>(connection, 'granska-streams', [id])`.
import type { estypes } from '@elastic/elasticsearch';
import type { Connection } from './connection.ts';
import { cutShort, typeOf, unreadable } from './refusal.ts';

/** Which documents: of one index, or each of its own. */
export type Wanted = { ids: readonly string[]; _source?: false } | { docs: readonly Place[] };

interface Place {
  _index: string;
  _id: string;
}

/** What the server says of a document, in the order of what was wanted. */
export type Got<T> = estypes.GetGetResult<T>;

/** Reads what the server says of documents. */
export async function getMany<T>(connection: Connection, index: string, wanted: Wanted): Promise<Got<T>[]> {
  const count = 'ids' in wanted ? wanted.ids.length : wanted.docs.length;
  if (count === 0) return [];
  const asked = 'ids' in wanted ? { ...wanted, index, ids: [...wanted.ids] } : { docs: [...wanted.docs] };
  return connection.attempt(index, async () => {
    const { docs } = await connection.client.mget<T>(asked);
    if (docs?.length !== count) throw cutShort(index);
    return docs.map(doc => {
      if ('error' in doc) throw unreadable(doc._index, typeOf(doc));
      if (typeof doc.found !== 'boolean') throw cutShort(index);
      return doc;
    });
  });
}

/** Reads documents by their ids, in order; null for one that is not there. */
export async function getDocuments<T>(
  connection: Connection,
  index: string,
  ids: readonly string[],
): Promise<(T | null)[]> {
  const docs = await getMany<T>(connection, index, { ids });
  return docs.map(doc => (doc.found ? (doc._source ?? null) : null));
}

/** Reads one document; null where it, or its index, is not there. */
export async function getDocument<T>(connection: Connection, index: string, id: string): Promise<T | null> {
  return connection.attempt(index, async () => {
    const got = await connection.client.get<T>({ index, id }, { ignore: [404] });
    // Of an index that is not there the answer is an error. A proxy's own 404 is neither.
    const isToldMissing = typeOf(got) === 'index_not_found_exception';
    if (!isToldMissing && typeof got?.found !== 'boolean') throw cutShort(index);
    return got._source ?? null;
  });
}
