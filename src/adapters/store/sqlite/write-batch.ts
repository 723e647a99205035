// One StoreBatch → one transaction (§9.3): findings, counts, names, rejects, kept versions and positions, or nothing.
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Finding } from '../../../model/finding.ts';
import type { CategoryClass } from '../../../model/verdict.ts';
import type { KeptVersion, SealedNames, StoreBatch, WriteResult } from '../../../ports/store.ts';
import { bindFinding, FINDING_COLUMNS, FINDING_TABLES } from './finding-row.ts';
import { inTransaction } from './in-transaction.ts';
import { createTextWriter, type TextWriter } from './texts.ts';

/** Rows per INSERT: with one row each, a third of the time went into stepping. */
const ROWS = 8;

export interface BatchWriter {
  /** Writes a batch in one transaction. */
  write(batch: StoreBatch): WriteResult;
}

/** Creates the writer of one connection. */
export function createBatchWriter(db: DatabaseSync): BatchWriter {
  const texts = createTextWriter(db);
  const writeFindings = createFindingWriter(db, texts);
  const writeVersions = createVersionWriter(db);
  const addUsage = db.prepare(`
    INSERT INTO usage (hour_ms, tenant, department, records, bytes, denied, tunnels, named)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET
      records = records + excluded.records, bytes = bytes + excluded.bytes, denied = denied + excluded.denied,
      tunnels = tunnels + excluded.tunnels, named = named + excluded.named`);
  const addDay = db.prepare(`
    INSERT INTO day_count (day, tenant, kind, count) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET count = count + excluded.count`);
  const putStream = db.prepare(`
    INSERT INTO stream (id, source, first_line, ordinal, position, format, ends_in_half_line)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET
      source = excluded.source, first_line = excluded.first_line, ordinal = excluded.ordinal,
      position = excluded.position, format = excluded.format, ends_in_half_line = excluded.ends_in_half_line`);
  const putMark = db.prepare(`
    INSERT INTO stream_mark (stream, "end", digest) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET digest = excluded.digest`);
  const findName = db.prepare('SELECT 1 FROM sealed_name WHERE id = ?');
  const addEnvelope = db.prepare('INSERT INTO name_envelope (epoch, body) VALUES (?, ?)');
  const addName = db.prepare('INSERT INTO sealed_name (id, envelope) VALUES (?, ?)');
  const addReject = db.prepare(`
    INSERT INTO reject (stream, code, count, first_offset, file, rejected_ms) VALUES (?, ?, ?, ?, ?, ?)`);
  const settleReject = db.prepare('DELETE FROM reject WHERE file = ?');

  function write(batch: StoreBatch): WriteResult {
    try {
      return inTransaction(db, () => writeAll(batch));
    } catch (error) {
      texts.forget();
      throw error;
    }
  }

  function writeAll(batch: StoreBatch): WriteResult {
    const added = writeFindings(batch.findings);
    for (const count of batch.usage) {
      addUsage.run(
        count.hourMs,
        count.tenant,
        count.department,
        count.records,
        count.bytes,
        count.denied,
        count.tunnels,
        count.named,
      );
    }
    for (const { day, tenant, kind, count } of batch.days) addDay.run(day, tenant, kind, count);
    for (const names of batch.names) writeNames(names);
    for (const file of batch.settled) settleReject.run(file);
    for (const reject of batch.rejects) {
      const { stream, code, count, firstOffset, file, rejectedMs } = reject;
      addReject.run(stream, code, count, firstOffset, file, rejectedMs);
    }
    writeVersions(batch.versions);
    writeStreams(batch.streams);
    return { added, known: batch.findings.length - added };
  }

  /** A name that is sealed already stays under its first envelope; an envelope of nobody is not stored. */
  function writeNames(names: SealedNames): void {
    const fresh = names.ids.filter(id => findName.get(id) === undefined);
    if (fresh.length === 0) return;
    const envelope = addEnvelope.run(names.epoch, names.envelope).lastInsertRowid;
    for (const id of new Set(fresh)) addName.run(id, envelope);
  }

  function writeStreams(streams: StoreBatch['streams']): void {
    for (const { state, marks } of streams) {
      putStream.run(
        state.id,
        state.source,
        state.firstLine,
        state.ordinal,
        state.position,
        state.format ?? null,
        Number(state.endsInHalfLine),
      );
      for (const mark of marks) putMark.run(state.id, mark.end, mark.digest);
    }
  }

  return { write };
}

/** Makes what inserts findings in their order, a few rows at a time, and counts those that were new. */
export function createFindingWriter(
  db: DatabaseSync,
  texts: TextWriter,
): (findings: readonly Finding[]) => number {
  const insert = {
    questionable: createInserts(db, 'questionable'),
    forbidden: createInserts(db, 'forbidden'),
  };

  function run(statement: StatementSync, findings: readonly Finding[], start: number, rows: number): number {
    const values: SQLInputValue[] = [];
    for (let i = start; i < start + rows; i++) values.push(...bindFinding(findings[i]!, texts.numberOf));
    return Number(statement.run(...values).changes);
  }

  return findings => {
    let added = 0;
    let start = 0;
    while (start < findings.length) {
      const inserts = insert[findings[start]!.class];
      let end = start;
      while (end < findings.length && findings[end]!.class === findings[start]!.class) end++;
      for (; start + ROWS <= end; start += ROWS) added += run(inserts.many, findings, start, ROWS);
      for (; start < end; start++) added += run(inserts.one, findings, start, 1);
    }
    return added;
  };
}

/** Makes what keeps versions that are not kept yet. */
export function createVersionWriter(db: DatabaseSync): (versions: readonly KeptVersion[]) => void {
  const add = db.prepare(`
    INSERT INTO kept_version (kind, hash, epoch, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`);
  return versions => {
    for (const { kind, hash, epoch, body } of versions) add.run(kind, hash, epoch, body);
  };
}

/** Prepares the create-once INSERTs of one class: an id that either table has is passed over (§9.5). */
function createInserts(db: DatabaseSync, table: CategoryClass): { one: StatementSync; many: StatementSync } {
  const own = FINDING_TABLES[table];
  const other = FINDING_TABLES[table === 'forbidden' ? 'questionable' : 'forbidden'];
  const row = `(${FINDING_COLUMNS.map(() => '?').join(', ')})`;
  const prepare = (rows: number) =>
    db.prepare(`
      INSERT INTO ${own} (${FINDING_COLUMNS.join(', ')})
      SELECT * FROM (VALUES ${Array.from({ length: rows }, () => row).join(', ')}) AS given
      WHERE NOT EXISTS (SELECT 1 FROM ${other} WHERE ${other}.id = given.column1)
      ON CONFLICT (id) DO NOTHING`);
  return { one: prepare(1), many: prepare(ROWS) };
}
