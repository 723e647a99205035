// Which files are followed: names, and patterns with `*` in their last part. In: what was named. Out: the paths that
// are there at the moment, the oldest part of each log first. A file need not be there yet, nor its folder. A folder
// is listed again only where its time of change says so.
// Example: /var/log/squid/access.log* → access.log.2.gz, access.log.1, access.log
import { type BigIntStats, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { GranskaError } from '../../../errors.ts';
import { codeOf } from '../byte-reader.ts';
import { fits, isPattern } from '../kafka/topics.ts';
import { rotationOrder } from '../rotation-order.ts';

export interface FollowedPaths {
  /** Gives the paths that may be there; a name without a pattern always is among them. */
  list(): readonly string[];
  /** Says whether a pattern fitted nothing in its folder when that was last listed; false where it could not be. */
  isEmpty(pattern: string): boolean;
}

/** Creates the list. `onTrouble` hears of folders that cannot be listed, and with null of those that can. */
export function createFollowedPaths(
  names: readonly string[],
  onTrouble: (folder: string, reason: string | null) => void,
): FollowedPaths {
  const literal = names.filter(name => !isPattern(basename(name)));
  const patterns = new Map(
    names.filter(name => isPattern(basename(name))).map(name => [name, createFolder(name)]),
  );
  const folders = [...patterns.values()];
  let all: readonly string[] | null = null;

  return {
    list() {
      let isChanged = all === null;
      for (const folder of folders) if (folder.refresh(onTrouble)) isChanged = true;
      if (isChanged) {
        all = rotationOrder([...new Set([...literal, ...folders.flatMap(folder => folder.paths())])]);
      }
      return all!;
    },
    isEmpty: pattern => patterns.get(pattern)?.isEmpty() ?? false,
  };
}

/** Refuses a pattern in a folder's name. */
export function refuseFolderPatterns(names: readonly string[]): void {
  for (const name of names) {
    if (!isPattern(dirname(name))) continue;
    throw new GranskaError('CONFIG', `"${name}": a pattern may stand in the last part of a path only`, {
      hint: 'name each folder',
    });
  }
}

interface Folder {
  /** Lists it anew where it may have changed; says whether it did. */
  refresh(onTrouble: (folder: string, reason: string | null) => void): boolean;
  paths(): readonly string[];
  isEmpty(): boolean;
}

function createFolder(pattern: string): Folder {
  const folder = dirname(pattern);
  const last = basename(pattern);
  let found: readonly string[] = [];
  let changedNs: bigint | null = null;
  let isSure = false;
  let isTroubled = false;

  function refresh(onTrouble: (folder: string, reason: string | null) => void): boolean {
    try {
      const stat: BigIntStats | undefined = statSync(folder, { bigint: true, throwIfNoEntry: false });
      const nowNs = stat?.mtimeNs ?? null;
      const isSame = nowNs === changedNs;
      if (isSame && isSure) return false;
      // A change within the same tick of the file system's clock does not show: the list is made once more.
      isSure = isSame;
      changedNs = nowNs;
      found = stat === undefined ? [] : readdirSync(folder).filter(fitsLast).map(inFolder);
      isTroubled = false;
      onTrouble(folder, null);
      return true;
    } catch (error) {
      changedNs = null;
      isSure = false;
      isTroubled = true;
      const hadSome = found.length > 0;
      found = [];
      onTrouble(folder, codeOf(error));
      return hadSome;
    }
  }

  const fitsLast = (name: string) => fits(name, last) && name.startsWith('.') === last.startsWith('.');
  const inFolder = (name: string) =>
    pattern.startsWith('./') ? `./${join(folder, name)}` : join(folder, name);

  return { refresh, paths: () => found, isEmpty: () => found.length === 0 && !isTroubled };
}
