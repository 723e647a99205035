// The sets of lanes that a reading thread holds, under numbers that a worker can name. Of those that were loaded from
// files it holds what the worker says may still be asked for, and the one that was loaded last; of those that were made
// for open windows the ones that were used last. Invariants: what was loaded cannot be had again, and is never let go
// while it may be asked for; a window's set can be made anew from the store, and is where it was let go.
import type { Versions } from '../../model/finding.ts';
import type { LaneSet } from '../../pipeline/lane.ts';
import { areSameVersions } from '../../pipeline/same-versions.ts';

/** Sets of open windows at a time; each may hold a list image of its own. */
const MAX_PINNED = 16;

export interface LaneSets {
  /** Takes in what was loaded from files; it is held until `inForce` is told without it. Answers its number. */
  addLoaded(set: LaneSet): number;
  /** Takes in what was made for an open window; under the number that it had, where it was made anew. */
  addPinned(set: LaneSet, number?: number): number;
  /** Lets go of all that was loaded but these. */
  keepLoaded(numbers: readonly number[]): void;
  /** Null where it was let go. */
  get(number: number): LaneSet | null;
  /** Gives the number of the newest set of exactly these versions that is held; null where there is none. */
  numberOf(versions: Versions): number | null;
}

/** Creates the sets of a thread that holds none. */
export function createLaneSets(): LaneSets {
  const loaded = new Map<number, LaneSet>();
  const pinned = new Map<number, LaneSet>();
  /** What was loaded last may judge differently from what the worker wants: nothing is read by it before it says so. */
  const inForce = new Set<number>();
  let last = 0;

  function usePinned(number: number, set: LaneSet): void {
    pinned.delete(number);
    pinned.set(number, set);
  }

  return {
    addLoaded(set) {
      loaded.set(++last, set);
      return last;
    },
    addPinned(set, number = ++last) {
      usePinned(number, set);
      const [unused] = pinned.keys();
      if (pinned.size > MAX_PINNED) pinned.delete(unused!);
      return number;
    },
    keepLoaded(numbers) {
      inForce.clear();
      for (const number of numbers) inForce.add(number);
      for (const number of loaded.keys()) if (!inForce.has(number)) loaded.delete(number);
    },
    get(number) {
      const found = pinned.get(number);
      if (found !== undefined) usePinned(number, found);
      return found ?? loaded.get(number) ?? null;
    },
    numberOf(versions) {
      // The newest of them: leases are part of no version, and it has those that are known by now.
      const held = [...[...loaded].filter(([number]) => inForce.has(number)), ...pinned];
      const same = held.filter(([, set]) => areSameVersions(set.versions, versions));
      const newest = same.sort(([a], [b]) => a - b).at(-1);
      if (newest === undefined) return null;
      if (pinned.has(newest[0])) usePinned(...newest);
      return newest[0];
    },
  };
}
