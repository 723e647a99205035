// Runs a source into a store with transactions: chunk by chunk, transaction by transaction. Findings, counts and
// positions of a transaction are written together (§9.3), so that a kill at any moment loses and doubles nothing: what
// was not committed is read again. Its sibling for stores without transactions is `window-worker.ts`.
import type { Detection } from '../format/detect.ts';
import type { Format } from '../format/formats.ts';
import type { LiveEvent, OriginEnd, Source } from '../ports/source.ts';
import type { RejectBatch, SealedNames, Store, StoreBatch } from '../ports/store.ts';
import { addBatch, areFull, type Batch } from './batch.ts';
import { createFormatChooser } from './choose-format.ts';
import type { Lane, LaneSet, Lanes, LineEvent } from './lane.ts';
import { createNameSealer } from './name-sealer.ts';
import { advance, type Progress } from './positions.ts';
import { readInto } from './reader.ts';
import { addSummary, type ScanSummary } from './summary.ts';
import { createTimedEvents } from './timed-events.ts';
import { addUsage } from './usage.ts';
import { createVersionKeeper } from './version-keeper.ts';

/** What both kinds of worker are given. */
export interface CommonWorkerOptions {
  source: Source<LiveEvent>;
  /** Of the whole run; what is stored is added to it. */
  summary: ScanSummary;
  /** Null for `auto`. */
  format: Format | null;
  /** `again` reads anew without adding to counts or moving positions (§9.2). */
  mode: 'resume' | 'again';
  sealNames(names: ReadonlyMap<string, string>, epoch: number): Promise<SealedNames>;
  /** Seals the rejected lines into one file and says what to record of them. */
  sealRejects(batch: Batch): Promise<RejectBatch[]>;
  yearOf(atMs: number): number;
  nowMs(): number;
  /** What was read lies unwritten no longer than this, milliseconds; null where it is written when there is enough. */
  flushMs: number | null;
  onDetect(path: string | null, detection: Detection): void;
  /** Comes after each event. */
  onProgress(summary: ScanSummary): void;
  onWritten?(written: Written): void;
  /** Hears when an event is taken in hand, and when the next one is waited for. */
  onDoing?(doing: 'working' | 'waiting'): void;
}

/** What one write came to. */
export interface Written {
  /** How long the store took, milliseconds. */
  tookMs: number;
  added: number;
  known: number;
  /** Documents that were refused for good. */
  refused: number;
  summary: ScanSummary;
}

export interface WorkerOptions extends CommonWorkerOptions {
  store: Store;
  lanes: Lanes;
}

export interface WorkerResult {
  failures: NonNullable<OriginEnd['failure']>[];
  knownBytes: number;
  interrupted: boolean;
}

/** Runs until the source ends or the signal says stop; what was read by then is stored. */
export async function runWorker(options: WorkerOptions, signal: AbortSignal): Promise<WorkerResult> {
  const { lanes, summary, store } = options;
  const begunMs = options.nowMs();
  const result: WorkerResult = { failures: [], knownBytes: 0, interrupted: false };
  const chooseFormat = createFormatChooser(options);
  const names = createNameSealer(options);
  const keeper = createVersionKeeper();
  const positions = new Map<string, Progress>();
  const used = new Set<Lane>();
  let set: LaneSet = lanes.current();
  let clockMs = begunMs;

  const events = createTimedEvents(options.source.events(signal), options);
  for await (const event of events) {
    options.onDoing?.('working');
    switch (event.kind) {
      case 'lines':
      case 'overlong':
      case 'continued':
        readLines(event);
        break;
      case 'end':
        summary.pending += event.pending;
        result.knownBytes += event.knownBytes;
        if (event.failure !== null) result.failures.push(event.failure);
        break;
      case 'position':
        advance(positions, event.state, event.marks);
        break;
      case 'rebalance':
      case 'settle':
        await flush();
        break;
      case 'due':
        await flush();
        // Who has nothing to read takes changes up as well, and can say so.
        lanes.refresh();
        break;
      default:
        event satisfies never;
    }
    if (isEnough()) await flush();
    summary.seconds = (options.nowMs() - begunMs) / 1000;
    options.onProgress(summary);
    if (signal.aborted) break;
    options.onDoing?.('waiting');
  }
  // The source may have seen the signal first and ended by itself.
  result.interrupted = signal.aborted;
  await flush();
  summary.seconds = (options.nowMs() - begunMs) / 1000;
  return result;

  /** What has changed by now judges the next transaction, however long ago the one before it was written (§9.4). */
  function begin(): void {
    lanes.refresh();
    set = lanes.current();
    clockMs = options.nowMs();
  }

  function readLines(event: LineEvent): void {
    if (used.size === 0) begin();
    used.add(readInto(set, event, { clockMs, format: event.kind === 'lines' ? chooseFormat(event) : null }));
    advance(positions, event.state, event.marks);
    events.noteRead();
  }

  async function flush(): Promise<void> {
    const { batch, usage, part } = gather();
    const adds = options.mode === 'resume';
    const stored: StoreBatch = {
      findings: batch.findings,
      usage: adds ? usage : [],
      days: adds ? [...batch.days.values()] : [],
      streams: adds ? [...positions.values()] : [],
      names: await names.seal(batch.names),
      rejects: adds && batch.rejected.length > 0 ? await options.sealRejects(batch) : [],
      versions: await keeper.fresh(
        set,
        new Set(batch.findings.map(({ startMs }) => options.yearOf(startMs))),
      ),
      settled: [],
    };
    positions.clear();
    if (!isEmpty(stored)) await write(stored, part);
    events.noteWritten();
  }

  async function write(stored: StoreBatch, part: ScanSummary): Promise<void> {
    const fromMs = options.nowMs();
    const { added, known } = await store.write(stored);
    part.findings = { new: added, known };
    addSummary(summary, part);
    options.source.stored?.(stored.streams.map(stream => stream.state));
    options.onWritten?.({ tookMs: options.nowMs() - fromMs, added, known, refused: 0, summary: part });
  }

  function isEnough(): boolean {
    const batches = [...used].map(lane => lane.batch());
    const bytes = batches.reduce((sum, batch) => sum + batch.bytes, 0);
    return bytes >= MAX_BYTES || areFull(batches);
  }

  function gather() {
    const [first = set.of(null)!, ...others] = used;
    const { batch, usage, summary: part } = first.take();
    for (const lane of others) {
      const more = lane.take();
      addBatch(batch, more.batch);
      addUsage(usage, more.usage);
      addSummary(part, more.summary);
    }
    used.clear();
    return { batch, usage, part };
  }
}

/** Bytes of lines that a transaction comes of at most; a chunk is never split for it. */
const MAX_BYTES = 64 << 20;

function isEmpty(batch: StoreBatch): boolean {
  return (
    batch.findings.length +
      batch.usage.length +
      batch.days.length +
      batch.streams.length +
      batch.rejects.length ===
    0
  );
}
