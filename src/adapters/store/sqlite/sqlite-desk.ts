// The embedded store as people write to it, while a worker writes or not: the worker's lock keeps two scans apart that
// would both add to the counts; a decision or a later judgement adds to none, so it needs no more than a transaction.
// In: lines of the ledger and later judgements; out: what every store gives.
// Invariant: a batch is there whole or not at all; no line of ledger or judgements is changed by anything here.
// Example: `createSqliteDesk({ path: storePath('data') })`.
import type { DatabaseSync } from 'node:sqlite';
import type { DeskStore } from '../../../ports/desk-store.ts';
import { closedError } from '../closed-error.ts';
import { createLedger, readLedger } from './ledger.ts';
import { guarded, openForReading, openForWriting } from './open-database.ts';
import { createRejudger } from './revise.ts';
import { createSqliteStore } from './sqlite-store.ts';

export interface SqliteDeskOptions {
  /** The store's file: `storePath(dataDir)`. */
  path: string;
}

/** Opens a store that is there, and brings it forward; throws STORE where there is none or it cannot be used. */
export function createSqliteDesk({ path }: SqliteDeskOptions): DeskStore {
  const { write: _, forgetSealed: _never, close, ...reading } = createSqliteStore({ path, mode: 'read' });
  const db = openBeside(path, close);
  const ledger = createLedger(db);
  const rejudger = createRejudger(db);
  const attempt = async <T>(run: () => T): Promise<T> => guarded(path, run);
  let isClosed = false;

  return {
    ...reading,
    // What was committed is read at once.
    async catchUp() {},
    async append(entry) {
      const outcome = await attempt(() => ledger.append(entry));
      if (outcome === 'gap') throw new TypeError('a line of the ledger follows on another');
      if (outcome === 'closed') throw closedError();
      return outcome === 'added';
    },
    entries: (kind, key) => attempt(() => ledger.entries(kind, key)),
    async *allEntries(kind) {
      // A connection of its own: while it reads, it stays in the moment in which it began.
      const moment = openForReading(path);
      try {
        const lines = guarded(path, () => readLedger(moment, kind));
        while (true) {
          const next = guarded(path, () => lines.next());
          if (next.done === true) return;
          yield next.value;
        }
      } finally {
        moment.close();
      }
    },
    revise: batch => attempt(() => rejudger.revise(batch)),
    async close() {
      if (isClosed) return;
      isClosed = true;
      db.close();
      await close();
    },
  };
}

function openBeside(path: string, close: () => Promise<void>): DatabaseSync {
  try {
    return openForWriting(path);
  } catch (error) {
    void close();
    throw error;
  }
}
