// Bytes into a file of their own, on the disk before it is moved to its place.
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

/** Writes a file and makes its content durable; what throws may leave a part of it behind. */
export function writeSynced(
  path: string,
  bytes: Uint8Array,
  open: { flags: 'w' | 'wx'; mode: number },
): void {
  const file = openSync(path, open.flags, open.mode);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
