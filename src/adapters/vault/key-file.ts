// key-file: small secret files that are made once, whole or not at all, and that nobody else may read.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { GranskaError } from '../../errors.ts';

/** Modes of what holds secrets, and of what may be seen. */
export const SECRET_FILE = 0o600;
export const SECRET_FOLDER = 0o700;
export const PUBLIC_FILE = 0o644;

const KEY_BYTES = 32;
/** Errors of file systems that have no hard links. */
const NO_LINKS: readonly unknown[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EACCES'];

/** Reads a key of 32 bytes written in hex; null where there is no such file. */
export function readKey(path: string): Uint8Array | null {
  const text = readSecret(path);
  if (text === null) return null;
  const hex = text.trim();
  if (/^[0-9a-f]{64}$/i.test(hex)) return Uint8Array.from(Buffer.from(hex, 'hex'));
  throw new GranskaError('KEYS', `${path} holds no key: 64 hex digits were expected`, {
    hint: 'bring it back from a backup; a new key would give the same people other pseudonyms',
  });
}

/** Makes a random key where there is none yet. Gives the key, and whether it is new. */
export function makeKey(path: string): { key: Uint8Array; isNew: boolean } {
  const isNew = createOnce(path, `${randomBytes(KEY_BYTES).toString('hex')}\n`, SECRET_FILE);
  return { key: readKey(path)!, isNew };
}

/** Reads a file that only its owner may read; null where there is none. */
export function readSecret(path: string): string | null {
  if (!exists(path)) return null;
  if (isOpenToOthers(path)) {
    throw new GranskaError('KEYS', `${path} can be read or written by others`, { hint: `chmod 600 ${path}` });
  }
  return readText(path);
}

/** Reads a file as text; throws KEYS where that is refused. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw notUsable(path, 'cannot be read', cause);
  }
}

/** Says whether group or others have any right on a file. Platforms without such modes have no answer. */
export function isOpenToOthers(path: string): boolean {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  return process.platform !== 'win32' && (mode & 0o077) !== 0;
}

/** Says whether there is anything at a path, be it a link that leads nowhere. */
export function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (cause) {
    throw notUsable(path, 'cannot be reached', cause);
  }
}

/** Makes a folder that only its owner may enter, with its parents, unless it is there. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: SECRET_FOLDER });
  } catch (cause) {
    throw notUsable(path, 'cannot be made', cause);
  }
}

/**
 * Creates a file with its content, durably, unless one is there already; says whether it did. It is written beside
 * and linked into place, so that neither a crash nor a second process ever sees half a key.
 */
export function createOnce(path: string, content: string, mode: number): boolean {
  if (exists(path)) return false;
  makeFolder(dirname(path));
  const beside = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    writeDurably(beside, content, mode);
    const isNew = place(beside, path, { content, mode });
    syncFolder(dirname(path));
    return isNew;
  } catch (cause) {
    throw notUsable(path, 'cannot be written', cause);
  } finally {
    if (exists(beside)) unlinkSync(beside);
  }
}

function place(beside: string, path: string, file: { content: string; mode: number }): boolean {
  try {
    linkSync(beside, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!NO_LINKS.includes(code)) throw error;
  }
  try {
    writeDurably(path, file.content, file.mode);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function writeDurably(path: string, content: string, mode: number): void {
  const file = openSync(path, 'wx', mode);
  try {
    writeSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes the new name itself durable; where folders cannot be opened, the platform does without. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function notUsable(path: string, what: string, cause: unknown): GranskaError {
  if (cause instanceof GranskaError) return cause;
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  return new GranskaError('KEYS', `${path} ${what} (${code})`, {
    hint: 'see who owns the keys folder, or name another with --keys-dir',
    cause,
  });
}
