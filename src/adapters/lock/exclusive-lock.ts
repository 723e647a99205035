// A lock between processes that ends with the process, however that ends: the platform offers none, so it is SQLite's
// lock on an empty file. Never open such a file by other means: closing any handle of it would let the lock go.
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const SQLITE_BUSY = 5;

/** Takes a lock, waiting up to `waitMs` for its holder; gives what lets it go, or null where somebody still has it. */
export function takeLock(file: string, waitMs: number): (() => void) | null {
  makePrivateFile(file);
  const lock = new DatabaseSync(file, { timeout: waitMs });
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return () => lock.close();
  } catch (error) {
    lock.close();
    const code = (error as { errcode?: number }).errcode ?? 0;
    if ((code & 0xff) === SQLITE_BUSY) return null;
    throw error;
  }
}

/** Makes an empty file that only its owner can read, in a folder that only its owner can enter. */
export function makePrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
}
