// The fast scan of native Squid lines: lets the many lines go that are certainly records with nothing to flag.
//
// In: whole lines, the filter and matcher of the mapped lists, who counts where. Out: counts of the lines that were let
// go, and where the other lines stand, in order, untouched, for the exact path. Invariant: a line is let go only if the
// exact path would read it as a record and find it clear; its counts are those that the exact path would have added
// (test/pipeline/fast holds both). Whatever is odd is handed on: an odd field, a host that is no plain name, a name that
// is not ASCII, a 407, a wrapper with room for an inner address, a listed host or a host with listed paths.
//
// How it is fast, in the order of what it saves (docs/adr/0004, bench/results): no string for a line that is let go;
// one bit for most hosts; 64 lines a batch, parsed first and asked after, so that the cache misses overlap; fields
// and line ends found four bytes at a time; the second read once a change; the person found by bytes.
//
//   const slow = scan.scan(bytes, start, end);          // lines scan.slowStarts[0..slow) are the exact path's
//   start = scan.stoppedAt;                             // before `end` where there were too many of them
import type { Zone } from '../../calendar/zone.ts';
import type { Matcher } from '../../category/matcher.ts';
import type { UsageTable } from '../usage.ts';
import { type HostBatch, HostVerdicts } from './host-verdicts.ts';
import type { WalkTable } from './host-walk.ts';
import { HourCells } from './hour-cells.ts';
import { BATCH, HAND_ON, LINE } from './line.ts';
import { LineReader, type LineReaderOptions } from './line-reader.ts';
import { createSubjectCache, type SlotOf, type SubjectCache } from './subject-cache.ts';

export interface SquidScanOptions {
  /** The matcher of the mapped lists, the protected ones included. */
  matcher: Pick<Matcher, 'filter' | 'coversHost'>;
  /** The image that the matcher is of. */
  image: WalkTable;
  /**
   * Read anew for each line: a clock may move them on between two calls. Records that began before `earliestStartMs` are
   * the exact path's (they may be too old); a later bound is safe.
   */
  limits: LineReaderOptions;
  zone: Pick<Zone, 'hourStartMs'>;
  slotOf: SlotOf;
  /** True where the client counts even for a record with a user name (networks are configured). */
  clientMatters: boolean;
  usage: UsageTable;
}

/** Scans chunk after chunk. The numbers and arrays speak of the last call and are overwritten by the next one. */
export interface FastScan {
  /**
   * Scans whole lines `bytes[start..end)`, each ended by a line feed (8 bytes before and 64 after should be readable:
   * a line that ends nearer to the end of the buffer is handed on). Adds the lines that are let go to the usage table
   * and answers how many are handed on.
   */
  scan(bytes: Uint8Array<ArrayBuffer>, start: number, end: number): number;
  /** Where the next call has to begin; `end` unless too many lines were handed on. */
  readonly stoppedAt: number;
  /** Where the lines that are handed on begin and end (without line feed), in order. */
  readonly slowStarts: Int32Array;
  readonly slowEnds: Int32Array;
  /** Number of lines that were let go. All of them were records. */
  readonly lines: number;
  /** Least and greatest `event.start` of the lines that were let go; ±Infinity where there was none. */
  readonly firstStartMs: number;
  readonly lastStartMs: number;
  /** Hands over the number of lines let go per slot since the last time it was asked for. */
  takeSlotLines(take: (slot: number, lines: number) => void): void;
}

/** Creates the fast scan of one log under one set of lists. */
export function createSquidScan(options: SquidScanOptions): FastScan {
  return new SquidScan(options);
}

/** Lines that one call hands on at most, and a batch more. */
const MAX_SLOW = 8192;
const SPARE_BYTES = 64;
const LINE_FEED = 0x0a;

class SquidScan implements FastScan {
  stoppedAt = 0;
  lines = 0;
  firstStartMs = Infinity;
  lastStartMs = -Infinity;
  readonly slowStarts: Int32Array = new Int32Array(MAX_SLOW + BATCH);
  readonly slowEnds: Int32Array = new Int32Array(MAX_SLOW + BATCH);
  readonly #reader: LineReader;
  readonly #hosts: HostVerdicts;
  readonly #subjects: SubjectCache;
  readonly #cells: HourCells;
  /** The batch that is being scanned, as the stages see it. */
  readonly #batch: HostBatch;
  /** Twice the slot of each line, plus 1 where the subject is named. */
  readonly #namedSlots = new Int32Array(BATCH);
  #slow = 0;

  constructor(options: SquidScanOptions) {
    this.#reader = new LineReader(options.limits);
    this.#hosts = new HostVerdicts(options.matcher, options.image);
    this.#subjects = createSubjectCache(options.slotOf, options.clientMatters);
    this.#cells = new HourCells(options.zone, options.usage);
    const bytes = new Uint8Array(0);
    this.#batch = { bytes, view: new DataView(bytes.buffer), batch: this.#reader.batch, count: 0 };
  }

  scan(bytes: Uint8Array<ArrayBuffer>, start: number, end: number): number {
    const batch = this.#batch;
    if (bytes !== batch.bytes) {
      batch.bytes = bytes;
      batch.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.#slow = 0;
    this.lines = 0;
    this.firstStartMs = Infinity;
    this.lastStartMs = -Infinity;
    const limit = bytes.length - SPARE_BYTES;
    const safeEnd = end <= limit ? end : lastLineEnd(bytes, start, limit);
    let at = start;
    while (at < safeEnd && this.#slow < MAX_SLOW) {
      at = this.#reader.readBatch(bytes, batch.view, at, safeEnd);
      batch.count = this.#reader.count;
      this.#hosts.judge(batch);
      this.#findSubjects(batch);
      this.#settle(batch);
    }
    this.stoppedAt = at < safeEnd ? at : this.#handOnRest(bytes, at, end);
    this.#cells.flush();
    return this.#slow;
  }

  takeSlotLines(take: (slot: number, lines: number) => void): void {
    this.#cells.takeSlotLines(take);
  }

  #findSubjects(lines: HostBatch): void {
    const { batch, count } = lines;
    const { starts } = this.#reader;
    const subjects = this.#subjects;
    const namedSlots = this.#namedSlots;
    for (let i = 0, row = 0; i < count; i++, row += LINE.stride) {
      namedSlots[i] = batch[row + LINE.state] === HAND_ON ? -1 : subjects.find(lines, row, starts[i]!);
    }
  }

  #settle({ batch, count }: HostBatch): void {
    const { starts } = this.#reader;
    const namedSlots = this.#namedSlots;
    const cells = this.#cells;
    let slow = this.#slow;
    let firstMs = this.firstStartMs;
    let lastMs = this.lastStartMs;
    const slowBefore = slow;
    for (let i = 0, row = 0; i < count; i++, row += LINE.stride) {
      const namedSlot = namedSlots[i]!;
      if (namedSlot < 0) {
        this.slowStarts[slow] = batch[row + LINE.start]!;
        this.slowEnds[slow++] = batch[row + LINE.end]!;
        continue;
      }
      const startMs = starts[i]!;
      if (startMs < firstMs) firstMs = startMs;
      if (startMs > lastMs) lastMs = startMs;
      cells.add(startMs, namedSlot, batch[row + LINE.sentBytes]!, batch[row + LINE.marks]!);
    }
    this.lines += count - (slow - slowBefore);
    this.#slow = slow;
    this.firstStartMs = firstMs;
    this.lastStartMs = lastMs;
  }

  /** Lists lines that end too near to the end of the buffer for reading by words. */
  #handOnRest(bytes: Uint8Array, from: number, end: number): number {
    let at = from;
    while (at < end && this.#slow < MAX_SLOW) {
      const feed = bytes.indexOf(LINE_FEED, at);
      const lineEnd = feed < 0 || feed >= end ? end : feed;
      this.slowStarts[this.#slow] = at;
      this.slowEnds[this.#slow++] = lineEnd;
      at = Math.min(lineEnd + 1, end);
    }
    return at;
  }
}

/** Finds the end of the last whole line that ends before `limit`; `start` where there is none. */
function lastLineEnd(bytes: Uint8Array, start: number, limit: number): number {
  const feed = limit <= start ? -1 : bytes.lastIndexOf(LINE_FEED, limit - 1);
  return feed < start ? start : feed + 1;
}
