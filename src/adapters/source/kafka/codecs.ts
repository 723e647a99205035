// The four ways in which a producer may pack messages, for kafkajs: gzip and zstd from the platform, snappy and lz4
// our own, so that no native build and no package is needed. All are bounded: a bomb is an error, not a full memory.
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import kafkajs from 'kafkajs';
import { unpackLz4 } from './lz4.ts';
import { unpackSnappy } from './snappy.ts';

/** What the messages of one packed batch may hold together. A broker takes 1 MiB packed unless told otherwise. */
export const MAX_UNPACKED_BYTES: number = 256 << 20;

/** Teaches kafkajs all codecs; doing it twice changes nothing. */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  const bound = { maxOutputLength: MAX_UNPACKED_BYTES };
  CompressionCodecs[CompressionTypes.GZIP] = () => ({
    compress: (encoder: Encoder) => gzip(encoder.buffer),
    decompress: (packed: Buffer) => gunzip(packed, bound),
  });
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({
    compress: (encoder: Encoder) => zstd(encoder.buffer),
    decompress: (packed: Buffer) => unzstd(packed, bound),
  });
  CompressionCodecs[CompressionTypes.Snappy] = () => ({
    compress: cannotPack,
    decompress: async (packed: Buffer) => unpackSnappy(packed, MAX_UNPACKED_BYTES),
  });
  CompressionCodecs[CompressionTypes.LZ4] = () => ({
    compress: cannotPack,
    decompress: async (packed: Buffer) => unpackLz4(packed, MAX_UNPACKED_BYTES),
  });
}

/** What kafkajs hands a codec to pack. */
interface Encoder {
  buffer: Buffer;
}

const gzip = promisify<Buffer, Buffer>(zlib.gzip);
const gunzip = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.unzip);
const zstd = promisify<Buffer, Buffer>(zlib.zstdCompress);
const unzstd = promisify<Buffer, zlib.ZstdOptions, Buffer>(zlib.zstdDecompress);

async function cannotPack(): Promise<never> {
  throw new TypeError('only gzip and zstd are packed here; snappy and lz4 are only read');
}
