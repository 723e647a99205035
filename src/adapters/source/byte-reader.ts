// Byte readers: where the bytes of one origin come from, whatever it is. A reader is pulled, holds little, and
// never throws on what it reads: damage is told by `failure` once `read` has answered 0.
import { readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OriginEnd } from '../../ports/source.ts';

export type OriginFailure = NonNullable<OriginEnd['failure']>;

/** Hands out the bytes of one origin in order. */
export interface ByteReader {
  /** Fills some of `target[from..to)` and answers how much; waits for the first byte; 0 at the end. */
  read(target: Uint8Array, from: number, to: number): Promise<number>;
  /** Says whether more can be read without waiting for somebody else. */
  isReady(): Promise<boolean>;
  /** Tells what was wrong, once the end was reached. */
  failure(): OriginFailure | null;
  close(): void;
}

/** Reads a regular file through its descriptor, from its beginning or `from`; leaves the descriptor open. */
export function createFdReader(fd: number, from = 0): ByteReader {
  let position = from;
  let failure: OriginFailure | null = null;
  return {
    async read(target, start, end) {
      // One turn of the event loop per buffer lets signals through: nothing else here ever waits.
      await nextTurn();
      try {
        const count = readSync(fd, target, start, end - start, position);
        position += count;
        return count;
      } catch (error) {
        failure = { code: 'unreadable', message: `reading stopped at byte ${position}: ${codeOf(error)}` };
        return 0;
      }
    },
    isReady: async () => true,
    failure: () => failure,
    close() {},
  };
}

/** Reads a stream of the platform: stdin, a pipe, or a decompressor. `tellFailure` says what an error of it means. */
export function createStreamReader(
  stream: Readable,
  tellFailure: (error: unknown) => OriginFailure,
): ByteReader {
  let held: Uint8Array = new Uint8Array(0);
  let failure: OriginFailure | null = null;
  let isOver = stream.readableEnded || stream.destroyed;
  let wake = () => {};
  stream.on('readable', () => wake());
  stream.on('end', () => {
    isOver = true;
    wake();
  });
  stream.on('close', () => {
    if (!isOver) failure = tellFailure(new Error('closed before its end'));
    isOver = true;
    wake();
  });
  stream.on('error', error => {
    failure = tellFailure(error);
    isOver = true;
    wake();
  });

  return {
    async read(target, from, to) {
      while (held.length === 0) {
        const piece: unknown = stream.read();
        if (piece === null) {
          if (isOver) return 0;
          await new Promise<void>(resolve => {
            wake = resolve;
          });
        } else held = bytesOf(piece);
      }
      const count = Math.min(held.length, to - from);
      target.set(held.subarray(0, count), from);
      held = held.subarray(count);
      return count;
    },
    async isReady() {
      if (held.length > 0 || stream.readableLength > 0 || isOver) return true;
      // A quick writer has more within a turn of the event loop: then a chunk is worth filling.
      stream.read(0);
      await nextTurn();
      return stream.readableLength > 0 || isOver;
    },
    failure: () => failure,
    close() {
      stream.destroy();
    },
  };
}

/** A reader whose beginning can be looked at before it is read. */
export interface PeekReader extends ByteReader {
  /** Reads ahead until `isEnough` says so, the end, or `maxBytes`; answers all that was read ahead. */
  peek(
    maxBytes: number,
    isEnough: (head: Uint8Array) => boolean,
  ): Promise<{ head: Uint8Array; isEnd: boolean }>;
}

/** Wraps a reader so that its beginning can be looked at. */
export function createPeekReader(reader: ByteReader): PeekReader {
  let held: Uint8Array = new Uint8Array(0);
  let isEnd = false;
  return {
    async peek(maxBytes, isEnough) {
      while (!isEnd && held.length < maxBytes && !isEnough(held)) {
        const wider = new Uint8Array(Math.min(maxBytes, Math.max(PEEK_STEP_BYTES, held.length * 2)));
        wider.set(held);
        const count = await reader.read(wider, held.length, wider.length);
        isEnd = count === 0;
        held = wider.subarray(0, held.length + count);
      }
      return { head: held, isEnd };
    },
    async read(target, from, to) {
      if (held.length === 0) return isEnd ? 0 : await reader.read(target, from, to);
      const count = Math.min(held.length, to - from);
      target.set(held.subarray(0, count), from);
      held = held.subarray(count);
      return count;
    },
    isReady: async () => held.length > 0 || isEnd || (await reader.isReady()),
    failure: () => reader.failure(),
    close: () => reader.close(),
  };
}

const PEEK_STEP_BYTES = 16 << 10;

/** Names an error of the platform by its code alone: its message may hold a path. */
export function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return 'unknown error';
}

function bytesOf(piece: unknown): Uint8Array {
  if (piece instanceof Uint8Array) return piece;
  return Buffer.from(String(piece), 'utf8');
}
