// unsealer: opens what was sealed, for whoever holds the private half (§3.6). No worker makes one: it has no such key.
// In: a file of age identities, as `age-keygen` writes it; out: the bytes that were sealed, or why not.
import { Decrypter } from 'age-encryption';
import { GranskaError } from '../../errors.ts';
import { readSecret } from './key-file.ts';

/** What became of a sealed text. */
export type Unsealed = { kind: 'opened'; plain: Uint8Array } | { kind: 'other-key' } | { kind: 'damaged' };

/** Opens one sealed text. */
export type Unseal = (sealed: Uint8Array) => Promise<Unsealed>;

/** Reads the private sealing key; throws KEYS where it is missing, open to others or no key. */
export function createUnsealer(identityFile: string): Unseal {
  const identities = readIdentities(identityFile);
  return async sealed => {
    const decrypter = new Decrypter();
    for (const identity of identities) decrypter.addIdentity(identity);
    try {
      return { kind: 'opened', plain: await decrypter.decrypt(sealed) };
    } catch (error) {
      return /no identity matched/.test((error as Error).message)
        ? { kind: 'other-key' }
        : { kind: 'damaged' };
    }
  };
}

function readIdentities(path: string): string[] {
  const text = readSecret(path);
  if (text === null) {
    throw new GranskaError('KEYS', `the private sealing key is not at ${path}`, {
      hint: 'whoever keeps it runs this, with --identity FILE; the account that scans is not meant to have it',
    });
  }
  const lines = text.split('\n').map(line => line.trim());
  const identities = lines.filter(line => /^AGE-SECRET-KEY-1[0-9A-Z]+$/.test(line));
  if (identities.length > 0 && identities.every(isIdentity)) return identities;
  throw new GranskaError('KEYS', `${path} holds no age identity`, {
    hint: 'it has a line that begins with AGE-SECRET-KEY-1; one under a passphrase is opened first: age -d',
  });
}

function isIdentity(line: string): boolean {
  try {
    new Decrypter().addIdentity(line);
    return true;
  } catch {
    return false;
  }
}
