// A lane: one version of lists, policy and directory, reading lines for one tenant. In: events with lines, and their
// format. Out: what they come to, to be written. Invariant: what a lane makes of a line depends on the line, its place,
// the versions and the clock that was set, on nothing else: who reads it again gets the same.
// Example: `lane.setClock(nowMs); lane.read(chunk, format); const { batch, usage } = lane.take();`
import type { Format } from '../format/formats.ts';
import { createPositionFinder } from '../frame/position-finder.ts';
import type { Versions } from '../model/finding.ts';
import type { RejectCode } from '../model/record.ts';
import type { Chunk, ContinuedLine, OverlongLine } from '../ports/source.ts';
import type { KeptVersion, UsageCount } from '../ports/store.ts';
import type { Batch } from './batch.ts';
import type { FastScan } from './fast/squid-scan.ts';
import type { LinePlace, Pipeline } from './pipeline.ts';
import type { Slots } from './slots.ts';
import { blankSummary, noteStart, type ScanSummary } from './summary.ts';
import type { UsageTable } from './usage.ts';

/** What lines come in. */
export type LineEvent = Chunk | OverlongLine | ContinuedLine;

/** What was gathered since the last time. */
export interface Gathered {
  batch: Batch;
  usage: UsageCount[];
  summary: ScanSummary;
}

export interface Lane {
  /** Sets the clock that decides what is too old or in the future. */
  setClock(nowMs: number): void;
  read(chunk: Chunk, format: Format): void;
  /** Rejects every line of an event: for those that no format is asked about. */
  reject(event: LineEvent, code: RejectCode): void;
  /** What is gathered so far, counts of hours aside. */
  batch(): Batch;
  take(): Gathered;
}

/** The lanes of one version. */
export interface LaneSet {
  readonly versions: Versions;
  /** Gives the lane of a tenant that a source names, or of the one that is configured; null where none is of that name. */
  of(tenant: string | null): Lane | null;
  /** Versions of policy and directory that must be kept beside what an epoch comes to (§5.7). */
  keep(epoch: number): readonly KeptVersion[];
}

/** Where a worker gets its lanes. */
export interface Lanes {
  /** What is in force now. It changes only in `refresh`. */
  current(): LaneSet;
  /** Takes up lists, policy and directory that were changed; called between windows (§9.4). */
  refresh(): void;
  /** Gives lanes of exactly these versions; null where this worker cannot have them. */
  pinned(versions: Versions): Promise<LaneSet | null>;
}

export interface LaneOptions {
  pipeline: Pipeline;
  usage: UsageTable;
  slots: Slots;
  /** The lane's own, which the pipeline counts in. */
  summary: ScanSummary;
  /** The scan that lets most lines go after one look; null for formats that have none. */
  fastScan(format: Format): FastScan | null;
  setClock(nowMs: number): void;
}

/** Creates a lane out of its parts. */
export function createLane(options: LaneOptions): Lane {
  const { pipeline, summary, usage, slots } = options;

  function read(chunk: Chunk, format: Format): void {
    noteBytes(chunk.end - chunk.start);
    const fast = options.fastScan(format);
    const reading = { chunk, format, place: placer(chunk) };
    if (fast === null) readLines(reading, chunk.start);
    else readFast(reading, fast);
  }

  function readFast(reading: Reading, fast: FastScan): void {
    const { chunk } = reading;
    const { bytes } = chunk;
    const lastFeed = bytes.lastIndexOf(LINE_FEED, chunk.end - 1);
    const wholeEnd = lastFeed < chunk.start ? chunk.start : lastFeed + 1;
    let position = chunk.start;
    while (position < wholeEnd) {
      const slow = fast.scan(bytes, position, wholeEnd);
      countLetGo(fast);
      for (let i = 0; i < slow; i++) {
        readLine(reading, { start: fast.slowStarts[i]!, end: fast.slowEnds[i]! });
      }
      position = fast.stoppedAt;
    }
    readLines(reading, wholeEnd);
  }

  function countLetGo(fast: FastScan): void {
    if (fast.lines === 0) return;
    summary.lines += fast.lines;
    summary.records += fast.lines;
    noteStart(summary, fast.firstStartMs);
    noteStart(summary, fast.lastStartMs);
    fast.takeSlotLines((slot, lines) => {
      summary.subjects[slots.get(slot).kind] += lines;
    });
  }

  function readLines(reading: Reading, from: number): void {
    for (const range of linesOf(reading.chunk, from)) readLine(reading, range);
  }

  function readLine({ chunk, format, place }: Reading, range: { start: number; end: number }): void {
    pipeline.line(chunk.bytes, range, { format, ...place(range.start) });
  }

  function reject(event: LineEvent, code: RejectCode): void {
    if (event.kind === 'lines') {
      noteBytes(event.end - event.start);
      const place = placer(event);
      for (const { start, end } of linesOf(event, event.start)) {
        pipeline.reject(event.bytes.subarray(start, end), code, { format: null, ...place(start) });
      }
      return;
    }
    noteBytes(event.lineBytes);
    const { state, path, offset } = event;
    const place = { format: null, stream: state.id, path, origin: event.origin ?? null, offset };
    pipeline.reject(event.bytes.subarray(event.start, event.end), code, place);
  }

  function noteBytes(bytes: number): void {
    summary.bytes += bytes;
    pipeline.batch().bytes += bytes;
  }

  return {
    setClock: options.setClock,
    read,
    reject,
    batch: () => pipeline.batch(),
    take() {
      const gathered = structuredClone(summary);
      Object.assign(summary, blankSummary(summary.versions));
      return { batch: pipeline.take(), usage: usage.drain(slot => slots.get(slot)), summary: gathered };
    },
  };
}

const LINE_FEED = 10;

type Place = Omit<LinePlace, 'format'>;

/** A chunk that is being read. */
interface Reading {
  chunk: Chunk;
  format: Format;
  place(at: number): Place;
}

/** Makes what says where the line that begins at a byte stands. */
function placer(chunk: Chunk): (at: number) => Place {
  const { state, path, offset, start, bytes, positions } = chunk;
  const origin = chunk.origin ?? null;
  const positionOf =
    positions === undefined ? (at: number) => offset + at - start : createPositionFinder(positions, bytes);
  return at => ({ stream: state.id, path, origin, offset: positionOf(at) });
}

function* linesOf(chunk: Chunk, from: number): Generator<{ start: number; end: number }> {
  let start = from;
  while (start < chunk.end) {
    const feed = chunk.bytes.indexOf(LINE_FEED, start);
    const end = feed === -1 || feed >= chunk.end ? chunk.end : feed;
    yield { start, end };
    start = end + 1;
  }
}
