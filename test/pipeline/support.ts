// A whole worker without disk, clock or keys: texts in, a store in memory and the summary out.
import { createHash } from 'node:crypto';
import { createMemoryStore } from '../../src/adapters/store/memory-store.ts';
import { createMatcher } from '../../src/category/matcher.ts';
import { createIds } from '../../src/finding/identity.ts';
import type { Format } from '../../src/format/formats.ts';
import type { Versions } from '../../src/model/finding.ts';
import type { Subject } from '../../src/model/subject.ts';
import { type Batch, blankBatch } from '../../src/pipeline/batch.ts';
import { createJudge, type Judge } from '../../src/pipeline/judge.ts';
import { createLane, type Lane, type LaneSet, type Lanes } from '../../src/pipeline/lane.ts';
import { createPipeline } from '../../src/pipeline/pipeline.ts';
import { createSlots } from '../../src/pipeline/slots.ts';
import { blankSummary, type ScanSummary } from '../../src/pipeline/summary.ts';
import { createUsageTable } from '../../src/pipeline/usage.ts';
import { runWorker, type WorkerResult } from '../../src/pipeline/worker.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { PolicyRules } from '../../src/policy/rules.ts';
import type { LiveEvent, Source, SourceEvent } from '../../src/ports/source.ts';
import type { Store, StoreBatch } from '../../src/ports/store.ts';
import { compile } from '../category/support.ts';
import { policy, rules, stockholm, subject } from '../policy/support.ts';

export const NOW_MS = Date.parse('2026-11-25T12:00:00Z');
/** Monday 5 October 2026, 10:00 in Sweden. */
export const AT_MS = Date.parse('2026-10-05T08:00:00Z');

const IMAGE = compile({
  casino: { domains: 'casino.example\n', urls: 'kiosk.example/odds\n' },
  betting: { domains: 'live.casino.example\n' },
  drugs: { domains: 'drugs.example\n' },
  mixed: { domains: 'mixed.example\n' },
  protected: { domains: 'halsa.example\nräddning.example\n' },
});

const VERSIONS: Versions = { lists: IMAGE.version, policy: 'p', directory: null };

/** A policy in which drugs are announced late, and `mixed.example` is of two categories. */
export function aPolicy(over: Partial<PolicyRules> = {}): Policy {
  const { categories } = rules();
  return policy({
    categories: { ...categories, drugs: { ...categories.drugs!, announcedFrom: '2026-10-12' } },
    ...over,
  });
}

/** Finds the subject by what stands in the name. */
export function resolve(user: string, client: string): Subject {
  const name = user.toLowerCase();
  const shared = { client, department: 'Bygg', countedIn: 'Bygg' };
  if (user === '' && client === '') {
    return subject({ ...shared, kind: 'none', confidence: 'none', name: '', department: '', countedIn: '' });
  }
  if (user === '') return subject({ ...shared, kind: 'client', confidence: 'none', name: client });
  if (name === 'elected') return subject({ ...shared, name, population: 'elected' });
  if (name === 'stranger') return subject({ ...shared, name, population: 'unknown' });
  return subject({ ...shared, name });
}

export interface BenchOptions {
  policy?: Policy;
  format?: Format | null;
  mode?: 'resume' | 'again';
  store?: Store;
  isEpochOpen?(startMs: number): boolean;
  /** Who somebody is; `resolve` of this file unless given. */
  resolve?(user: string, client: string): Subject;
  /** What the source does after each event. */
  onEvent?(index: number): void;
  signal?: AbortSignal;
}

export function aJudge(options: BenchOptions = {}): Judge {
  const used = options.policy ?? aPolicy();
  const matcher = createMatcher(IMAGE, used.mappedLists());
  return createJudge({
    policy: used,
    match: target => matcher.match(target),
    resolve: options.resolve ?? resolve,
    isEpochOpen: options.isEpochOpen ?? (() => true),
    nowMs: () => NOW_MS,
  });
}

export interface Worked {
  summary: ScanSummary;
  result: WorkerResult;
  store: Store;
  /** What was written, transaction by transaction. */
  written: StoreBatch[];
  /** Texts of the rejected lines that would have been sealed; null where one was dropped. */
  rejected: { code: string; text: string | null }[];
  /** Names that were sealed, by pseudonym. */
  names: Map<string, string>;
  detected: string[];
}

/** Makes lanes of the image above; the tenant `other` is known as well. */
export function aLaneSet(options: BenchOptions = {}, versions: Versions = VERSIONS): LaneSet {
  const lane = aLane(options, versions);
  const other = aLane(options, versions);
  return {
    versions,
    of: tenant => (tenant === null ? lane : tenant === 'other' ? other : null),
    keep: epoch => [{ kind: 'policy', hash: 'p', epoch, body: '{}' }],
  };
}

function aLane(options: BenchOptions, versions: Versions): Lane {
  const [slots, usage, summary] = [createSlots(), createUsageTable(), blankSummary(versions)];
  const limits = { maxLineBytes: 4096, latestStampMs: NOW_MS };
  const pipeline = createPipeline(
    {
      zone: stockholm,
      judge: aJudge(options),
      limits,
      versions,
      slots,
      usage,
      summary,
      storedPath: path => path,
      ids: createIds(text => createHash('sha256').update(text).digest()),
      pseudonyms: {
        user: (_tenant, name) => `u-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`,
        client: (_tenant, address) => `c-${createHash('sha256').update(address).digest('hex').slice(0, 8)}`,
      },
      nowMs: () => NOW_MS,
    },
    blankBatch,
  );
  const setClock = (nowMs: number) => {
    limits.latestStampMs = nowMs;
  };
  return createLane({ pipeline, usage, slots, summary, fastScan: () => null, setClock });
}

/** Lanes that never change. */
export function fixedLanes(set: LaneSet): Lanes {
  return { current: () => set, refresh() {}, pinned: async () => null };
}

/** Runs the worker over events. */
export async function work(events: readonly LiveEvent[], options: BenchOptions = {}): Promise<Worked> {
  const store = options.store ?? createMemoryStore();
  const summary = blankSummary(VERSIONS);
  const worked: Omit<Worked, 'result'> = {
    summary,
    store,
    written: [],
    rejected: [],
    names: new Map(),
    detected: [],
  };
  const result = await runWorker(
    {
      source: sourceOf(events, options.onEvent),
      store: {
        ...store,
        write(batch) {
          worked.written.push(batch);
          return store.write(batch);
        },
      },
      lanes: fixedLanes(aLaneSet(options)),
      summary,
      format: options.format ?? null,
      mode: options.mode ?? 'resume',
      async sealNames(names, epoch) {
        for (const [id, name] of names) worked.names.set(id, name);
        return { envelope: new Uint8Array([1]), epoch, ids: [...names.keys()] };
      },
      sealRejects: async batch => sealRejects(batch, worked.rejected),
      yearOf: stockholm.yearOf,
      nowMs: () => NOW_MS,
      flushMs: null,
      onDetect: (_path, { format, sure }) => worked.detected.push(`${format.name}${sure ? '' : '?'}`),
      onProgress: () => {},
    },
    options.signal ?? new AbortController().signal,
  );
  return { ...worked, result };
}

async function sealRejects(batch: Batch, rejected: Worked['rejected']) {
  for (const { code, text } of batch.rejected) {
    rejected.push({ code, text: text === null ? null : new TextDecoder('latin1').decode(text) });
  }
  const [{ stream, offset, code }] = batch.rejected as [Batch['rejected'][0]];
  return [{ stream, code, count: batch.rejected.length, firstOffset: offset, file: 'f', rejectedMs: NOW_MS }];
}

function sourceOf(
  events: readonly LiveEvent[],
  onEvent: (index: number) => void = () => {},
): Source<LiveEvent> {
  return {
    async *events() {
      for (const [index, event] of events.entries()) {
        yield event;
        onEvent(index);
      }
    },
  };
}

/** Makes the chunks of one stream; every text is one chunk. */
export function chunksOf(texts: readonly string[], stream = 'a'.repeat(64)): SourceEvent[] {
  let offset = 0;
  return texts.map(text => {
    const line = Buffer.from(text, 'utf8');
    const bytes = new Uint8Array(line.length + 72);
    bytes.set(line, 8);
    const begin = offset;
    offset += line.length;
    return {
      kind: 'lines',
      state: {
        id: stream,
        source: 'default',
        firstLine: 'f',
        ordinal: 0,
        position: offset,
        endsInHalfLine: false,
      },
      marks: [{ end: offset, digest: new Uint8Array(32) }],
      path: '/logs/access.log',
      bytes,
      start: 8,
      end: 8 + line.length,
      offset: begin,
    };
  });
}
