// Unpacks gzip (all members) and zstd (all frames) with bounded memory. What could be unpacked before damage is
// handed out before the damage is told.
import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { type ByteReader, codeOf, createStreamReader, type OriginFailure } from './byte-reader.ts';
import { createZstdFrames, ZSTD_MAGIC_BYTES } from './zstd-frames.ts';

export type Compression = 'gzip' | 'zstd';

/** Tells the compression of a file by its first bytes; null where it is none that is known. */
export function compressionOf(head: Uint8Array): Compression | null {
  if (head.length >= 3 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return 'gzip';
  if (head.length < 4) return null;
  if (ZSTD_MAGIC_BYTES.every((byte, index) => head[index] === byte)) return 'zstd';
  const isSkippable = (head[0]! & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18;
  return isSkippable ? 'zstd' : null;
}

/**
 * Reads what `raw` holds unpacked. A decompressor that meets damage drops all it made of the same write; where the
 * origin can be read again (`again`), the damaged piece is fed once more byte by byte, so that only the damage is lost.
 */
export function createDecompressReader(
  raw: ByteReader,
  compression: Compression,
  again: (() => ByteReader) | null,
): ByteReader {
  let run = startRun(raw, compression, {
    slowFrom: Number.POSITIVE_INFINITY,
    pieceBytes: again ? PIECE_BYTES : SMALL_PIECE_BYTES,
  });
  let delivered = 0;
  let salvaged: OriginFailure | null = null;

  async function read(target: Uint8Array, from: number, to: number): Promise<number> {
    const count = await run.reader.read(target, from, to);
    delivered += count;
    const failure = run.reader.failure();
    if (count > 0 || again === null || salvaged !== null || failure === null || !run.isInWrite())
      return count;
    salvaged = failure;
    run.reader.close();
    run = startRun(again(), compression, { slowFrom: run.consumed(), pieceBytes: PIECE_BYTES });
    return (await skip(delivered, target)) ? read(target, from, to) : 0;
  }

  /** Passes over what was handed out already, through a buffer of its own. */
  async function skip(bytes: number, target: Uint8Array): Promise<boolean> {
    const scratch = new Uint8Array(Math.min(target.length, PIECE_BYTES));
    for (let left = bytes; left > 0; ) {
      const count = await run.reader.read(scratch, 0, Math.min(left, scratch.length));
      if (count === 0) return false;
      left -= count;
    }
    return true;
  }

  return {
    read,
    isReady: () => run.reader.isReady(),
    failure: () => salvaged ?? run.reader.failure(),
    close: () => run.reader.close(),
  };
}

const PIECE_BYTES = 16 << 10;
/** Where nothing can be read again, what a damaged piece loses is kept small. */
const SMALL_PIECE_BYTES = 4 << 10;
const OUTPUT_BYTES = 128 << 10;

interface Run {
  reader: ByteReader;
  /** Bytes of the origin that were unpacked without complaint. */
  consumed(): number;
  /** Says whether a write is under way: then what it made is lost with an error. */
  isInWrite(): boolean;
}

/** Feeds a decompressor piece by piece; from `slowFrom` on byte by byte. */
function startRun(
  raw: ByteReader,
  compression: Compression,
  pace: { slowFrom: number; pieceBytes: number },
): Run {
  const engine: Transform =
    compression === 'gzip'
      ? createGunzip({ chunkSize: OUTPUT_BYTES })
      : createZstdDecompress({ chunkSize: OUTPUT_BYTES });
  const frames = compression === 'zstd' ? createZstdFrames() : null;
  let consumed = 0;
  let isInWrite = false;
  let cause: OriginFailure | null = null;
  const inner = createStreamReader(engine, error => cause ?? damaged(codeOf(error)));
  void feed();

  async function feed(): Promise<void> {
    const piece = new Uint8Array(pace.pieceBytes);
    for (;;) {
      const slowIn = pace.slowFrom - consumed;
      const want = slowIn <= 0 ? 1 : Math.min(piece.length, slowIn);
      const count = await raw.read(piece, 0, want);
      if (engine.destroyed) return;
      if (count === 0) return finish();
      if (!(await write(piece.subarray(0, count)))) return;
      consumed += count;
    }
  }

  function finish(): void {
    const failure = raw.failure();
    if (failure !== null) stop(failure);
    else if (frames?.isInside()) stop(damaged('unexpected end of file'));
    else engine.end();
  }

  /** Ends with a failure only after all that was unpacked has been taken. */
  function stop(failure: OriginFailure): void {
    cause = failure;
    engine.push(null);
  }

  async function write(bytes: Uint8Array): Promise<boolean> {
    if (frames === null) return await hand(bytes);
    for (let at = 0; at < bytes.length; ) {
      const { count, kind } = frames.take(bytes, at, bytes.length);
      if (frames.isLost()) {
        stop(damaged('data after the end that is no zstd frame'));
        return false;
      }
      if (kind === 'begin' && !(await hand(ZSTD_MAGIC_BYTES))) return false;
      if (kind === 'frame' && !(await hand(bytes.subarray(at, at + count)))) return false;
      at += count;
    }
    return true;
  }

  async function hand(bytes: Uint8Array): Promise<boolean> {
    isInWrite = true;
    const error = await new Promise<Error | null | undefined>(resolve => {
      engine.write(bytes, resolve);
    });
    // It stays true after an error: then the write is the one that was lost.
    if (!error) isInWrite = false;
    return !error;
  }

  return {
    reader: {
      read: inner.read,
      isReady: async () => (await raw.isReady()) || (await inner.isReady()),
      failure: () => cause ?? inner.failure(),
      close() {
        inner.close();
        raw.close();
      },
    },
    consumed: () => consumed,
    isInWrite: () => isInWrite,
  };
}

function damaged(what: string): OriginFailure {
  return { code: 'damaged', message: `the archive is damaged or cut short (${what})` };
}
