import type { DatabaseSync } from 'node:sqlite';

/** Runs writes in one transaction: all of them, or nothing. Waits for another writer's as long as the connection does. */
export function inTransaction<T>(db: DatabaseSync, run: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = run();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk or a damaged file ends the transaction by itself.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
