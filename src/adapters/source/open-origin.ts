import { closeSync, createReadStream, fstatSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import {
  type ByteReader,
  codeOf,
  createFdReader,
  createPeekReader,
  createStreamReader,
  type OriginFailure,
  type PeekReader,
} from './byte-reader.ts';
import { type Compression, compressionOf, createDecompressReader } from './decompress-reader.ts';
import { FOREIGN_HEAD_BYTES, isForeignArchive } from './foreign-archive.ts';

/** An opened origin, unpacked where it is an archive. */
export interface OpenOrigin {
  path: string | null;
  /** Which file it is, whatever its name by now; null where it is none. */
  file: { dev: bigint; ino: bigint } | null;
  /** True where a last line without line feed is a line: stdin, pipes and archives. */
  isWhole: boolean;
  /** True where it can be read from its beginning once more. */
  canRewind: boolean;
  /** Gives a reader from the beginning; more than once only where it can be rewound. */
  start(): PeekReader;
  close(): void;
}

/** Opens a file; answers the failure where it cannot be. */
export async function openFile(path: string, signal: AbortSignal): Promise<OpenOrigin | OriginFailure> {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    return openFailure(path, codeOf(error));
  }
  const stat = fstatSync(fd, { bigint: true });
  if (stat.isDirectory()) {
    closeSync(fd);
    const message = `"${path}" is a folder: name its files, for example "${path.replace(/\/+$/u, '')}/*.log"`;
    return { code: 'unreadable', message };
  }
  // A pipe or device, such as /dev/stdin or a shell's <(command), cannot be rewound.
  if (!stat.isFile()) return await openStream(createReadStream(path, { fd }), path, signal);

  const sniff = createPeekReader(createFdReader(fd));
  const { head } = await sniff.peek(FOREIGN_HEAD_BYTES, found => found.length >= FOREIGN_HEAD_BYTES);
  if (isForeignArchive(head)) {
    closeSync(fd);
    return openFailure(path, PACKED_OTHERWISE);
  }
  const cut = sniff.failure() ?? cutArchive(path, head);
  if (cut !== null) {
    closeSync(fd);
    return { ...cut, message: `"${path}": ${cut.message}` };
  }
  const compression = compressionOf(head);
  const raw = () => createFdReader(fd);
  let isOpen = true;
  return {
    path,
    file: { dev: stat.dev, ino: stat.ino },
    isWhole: compression !== null,
    canRewind: true,
    start: () =>
      createPeekReader(compression === null ? raw() : createDecompressReader(raw(), compression, raw)),
    close() {
      if (isOpen) closeSync(fd);
      isOpen = false;
    },
  };
}

/** Opens a stream of the platform, such as stdin; the signal ends it, so that nobody waits for it any more. */
export async function openStream(
  stream: Readable,
  path: string | null,
  signal: AbortSignal,
): Promise<OpenOrigin> {
  const stop = () => stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  const raw = createPeekReader(
    createStreamReader(stream, error => ({
      code: 'unreadable',
      message: `reading stopped: ${codeOf(error)}`,
    })),
  );
  const { head } = await raw.peek(SNIFF_BYTES, found => found.length >= SNIFF_BYTES || !mayBeArchive(found));
  const compression = compressionOf(head);
  const reader: ByteReader = compression === null ? raw : createDecompressReader(raw, compression, null);
  return {
    path,
    file: null,
    isWhole: true,
    canRewind: false,
    start: () => createPeekReader(reader),
    close() {
      signal.removeEventListener('abort', stop);
      reader.close();
    },
  };
}

const SNIFF_BYTES = 4;

const MAGIC: Record<Compression, readonly number[]> = {
  gzip: [0x1f, 0x8b, 8],
  zstd: [0x28, 0xb5, 0x2f, 0xfd],
};

/** Says whether a few first bytes may go on as an archive: then more are waited for. */
function mayBeArchive(head: Uint8Array): boolean {
  if (head.length > 0 && (head[0]! & 0xf0) === 0x50) return true;
  return Object.values(MAGIC).some(magic => magic.slice(0, head.length).every((byte, i) => head[i] === byte));
}

/** Tells of a file that is named like an archive and ends before an archive could begin. */
function cutArchive(path: string, head: Uint8Array): OriginFailure | null {
  const compression = path.endsWith('.gz') ? 'gzip' : path.endsWith('.zst') ? 'zstd' : null;
  if (compression === null) return null;
  const magic = MAGIC[compression];
  if (head.length >= magic.length || !magic.slice(0, head.length).every((byte, i) => head[i] === byte))
    return null;
  return { code: 'damaged', message: 'the archive is cut short before its first line' };
}

/** Why an archive of another kind is not read, beside the codes of the platform. */
export const PACKED_OTHERWISE = 'packed-otherwise';

/** Says what the platform's code for a file that cannot be opened means, or that it is packed otherwise. */
export function openFailure(path: string, code: string): OriginFailure {
  if (code === PACKED_OTHERWISE) {
    const message = `"${path}" is packed in a way that is not read: unpack it, and have logs packed by gzip or zstd`;
    return { code: 'unreadable', message };
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return { code: 'missing', message: `there is no file "${path}": check the name` };
  }
  const hint =
    code === 'EACCES' ? 'this account may not read it: check its rights' : `it cannot be opened: ${code}`;
  return { code: 'unreadable', message: `"${path}": ${hint}` };
}
