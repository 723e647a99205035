// One StoreBatch → documents. The server has no transactions, so the order makes up for it: the positions come last, and
// all before them has ids that follow from what it is, so that a batch that broke off is written again without harm.
// Counts are one document for each batch, hour and department, and are added up on reading; the batch's own id follows
// from the positions that it ends at.
import { createHash, randomUUID } from 'node:crypto';
import type { Finding } from '../../../model/finding.ts';
import type { DayCount, SealedNames, StoreBatch, UsageCount, WriteResult } from '../../../ports/store.ts';
import type { Bulk, BulkAction } from './bulk.ts';
import type { Connection } from './connection.ts';
import { toDocument } from './finding-document.ts';
import type { Freshness } from './freshness.ts';
import type { IndexNames } from './index-names.ts';
import type { KnownFindings } from './known-findings.ts';
import { type RejectDocument, type StoreReader, type StreamDocument, versionId } from './read-store.ts';
import { createIndex } from './set-up.ts';

export interface BatchWriter {
  /** Writes a batch; what throws may be written again as it is. */
  write(batch: StoreBatch): Promise<WriteResult>;
  forgetRejects(beforeMs: number): Promise<string[]>;
}

export interface WriterOptions {
  connection: Connection;
  names: IndexNames;
  bulk: Bulk;
  freshness: Freshness;
  known: KnownFindings;
  reader: StoreReader;
  nowMs(): number;
}

/** Creates the writer of one store. */
export function createBatchWriter(options: WriterOptions): BatchWriter {
  const { names, bulk, freshness, known, reader } = options;
  const { fixed } = names;
  const months = new Set<string>();
  let lastWritten = 0;

  async function write(batch: StoreBatch): Promise<WriteResult> {
    check(batch);
    const id = batchId(batch);
    const findings = await known.newOf(batch.findings);
    await makeMonths(findings);
    const sealed = await freshNames(batch.names);
    try {
      const statuses = await bulk(contentOf(batch, id, { findings, sealed }));
      // Once their envelopes are there: a name that is known can be opened.
      await bulk(sealed.flatMap(nameActions));
      await bulk(batch.streams.map(({ state }) => index(fixed.streams, state.id, streamDocument(state))));
      const created = statuses.subarray(0, findings.length).filter(status => status === 201);
      return { added: created.length, known: batch.findings.length - created.length };
    } finally {
      // Of what broke off, a part may be there.
      noteWritten(batch);
    }
  }

  /** Gives all but who has a name and positions, the findings first. */
  function* contentOf(
    batch: StoreBatch,
    id: string,
    fresh: { findings: readonly Finding[]; sealed: readonly FreshNames[] },
  ): Generator<BulkAction> {
    for (const finding of fresh.findings) yield create(names.month(finding), finding.id, toDocument(finding));
    for (const { envelope, epoch, body } of fresh.sealed) {
      yield create(fixed.names, envelope, { epoch, body });
    }
    for (const version of batch.versions) {
      yield create(fixed.versions, versionId(version.kind, version.hash, version.epoch), version);
    }
    yield* usageActions(batch, id);
    yield* dayActions(batch, id);
    yield* rejectActions(batch, id);
    yield* markActions(batch);
  }

  function nameActions({ envelope, ids }: FreshNames): BulkAction[] {
    return ids.map(name => create(fixed['name-ids'], name, { envelope }));
  }

  function noteWritten(batch: StoreBatch): void {
    if (batch.findings.length > 0) freshness.written(names.findings);
    if (batch.usage.length > 0) freshness.written(fixed.usage);
    if (batch.days.length > 0) freshness.written(fixed.days);
    if (batch.streams.length > 0) freshness.written(fixed.streams);
  }

  /** Makes the months that findings lie in: by itself the server would make one that takes any field. */
  async function makeMonths(findings: readonly Finding[]): Promise<void> {
    for (const month of new Set(findings.map(finding => names.month(finding)))) {
      if (months.has(month)) continue;
      await createIndex(options.connection, month);
      months.add(month);
    }
  }

  /** A name that is sealed already stays under its first envelope; an envelope of nobody is not stored. */
  async function freshNames(sealed: readonly SealedNames[]): Promise<FreshNames[]> {
    const taken = await reader.knownNames([...new Set(sealed.flatMap(({ ids }) => ids))]);
    return sealed.flatMap(({ envelope, epoch, ids }) => {
      const fresh = [...new Set(ids)].filter(id => !taken.has(id));
      for (const id of fresh) taken.add(id);
      if (fresh.length === 0) return [];
      const body = Buffer.from(envelope).toString('base64');
      return [{ envelope: createHash('sha256').update(envelope).digest('hex'), epoch, body, ids: fresh }];
    });
  }

  function usageActions(batch: StoreBatch, id: string): BulkAction[] {
    return mergeUsage(batch.usage).map(({ tenant, hourMs, department, ...counts }) =>
      create(fixed.usage, hashOf(id, tenant, hourMs, department), {
        hour: hourMs,
        organization: tenant,
        department,
        ...counts,
      }),
    );
  }

  function dayActions(batch: StoreBatch, id: string): BulkAction[] {
    return mergeDays(batch.days).map(({ tenant, day, kind, count }) =>
      create(fixed.days, hashOf(id, tenant, day, kind), { day, organization: tenant, kind, count }),
    );
  }

  function rejectActions(batch: StoreBatch, id: string): BulkAction[] {
    if (batch.rejects.length === 0) return [];
    lastWritten = Math.max(lastWritten + 1, options.nowMs());
    return batch.rejects.map((reject, place) => {
      const document: RejectDocument = {
        stream: reject.stream,
        code: reject.code,
        count: reject.count,
        first_offset: reject.firstOffset,
        ...(reject.file === null ? {} : { file: reject.file }),
        rejected: reject.rejectedMs,
        written: lastWritten,
        place,
      };
      return create(fixed.rejects, hashOf(id, place), document);
    });
  }

  function markActions(batch: StoreBatch): BulkAction[] {
    return batch.streams.flatMap(({ state, marks }) =>
      marks.map(({ end, digest }) =>
        index(fixed.marks, hashOf(state.id, end), {
          stream: state.id,
          end,
          digest: Buffer.from(digest).toString('base64'),
        }),
      ),
    );
  }

  async function forgetRejects(beforeMs: number): Promise<string[]> {
    const all = await reader.rejectDocuments();
    const old = all.filter(({ reject }) => reject.rejectedMs < beforeMs);
    await bulk(old.map(({ id }) => ({ kind: 'delete', index: fixed.rejects, id })));
    const kept = new Set(
      all.filter(({ reject }) => reject.rejectedMs >= beforeMs).map(({ reject }) => reject.file),
    );
    const files = new Set(
      old.map(({ reject }) => reject.file).filter(file => file !== null && !kept.has(file)),
    );
    return ([...files] as string[]).sort();
  }

  return { write, forgetRejects };
}

/** Names that have no envelope yet, and the one that they came in. */
interface FreshNames {
  /** Id of the envelope's document. */
  envelope: string;
  epoch: number;
  body: string;
  ids: string[];
}

function create(indexName: string, id: string, document: object): BulkAction {
  return { kind: 'create', index: indexName, id, document };
}

function index(indexName: string, id: string, document: object): BulkAction {
  return { kind: 'index', index: indexName, id, document };
}

/** Refuses a batch that no store can hold, before anything of it is written. */
function check(batch: StoreBatch): void {
  for (const finding of batch.findings) {
    const areIds = [finding.id, finding.recordId].every(id => /^[0-9a-f]{32}$/.test(id));
    if (!areIds) throw new TypeError('an id must be 32 hex digits');
  }
  for (const { marks } of batch.streams) {
    for (const mark of marks) {
      if (!(mark.digest instanceof Uint8Array)) throw new TypeError('a digest must be bytes');
    }
  }
}

/** Gives the id of a batch: the same for the same positions; one of its own where it has none. */
function batchId(batch: StoreBatch): string {
  if (batch.streams.length === 0) return randomUUID();
  const ends = batch.streams.map(({ state }) => [state.id, state.position] as const);
  return hashOf(...ends.sort(([a], [b]) => (a < b ? -1 : 1)).flat());
}

function hashOf(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}

function mergeUsage(counts: readonly UsageCount[]): UsageCount[] {
  const merged = new Map<string, UsageCount>();
  for (const count of counts) {
    const key = JSON.stringify([count.tenant, count.hourMs, count.department]);
    const sum = merged.get(key);
    if (sum === undefined) {
      merged.set(key, { ...count });
      continue;
    }
    sum.records += count.records;
    sum.bytes += count.bytes;
    sum.denied += count.denied;
    sum.tunnels += count.tunnels;
    sum.named += count.named;
  }
  return [...merged.values()];
}

function mergeDays(counts: readonly DayCount[]): DayCount[] {
  const merged = new Map<string, DayCount>();
  for (const count of counts) {
    const key = JSON.stringify([count.tenant, count.day, count.kind]);
    const sum = merged.get(key);
    if (sum === undefined) merged.set(key, { ...count });
    else sum.count += count.count;
  }
  return [...merged.values()];
}

function streamDocument(state: StoreBatch['streams'][number]['state']): StreamDocument {
  return {
    id: state.id,
    source: state.source,
    first_line: state.firstLine,
    ordinal: state.ordinal,
    position: state.position,
    ...(state.format === undefined ? {} : { format: state.format }),
    ends_in_half_line: state.endsInHalfLine,
  };
}
