// The sets of lanes that a reading thread holds, under numbers that a worker can name. Invariant: what is read by stays,
// since the set that was not used for longest goes first; windows of many streams that are left open by the same versions
// share one set.
import type { Versions } from '../../model/finding.ts';
import type { LaneSet } from '../../pipeline/lane.ts';
import { areSameVersions } from '../../pipeline/same-versions.ts';

/** Sets that may still be in use: those of the windows that are being read and written, and what was left open. */
const MAX_SETS = 24;

export interface LaneSets {
  /** Takes a set in and answers its number. */
  add(set: LaneSet): number;
  get(number: number): LaneSet;
  /** Gives the number of the newest set of exactly these versions; null where there is none. */
  numberOf(versions: Versions): number | null;
}

/** Creates the sets of a thread that holds none. */
export function createLaneSets(): LaneSets {
  const sets = new Map<number, LaneSet>();
  let last = 0;

  function use(number: number, set: LaneSet): void {
    sets.delete(number);
    sets.set(number, set);
  }

  return {
    add(set) {
      sets.set(++last, set);
      const [unused] = sets.keys();
      if (sets.size > MAX_SETS) sets.delete(unused!);
      return last;
    },
    get(number) {
      const set = sets.get(number);
      if (set === undefined) throw new TypeError('these lanes are gone');
      use(number, set);
      return set;
    },
    numberOf(versions) {
      // The newest of them: leases are part of no version, and it has those that are known by now.
      const same = [...sets].filter(([, set]) => areSameVersions(set.versions, versions));
      const newest = same.sort(([a], [b]) => a - b).at(-1);
      if (newest === undefined) return null;
      use(...newest);
      return newest[0];
    },
  };
}
