// How many files a followed source may hold open. In: what the system lets this process open, and how many sources there
// are. Out: a number that leaves half of it to the store, the keys, sealed texts and connections: where those find no
// descriptor the worker ends, and would again at each start.
// Example: 1,024 for the process, two sources of files → 256 each
import { readFileSync } from 'node:fs';

const MAX_OPEN = 1_024;
const MIN_OPEN = 8;

/** Gives how many files each of so many sources may hold open. */
export function maxOpenOf(sources: number, limits: string = readLimits()): number {
  const soft = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  return Math.max(MIN_OPEN, Math.min(MAX_OPEN, Math.floor(soft / 2 / Math.max(1, sources))));
}

/** Empty where the system does not tell, or tells otherwise. */
function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}
