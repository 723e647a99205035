// What is known of sealed texts: rows of rejected lines and of dead letters, read and forgotten.
import type { RejectCode } from '../../../model/record.ts';
import type { DeadLetterBatch, ForgetfulStore, RejectBatch } from '../../../ports/store.ts';
import { type Bulk, type BulkAction, requireAll } from './bulk.ts';
import type { Freshness } from './freshness.ts';
import type { FixedIndex, IndexNames } from './index-names.ts';
import type { Dsl } from './query-dsl.ts';
import type { Searcher } from './search.ts';

export interface SealedRows extends ForgetfulStore {
  rejects(): Promise<RejectBatch[]>;
  deadLetters(): Promise<DeadLetterBatch[]>;
  /** Gives what deletes the rows that name one of these files. */
  deletionsOf(index: SealedRowIndex, files: readonly string[]): Promise<BulkAction[]>;
}

export type SealedRowIndex = Extract<FixedIndex, 'rejects' | 'deadletters'>;

/** A row of rejects as it is indexed. */
export interface RejectDocument {
  stream: string;
  code: RejectCode;
  count: number;
  first_offset: number;
  file?: string;
  rejected: number;
  /** When the window was written, and the row's place in it: the order in which they are told. */
  written: number;
  place: number;
}

/** A row of dead letters as it is indexed. */
export interface DeadLetterDocument {
  stream: string;
  what: string;
  reason: string;
  count: number;
  first_offset: number;
  file: string;
  refused: number;
}

export interface SealedRowsOptions {
  names: IndexNames;
  searcher: Searcher;
  freshness: Freshness;
  bulk: Bulk;
}

const EVERY: Dsl = { match_all: {} };
/** Files that are asked for at once. */
const MAX_FILES = 1_000;

/** Creates the reader of one store's rows. */
export function createSealedRows({ names, searcher, freshness, bulk }: SealedRowsOptions): SealedRows {
  const { fixed } = names;

  async function rejectRows(filter: Dsl): Promise<Row<RejectBatch>[]> {
    await freshness.refresh(fixed.rejects);
    const found = searcher.hits<RejectDocument>({
      index: fixed.rejects,
      filter,
      sort: [{ written: 'asc' }, { place: 'asc' }],
      limit: null,
    });
    return readRows(found, readReject);
  }

  async function letterRows(filter: Dsl): Promise<Row<DeadLetterBatch>[]> {
    await freshness.refresh(fixed.deadletters);
    const found = searcher.hits<DeadLetterDocument>({
      index: fixed.deadletters,
      filter,
      sort: [{ refused: 'asc' }, { file: 'asc' }, { what: 'asc' }, { reason: 'asc' }],
      limit: null,
    });
    return readRows(found, readLetter);
  }

  const rowsOf = (index: SealedRowIndex, filter: Dsl) =>
    index === 'rejects' ? rejectRows(filter) : letterRows(filter);
  const deletion = (index: SealedRowIndex, id: string): BulkAction => ({
    kind: 'delete',
    index: fixed[index],
    id,
  });

  async function deletionsOf(index: SealedRowIndex, files: readonly string[]): Promise<BulkAction[]> {
    const deletions: BulkAction[] = [];
    for (let start = 0; start < files.length; start += MAX_FILES) {
      const rows = await rowsOf(index, { terms: { file: files.slice(start, start + MAX_FILES) } });
      for (const { id } of rows) deletions.push(deletion(index, id));
    }
    return deletions;
  }

  async function forgetSealed(beforeMs: number): Promise<string[]> {
    const rejects = (await rejectRows(EVERY)).map(({ id, row }) => ({
      action: deletion('rejects', id),
      file: row.file,
      atMs: row.rejectedMs,
    }));
    const letters = (await letterRows(EVERY)).map(({ id, row }) => ({
      action: deletion('deadletters', id),
      file: row.file,
      atMs: row.refusedMs,
    }));
    const all = [...rejects, ...letters];
    const old = all.filter(({ atMs }) => atMs < beforeMs);
    requireAll(await bulk(old.map(({ action }) => action)));
    const kept = new Set(all.filter(({ atMs }) => atMs >= beforeMs).map(({ file }) => file));
    const files = new Set(old.flatMap(({ file }) => (file === null || kept.has(file) ? [] : [file])));
    return [...files].sort();
  }

  return {
    rejects: async () => (await rejectRows(EVERY)).map(({ row }) => row),
    deadLetters: async () => (await letterRows(EVERY)).map(({ row }) => row),
    deletionsOf,
    forgetSealed,
  };
}

interface Row<T> {
  id: string;
  row: T;
}

async function readRows<D, T>(
  found: AsyncIterable<{ id: string; document: D }>,
  read: (document: D) => T,
): Promise<Row<T>[]> {
  const rows: Row<T>[] = [];
  for await (const { id, document } of found) rows.push({ id, row: read(document) });
  return rows;
}

function readReject(document: RejectDocument): RejectBatch {
  return {
    stream: document.stream,
    code: document.code,
    count: document.count,
    firstOffset: document.first_offset,
    file: document.file ?? null,
    rejectedMs: document.rejected,
  };
}

function readLetter(document: DeadLetterDocument): DeadLetterBatch {
  return {
    stream: document.stream,
    what: document.what,
    reason: document.reason,
    count: document.count,
    firstOffset: document.first_offset,
    file: document.file,
    refusedMs: document.refused,
  };
}
