// Sealed texts as files of one folder. In: bytes that were sealed already; out: the same. Invariant: a name leads to a whole
// text or to none, and only its owner may read it.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { GranskaError } from '../../errors.ts';
import type { SealedTexts } from '../../ports/sealed-texts.ts';
import { writeSynced } from '../files/write-synced.ts';
import { isSealedName } from './sealed-name.ts';

const DRAFT = '.tmp';

/** Creates the sealed texts of a folder, which is made when the first one comes. */
export function createSealedFiles({ folder }: { folder: string }): SealedTexts {
  async function write(name: string, sealed: Uint8Array): Promise<void> {
    if (!isSealedName(name)) throw new TypeError('this is no name of a sealed text');
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeWhole(folder, name, sealed);
    } catch (error) {
      throw writeError(folder, error);
    }
  }

  async function read(name: string): Promise<Uint8Array | null> {
    if (!isSealedName(name)) return null;
    try {
      return new Uint8Array(readFileSync(join(folder, name)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw accessError(folder, 'read', error);
    }
  }

  async function remove(names: readonly string[]): Promise<void> {
    try {
      for (const name of names) if (isOurs(name)) rmSync(join(folder, name), { force: true });
    } catch (error) {
      throw accessError(folder, 'deleted', error);
    }
  }

  async function olderThan(beforeMs: number): Promise<string[]> {
    if (!existsSync(folder)) return [];
    const isOlder = (name: string) =>
      (statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY) <
      beforeMs;
    return readdirSync(folder)
      .filter(name => isOurs(name) && isOlder(name))
      .sort();
  }

  return { place: folder, write, read, remove, olderThan };
}

/** A draft is what a crash left of a file. */
function isOurs(name: string): boolean {
  return isSealedName(name.endsWith(DRAFT) ? name.slice(0, -DRAFT.length) : name);
}

function writeWhole(folder: string, name: string, bytes: Uint8Array): void {
  const path = join(folder, name);
  const draft = `${path}${DRAFT}`;
  try {
    writeSynced(draft, bytes, { flags: 'w', mode: 0o600 });
    renameSync(draft, path);
    syncFolder(folder);
  } catch (error) {
    // A disk that is full needs the room back.
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Makes the new name itself durable: the store is about to name it. Platforms whose folders cannot be opened do without. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

function writeError(folder: string, cause: unknown): GranskaError {
  const { code } = cause as NodeJS.ErrnoException;
  const first = code === 'ENOSPC' ? 'make room on the disk' : 'check that the folder is there and writable';
  return new GranskaError('STORE', `sealed texts cannot be written to ${folder} (${code})`, {
    hint: `${first}, and run again: it goes on where it stopped`,
    cause,
  });
}

function accessError(folder: string, what: 'read' | 'deleted', cause: unknown): GranskaError {
  const { code } = cause as NodeJS.ErrnoException;
  return new GranskaError('STORE', `sealed texts in ${folder} cannot be ${what} (${code})`, {
    hint: 'see who owns the folder: it is the account that scans',
    cause,
  });
}
