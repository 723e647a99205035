// nesting: keys and data lie apart (§3.6), so that a copy of the data folder never takes the keys with it.
import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { GranskaError } from '../../errors.ts';

/** Refuses folders of which one lies in the other; throws KEYS. */
export function refuseNesting(keysDir: string, dataDir: string): void {
  const nesting = describeNesting(keysDir, dataDir);
  if (nesting === null) return;
  throw new GranskaError('KEYS', nesting, {
    hint: 'name two folders apart with --keys-dir and --data-dir, and move what is there',
  });
}

/** Says how keys and data lie in each other; null where they lie apart. */
export function describeNesting(keysDir: string, dataDir: string): string | null {
  const keys = realPath(keysDir);
  const data = realPath(dataDir);
  if (keys === data) return 'keys and data have the same folder';
  if (isInside(keys, data)) return 'the keys folder lies in the data folder';
  if (isInside(data, keys)) return 'the data folder lies in the keys folder';
  return null;
}

/** Gives the path that a path leads to; what is not there yet is taken as it will be made. */
function realPath(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(realPath(parent), basename(absolute));
  }
}

function isInside(inner: string, outer: string): boolean {
  const way = relative(outer, inner);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && resolve(outer, way) === inner;
}
