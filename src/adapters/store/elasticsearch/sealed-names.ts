// Names under seal → documents: an envelope once, and who lies in it. A name that is sealed already stays under its first
// envelope; an envelope of nobody is not stored. Who has a name is written last: a name that is known can be opened.
import { createHash } from 'node:crypto';
import type { SealedNames } from '../../../ports/store.ts';
import type { BulkAction } from './bulk.ts';
import type { IndexNames } from './index-names.ts';

/** Names that have no envelope yet, and the one that they came in. */
export interface FreshNames {
  /** Id of the envelope's document. */
  envelope: string;
  epoch: number;
  body: string;
  ids: string[];
}

/** Picks names that have no envelope yet; `known` tells which of them have. */
export async function freshNames(
  sealed: readonly SealedNames[],
  known: (ids: readonly string[]) => Promise<Set<string>>,
): Promise<FreshNames[]> {
  const taken = await known([...new Set(sealed.flatMap(({ ids }) => ids))]);
  return sealed.flatMap(({ envelope, epoch, ids }) => {
    const fresh = [...new Set(ids)].filter(id => !taken.has(id));
    for (const id of fresh) taken.add(id);
    if (fresh.length === 0) return [];
    const body = Buffer.from(envelope).toString('base64');
    return [{ envelope: createHash('sha256').update(envelope).digest('hex'), epoch, body, ids: fresh }];
  });
}

/** Makes the write of an envelope. */
export function envelopeAction(names: IndexNames, { envelope, epoch, body }: FreshNames): BulkAction {
  return { kind: 'create', index: names.fixed.names, id: envelope, document: { epoch, body } };
}

/** Makes the writes that tell who lies in an envelope. */
export function ownerActions(names: IndexNames, { envelope, ids }: FreshNames): BulkAction[] {
  return ids.map(id => ({ kind: 'create', index: names.fixed['name-ids'], id, document: { envelope } }));
}
