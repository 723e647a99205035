// What lies sealed in a store, opened with the private key, as only whoever holds it can: the positive half of a search
// for leaks. Example: `(await openSealed(place)).names.includes('bo')`.
import { join } from 'node:path';
import { createUnsealer } from '../../src/adapters/vault/unsealer.ts';
import { openReadSealed } from '../../src/compose/open-store.ts';
import { loadConfig, requireConfig } from '../../src/config/load.ts';
import { type Place, readNdjson } from '../cli/run.ts';

export interface Opened {
  /** All envelopes of names of people in findings. */
  names: string;
  /** All sealed texts of rejected lines. */
  rejects: string;
  /** All sealed texts of documents that the store refused. */
  deadLetters: string;
}

/** Opens all that is sealed in the store of a place. */
export async function openSealed(place: Place): Promise<Opened> {
  const where = { flags: {}, env: place.env, cwd: place.dir, packageRoot: place.dir };
  const { store, sealed } = await openReadSealed(requireConfig(await loadConfig(where)).config);
  const unseal = createUnsealer(join(place.keysDir, 'private', 'seal.key'));
  const open = async (envelope: Uint8Array | null): Promise<string> => {
    if (envelope === null) return '';
    const opened = await unseal(envelope);
    if (opened.kind !== 'opened') throw new Error(`a sealed text is ${opened.kind}`);
    return Buffer.from(opened.plain).toString('utf8');
  };
  const all = async (files: readonly (string | null)[]): Promise<string> => {
    const texts: string[] = [];
    for (const file of new Set(files)) if (file !== null) texts.push(await open(await sealed.read(file)));
    return texts.join('\n');
  };
  try {
    const found = readNdjson((await place.run(['search'])).stdout);
    const names: string[] = [];
    for (const id of new Set(found.map(({ user }) => user?.id as string | undefined))) {
      if (id !== undefined) names.push(await open(await store.sealedName(id)));
    }
    return {
      names: names.join('\n'),
      rejects: await all((await store.rejects()).map(({ file }) => file)),
      deadLetters: await all((await store.deadLetters()).map(({ file }) => file)),
    };
  } finally {
    await store.close();
  }
}
