// The embedded store as its operator has it: made, and how it stands. In: the file's path; out: its parts, or counts and
// positions. Invariant: looking and reading change nothing, not even a store that an earlier version made.
// Example: `await createSqliteSetup(storePath('data')).look()`.
import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { CategoryClass } from '../../../model/verdict.ts';
import type { StorePart, StoreSetup, StoreStatus } from '../../../ports/store-care.ts';
import { PROTECTED } from '../../../search/is-shown.ts';
import { FINDING_TABLES } from './finding-row.ts';
import { MIGRATIONS } from './migrations.ts';
import { guarded, openForReading, readSchemaVersion } from './open-database.ts';
import { createSqliteStore } from './sqlite-store.ts';

/** Creates the making of a store at a path. */
export function createSqliteSetup(path: string): StoreSetup {
  return {
    look: async () => look(path),
    async make() {
      // Whoever writes holds it open, and has made it: no need to wait for the writer's place.
      if (look(path).every(part => part.state === 'there')) return;
      await createSqliteStore({ path, mode: 'write' }).close();
    },
    async close() {},
  };
}

/** Reads how a store stands; throws STORE where there is none. */
export function readSqliteStatus(path: string): StoreStatus {
  return withReader(path, db => ({
    schemaVersion: readSchemaVersion(db),
    streams: db
      .prepare(
        "SELECT id, source, ordinal, position FROM stream WHERE source <> '' ORDER BY source, ordinal, id",
      )
      .all()
      .map(row => ({
        ...{ id: String(row.id), source: String(row.source) },
        ...{ ordinal: Number(row.ordinal), position: Number(row.position) },
      })),
    newestHourMs: numberOf(db, 'SELECT max(hour_ms) AS n FROM usage'),
    findings: {
      questionable: shownIn(db, 'questionable'),
      forbidden: shownIn(db, 'forbidden'),
    },
    rejects: {
      count: numberOf(db, 'SELECT sum(count) AS n FROM reject') ?? 0,
      sinceMs: numberOf(db, 'SELECT min(rejected_ms) AS n FROM reject'),
    },
    deadLetters: { count: 0, sinceMs: null },
  }));
}

function look(path: string): StorePart[] {
  const wanted = String(MIGRATIONS.length);
  if (!existsSync(path)) {
    return [
      { what: 'file', name: path, state: 'missing' },
      { what: 'schema', name: wanted, state: 'missing' },
    ];
  }
  const version = withReader(path, readSchemaVersion);
  const state = version === 0 ? 'missing' : version < MIGRATIONS.length ? 'old' : 'there';
  return [
    { what: 'file', name: path, state: 'there' },
    { what: 'schema', name: wanted, state },
  ];
}

function withReader<T>(path: string, read: (db: DatabaseSync) => T): T {
  const db = openForReading(path);
  try {
    return guarded(path, () => read(db));
  } finally {
    db.close();
  }
}

function shownIn(db: DatabaseSync, category: CategoryClass): number {
  const sql = `SELECT count(*) AS n FROM ${FINDING_TABLES[category]} WHERE verdict IS NOT ?`;
  return Number(db.prepare(sql).get(PROTECTED)?.n);
}

function numberOf(db: DatabaseSync, sql: string): number | null {
  const n = db.prepare(sql).get()?.n ?? null;
  return n === null ? null : Number(n);
}
