// Which versions of policy and directory a worker has still to keep beside what it writes (§5.7): each once an epoch.
import type { Versions } from '../model/finding.ts';
import type { KeptVersion } from '../ports/store.ts';

/** What judged: lanes of this thread, or a reader of another. */
interface Judging {
  readonly versions: Versions;
  keep(epoch: number): readonly KeptVersion[] | Promise<readonly KeptVersion[]>;
}

export interface VersionKeeper {
  /** Gives what is to be kept for epochs and was not given before. */
  fresh(judging: Judging, epochs: Iterable<number>): Promise<KeptVersion[]>;
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
