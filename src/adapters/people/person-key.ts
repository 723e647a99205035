// person-key: where the private keys of people lie, `people/ID.key` of the keys folder: one file for each person, which
// only its owner may read, made once and never made anew over another (§8.4).
import { join } from 'node:path';
import { GranskaError } from '../../errors.ts';
import { createOnce, readSecret, SECRET_FILE } from '../vault/key-file.ts';
import { makeKeyPair, publicKeyOf } from './ed25519.ts';

/** Folder of the keys of people inside the keys folder. */
export const PEOPLE_FOLDER = 'people';

/** A private key and its public half. */
export interface PersonKey {
  privatePem: string;
  publicKey: string;
}

/** Gives the file of a person's private key; what could lead out of its folder is written as `%xx`. */
export function personKeyPath(keysDir: string, id: string): string {
  const name = id.replace(/[^\p{L}\p{M}\p{N}._-]/gu, sign => encodeURIComponent(sign.toWellFormed()));
  return join(keysDir, PEOPLE_FOLDER, `${name}.key`);
}

/** Makes the key of a person; throws REFUSED where there is one. */
export function makePersonKey(keysDir: string, id: string): PersonKey {
  const path = personKeyPath(keysDir, id);
  const made = makeKeyPair();
  if (createOnce(path, made.privatePem, SECRET_FILE)) return made;
  throw new GranskaError('REFUSED', 'this person has a private key already, and it was not touched', {
    hint: `${KEY_PLACE}; move the old file away first if it is lost to others or known to them`,
  });
}

/** Reads the key of a person; null where there is none. Throws KEYS where it is open to others or no key. */
export function readPersonKey(keysDir: string, id: string): PersonKey | null {
  const privatePem = readSecret(personKeyPath(keysDir, id));
  if (privatePem === null) return null;
  const publicKey = publicKeyOf(privatePem);
  if (publicKey !== null) return { privatePem, publicKey };
  throw new GranskaError('KEYS', 'the file of your private key holds no Ed25519 key', {
    hint: `${KEY_PLACE}; bring it back from a copy, or move it away and run "granska people keygen"`,
  });
}

const KEY_PLACE = 'it lies in the folder people/ of the keys';
