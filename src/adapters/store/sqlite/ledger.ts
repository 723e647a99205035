// Lines of the ledger in their table, which triggers hold to what it is: a line is added once, and stays.
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { closedBy, isClosing, type LedgerEntry, type LedgerKind } from '../../../ports/desk-store.ts';
import { inTransaction } from './in-transaction.ts';

export interface SqliteLedger {
  /** Appends a line, unless its number is taken or would leave a gap, or its key is closed. */
  append(entry: LedgerEntry): 'added' | 'taken' | 'gap' | 'closed';
  entries(kind: LedgerKind, key: string): LedgerEntry[];
}

/** Creates the ledger of a connection that writes. */
export function createLedger(db: DatabaseSync): SqliteLedger {
  const countLines = db.prepare('SELECT count(*) AS n FROM ledger WHERE kind = ? AND key = ?');
  const add = db.prepare(
    'INSERT INTO ledger (kind, key, seq, at_ms, written_by, body) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const find = db.prepare('SELECT * FROM ledger WHERE kind = ? AND key = ? ORDER BY seq');
  const findLast = db.prepare('SELECT * FROM ledger WHERE kind = ? AND key = ? ORDER BY seq DESC LIMIT 1');
  const isClosed = (kind: LedgerKind, key: string) => {
    const last = findLast.get(kind, closedBy(key));
    return last !== undefined && isClosing(readEntry(last));
  };

  return {
    append: ({ kind, key, seq, atMs, by, body }) =>
      inTransaction(db, () => {
        const lines = Number(countLines.get(kind, key)?.n);
        if (seq < 1 || seq > lines + 1) return 'gap';
        if (seq <= lines) return 'taken';
        if (isClosed(kind, key)) return 'closed';
        add.run(kind, key, seq, atMs, by, JSON.stringify(body));
        return 'added';
      }),
    entries: (kind, key) => find.all(kind, key).map(readEntry),
  };
}

/** Reads all lines of a kind over a connection, by key and number. */
export function* readLedger(db: DatabaseSync, kind: LedgerKind): IterableIterator<LedgerEntry> {
  const statement = db.prepare('SELECT * FROM ledger WHERE kind = ? ORDER BY key, seq');
  for (const row of statement.iterate(kind)) yield readEntry(row as Row);
}

type Row = Record<string, SQLOutputValue>;

function readEntry(row: Row): LedgerEntry {
  return {
    kind: row.kind as LedgerKind,
    key: String(row.key),
    seq: Number(row.seq),
    atMs: Number(row.at_ms),
    by: String(row.written_by),
    body: JSON.parse(String(row.body)),
  };
}
