// What is read from the store's tables, over one connection. Findings of both classes are read as one: each table in
// order by itself, merged by SQLite, so that no search holds more than a row at a time where an index has the order.
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { Finding, StandingFinding } from '../../../model/finding.ts';
import type { Query } from '../../../model/query.ts';
import type { RejectCode } from '../../../model/record.ts';
import type { StreamMark, StreamState } from '../../../model/stream.ts';
import { CATEGORY_CLASSES, type CategoryClass, type StandingVerdict } from '../../../model/verdict.ts';
import type {
  DayCount,
  DayCountKind,
  KeptVersion,
  RejectBatch,
  Revision,
  StoreTotals,
  UsageCount,
} from '../../../ports/store.ts';
import { isShown, PROTECTED } from '../../../search/is-shown.ts';
import { historyOf } from '../../../search/later-judgement.ts';
import { ATTEMPT } from '../../../search/matches.ts';
import { sortFacet } from '../../../search/sort-facet.ts';
import { FINDING_COLUMNS, FINDING_TABLES, readFinding } from './finding-row.ts';
import { bytesOfId, isId } from './hex.ts';
import { orderSql, type Scope, type Sql, whereOf } from './query-sql.ts';
import { createTextReader } from './texts.ts';

/** Fields whose values are counted. */
export type FacetField = 'category' | 'verdict' | 'class' | 'department' | 'domain';

export interface StoreReader {
  stream(id: string): StreamState | null;
  streams(source: string, firstLine: string): StreamState[];
  marks(streamId: string): StreamMark[];
  knownNames(ids: readonly string[]): Set<string>;
  finding(id: string): Finding | null;
  /** Gives a finding as it stands, shown or not. */
  standingFinding(id: string): StandingFinding | null;
  search(query: Query): IterableIterator<Finding>;
  standing(query: Query): IterableIterator<StandingFinding>;
  count(query: Query): number;
  facet(query: Query, field: FacetField): Map<string, number>;
  revisions(findingId: string): Revision[];
  usage(fromMs: number, toMs: number): UsageCount[];
  days(fromDay: string, toDay: string): DayCount[];
  rejects(): RejectBatch[];
  sealedName(id: string): Uint8Array | null;
  keptVersion(kind: KeptVersion['kind'], hash: string, epoch: number): string | null;
  totals(): StoreTotals;
}

const COLUMNS = FINDING_COLUMNS.join(', ');

/** Creates the reader of one connection. */
export function createStoreReader(db: DatabaseSync): StoreReader {
  const textOf = createTextReader(db);
  const findName = db.prepare('SELECT 1 FROM sealed_name WHERE id = ?');

  function finding(id: string): Finding | null {
    const found = standingFinding(id);
    return found !== null && isShown(found) ? found : null;
  }

  function standingFinding(id: string): StandingFinding | null {
    if (!isId(id)) return null;
    for (const category of CATEGORY_CLASSES) {
      const statement = db.prepare(`SELECT ${COLUMNS} FROM ${FINDING_TABLES[category]} WHERE id = ?`);
      statement.setReturnArrays(true);
      const row = statement.get(bytesOfId(id)) as SQLOutputValue[] | undefined;
      if (row !== undefined) return readFinding(category, row, textOf);
    }
    return null;
  }

  function* search(query: Query): IterableIterator<Finding> {
    for (const found of read(query, 'shown')) if (isShown(found)) yield found;
  }

  function* read(query: Query, scope: Scope): IterableIterator<StandingFinding> {
    const { text, values } = fromBoth(
      category => `'${category}' AS class, ${COLUMNS}`,
      category => whereOf(query, category, scope),
    );
    const limit = query.limit === null ? '' : ' LIMIT ?';
    const statement = db.prepare(`${text} ORDER BY ${orderSql(query)}${limit}`);
    statement.setReturnArrays(true);
    const all = query.limit === null ? values : [...values, query.limit];
    for (const row of statement.iterate(...all) as Iterable<unknown> as Iterable<SQLOutputValue[]>) {
      const category = row.shift() as CategoryClass;
      yield readFinding(category, row, textOf);
    }
  }

  function count(query: Query): number {
    let total = 0;
    for (const category of CATEGORY_CLASSES) {
      const where = whereOf(query, category, 'shown');
      const row = db
        .prepare(`SELECT count(*) AS n FROM ${FINDING_TABLES[category]} WHERE ${where.text}`)
        .get(...where.values);
      total += Number(row?.n);
    }
    return query.limit === null ? total : Math.min(total, query.limit);
  }

  function facet(query: Query, field: FacetField): Map<string, number> {
    const counts = new Map<string, number>();
    for (const category of CATEGORY_CLASSES) {
      const where = whereOf(query, category, 'shown');
      const value = facetColumn(field, category);
      const rows = db
        .prepare(
          `SELECT ${value} AS value, count(*) AS n FROM ${FINDING_TABLES[category]} WHERE ${where.text} GROUP BY 1`,
        )
        .all(...where.values);
      for (const row of rows) {
        const name = String(row.value);
        counts.set(name, (counts.get(name) ?? 0) + Number(row.n));
      }
    }
    return sortFacet(counts);
  }

  function revisions(findingId: string): Revision[] {
    // The finding first: what is added meanwhile is then told beside it, never missing.
    const shown = finding(findingId);
    if (shown === null) return [];
    const stored = db
      .prepare('SELECT * FROM judgement WHERE finding = ? ORDER BY revision')
      .all(bytesOfId(findingId));
    return historyOf(
      shown,
      stored.map(row => readRevision(findingId, row)),
    );
  }

  function totals(): StoreTotals {
    const sums: StoreTotals & { tenants: string[] } = {
      findings: 0,
      examine: 0,
      exempt: 0,
      attempts: 0,
      withdrawn: 0,
      firstMs: null,
      lastMs: null,
      tenants: [],
    };
    for (const category of CATEGORY_CLASSES) {
      const table = FINDING_TABLES[category];
      const rows = db
        .prepare(
          `SELECT verdict, count(*) AS n, min(start_ms) AS first, max(start_ms) AS last FROM ${table} GROUP BY verdict`,
        )
        .all();
      for (const row of rows) {
        const n = Number(row.n);
        sums.findings += n;
        sums[sumOf(row.verdict as StandingVerdict | null)] += n;
        sums.firstMs = Math.min(sums.firstMs ?? Infinity, Number(row.first));
        sums.lastMs = Math.max(sums.lastMs ?? -Infinity, Number(row.last));
      }
    }
    sums.tenants = db
      .prepare('SELECT tenant FROM finding UNION SELECT tenant FROM finding_forbidden ORDER BY tenant')
      .all()
      .map(row => String(row.tenant));
    return sums;
  }

  return {
    stream: id => {
      const row = db.prepare('SELECT * FROM stream WHERE id = ?').get(id);
      return row === undefined ? null : readStream(row);
    },
    streams: (source, firstLine) =>
      db
        .prepare('SELECT * FROM stream WHERE source = ? AND first_line = ? ORDER BY ordinal')
        .all(source, firstLine)
        .map(readStream),
    marks: streamId =>
      db
        .prepare('SELECT "end", digest FROM stream_mark WHERE stream = ? ORDER BY "end"')
        .all(streamId)
        .map(row => ({ end: Number(row.end), digest: row.digest as Uint8Array })),
    knownNames: ids => new Set(ids.filter(id => findName.get(id) !== undefined)),
    finding,
    standingFinding,
    search,
    standing: query => read(query, 'standing'),
    count,
    facet,
    revisions,
    usage: (fromMs, toMs) =>
      db
        .prepare(
          'SELECT * FROM usage WHERE hour_ms >= ? AND hour_ms < ? ORDER BY hour_ms, tenant, department',
        )
        .all(fromMs, toMs)
        .map(readUsage),
    days: (fromDay, toDay) =>
      db
        .prepare('SELECT * FROM day_count WHERE day BETWEEN ? AND ? ORDER BY day, tenant, kind')
        .all(fromDay, toDay)
        .map(row => ({
          tenant: String(row.tenant),
          day: String(row.day),
          kind: row.kind as DayCountKind,
          count: Number(row.count),
        })),
    rejects: () => db.prepare('SELECT * FROM reject ORDER BY no').all().map(readReject),
    sealedName: id =>
      (db
        .prepare('SELECT body FROM sealed_name JOIN name_envelope ON no = envelope WHERE sealed_name.id = ?')
        .get(id)?.body as Uint8Array | undefined) ?? null,
    keptVersion: (kind, hash, epoch) =>
      (db
        .prepare('SELECT body FROM kept_version WHERE kind = ? AND hash = ? AND epoch = ?')
        .get(kind, hash, epoch)?.body as string | undefined) ?? null,
    totals,
  };
}

/** Names the sum that a verdict is counted in: what no reading shows is not told apart. */
function sumOf(verdict: StandingVerdict | null): 'examine' | 'exempt' | 'attempts' | 'withdrawn' {
  if (verdict === null) return 'attempts';
  return verdict === PROTECTED ? 'withdrawn' : verdict;
}

/** Reads both class tables as one. */
function fromBoth(
  columns: (category: CategoryClass) => string,
  where: (category: CategoryClass) => Sql,
): Sql {
  const parts = CATEGORY_CLASSES.map(category => {
    const condition = where(category);
    const text = `SELECT ${columns(category)} FROM ${FINDING_TABLES[category]} WHERE ${condition.text}`;
    return { text, values: condition.values };
  });
  return {
    text: parts.map(part => part.text).join(' UNION ALL '),
    values: parts.flatMap(part => part.values),
  };
}

function facetColumn(field: FacetField, category: CategoryClass): string {
  switch (field) {
    case 'class':
      return `'${category}'`;
    case 'verdict':
      return `coalesce(verdict, '${ATTEMPT}')`;
    case 'category':
    case 'department':
    case 'domain':
      return field;
    default:
      return field satisfies never;
  }
}

type Row = Record<string, SQLOutputValue>;

function readStream(row: Row): StreamState {
  return {
    id: String(row.id),
    source: String(row.source),
    firstLine: String(row.first_line),
    ordinal: Number(row.ordinal),
    position: Number(row.position),
    ...(row.format === null ? {} : { format: String(row.format) }),
    endsInHalfLine: row.ends_in_half_line === 1,
  };
}

function readUsage(row: Row): UsageCount {
  return {
    tenant: String(row.tenant),
    hourMs: Number(row.hour_ms),
    department: String(row.department),
    records: Number(row.records),
    bytes: Number(row.bytes),
    denied: Number(row.denied),
    tunnels: Number(row.tunnels),
    named: Number(row.named),
  };
}

function readReject(row: Row): RejectBatch {
  return {
    stream: String(row.stream),
    code: row.code as RejectCode,
    count: Number(row.count),
    firstOffset: Number(row.first_offset),
    file: row.file as string | null,
    rejectedMs: Number(row.rejected_ms),
  };
}

/** Reads a judgement of a finding from its row. */
export function readRevision(findingId: string, row: Row): Revision {
  return {
    findingId,
    revision: Number(row.revision),
    versions: {
      lists: row.lists as string | null,
      policy: row.policy as string | null,
      directory: row.directory as string | null,
    },
    verdict: row.verdict as StandingVerdict | null,
    exemptions: JSON.parse(String(row.exemptions)),
    otherExemptions: JSON.parse(String(row.other_exemptions)),
    reason: String(row.reason),
    by: String(row.judged_by),
    atMs: Number(row.judged_ms),
  };
}
