// The embedded store: one SQLite file in the data folder. In: batches, each written in one transaction with the
// positions that it comes from; out: findings as a query asks for them, streamed.
// Invariant: what `write` answered is on the disk, and what it did not answer is there whole or not at all; one
// process writes at a time, and any number read meanwhile, each search from one moment's state.
// Example: `createSqliteStore({ path: storePath('data'), mode: 'write' })`.
import type { DatabaseSync } from 'node:sqlite';
import { GranskaError } from '../../../errors.ts';
import type { Store } from '../../../ports/store.ts';
import { inTransaction } from './in-transaction.ts';
import { MIGRATIONS } from './migrations.ts';
import {
  guarded,
  lockForWriting,
  openForReading,
  openForWriting,
  readSchemaVersion,
} from './open-database.ts';
import { createStoreReader, type StoreReader } from './read-store.ts';
import { type BatchWriter, createBatchWriter } from './write-batch.ts';

export interface SqliteStoreOptions {
  /** The store's file: `storePath(dataDir)`. */
  path: string;
  /** `write` makes what is missing and takes the writer's lock; `read` needs a store that is there. */
  mode: 'read' | 'write';
  /** How long to wait for another writer, milliseconds; 2,000 unless set. */
  waitMs?: number;
}

const WAIT_MS = 2_000;

/** Opens the store; throws STORE where it cannot be opened, is locked or is newer, DAMAGED where it is no store. */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  const { path } = options;
  const writing = options.mode === 'write' ? openWriter(path, options.waitMs ?? WAIT_MS) : null;
  const reading = openReader(path, writing);
  const reader = createStoreReader(reading);
  let isClosed = false;

  // Calls are synchronous inside: the promise is the port's, for stores that must wait.
  const attempt = async <T>(run: () => T): Promise<T> => guarded(path, run);
  const needWriter = (): Writer => {
    if (writing !== null) return writing;
    throw new GranskaError('STORE', `the store ${path} was opened for reading only`);
  };

  return {
    schemaVersion: () => attempt(() => readSchemaVersion(reading)),
    write: batch => attempt(() => needWriter().batches.write(batch)),
    forgetSealed: beforeMs => attempt(() => forgetSealed(needWriter().db, beforeMs)),
    stream: id => attempt(() => reader.stream(id)),
    streams: (source, firstLine) => attempt(() => reader.streams(source, firstLine)),
    marks: streamId => attempt(() => reader.marks(streamId)),
    knownNames: ids => attempt(() => reader.knownNames(ids)),
    finding: id => attempt(() => reader.finding(id)),
    search: query => streamed(path, moment => moment.search(query)),
    standing: query => streamed(path, moment => moment.standing(query)),
    count: query => attempt(() => reader.count(query)),
    facet: (query, field) => attempt(() => reader.facet(query, field)),
    revisions: findingId => attempt(() => reader.revisions(findingId)),
    usage: (fromMs, toMs) => attempt(() => reader.usage(fromMs, toMs)),
    days: (fromDay, toDay) => attempt(() => reader.days(fromDay, toDay)),
    rejects: () => attempt(() => reader.rejects()),
    // It refuses a batch as a whole or nothing of it, so that no document is left over.
    deadLetters: async () => [],
    sealedName: id => attempt(() => reader.sealedName(id)),
    keptVersion: (kind, hash, epoch) => attempt(() => reader.keptVersion(kind, hash, epoch)),
    totals: () => attempt(() => reader.totals()),
    async close() {
      if (isClosed) return;
      isClosed = true;
      reading.close();
      writing?.close();
    },
  };
}

/** Streams rows from a connection of its own: while it reads, it stays in the moment in which it began, as nobody else. */
async function* streamed<T>(
  path: string,
  read: (moment: StoreReader) => IterableIterator<T>,
): AsyncGenerator<T> {
  const db = openForReading(path);
  try {
    const rows = guarded(path, () => read(createStoreReader(db)));
    while (true) {
      const next = guarded(path, () => rows.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    db.close();
  }
}

interface Writer {
  db: DatabaseSync;
  batches: BatchWriter;
  close(): void;
}

function openWriter(path: string, waitMs: number): Writer {
  const release = lockForWriting(path, waitMs);
  try {
    const db = openForWriting(path);
    return {
      db,
      batches: createBatchWriter(db),
      close() {
        try {
          // Statistics for the planner; a few hundred rows of each index are looked at, not all.
          db.exec('PRAGMA analysis_limit = 400; PRAGMA optimize;');
        } catch {
          // On a full disk there are none; the error that matters is the one of the write before.
        } finally {
          db.close();
          release();
        }
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** Opens the connection that reads, so that a search sees one moment while a writer goes on. */
function openReader(path: string, writing: Writer | null): DatabaseSync {
  try {
    const db = openForReading(path);
    if (writing !== null || readSchemaVersion(db) === MIGRATIONS.length) return db;
    db.close();
    openForWriting(path).close();
    return openForReading(path);
  } catch (error) {
    writing?.close();
    throw error;
  }
}

/** Deletes reject batches older than an instant; gives the sealed files that no row names any more. */
function forgetSealed(db: DatabaseSync, beforeMs: number): string[] {
  return inTransaction(db, () => {
    const files = db
      .prepare(`
        SELECT file FROM reject WHERE file IS NOT NULL
        GROUP BY file HAVING max(rejected_ms) < ? ORDER BY file`)
      .all(beforeMs)
      .map(row => String(row.file));
    db.prepare('DELETE FROM reject WHERE rejected_ms < ?').run(beforeMs);
    return files;
  });
}
