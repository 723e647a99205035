// Runs a source through the pipeline into a store: chunk by chunk, transaction by transaction. Findings, counts
// and positions of a transaction are written together (§9.3), so that a kill at any moment loses and doubles
// nothing: what was not committed is read again.

import { type Detection, detect } from '../format/detect.ts';
import type { Format } from '../format/formats.ts';
import { FORMATS } from '../format/formats.ts';
import type { Chunk, LiveEvent, OriginEnd, Source } from '../ports/source.ts';
import type { KeptVersion, RejectBatch, SealedNames, Store, StoreBatch } from '../ports/store.ts';
import { advance, type Batch } from './batch.ts';
import type { FastScan } from './fast/squid-scan.ts';
import type { Pipeline } from './pipeline.ts';
import type { Slots } from './slots.ts';
import { noteStart, type ScanSummary } from './summary.ts';
import type { UsageTable } from './usage.ts';

/** A transaction is written when it holds this much; a chunk is never split. */
const MAX_FINDINGS = 8_192;
const MAX_BYTES = 64 << 20;
const MAX_REJECTED_BYTES = 2 << 20;

export interface WorkerOptions {
  source: Source<LiveEvent>;
  store: Store;
  pipeline: Pipeline;
  usage: UsageTable;
  slots: Slots;
  summary: ScanSummary;
  /** Null for `auto`. */
  format: Format | null;
  /** The scan that lets most lines go after one look; null for formats that have none. */
  fastScan(format: Format): FastScan | null;
  /** Reads anew without adding to counts or moving positions (`--again`, §9.2). */
  mode: 'resume' | 'again';
  sealNames(names: ReadonlyMap<string, string>, epoch: number): Promise<SealedNames>;
  /** Seals the rejected lines into one file and says what to record of them. */
  sealRejects(batch: Batch): Promise<RejectBatch[]>;
  /** Versions of policy and directory that must be kept beside findings of an epoch (§5.7). */
  keep(epoch: number): readonly KeptVersion[];
  yearOf(atMs: number): number;
  nowMs(): number;
  onDetect(path: string | null, detection: Detection): void;
  onProgress(summary: ScanSummary): void;
}

export interface WorkerResult {
  failures: NonNullable<OriginEnd['failure']>[];
  knownBytes: number;
  interrupted: boolean;
}

/** Runs until the source ends or the signal says stop; what was read by then is stored. */
export async function runWorker(options: WorkerOptions, signal: AbortSignal): Promise<WorkerResult> {
  const { pipeline, summary } = options;
  const begunMs = options.nowMs();
  const result: WorkerResult = { failures: [], knownBytes: 0, interrupted: false };
  const formats = new Map<string, Format>();
  const sealedIds = new Set<string>();
  const keptEpochs = new Set<number>();

  for await (const event of options.source.events(signal)) {
    switch (event.kind) {
      case 'lines':
        readChunk(event);
        break;
      case 'overlong':
      case 'continued':
        pipeline.reject(
          event.bytes.subarray(event.start, event.end),
          event.kind === 'overlong' ? 'too-long' : 'continued',
          { stream: event.state.id, offset: event.offset },
        );
        summary.bytes += event.lineBytes;
        break;
      case 'end':
        summary.pending += event.pending;
        result.knownBytes += event.knownBytes;
        if (event.failure !== null) result.failures.push(event.failure);
        break;
      case 'position':
        break;
      case 'rebalance':
        await flush();
        break;
      default:
        event satisfies never;
    }
    if (event.kind !== 'end' && event.kind !== 'rebalance')
      advance(pipeline.batch(), event.state, event.marks);
    if (isFull(pipeline.batch())) await flush();
    summary.seconds = (options.nowMs() - begunMs) / 1000;
    options.onProgress(summary);
    if (signal.aborted) break;
  }
  // The source may have seen the signal first and ended by itself.
  result.interrupted = signal.aborted;
  await flush();
  summary.seconds = (options.nowMs() - begunMs) / 1000;
  return result;

  function readChunk(chunk: Chunk): void {
    const format = formatOf(chunk);
    summary.bytes += chunk.end - chunk.start;
    pipeline.batch().bytes += chunk.end - chunk.start;
    const fast = options.fastScan(format);
    if (fast === null) readLines(chunk, format, chunk.start);
    else readFast(chunk, format, fast);
  }

  function readFast(chunk: Chunk, format: Format, fast: FastScan): void {
    const { bytes } = chunk;
    const lastFeed = bytes.lastIndexOf(10, chunk.end - 1);
    const wholeEnd = lastFeed < chunk.start ? chunk.start : lastFeed + 1;
    let position = chunk.start;
    while (position < wholeEnd) {
      const slow = fast.scan(bytes, position, wholeEnd);
      countLetGo(fast);
      for (let i = 0; i < slow; i++) {
        readLine(chunk, format, { start: fast.slowStarts[i]!, end: fast.slowEnds[i]! });
      }
      position = fast.stoppedAt;
    }
    readLines(chunk, format, wholeEnd);
  }

  function countLetGo(fast: FastScan): void {
    if (fast.lines === 0) return;
    summary.lines += fast.lines;
    summary.records += fast.lines;
    noteStart(summary, fast.firstStartMs);
    noteStart(summary, fast.lastStartMs);
    fast.takeSlotLines((slot, lines) => {
      summary.subjects[options.slots.get(slot).kind] += lines;
    });
  }

  function readLines(chunk: Chunk, format: Format, from: number): void {
    let start = from;
    while (start < chunk.end) {
      const feed = chunk.bytes.indexOf(10, start);
      const end = feed === -1 || feed >= chunk.end ? chunk.end : feed;
      readLine(chunk, format, { start, end });
      start = end + 1;
    }
  }

  function readLine(chunk: Chunk, format: Format, range: { start: number; end: number }): void {
    pipeline.line(chunk.bytes, range, {
      format,
      stream: chunk.state.id,
      path: chunk.path,
      offset: chunk.positionOf?.(range.start) ?? chunk.offset + range.start - chunk.start,
    });
  }

  function formatOf(chunk: Chunk): Format {
    if (options.format !== null) return options.format;
    const known = formats.get(chunk.state.id) ?? FORMATS.find(format => format.name === chunk.state.format);
    if (known !== undefined) {
      chunk.state.format = known.name;
      return known;
    }
    const detection = detect(chunk.bytes, chunk.start, chunk.end);
    options.onDetect(chunk.path, detection);
    // What was only guessed is not kept: the next chunk, or the next scan, may know better.
    if (!detection.sure) return detection.format;
    formats.set(chunk.state.id, detection.format);
    chunk.state.format = detection.format.name;
    return detection.format;
  }

  async function flush(): Promise<void> {
    const batch = pipeline.take();
    const adds = options.mode === 'resume';
    const usage = options.usage.drain(slot => options.slots.get(slot));
    const stored: StoreBatch = {
      findings: batch.findings,
      usage: adds ? usage : [],
      days: adds ? [...batch.days.values()] : [],
      streams: adds ? [...batch.streams.values()] : [],
      names: await sealNewNames(batch),
      rejects: adds && batch.rejected.length > 0 ? await options.sealRejects(batch) : [],
      versions: newVersions(batch),
    };
    if (isEmpty(stored)) return;
    const written = await options.store.write(stored);
    summary.findings.new += written.added;
    summary.findings.known += written.known;
    options.source.stored?.(stored.streams.map(stream => stream.state));
  }

  async function sealNewNames(batch: Batch): Promise<SealedNames[]> {
    const sealed: SealedNames[] = [];
    for (const [epoch, names] of batch.names) {
      const fresh = new Map([...names].filter(([id]) => !sealedIds.has(id)));
      for (const id of await options.store.knownNames([...fresh.keys()])) fresh.delete(id);
      if (fresh.size > 0) sealed.push(await options.sealNames(fresh, epoch));
      for (const id of names.keys()) sealedIds.add(id);
    }
    return sealed;
  }

  function newVersions(batch: Batch): KeptVersion[] {
    const epochs = new Set(batch.findings.map(finding => options.yearOf(finding.startMs)));
    const fresh = [...epochs].filter(epoch => !keptEpochs.has(epoch));
    for (const epoch of fresh) keptEpochs.add(epoch);
    return fresh.flatMap(epoch => options.keep(epoch));
  }
}

function isFull(batch: Batch): boolean {
  return (
    batch.findings.length >= MAX_FINDINGS ||
    batch.bytes >= MAX_BYTES ||
    batch.rejectedBytes >= MAX_REJECTED_BYTES
  );
}

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
