// People for the desk: who acts, whether a case is their own, and the name behind a pseudonym for whoever may see it (§8.4).
import { join } from 'node:path';
import { createPeople } from '../adapters/people/people.ts';
import { makePersonKey, personKeyPath } from '../adapters/people/person-key.ts';
import { createSigning } from '../adapters/people/signing.ts';
import { epochKeyPath, KEY_PLACES } from '../adapters/vault/file-vault.ts';
import { exists } from '../adapters/vault/key-file.ts';
import { createUnsealer, type Unsealed } from '../adapters/vault/unsealer.ts';
import type { MadeKey, OpenName, Ownership } from '../cli/app.ts';
import type { Config } from '../config/config.ts';
import { requireConfig } from '../config/load.ts';
import { GranskaError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { People, Signing } from '../ports/people.ts';
import { createIdentity } from '../subject/identity.ts';
import type { Pseudonyms } from '../subject/pseudonym.ts';
import type { PartsLoader } from './load-parts.ts';

/** Gives the people of the configuration; nobody where it names no file of them. */
export async function composePeople(load: PartsLoader['load']): Promise<People> {
  return createPeople(requireConfig(await load()).persons);
}

/** Gives what acts and signs for an account. */
export function composeSigning(
  people: People,
  { config, account, clock }: { config: Config; account: string; clock: Clock },
): Signing {
  return createSigning({ account, people, keysDir: config.keysDir, nowMs: () => clock.nowMs() });
}

/** Makes the key of a person. */
export function composePersonKey(id: string, { keysDir }: Config): MadeKey {
  const { publicKey } = makePersonKey(keysDir, id);
  return { file: personKeyPath(keysDir, id), publicKey };
}

/** Gives what tells whose a case is. It makes no key: where the year's is not here, nothing can be told. */
export function composeOwnership(config: Config, pseudonyms: Pick<Pseudonyms, 'userIn'>): Ownership {
  const canonicalName = createIdentity(config.identity);
  const idOf = (name: string, { tenant, startMs }: { tenant: string; startMs: number }) => {
    const year = config.zone.yearOf(startMs);
    return exists(epochKeyPath(config.keysDir, year)) ? pseudonyms.userIn(year, tenant, name) : null;
  };
  return {
    of({ id, accounts }, about) {
      if (about.subjectKind === 'client') return 'other';
      const names = [id, ...accounts.map(canonicalName)].filter(name => name !== '');
      const ids = names.map(name => idOf(name, about));
      if (ids.includes(null)) return 'unknown';
      return ids.includes(about.subjectId) ? 'own' : 'other';
    },
    isBehind: (name, about) => idOf(name, about) === about.subjectId,
  };
}

/** Reads the private sealing key, and gives what opens one name with it. Throws KEYS. */
export function composeOpenName(identity: string | null, { keysDir }: Config): OpenName {
  const unseal = createUnsealer(identity ?? join(keysDir, KEY_PLACES.identity));
  return async (store, subjectId) => {
    const envelope = await store.sealedName(subjectId);
    return envelope === null ? null : nameIn(await unseal(envelope), subjectId);
  };
}

function nameIn(unsealed: Unsealed, subjectId: string): string {
  switch (unsealed.kind) {
    case 'opened': {
      const name = readNames(unsealed.plain)[subjectId];
      if (typeof name === 'string' && name !== '') return name;
      throw damaged();
    }
    case 'other-key':
      throw new GranskaError('KEYS', 'the name was sealed for another key than this one', {
        hint: 'name the private key of that time with --identity',
      });
    case 'damaged':
      throw damaged();
    default:
      return unsealed satisfies never;
  }
}

function readNames(plain: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const names: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plain));
    return typeof names === 'object' && names !== null ? (names as Record<string, unknown>) : {};
  } catch {
    throw damaged();
  }
}

function damaged(): GranskaError {
  return new GranskaError('DAMAGED', 'the sealed name cannot be read, so nothing is shown', {
    hint: 'bring the store back from a copy; the rest of it is not touched by this',
  });
}
