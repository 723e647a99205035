// file-vault: the keys of one installation in a folder of their own, and sealing for people who are not here (§3.5, §3.6).
// In: the keys folder; out: the port `Vault`. Invariant: once `seal.pub` is there the private half is neither read nor
// needed; a key is made once and never made anew over a damaged one; an epoch that was destroyed has no key again.
//   epochs/2026.key      key of the pseudonyms of one local year      epochs/2026.destroyed   its key is gone for good
//   audit.key            key that hides free text in the audit chain
//   seal.pub             age recipient: what names are sealed for     private/seal.key        age identity: move it away
import { join } from 'node:path';
import { Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { GranskaError } from '../../errors.ts';
import type { Vault } from '../../ports/vault.ts';
import {
  createOnce,
  exists,
  makeKey,
  PUBLIC_FILE,
  readKey,
  readSecret,
  readText,
  SECRET_FILE,
} from './key-file.ts';
import { refuseNesting } from './nesting.ts';

export interface FileVaultOptions {
  keysDir: string;
  /** Data folder; keys and data must not lie in each other. */
  dataDir: string;
  /** Told of every key that was made, with advice for people; `''` where there is none to give. */
  onMade?(path: string, advice: string): void;
  nowMs(): number;
}

export interface FileVault extends Vault {
  /** Makes what is missing for a first run: the pair of sealing keys and the audit key. */
  prepare(): Promise<void>;
  /** Says whether an epoch's key was destroyed, without making one. */
  isDestroyed(year: number): boolean;
}

/** Places of the keys inside the keys folder. */
export const KEY_PLACES = {
  epochs: 'epochs',
  audit: 'audit.key',
  recipient: 'seal.pub',
  identity: join('private', 'seal.key'),
} as const;

/** Gives the file of an epoch's key. */
export function epochKeyPath(keysDir: string, year: number): string {
  return join(keysDir, KEY_PLACES.epochs, `${nameOf(year)}.key`);
}

const ADVICE =
  'move the folder private/ to whoever may open sealed names, and keep a copy elsewhere: without it nobody can';

/** Creates the vault over a folder of keys. Nothing is read or made before it is asked for. */
export function createFileVault(options: FileVaultOptions): FileVault {
  const { keysDir } = options;
  refuseNesting(keysDir, options.dataDir);
  const at = (name: string) => join(keysDir, name);
  const told = (path: string, advice = '') => options.onMade?.(path, advice);
  const epochKeys = new Map<number, Uint8Array | null>();
  const destroyed = new Map<number, boolean>();
  let audit: Uint8Array | null = null;
  let recipient: Promise<string> | null = null;

  function keyAt(path: string): Uint8Array {
    const known = readKey(path);
    if (known !== null) return known;
    const { key, isNew } = makeKey(path);
    if (isNew) told(path);
    return key;
  }

  function isDestroyed(year: number): boolean {
    let answer = destroyed.get(year);
    if (answer === undefined) {
      answer = exists(join(keysDir, KEY_PLACES.epochs, `${nameOf(year)}.destroyed`));
      destroyed.set(year, answer);
    }
    return answer;
  }

  function epochKey(year: number): Uint8Array | null {
    const known = epochKeys.get(year);
    if (known !== undefined) return known;
    const key = isDestroyed(year) ? null : keyAt(epochKeyPath(keysDir, year));
    epochKeys.set(year, key);
    return key;
  }

  function auditKey(): Uint8Array {
    audit ??= keyAt(at(KEY_PLACES.audit));
    return audit;
  }

  async function openRecipient(): Promise<string> {
    const path = at(KEY_PLACES.recipient);
    if (!exists(path)) await makePair(path);
    return readRecipient(path);
  }

  /** Makes the private half first: where a crash came between, its public half is made from it. */
  async function makePair(path: string): Promise<void> {
    const privatePath = at(KEY_PLACES.identity);
    const made = await generateIdentity();
    const text = identityFile(made, await identityToRecipient(made), options.nowMs());
    if (createOnce(privatePath, text, SECRET_FILE)) told(privatePath, ADVICE);
    const identity = readIdentity(privatePath);
    if (createOnce(path, `${await identityToRecipient(identity)}\n`, PUBLIC_FILE)) told(path);
  }

  async function seal(plain: Uint8Array): Promise<Uint8Array> {
    recipient ??= openRecipient();
    const encrypter = new Encrypter();
    encrypter.addRecipient(await recipient);
    return encrypter.encrypt(plain);
  }

  return {
    seal,
    epochKey,
    auditKey,
    isDestroyed,
    async prepare() {
      recipient ??= openRecipient();
      await recipient;
      auditKey();
    },
  };
}

/** Reads the public half; throws KEYS where it is none. */
export function readRecipient(path: string): string {
  const text = readText(path).trim();
  try {
    new Encrypter().addRecipient(text);
    return text;
  } catch (cause) {
    throw new GranskaError('KEYS', `${path} holds no age recipient`, {
      hint: 'it is one line that begins with age1; `age-keygen -y` writes it from the private key',
      cause,
    });
  }
}

/** Reads the private half, which happens only where there is no public one yet. */
function readIdentity(path: string): string {
  const lines = (readSecret(path) ?? '').split('\n').map(line => line.trim());
  const identity = lines.find(line => /^AGE-SECRET-KEY-1[0-9A-Z]+$/.test(line));
  if (identity !== undefined) return identity;
  throw new GranskaError('KEYS', `${path} holds no age identity`, {
    hint: 'bring it back from a backup, or put the public key in seal.pub',
  });
}

/** Writes an identity as `age-keygen` does. */
function identityFile(identity: string, recipient: string, atMs: number): string {
  const created = new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z');
  return `# created: ${created}\n# public key: ${recipient}\n${identity}\n`;
}

function nameOf(year: number): string {
  return String(year).padStart(4, '0');
}
