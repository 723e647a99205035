// Opens the store's file: pragmas, migrations, and the lock that lets one writer in at a time.
//
// WAL, so that people search while a scan writes. `synchronous = FULL`: positions lie in the same transaction as the
// findings, so NORMAL would only lose whole transactions, which are read again; but a log may have been rotated away
// by then, and one sync for thousands of findings costs 5 %. `secure_delete`: what is purged is overwritten.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { GranskaError } from '../../../errors.ts';
import { makePrivateFile, takeLock } from '../../lock/exclusive-lock.ts';
import { MIGRATIONS } from './migrations.ts';

/** `GRSK`: says to `file` and to us whose database this is. */
const APPLICATION_ID = 0x4752534b;
const BUSY_MS = 10_000;
/** The journal is written back when it has this many pages (64 MiB); the default of 4 MiB doubled the writing. */
const CHECKPOINT_PAGES = 16_384;

/** Names the store's file in a data folder. */
export function storePath(dataDir: string): string {
  return join(dataDir, 'granska.db');
}

/** Opens the store for writing and reading: makes it where it is missing, and brings it forward. */
export function openForWriting(path: string): DatabaseSync {
  return guarded(path, () => {
    makePrivateFile(path);
    const db = new DatabaseSync(path, { timeout: BUSY_MS });
    try {
      checkOwner(db, path);
      db.exec(`
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA foreign_keys = ON;
        PRAGMA secure_delete = ON;
        PRAGMA cache_size = -65536;
        PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
        PRAGMA journal_size_limit = ${CHECKPOINT_PAGES * 4096};
        PRAGMA trusted_schema = OFF;
      `);
      migrate(db, path);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/** Opens a store that is there, for reading only. */
export function openForReading(path: string): DatabaseSync {
  if (!existsSync(path)) {
    throw new GranskaError('STORE', `there is no store at ${path}`, {
      hint: 'scan a log first (granska scan FILE), or name the right folder with --data-dir',
    });
  }
  return guarded(path, () => {
    const db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
    try {
      checkOwner(db, path);
      db.exec('PRAGMA cache_size = -32768; PRAGMA trusted_schema = OFF;');
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/** Reads how many migrations a store has had. */
export function readSchemaVersion(db: DatabaseSync): number {
  const hasMeta = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meta'").get();
  if (hasMeta === undefined) return 0;
  return Number(db.prepare("SELECT value FROM meta WHERE key = 'schemaVersion'").get()?.value ?? 0);
}

/**
 * Takes the lock that one writer holds for as long as it lives; gives what lets it go. Two scans that both read
 * "position 0" would both add to the counts.
 */
export function lockForWriting(path: string, waitMs: number): () => void {
  const release = guarded(path, () => takeLock(`${path.replace(/\.db$/, '')}.lock`, waitMs));
  if (release !== null) return release;
  throw new GranskaError('STORE', `another scan is writing to ${dirname(path)}`, {
    hint: 'wait until it has ended, or give this one a data folder of its own with --data-dir',
  });
}

/** Runs what touches the file, and says what went wrong with it in words. */
export function guarded<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof GranskaError) throw error;
    throw storeError(path, error);
  }
}

/** Makes the error that a person reads of one that SQLite or the file system gave. */
export function storeError(path: string, error: unknown): GranskaError {
  const code = codeOf(error);
  const isDamaged = code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
  if (isDamaged) {
    return new GranskaError('DAMAGED', `the store ${path} is damaged or is no store`, {
      hint: 'restore it from a copy, or move it away and scan the logs again',
      cause: error,
    });
  }
  return new GranskaError('STORE', `the store ${path} cannot be used: ${reasonOf(code)}`, {
    hint: HINTS[code] ?? 'check that the data folder is there, writable and on a local disk',
    cause: error,
  });
}

const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

const HINTS: Readonly<Record<string | number, string>> = {
  [SQLITE_BUSY]: 'another program holds it; try again when that has ended',
  [SQLITE_FULL]: 'make room on the disk, and scan again: it goes on where it stopped',
  ENOSPC: 'make room on the disk, and scan again: it goes on where it stopped',
  EACCES: 'give yourself the right to read and write the data folder',
};

// SQLite's own words may quote values; its code does not.
function reasonOf(code: number | string): string {
  const reasons: Readonly<Record<string | number, string>> = {
    [SQLITE_BUSY]: 'it is locked',
    8: 'it is read-only',
    10: 'reading or writing the disk failed',
    [SQLITE_FULL]: 'the disk is full',
    14: 'it cannot be opened',
  };
  return reasons[code] ?? `error ${code}`;
}

function codeOf(error: unknown): number | string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode & 0xff;
  return 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}

function checkOwner(db: DatabaseSync, path: string): void {
  const owner = Number(db.prepare('PRAGMA application_id').get()?.application_id);
  const tables = Number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n);
  if (owner === APPLICATION_ID || (owner === 0 && tables === 0)) {
    checkVersion(db, path);
    return;
  }
  throw new GranskaError('STORE', `${path} is a database of another program`, {
    hint: 'name another data folder with --data-dir',
  });
}

function checkVersion(db: DatabaseSync, path: string): void {
  const version = readSchemaVersion(db);
  if (version <= MIGRATIONS.length) return;
  throw new GranskaError(
    'STORE',
    `the store ${path} was made by a newer Granska (its schema is ${version})`,
    {
      hint: `this one knows schemas up to ${MIGRATIONS.length}: use the newer Granska, or another --data-dir`,
    },
  );
}

function migrate(db: DatabaseSync, path: string): void {
  if (readSchemaVersion(db) === MIGRATIONS.length) return;
  db.exec('BEGIN IMMEDIATE');
  try {
    // Read again under the lock: another process may have brought it forward meanwhile.
    checkVersion(db, path);
    const version = readSchemaVersion(db);
    db.exec(`
      PRAGMA application_id = ${APPLICATION_ID};
      CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    `);
    for (const step of MIGRATIONS.slice(version)) db.exec(step);
    db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('schemaVersion', ?)").run(
      String(MIGRATIONS.length),
    );
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}
