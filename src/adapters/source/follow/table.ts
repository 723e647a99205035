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
  /** Gives the names and patterns that led to no file at the last look. */
  missing(): readonly string[];
  /** Gives the names and folders that are there and led to no file, and why. */
  troubles(): ReadonlyMap<string, string>;
}

/** Why a name that is there leads to nothing that is followed, beside the codes of the platform. */
export const NO_FILE = 'no-regular-file';

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
  /** Names that nothing had at the last look. */
  let absent = new Set<string>();
  let isFirstLook = true;

  function look(wait: number): void {
    const names = new Map<string, string[]>();
    absent = new Set();
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
    // Later on, a name may be free for a moment between two parts of a log.
    if (isFirstLook) for (const path of missing()) tell({ kind: 'missing', path });
    isFirstLook = false;
  }

  function missing(): string[] {
    return options.paths.filter(name => absent.has(name) || paths.isEmpty(name));
  }

  function statOf(path: string): BigIntStats | null {
    try {
      const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
      if (stat === undefined) {
        tellTrouble(path, null);
        absent.add(path);
        return null;
      }
      // A pipe could be waited for without an end, and not read again.
      tellTrouble(path, stat.isFile() ? null : NO_FILE);
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
    if (file.changedNs < 0n) file.foundSize = size;
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
    const stat = statHeld(file);
    if (stat !== null) note(file, stat, wait);
    file.namelessAtWait ??= wait;
    const restingSince = Math.max(file.namelessAtWait, file.changedAtWait);
    const isUnread = file.isDue && file.trouble === null;
    if (stat !== null && (isUnread || wait - restingSince <= options.lingerWaits)) return;
    files.delete(file.key);
    open.close(file);
    options.onGone(file);
    tell({ kind: 'gone', path: file.path });
  }

  /** Asks what is held open of a file; null where nothing is, or where a file system of others has let it go. */
  function statHeld(file: FollowedFile): BigIntStats | null {
    const fd = open.peek(file);
    try {
      return fd === null ? null : fstatSync(fd, { bigint: true });
    } catch (error) {
      trouble(file, codeOf(error));
      return null;
    }
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

  return { look, files: () => files.values(), trouble, missing, troubles: () => troubles };
}
