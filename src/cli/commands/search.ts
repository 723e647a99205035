// `granska search`: findings as a table, CSV or NDJSON, streamed without a cap. The view is noted in the audit chain
// before the first finding is shown (§8.5): what cannot be noted is not shown.
import type { Zone } from '../../calendar/zone.ts';
import { EXIT, type ExitCode } from '../../errors.ts';
import { toEcs } from '../../finding/ecs.ts';
import type { Finding } from '../../model/finding.ts';
import type { Query } from '../../model/query.ts';
import type { Audit } from '../../ports/audit.ts';
import type { ReadStore } from '../../ports/store.ts';
import { parseQuery } from '../../search/parse-query.ts';
import { csvHeader, csvRows } from '../finding-csv.ts';
import { createFindingTable } from '../finding-table.ts';
import { type Io, write } from '../io.ts';
import { counted, formatCount } from '../numbers.ts';
import { queryForAudit } from '../query-for-audit.ts';

/** How findings are printed. */
export type SearchFormat = 'table' | 'csv' | 'ndjson';

export interface SearchOptions {
  /** The query as typed; empty for all findings. */
  query: string;
  from?: string;
  to?: string;
  limit?: number;
  sort?: string;
  /** A table on a terminal and NDJSON elsewhere unless given. */
  format?: SearchFormat;
}

export interface SearchDeps {
  /** The store is closed again by the search. */
  openStore(): Promise<ReadStore>;
  openAudit(): Promise<Audit>;
  zone: Zone;
  /** Hides free text of a query in the audit chain by a keyed hash. */
  hide(text: string): string;
}

/** Findings per write; a table takes its widths from the first so many. */
const BATCH = 500;

/** Prints the findings of a query. Throws QUERY for what cannot be read, STORE where there is no store. */
export async function runSearch(options: SearchOptions, deps: SearchDeps, io: Io): Promise<ExitCode> {
  const query = parseQuery(options.query, { ...options, zone: deps.zone });
  const format = options.format ?? (io.isTerminal ? 'table' : 'ndjson');
  const store = await deps.openStore();
  try {
    const total = await store.count({ ...query, limit: null });
    await note({ query, format, shown: Math.min(total, query.limit ?? total) }, store, deps);
    const shown = await print(store.search(query), await createPrinter(format, deps.zone, io), io);
    await write(io.stderr, `${tellCount(shown, total)}\n`);
    return EXIT.done;
  } finally {
    await store.close();
  }
}

/** Notes the view: who, when, what was asked for, and how many findings it shows. */
async function note(
  view: { query: Query; format: SearchFormat; shown: number },
  store: ReadStore,
  deps: SearchDeps,
): Promise<void> {
  const audit = await deps.openAudit();
  await audit.append({
    action: 'search',
    shown: view.shown,
    details: { ...(await queryForAudit(view.query, { store, hide: deps.hide })), format: view.format },
  });
}

type Printer = (findings: readonly Finding[]) => Promise<string>;

async function createPrinter(format: SearchFormat, zone: Zone, io: Io): Promise<Printer> {
  switch (format) {
    case 'ndjson':
      return async findings => findings.map(finding => `${JSON.stringify(toEcs(finding))}\n`).join('');
    case 'csv':
      await write(io.stdout, await csvHeader());
      return findings => csvRows(findings, zone);
    case 'table': {
      const table = createFindingTable(zone, io.isTerminal ? io.columns : null);
      return async findings => table.lines(findings);
    }
    default:
      return format satisfies never;
  }
}

/** Prints findings a batch at a time, no faster than they are read; stops where the reader has gone away. */
async function print(found: AsyncIterable<Finding>, printer: Printer, io: Io): Promise<number> {
  let batch: Finding[] = [];
  let shown = 0;
  for await (const finding of found) {
    batch.push(finding);
    if (batch.length < BATCH) continue;
    await write(io.stdout, await printer(batch));
    shown += batch.length;
    batch = [];
    if (io.stdout.destroyed || io.stdout.errored !== null) return shown;
  }
  if (batch.length > 0) await write(io.stdout, await printer(batch));
  return shown + batch.length;
}

function tellCount(shown: number, total: number): string {
  if (total === 0) return 'no findings';
  if (shown === total) return counted(shown, 'finding');
  return `${formatCount(shown)} of ${counted(total, 'finding')}`;
}
