// The four ways in which a producer may pack messages, for kafkajs: gzip and zstd from the platform, snappy and lz4
// our own, so that no native build and no package is needed. All are bounded: a bomb is an error, not a full memory.
// They answer at once: kafkajs takes a promise or the bytes.
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import kafkajs from 'kafkajs';
import { unpackLz4 } from './lz4.ts';
import { unpackSnappy } from './snappy.ts';
import { unpackGzip, unpackZstd } from './zlib-unpack.ts';

/** What the messages of one packed batch may hold together. A broker takes 1 MiB packed unless told otherwise. */
export const MAX_UNPACKED_BYTES: number = 256 << 20;

/** Teaches kafkajs all codecs; doing it twice changes nothing. */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  CompressionCodecs[CompressionTypes.GZIP] = () => ({ compress: pack(gzip), decompress: unpack(GZIP) });
  CompressionCodecs[CompressionTypes.Snappy] = () => ({ compress: cannotPack, decompress: unpack(SNAPPY) });
  CompressionCodecs[CompressionTypes.LZ4] = () => ({ compress: cannotPack, decompress: unpack(LZ4) });
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({ compress: pack(zstd), decompress: unpack(ZSTD) });
}

/** Unpacks the records of a batch by the codec that its attributes name; throws on what cannot be unpacked. */
export function unpackRecords(packed: Buffer, codec: number): Buffer {
  switch (codec) {
    case NONE:
      return packed;
    case GZIP:
      return unpackGzip(packed, MAX_UNPACKED_BYTES);
    case SNAPPY:
      return unpackSnappy(packed, MAX_UNPACKED_BYTES);
    case LZ4:
      return unpackLz4(packed, MAX_UNPACKED_BYTES);
    case ZSTD:
      return unpackZstd(packed, MAX_UNPACKED_BYTES);
    default:
      throw new RangeError('an unknown codec');
  }
}

const NONE = 0;
const GZIP = 1;
const SNAPPY = 2;
const LZ4 = 3;
const ZSTD = 4;

/** What kafkajs hands a codec to pack. */
interface Encoder {
  buffer: Buffer;
}

const gzip = promisify<Buffer, Buffer>(zlib.gzip);
const zstd = promisify<Buffer, Buffer>(zlib.zstdCompress);

function pack(packer: (plain: Buffer) => Promise<Buffer>): (encoder: Encoder) => Promise<Buffer> {
  return encoder => packer(encoder.buffer);
}

function unpack(codec: number): (packed: Buffer) => Buffer {
  return packed => unpackRecords(packed, codec);
}

async function cannotPack(): Promise<never> {
  throw new TypeError('only gzip and zstd are packed here; snappy and lz4 are only read');
}
