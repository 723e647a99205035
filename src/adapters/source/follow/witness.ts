// Asks a file whether it still holds what was read of it, without reading all of it again. In: a descriptor and the
// hash of what was read. Out: the bytes that the hash needs to go on, or null where the content is another one.
// The first block of 16 KiB and the last one, whole or not, are read and hashed again. A log that was emptied and
// written anew begins with another time, so its first block tells; what is appended to is told by its last one.
import { hash } from 'node:crypto';
import { readSync } from 'node:fs';
import { BLOCK_BYTES, type HashState } from '../content-hash.ts';

/** Answers the bytes since the last whole block; null where the file holds something else, or less, or cannot be read. */
export function bearWitness(fd: number, { position, ...saved }: HashState): Uint8Array | null {
  if (position === 0) return NOTHING;
  const restBytes = position % BLOCK_BYTES;
  const first = saved.firstBlock;
  if (first !== null && !isSame(readAt(fd, 0, BLOCK_BYTES), first)) return null;
  if (saved.restDigest !== null) {
    const rest = readAt(fd, position - restBytes, restBytes);
    return isSame(rest, saved.restDigest) ? rest : null;
  }
  const last = readAt(fd, position - BLOCK_BYTES, BLOCK_BYTES);
  return isSame(last, saved.blockDigests.subarray(-DIGEST_BYTES)) ? NOTHING : null;
}

/** Says whether a file still begins with what was seen of it. */
export function stillBegins(fd: number, head: { bytes: number; digest: Uint8Array }): boolean {
  return isSame(readAt(fd, 0, head.bytes), head.digest);
}

const NOTHING = new Uint8Array(0);
const DIGEST_BYTES = 32;

function readAt(fd: number, from: number, bytes: number): Uint8Array | null {
  const target = new Uint8Array(bytes);
  let count = 0;
  try {
    while (count < bytes) {
      const more = readSync(fd, target, count, bytes - count, from + count);
      if (more === 0) return null;
      count += more;
    }
  } catch {
    // What cannot be read says nothing: whoever reads on meets the error and tells it.
    return null;
  }
  return target;
}

function isSame(bytes: Uint8Array | null, digest: Uint8Array): boolean {
  return bytes !== null && Buffer.compare(hash('sha256', bytes, 'buffer'), digest) === 0;
}
