// Messages → whole lines in one reused buffer. In: messages of one partition in order. Out: a chunk's bytes, and for
// each line its position. Invariant: each message is one line or more, each ended by a line feed (added where the
// message lacks it); an empty message is an empty line. A message that needs care (too big for the buffer, or with too
// many lines) is left to slice-message.ts.
import type { LineOrigin, PositionTable } from '../../../ports/source.ts';
import { MAX_LINES, positionAt } from './position.ts';

export const SPARE_BEFORE = 8;
export const SPARE_AFTER = 64;

/** A message, as far as it is read here. */
export interface Message {
  /** A text where kafkajs read it, a number where record-batches.ts did. */
  offset: string | number;
  key: Uint8Array | null;
  value: Uint8Array | null;
  headers?: Record<string, unknown>;
  /** Where it came in (`answer-memory.ts`); only where record-batches.ts read it. */
  batchContext?: { answer?: ArrayBufferLike };
}

/** Messages of one partition as they were fetched, in order. */
export interface FetchedBatch {
  messages: readonly Message[];
  firstOffset: number;
  /** True where each offset is one more than that before: then only the first one is read as a number. */
  isGapless: boolean;
}

export class ChunkWriter {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where the chunk ends; `SPARE_BEFORE` while it is empty. */
  end: number = SPARE_BEFORE;
  /** Position of the line after the chunk. */
  nextPosition = 0;
  origin: LineOrigin | null = null;
  readonly capacity: number;
  readonly #starts = new Int32Array(MAX_MESSAGES);
  readonly #positions = new Float64Array(MAX_MESSAGES);
  readonly #originOf: ((message: Message) => LineOrigin) | null;
  readonly #windowMessages: number;
  #count = 0;
  #windowEnd = 0;

  constructor(options: {
    bufferBytes: number;
    windowMessages: number;
    originOf: ((message: Message) => LineOrigin) | null;
  }) {
    this.bytes = new Uint8Array(SPARE_BEFORE + options.bufferBytes + SPARE_AFTER);
    this.capacity = options.bufferBytes;
    this.#originOf = options.originOf;
    this.#windowMessages = options.windowMessages;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Takes in messages from index `from` on; answers the index of the first that it did not take. */
  fill({ messages, firstOffset, isGapless }: FetchedBatch, from: number): number {
    const { bytes } = this;
    const starts = this.#starts;
    const positions = this.#positions;
    const limit = SPARE_BEFORE + this.capacity;
    let end = this.end;
    let count = this.#count;
    let i = from;
    for (; i < messages.length; i++) {
      const message = messages[i]!;
      const offset = isGapless ? firstOffset + i : Number(message.offset);
      const { value } = message;
      const length = value === null ? 0 : value.length;
      if (end + length + 1 > limit || count === MAX_MESSAGES) break;
      if (offset >= this.#windowEnd) {
        if (count > 0) break;
        this.#enterWindow(offset);
      }
      // Lines are counted only in a message that is long enough to hold too many.
      if (length > MAX_LINES && hasTooManyLines(value!)) break;
      if (this.#originOf !== null && !this.#isSameOrigin(message, count)) break;
      starts[count] = end;
      positions[count++] = positionAt(offset, 0);
      if (length > 0) {
        bytes.set(value!, end);
        end += length;
        if (bytes[end - 1] !== LINE_FEED) bytes[end++] = LINE_FEED;
      } else {
        bytes[end++] = LINE_FEED;
      }
      this.nextPosition = positionAt(offset + 1, 0);
    }
    this.end = end;
    this.#count = count;
    return i;
  }

  /** Takes in a run of lines of one message, the first of them at `position`. The writer must be empty. */
  fillRun(message: Message, lines: Uint8Array, place: { position: number; nextPosition: number }): void {
    if (this.#originOf !== null) this.#isSameOrigin(message, 0);
    this.#starts[0] = this.end;
    this.#positions[0] = place.position;
    this.#count = 1;
    this.bytes.set(lines, this.end);
    this.end += lines.length;
    if (lines.at(-1) !== LINE_FEED) this.bytes[this.end++] = LINE_FEED;
    this.nextPosition = place.nextPosition;
  }

  /** Position of the chunk's first line. */
  get firstPosition(): number {
    return this.#positions[0]!;
  }

  /** Positions of the chunk's lines, until the next chunk is begun. */
  get positions(): PositionTable {
    return { starts: this.#starts, positions: this.#positions, count: this.#count };
  }

  /** Begins a new chunk in the same bytes. */
  reset(): void {
    this.end = SPARE_BEFORE;
    this.#count = 0;
    this.#windowEnd = 0;
  }

  #enterWindow(offset: number): void {
    const size = this.#windowMessages;
    this.#windowEnd = size === Infinity ? Infinity : (Math.floor(offset / size) + 1) * size;
  }

  #isSameOrigin(message: Message, count: number): boolean {
    const origin = this.#originOf!(message);
    if (count === 0) this.origin = origin;
    else if (!areAlike(origin, this.origin!)) return false;
    return true;
  }
}

const LINE_FEED = 10;
/** Bounds the table of positions: 64 bytes of a chunk of 4 MiB for each message. */
const MAX_MESSAGES = 65_536;

/** Looks no further than where the rest could not hold too many, were it line feeds only. */
function hasTooManyLines(value: Uint8Array): boolean {
  let at = 0;
  for (let lines = 0; lines + value.length - at > MAX_LINES; lines++) {
    if (lines === MAX_LINES) return true;
    const feed = value.indexOf(LINE_FEED, at);
    if (feed < 0) return false;
    at = feed + 1;
  }
  return false;
}

function areAlike(a: LineOrigin, b: LineOrigin): boolean {
  return a.tenant === b.tenant && a.format === b.format && a.proxy === b.proxy;
}
