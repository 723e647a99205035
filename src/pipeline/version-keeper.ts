// Which versions of policy and directory a worker has still to keep beside what it writes (§5.7): each once an epoch.
import type { Versions } from '../model/finding.ts';
import type { KeptVersion } from '../ports/store.ts';
import type { Gathered } from './lane.ts';

/** What judged: lanes of this thread, or a reader of another. */
interface Judging {
  readonly versions: Versions;
  keep(epoch: number): readonly KeptVersion[] | Promise<readonly KeptVersion[]>;
}

export interface VersionKeeper {
  /** Gives what is to be kept for epochs and was not given before. */
  fresh(judging: Judging, epochs: Iterable<number>): Promise<KeptVersion[]>;
}

/**
 * Gives the epochs for which a window's versions are kept. Counts depend on the directory as well, flagged or not. A window
 * of which nobody is known (rejects, protected sites) keeps them for the epoch of its clock: without any of them, whoever
 * has to do it again could not have its versions at all.
 */
export function epochsOf(
  { batch, usage }: Pick<Gathered, 'batch' | 'usage'>,
  { clockMs, yearOf }: { clockMs: number; yearOf(atMs: number): number },
): Set<number> {
  const epochs = new Set(usage.map(({ hourMs }) => yearOf(hourMs)));
  for (const { startMs } of batch.findings) epochs.add(yearOf(startMs));
  return epochs.size > 0 ? epochs : new Set([yearOf(clockMs)]);
}

/** Creates the keeper of one worker. */
export function createVersionKeeper(): VersionKeeper {
  const kept = new Set<string>();
  return {
    async fresh(judging, epochs) {
      const { policy, directory } = judging.versions;
      const found: KeptVersion[] = [];
      for (const epoch of epochs) {
        const key = `${epoch} ${policy} ${directory}`;
        if (kept.has(key)) continue;
        found.push(...(await judging.keep(epoch)));
        kept.add(key);
      }
      return found;
    },
  };
}
