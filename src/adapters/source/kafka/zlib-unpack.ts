// gzip and zstd by the platform. In: compressed bytes. Out: what they hold; an error where they hold no such thing, are
// cut off, or hold too much. Synchronous and in pieces that fit: for batches of 330 kB of proxy lines a quarter (zstd)
// and a third (gzip) of the processor time of asynchronous calls with the platform's pieces of 16 KiB, and the longest that may
// be, 256 MiB, takes under a second.
// Invariant: what a batch says of its length only sets the size of the pieces, and these are bounded.
import zlib from 'node:zlib';
import { withoutSlack } from './without-slack.ts';

/** Unpacks gzip: all of its members, one after the other. */
export function unpackGzip(packed: Buffer, maxBytes: number): Buffer {
  // The length of the last member, modulo 2^32, is what gzip ends in.
  const said = packed.length < GZIP_MIN_BYTES ? null : packed.readUInt32LE(packed.length - 4);
  const options = { chunkSize: chunkSize(packed, said), maxOutputLength: maxBytes };
  return withoutSlack(zlib.unzipSync(packed, options));
}

/** Unpacks zstd: all of its frames, one after the other. What comes after the last one is passed over. */
export function unpackZstd(packed: Buffer, maxBytes: number): Buffer {
  const frames: Buffer[] = [];
  let rest = packed;
  let room = maxBytes;
  do {
    const chunk = chunkSize(rest, zstdContentSize(rest));
    const { buffer, engine } = unpackFrame(rest, { info: true, chunkSize: chunk, maxOutputLength: room });
    frames.push(buffer);
    room -= buffer.length;
    rest = rest.subarray(engine.bytesWritten);
    if (frames.length > MAX_FRAMES) throw new RangeError('zstd of too many frames');
  } while (isZstd(rest));
  return withoutSlack(frames.length === 1 ? frames[0]! : Buffer.concat(frames));
}

/** No producer writes more than one; each takes time, however short it is. */
const MAX_FRAMES = 1_000;
const GZIP_MIN_BYTES = 18;
const MIN_CHUNK_BYTES = 1 << 10;
const MAX_CHUNK_BYTES = 4 << 20;
/** Room beyond the length, without which the platform makes another piece to see that nothing comes after. */
const SPARE_BYTES = 64;
/** How many bytes one packed byte becomes, about, where nothing says it: three to four on proxy logs. */
const USUAL_RATIO = 4;

function chunkSize(packed: Buffer, said: number | null): number {
  const bytes = (said ?? packed.length * USUAL_RATIO) + SPARE_BYTES;
  return Math.min(MAX_CHUNK_BYTES, Math.max(MIN_CHUNK_BYTES, bytes));
}

/** Unpacks one frame or a little more, and tells how much of the packed bytes it took. */
const unpackFrame = zlib.zstdDecompressSync as unknown as (
  packed: Buffer,
  options: zlib.ZstdOptions,
) => { buffer: Buffer; engine: { bytesWritten: number } };

const ZSTD_MAGIC = 0xfd2fb528;
/** Of sixteen kinds of frames that hold nothing. */
const ZSTD_SKIPPED_MAGIC = 0x184d2a5;

function isZstd(bytes: Buffer): boolean {
  if (bytes.length < 4) return false;
  const magic = bytes.readUInt32LE(0);
  return magic === ZSTD_MAGIC || magic >>> 4 === ZSTD_SKIPPED_MAGIC;
}

/** Reads what a frame says of its length (RFC 8878, 3.1.1.1); null where it does not: Java's producer streams. */
function zstdContentSize(frame: Buffer): number | null {
  if (frame.length < ZSTD_HEADER_BYTES || frame.readUInt32LE(0) !== ZSTD_MAGIC) return null;
  const flags = frame[4]!;
  const isSingle = (flags & 0x20) !== 0;
  const at = 5 + (isSingle ? 0 : 1) + DICTIONARY_ID_BYTES[flags & 3]!;
  switch (flags >> 6) {
    case 0:
      return isSingle ? frame[at]! : null;
    case 1:
      return frame.readUInt16LE(at) + 256;
    case 2:
      return frame.readUInt32LE(at);
    default:
      return Number(frame.readBigUInt64LE(at));
  }
}

/** The longest header of a frame. */
const ZSTD_HEADER_BYTES = 18;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4];
