// directory-file: the file of the directory on disk: read whole, replaced whole, and changed by one import at a time.
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { GranskaError } from '../../errors.ts';
import { writeSynced } from '../files/write-synced.ts';
import { takeLock } from '../lock/exclusive-lock.ts';

export interface LockOptions {
  path: string;
  /** How long to wait for another import, milliseconds. */
  waitMs: number;
  /** Names a file in a message as its user would. */
  shown(path: string): string;
}

/** Reads a file whole; throws SOURCE where it cannot. */
export function readBytes(path: string, shown: (path: string) => string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`;
    throw new GranskaError('SOURCE', `${shown(path)} ${why}`, {
      hint: 'check the path and the rights',
      cause: error,
    });
  }
}

/** Puts the new directory in the old one's place, with its rights; a link stays a link. */
export function replaceFile(path: string, bytes: Uint8Array): void {
  try {
    const place = existsSync(path) ? realpathSync(path) : path;
    const mode = existsSync(place) ? statSync(place).mode & 0o777 : 0o640;
    writeSynced(`${place}.new`, bytes, { flags: 'w', mode });
    renameSync(`${place}.new`, place);
    const folder = openSync(dirname(place), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new GranskaError('STORE', `the directory cannot be written (${code})`, {
      hint: 'check the rights of its folder, and the room on its disk',
      cause,
    });
  }
}

/** Does work while no other import of the same directory is at it; throws STORE where one is and stays. */
export async function withLock<T>(options: LockOptions, work: () => Promise<T>): Promise<T> {
  const { path, shown, waitMs } = options;
  const place = existsSync(path) ? realpathSync(path) : path;
  const release = takeLock(`${place}.lock`, waitMs);
  if (release === null) {
    throw new GranskaError('STORE', `another import is changing ${shown(path)}`, {
      hint: 'try again when it has ended',
    });
  }
  try {
    return await work();
  } finally {
    release();
  }
}
