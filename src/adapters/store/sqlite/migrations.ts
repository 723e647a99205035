// The store's tables, as a list of steps that only ever grows: a store is brought forward by the steps it lacks, and
// a step that was released is never changed. `meta.schemaVersion` counts the steps that were taken.
//
// Findings of class `forbidden` lie in a table of their own with the same columns (§6.5), so that access rules on the
// file's copies and on exports can tell them apart by name. Long texts that repeat (streams, paths, user agents,
// content hashes) are stored once in `text`; what people search and sort by stands in the row itself. Their numbers
// carry no foreign key: only this adapter writes them, and the check cost an eighth of the writing time.
// An index costs a third of what a row costs, so there are five: what people filter by and sort by most.
// These are the columns of the first step; those of later steps stand there.
const FINDING_COLUMNS = `
  no INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  record BLOB NOT NULL,
  start_ms INTEGER NOT NULL,
  stamp_ms INTEGER NOT NULL,
  end_ms INTEGER NOT NULL,
  duration_ms INTEGER,
  ingested_ms INTEGER NOT NULL,
  tenant TEXT NOT NULL,
  stream INTEGER NOT NULL,
  offset INTEGER NOT NULL,
  file INTEGER,
  category TEXT NOT NULL,
  verdict TEXT,
  access TEXT NOT NULL,
  outcome TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject TEXT,
  client TEXT,
  confidence TEXT NOT NULL,
  population TEXT NOT NULL,
  department TEXT NOT NULL,
  department_key TEXT NOT NULL,
  roles TEXT NOT NULL,
  scheme TEXT NOT NULL,
  domain TEXT NOT NULL,
  domain_key TEXT NOT NULL,
  site TEXT NOT NULL,
  port INTEGER,
  path TEXT NOT NULL,
  method TEXT NOT NULL,
  status INTEGER NOT NULL,
  bytes INTEGER,
  mime TEXT,
  user_agent INTEGER,
  vendor TEXT NOT NULL,
  product TEXT NOT NULL,
  list TEXT NOT NULL,
  list_version INTEGER NOT NULL,
  entry TEXT NOT NULL,
  entry_file TEXT NOT NULL,
  entry_line INTEGER NOT NULL,
  via TEXT,
  statutes TEXT NOT NULL,
  exemptions TEXT NOT NULL,
  other_exemptions TEXT NOT NULL,
  referrer TEXT NOT NULL,
  document INTEGER,
  tunnel INTEGER NOT NULL,
  matched_by TEXT NOT NULL,
  agent TEXT NOT NULL,
  lists INTEGER,
  policy INTEGER,
  directory INTEGER,
  revision INTEGER NOT NULL`;

function findingTable(name: string): string {
  return `
    CREATE TABLE ${name} (${FINDING_COLUMNS}) STRICT;
    CREATE INDEX ${name}_start ON ${name} (start_ms);
    CREATE INDEX ${name}_category ON ${name} (category, start_ms, verdict);
    CREATE INDEX ${name}_department ON ${name} (department_key, start_ms);
    CREATE INDEX ${name}_subject ON ${name} (subject, start_ms);
    CREATE INDEX ${name}_domain ON ${name} (domain_key);`;
}

/** Makes the triggers of a table that only ever grows: without the first one, REPLACE would put a line over another. */
function appendOnly(table: string, key: readonly string[]): string {
  const isThere = key.map(column => `${column} = NEW.${column}`).join(' AND ');
  return `
    CREATE TRIGGER ${table}_once BEFORE INSERT ON ${table}
      WHEN EXISTS (SELECT 1 FROM ${table} WHERE ${isThere}) BEGIN SELECT RAISE(IGNORE); END;
    CREATE TRIGGER ${table}_unchanged BEFORE UPDATE ON ${table}
      BEGIN SELECT RAISE(ABORT, 'lines of ${table} are never changed'); END;
    CREATE TRIGGER ${table}_kept BEFORE DELETE ON ${table}
      BEGIN SELECT RAISE(ABORT, 'lines of ${table} are never removed'); END;`;
}

/** The steps, oldest first. */
export const MIGRATIONS: readonly string[] = [
  `
    CREATE TABLE text (no INTEGER PRIMARY KEY, value TEXT NOT NULL UNIQUE) STRICT;
    ${findingTable('finding')}
    ${findingTable('finding_forbidden')}
    CREATE TABLE judgement (
      finding BLOB NOT NULL,
      revision INTEGER NOT NULL CHECK (revision > 0),
      lists TEXT,
      policy TEXT,
      directory TEXT,
      verdict TEXT,
      exemptions TEXT NOT NULL,
      reason TEXT NOT NULL,
      judged_by TEXT NOT NULL,
      judged_ms INTEGER NOT NULL,
      PRIMARY KEY (finding, revision)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE name_envelope (no INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
    CREATE TABLE sealed_name (
      id TEXT PRIMARY KEY,
      envelope INTEGER NOT NULL REFERENCES name_envelope (no)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sealed_name_envelope ON sealed_name (envelope);
    CREATE TABLE usage (
      hour_ms INTEGER NOT NULL,
      tenant TEXT NOT NULL,
      department TEXT NOT NULL,
      records INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      denied INTEGER NOT NULL,
      tunnels INTEGER NOT NULL,
      named INTEGER NOT NULL,
      PRIMARY KEY (hour_ms, tenant, department)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE day_count (
      day TEXT NOT NULL,
      tenant TEXT NOT NULL,
      kind TEXT NOT NULL,
      count INTEGER NOT NULL,
      PRIMARY KEY (day, tenant, kind)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE stream (
      id TEXT PRIMARY KEY,
      source TEXT NOT NULL,
      first_line TEXT NOT NULL,
      ordinal INTEGER NOT NULL,
      position INTEGER NOT NULL,
      format TEXT,
      ends_in_half_line INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX stream_beginning ON stream (source, first_line);
    CREATE TABLE stream_mark (
      stream TEXT NOT NULL REFERENCES stream (id),
      "end" INTEGER NOT NULL,
      digest BLOB NOT NULL,
      PRIMARY KEY (stream, "end")
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE reject (
      no INTEGER PRIMARY KEY,
      stream TEXT NOT NULL,
      code TEXT NOT NULL,
      count INTEGER NOT NULL,
      first_offset INTEGER NOT NULL,
      file TEXT,
      rejected_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX reject_time ON reject (rejected_ms);
    CREATE INDEX reject_file ON reject (file);
    CREATE TABLE kept_version (
      kind TEXT NOT NULL,
      hash TEXT NOT NULL,
      epoch INTEGER NOT NULL,
      body TEXT NOT NULL,
      PRIMARY KEY (kind, hash, epoch)
    ) STRICT;
  `,
  // Which proxy it was, where the source of the lines names it.
  `
    ALTER TABLE finding ADD COLUMN observer TEXT;
    ALTER TABLE finding_forbidden ADD COLUMN observer TEXT;
  `,
  // What people write: later judgements, the first one of a finding as number 0 before them, and decisions. Nobody can
  // change or remove a line of either, nor put another one in its place.
  `
    CREATE TABLE judgement_next (
      finding BLOB NOT NULL,
      revision INTEGER NOT NULL CHECK (revision >= 0),
      lists TEXT,
      policy TEXT,
      directory TEXT,
      verdict TEXT,
      exemptions TEXT NOT NULL,
      other_exemptions TEXT NOT NULL,
      reason TEXT NOT NULL,
      judged_by TEXT NOT NULL,
      judged_ms INTEGER NOT NULL,
      PRIMARY KEY (finding, revision)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO judgement_next
      SELECT finding, revision, lists, policy, directory, verdict, exemptions, '[]', reason, judged_by, judged_ms
      FROM judgement;
    DROP TABLE judgement;
    ALTER TABLE judgement_next RENAME TO judgement;
    CREATE TABLE ledger (
      kind TEXT NOT NULL,
      key TEXT NOT NULL,
      seq INTEGER NOT NULL CHECK (seq > 0),
      at_ms INTEGER NOT NULL,
      written_by TEXT NOT NULL,
      body TEXT NOT NULL,
      PRIMARY KEY (kind, key, seq)
    ) STRICT, WITHOUT ROWID;
    ${appendOnly('judgement', ['finding', 'revision'])}
    ${appendOnly('ledger', ['kind', 'key', 'seq'])}
  `,
  // What was signed takes no more lines, under its own key or under `KEY#part` beside it, whoever writes them.
  `
    CREATE TRIGGER ledger_closed BEFORE INSERT ON ledger
      WHEN NEW.kind = 'review' AND EXISTS (
        SELECT 1 FROM ledger
        WHERE kind = 'review'
          AND key = CASE instr(NEW.key, '#') WHEN 0 THEN NEW.key ELSE substr(NEW.key, 1, instr(NEW.key, '#') - 1) END
          AND body ->> '$.step' = 'signed'
      )
      BEGIN SELECT RAISE(ABORT, 'a signed review takes no more lines'); END;
  `,
  // A verdict may be `protected`, which no reading shows: an earlier Granska, which knows nothing of it, must not read on.
  `
    CREATE INDEX finding_protected ON finding (verdict) WHERE verdict = 'protected';
    CREATE INDEX finding_forbidden_protected ON finding_forbidden (verdict) WHERE verdict = 'protected';
  `,
];
