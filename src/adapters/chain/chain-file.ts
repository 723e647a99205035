// What a chain of lines is made of on disk: a file that only grows, and beside it a head, which says where it ends, so that
// lines cut off its end are missed. Both chains use it: that of views, and that of decisions.
import { createHash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { type ChainEnd, NO_LINE } from '../../audit/link.ts';
import { writeSynced } from '../files/write-synced.ts';

/** A crash leaves the chain a line ahead of its head, or two where the first tells of a recovery. */
export const MAX_AHEAD = 2;

const TAIL_BYTES = 64 * 1024;
const LINE_FEED = 10;

/** Reads the last whole line of the chain, and what of a torn one follows it. */
export function readTail(file: number): { lastLine: string | null; wholeBytes: number; tornBytes: number } {
  const size = fstatSync(file).size;
  for (let length = Math.min(TAIL_BYTES, size); ; length = Math.min(length * 4, size)) {
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, size - length);
    const lastFeed = bytes.lastIndexOf(LINE_FEED);
    const before = lastFeed <= 0 ? -1 : bytes.lastIndexOf(LINE_FEED, lastFeed - 1);
    const isAll = length === size;
    if (lastFeed === -1 && isAll) return { lastLine: null, wholeBytes: 0, tornBytes: size };
    if (lastFeed !== -1 && (before !== -1 || isAll)) {
      const tornBytes = length - lastFeed - 1;
      const lastLine = bytes.toString('utf8', before + 1, lastFeed);
      return { lastLine, wholeBytes: size - tornBytes, tornBytes };
    }
  }
}

/** Reads where the chain should end; a chain that never had a head should have no line. */
export function readHead(path: string): ChainEnd | 'damaged' {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return NO_LINE;
    throw error;
  }
  try {
    const { seq, hash } = JSON.parse(text) as Partial<ChainEnd>;
    return Number.isSafeInteger(seq) && typeof hash === 'string' ? { seq: seq!, hash } : 'damaged';
  } catch {
    return 'damaged';
  }
}

/** Puts a new head in the old one's place, so that a reader sees the one or the other. */
export function writeHead(path: string, { seq, hash }: ChainEnd, mode: number): void {
  const temporary = `${path}.new`;
  writeSynced(temporary, Buffer.from(`${JSON.stringify({ seq, hash })}\n`), { flags: 'w', mode });
  renameSync(temporary, path);
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Writes all of a text at a place in a file. */
export function writeWhole(file: number, text: string, position: number): void {
  const bytes = Buffer.from(text);
  let done = 0;
  while (done < bytes.length) {
    done += writeSync(file, bytes, done, bytes.length - done, position + done);
  }
}

/** Hashes a text's UTF-8 bytes with SHA-256, as hex. */
export function hashText(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
