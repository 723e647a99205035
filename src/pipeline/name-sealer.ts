// Names on their way into a store: each pseudonym's name is sealed once, in the envelope of the transaction that first
// needs it (§3.6). What a store knows already is not sealed again.
import type { ReadStore, SealedNames } from '../ports/store.ts';

export interface NameSealer {
  /** Seals the names that the store does not have, one envelope for each epoch. */
  seal(names: ReadonlyMap<number, ReadonlyMap<string, string>>): Promise<SealedNames[]>;
}

/** Creates the sealer of one worker. */
export function createNameSealer(options: {
  store: Pick<ReadStore, 'knownNames'>;
  sealNames(names: ReadonlyMap<string, string>, epoch: number): Promise<SealedNames>;
}): NameSealer {
  const known = new Set<string>();

  return {
    async seal(names) {
      const sealed: SealedNames[] = [];
      for (const [epoch, ofEpoch] of names) {
        const fresh = new Map([...ofEpoch].filter(([id]) => !known.has(id)));
        for (const id of await options.store.knownNames([...fresh.keys()])) fresh.delete(id);
        if (fresh.size > 0) sealed.push(await options.sealNames(fresh, epoch));
        if (known.size + ofEpoch.size > MAX_KNOWN) known.clear();
        for (const id of ofEpoch.keys()) known.add(id);
      }
      return sealed;
    },
  };
}

/** Pseudonyms that are remembered; of others the store is asked. */
const MAX_KNOWN = 200_000;
