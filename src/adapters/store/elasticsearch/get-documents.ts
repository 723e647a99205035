import type { Connection } from './connection.ts';
import { refused, typeOf } from './refusal.ts';

/** Reads documents by their ids, in order, as they stand now, refreshed or not; null for one that is not there. */
export async function getDocuments<T>(
  connection: Connection,
  index: string,
  ids: readonly string[],
): Promise<(T | null)[]> {
  if (ids.length === 0) return [];
  const { docs } = await connection.attempt(index, () => connection.client.mget<T>({ index, ids: [...ids] }));
  return docs.map(doc => {
    if ('error' in doc) throw refused(index, 404, typeOf(doc));
    return doc.found ? (doc._source ?? null) : null;
  });
}
