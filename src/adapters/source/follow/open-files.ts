// Descriptors of the followed files. A file that is held open is read to its end under whatever name, or none. The
// number is bounded: the one that was used longest ago is let go, and opened again by its name when it is needed.
import { closeSync, fstatSync, openSync } from 'node:fs';
import { codeOf } from '../byte-reader.ts';
import type { FollowedFile } from './followed-file.ts';

export interface OpenFiles {
  /** Gives the descriptor, opening the file where it is not; else why there is none. */
  open(file: FollowedFile): number | { reason: string };
  /** Gives the descriptor of a file that is open. */
  peek(file: FollowedFile): number | null;
  close(file: FollowedFile): void;
  closeAll(): void;
}

/** Holds no file open. */
export function createOpenFiles(maxOpen: number): OpenFiles {
  /** The one that was used longest ago comes first. */
  const fds = new Map<string, number>();

  function open(file: FollowedFile): number | { reason: string } {
    const held = fds.get(file.key);
    if (held !== undefined) {
      fds.delete(file.key);
      fds.set(file.key, held);
      return held;
    }
    for (const [key, fd] of fds) {
      if (fds.size < maxOpen) break;
      fds.delete(key);
      closeSync(fd);
    }
    try {
      const fd = openSync(file.path, 'r');
      if (keyOf(fstatSync(fd, { bigint: true })) !== file.key) {
        closeSync(fd);
        return { reason: 'ESTALE' };
      }
      fds.set(file.key, fd);
      return fd;
    } catch (error) {
      return { reason: codeOf(error) };
    }
  }

  function close(file: FollowedFile): void {
    const fd = fds.get(file.key);
    if (fd === undefined) return;
    fds.delete(file.key);
    closeSync(fd);
  }

  return {
    open,
    peek: file => fds.get(file.key) ?? null,
    close,
    closeAll() {
      for (const fd of fds.values()) closeSync(fd);
      fds.clear();
    },
  };
}

/** Tells files apart: by device and inode. */
export function keyOf({ dev, ino }: { dev: bigint; ino: bigint }): string {
  return `${dev}:${ino}`;
}
