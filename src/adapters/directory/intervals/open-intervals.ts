// open-intervals: files of leases and log-ons → who had which address, when (§3.2).
// In: CSV or JSON lines (`.jsonl`, `.ndjson`, `.json`), any number of rows up to a limit; out: the table, a hash of the files, and
// every mistake with its place. Invariant: a problem repeats no name and no address; a last line without a line feed may be
// half written and is not taken: half a name is another person's. Files are read a block at a time, never whole.
// Example: `user,client,start,end⏎bo,10.1.2.3,2026-10-05T08:00,2026-10-05T16:00` → bo's, from 08:00 until 16:00.
import { createHash } from 'node:crypto';
import type { Zone } from '../../../calendar/zone.ts';
import type { Problem } from '../../../config/problem.ts';
import { canonicalClient } from '../../../subject/address.ts';
import { createIdentity, type IdentityRules } from '../../../subject/identity.ts';
import { createIntervalsBuilder, type Intervals } from '../../../subject/intervals.ts';
import { createCsvRows } from './csv-rows.ts';
import { createEcsRows } from './ecs-rows.ts';
import { readBlocks } from './read-blocks.ts';
import { createRowReader } from './read-row.ts';
import type { Cells, Reported, RowLines } from './rows.ts';

export interface OpenIntervalsOptions {
  files: readonly string[];
  /** Tenant of rows that name none. */
  tenant: string;
  zone: Zone;
  identity: IdentityRules;
  /** Rows that all files may have together; 5,000,000 unless set. */
  maxRows?: number;
  /** Names a file in a message as its user would. */
  shown?(path: string): string;
}

/** What the files of leases say. */
export interface OpenedIntervals {
  intervals: Intervals;
  /** SHA-256 (hex) over the files: what tells whether they have changed. It is no version of anything that is stored. */
  hash: string;
  problems: Problem[];
}

const MAX_ROWS = 5_000_000;
/** A file of another kind is wrong in every line: so many are told. */
const MAX_PROBLEMS = 100;

/** Opens files of leases; null where there are none. Rows with a mistake are left out. */
export async function openIntervals(options: OpenIntervalsOptions): Promise<OpenedIntervals | null> {
  if (options.files.length === 0) return null;
  const shown = options.shown ?? (path => path);
  const builder = createIntervalsBuilder();
  const hash = createHash('sha256');
  const problems: Problem[] = [];
  const readRow = createRowReader({
    tenant: options.tenant,
    zone: options.zone,
    canonicalName: createIdentity(options.identity),
    canonicalClient,
  });
  let left = options.maxRows ?? MAX_ROWS;
  for (const path of options.files) {
    const found = createReports(shown(path));
    const take = (cells: Cells): 'more' | 'full' => {
      if (left === 0) {
        found.report({
          ...{ line: cells.line, column: 0, key: '' },
          message: 'is one row too many: leases are kept in memory',
          hint: 'leave out rows that are older than the logs that are still read',
        });
        return 'full';
      }
      left--;
      const row = readRow(cells);
      if (row !== null) builder.add(row);
      return found.isFull() ? 'full' : 'more';
    };
    const isJson = /\.(jsonl|ndjson|json)$/i.test(path);
    const lines: RowLines = isJson ? createEcsRows(take, found.report) : createCsvRows(take, found.report);
    await readFile(path, { lines, hash, found });
    problems.push(...found.problems);
  }
  return { intervals: builder.build(), hash: hash.digest('hex'), problems };
}

interface Reading {
  lines: RowLines;
  hash: { update(bytes: Uint8Array): unknown };
  found: ReturnType<typeof createReports>;
}

async function readFile(path: string, { lines, hash, found }: Reading): Promise<void> {
  const about = (line: number, said: Pick<Problem, 'message' | 'hint'> & Partial<Problem>) =>
    found.report({ line, column: 0, key: '', ...said });
  try {
    let line = 0;
    for await (const block of readBlocks(path)) {
      hash.update(block.bytes);
      if (block.kind === 'rest') {
        about(line + 1, {
          message: 'has no line feed and is not taken, as it may be half written',
          hint: 'end the last line with a line feed',
          severity: 'warning',
        });
        continue;
      }
      if (block.kind === 'unusable') return about(line + 1, block);
      for (const text of block.lines) if (lines.line(text, ++line) === 'full') return await lines.end();
    }
    await lines.end();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    about(0, {
      message: code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`,
      hint: 'paths are relative to the configuration file',
    });
  }
}

/** Gathers the mistakes of one file, up to a limit. */
function createReports(file: string) {
  const problems: Problem[] = [];
  const report: Reported = ({ severity = 'error', ...said }) => {
    if (problems.length > MAX_PROBLEMS) return;
    problems.push({ file, severity, ...said });
    if (problems.length !== MAX_PROBLEMS) return;
    const message = `has ${MAX_PROBLEMS} mistakes; the rest of the file was not read`;
    problems.push({ file, line: 0, column: 0, key: '', message, hint: '', severity: 'error' });
  };
  return { problems, report, isFull: () => problems.length >= MAX_PROBLEMS };
}
