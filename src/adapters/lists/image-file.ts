// An image as a file: written whole or not at all, loaded in one read into memory that threads can share.
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Image, openImage } from '../../category/image.ts';
import { GranskaError } from '../../errors.ts';
import { writeSynced } from '../files/write-synced.ts';

/** Writes an image beside its place, makes it durable, and moves it there. Throws GranskaError LISTS. */
export function writeImageFile(path: string, bytes: Uint8Array): void {
  try {
    replaceWhole(path, bytes);
  } catch (cause) {
    throw new GranskaError('LISTS', `The list image ${path} cannot be written (${codeOf(cause)}).`, {
      hint: 'Check that its folder exists, that this account may write there, and that the disk has room.',
      cause,
    });
  }
}

/**
 * Writes bytes beside a place, makes them durable, and moves them there. Workers that share a folder may do so at the same
 * time: each has a draft of its own, and leaves none where it fails.
 */
export function replaceWhole(path: string, bytes: Uint8Array): void {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    writeSynced(draft, bytes, { flags: 'wx', mode: 0o644 });
    renameSync(draft, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/**
 * Loads an image and verifies its checksum. Throws GranskaError LISTS where there is no such file, DAMAGED where it is
 * not whole.
 */
export function loadImageFile(path: string): Image {
  return openImage(readShared(path), sha256);
}

/** Hashes bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

function readShared(path: string): Uint8Array {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = new Uint8Array(new SharedArrayBuffer(fstatSync(file).size));
      let at = 0;
      while (at < bytes.length) {
        const read = readSync(file, bytes, at, bytes.length - at, null);
        if (read === 0) break;
        at += read;
      }
      return bytes.subarray(0, at);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new GranskaError('LISTS', `The list image ${path} cannot be read (${codeOf(cause)}).`, {
      hint: 'Give an image that `granska lists compile DIR… -o IMAGE` made.',
      cause,
    });
  }
}

/** Makes the new name durable. Some systems have no way to do so: then the rename alone has to do. */
function syncFolder(folder: string): void {
  let handle: number;
  try {
    handle = openSync(folder, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(handle);
  } catch (cause) {
    if (codeOf(cause) !== 'EINVAL' && codeOf(cause) !== 'EPERM') throw cause;
  } finally {
    closeSync(handle);
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
}
