// How names are sealed: one envelope for all that a transaction needs (docs/adr/0007).
import type { SealedNames } from '../ports/store.ts';
import type { Vault } from '../ports/vault.ts';

/** Creates what seals pseudonyms and the names behind them. */
export function createNameSeal(
  vault: Pick<Vault, 'seal'>,
): (names: ReadonlyMap<string, string>, epoch: number) => Promise<SealedNames> {
  return async (names, epoch) => {
    const plain = new TextEncoder().encode(JSON.stringify(Object.fromEntries(names)));
    return { envelope: await vault.seal(plain), epoch, ids: [...names.keys()] };
  };
}
