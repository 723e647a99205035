// The files that are followed, known by device and inode. In: a look at their names, once a round. Out: which of them
// are there and which have changed. A look costs one `stat` a file and reads nothing.
// Invariant: a file that was found is held open until it was read and has had no followed name for a while.
import { type BigIntStats, fstatSync, statSync } from 'node:fs';
import { codeOf } from '../byte-reader.ts';
import { type FollowedFile, newFile } from './followed-file.ts';
import { keyOf, type OpenFiles } from './open-files.ts';
import type { FollowEvent } from './options.ts';
import { createFollowedPaths } from './paths.ts';

export interface FollowTable {
  /** Looks at all files; `wait` is the number of waits so far. */
  look(wait: number): void;
  /** All files, the oldest part of each log first where they were found together. */
  files(): Iterable<FollowedFile>;
  /** Notes that a file could not be read, or with null that it could; tells it once. */
  trouble(file: FollowedFile, reason: string | null): void;
}

export interface FollowTableOptions {
  paths: readonly string[];
  open: OpenFiles;
  /** Waits for which a file without a name is held. */
  lingerWaits: number;
  /** Hears of a file that is no longer followed. */
  onGone(file: FollowedFile): void;
  tell(event: FollowEvent): void;
}

/** Creates an empty table. */
export function createFollowTable(options: FollowTableOptions): FollowTable {
  const { open, tell } = options;
  const files = new Map<string, FollowedFile>();
  /** By path: the trouble with a name that led to no file. */
  const troubles = new Map<string, string>();
  const paths = createFollowedPaths(options.paths, tellTrouble);

  function look(wait: number): void {
    const names = new Map<string, string[]>();
    for (const path of paths.list()) {
      const stat = statOf(path);
      if (stat === null) continue;
      const key = keyOf(stat);
      const others = names.get(key);
      if (others === undefined) names.set(key, [path]);
      else others.push(path);
      if (others === undefined) note(files.get(key) ?? find(key, path), stat, wait);
    }
    for (const file of files.values()) {
      const own = names.get(file.key);
      if (own === undefined) lookAtNameless(file, wait);
      else rename(file, own);
    }
  }

  function statOf(path: string): BigIntStats | null {
    try {
      const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
      if (stat === undefined) {
        tellTrouble(path, null);
        return null;
      }
      // A pipe could be waited for without an end, and not read again.
      tellTrouble(path, stat.isFile() ? null : 'no regular file');
      return stat.isFile() ? stat : null;
    } catch (error) {
      tellTrouble(path, codeOf(error));
      return null;
    }
  }

  function find(key: string, path: string): FollowedFile {
    const file = newFile(key, path);
    files.set(key, file);
    tell({ kind: 'found', path });
    // From now on a new name, or none, takes nothing away.
    const fd = open.open(file);
    if (typeof fd === 'object') trouble(file, fd.reason);
    return file;
  }

  function note(file: FollowedFile, stat: BigIntStats, wait: number): void {
    const size = Number(stat.size);
    if (size === file.size && stat.mtimeNs === file.changedNs) return;
    file.size = size;
    file.changedNs = stat.mtimeNs;
    file.changedAtWait = wait;
    file.isDue = true;
  }

  function rename(file: FollowedFile, names: readonly string[]): void {
    file.namelessAtWait = null;
    if (names.includes(file.path)) return;
    tell({ kind: 'rotated', path: file.path, newPath: names[0]! });
    file.path = names[0]!;
  }

  function lookAtNameless(file: FollowedFile, wait: number): void {
    const fd = open.peek(file);
    if (fd !== null) note(file, fstatSync(fd, { bigint: true }), wait);
    file.namelessAtWait ??= wait;
    const restingSince = Math.max(file.namelessAtWait, file.changedAtWait);
    const isUnread = file.isDue && file.trouble === null;
    if (fd !== null && (isUnread || wait - restingSince <= options.lingerWaits)) return;
    files.delete(file.key);
    open.close(file);
    options.onGone(file);
    tell({ kind: 'gone', path: file.path });
  }

  function trouble(file: FollowedFile, reason: string | null): void {
    if (reason === file.trouble) return;
    file.trouble = reason;
    if (reason !== null) tell({ kind: 'unreadable', path: file.path, reason });
  }

  function tellTrouble(path: string, reason: string | null): void {
    if (reason === null) troubles.delete(path);
    else if (troubles.get(path) !== reason) {
      troubles.set(path, reason);
      tell({ kind: 'unreadable', path, reason });
    }
  }

  return { look, files: () => files.values(), trouble };
}
