// A reader: the lanes of one version, in this thread or in another. In: events with lines; out: what they come to, in the
// order in which they were given. Invariant: an event's bytes may be used again as soon as `read` has returned.
import type { Format } from '../format/formats.ts';
import type { Versions } from '../model/finding.ts';
import type { LineOrigin } from '../ports/source.ts';
import type { KeptVersion } from '../ports/store.ts';
import type { Gathered, Lane, LaneSet, Lanes, LineEvent } from './lane.ts';

export interface ReadBy {
  /** The clock that decides what is too old or in the future. */
  clockMs: number;
  /** Null where the stream names a format that there is none of. */
  format: Format | null;
}

export interface Reader {
  readonly versions: Versions;
  /** Waits until an event can be taken in. */
  ready(): Promise<void>;
  read(event: LineEvent, by: ReadBy): Promise<Gathered>;
  /** Gives the versions of policy and directory that must be kept beside what an epoch comes to (§5.7). */
  keep(epoch: number): Promise<readonly KeptVersion[]>;
}

/** Where a worker gets its readers. */
export interface Readers {
  /** What is in force now. It changes only in `refresh`. */
  current(): Reader;
  /** Takes up lists, policy and directory that were changed; called between windows (§9.4). */
  refresh(): void;
  /** Gives the reader of exactly these versions; null where this worker cannot have them. */
  pinned(versions: Versions): Promise<Reader | null>;
}

/** Creates the readers of lanes of this thread. */
export function createLocalReaders(lanes: Lanes): Readers {
  const readers = new WeakMap<LaneSet, Reader>();
  const readerOf = (set: LaneSet) => {
    const known = readers.get(set) ?? createLocalReader(set);
    readers.set(set, known);
    return known;
  };
  return {
    current: () => readerOf(lanes.current()),
    refresh: lanes.refresh,
    async pinned(versions) {
      const set = await lanes.pinned(versions);
      return set === null ? null : readerOf(set);
    },
  };
}

/** Creates the reader of a set of lanes of this thread. */
export function createLocalReader(set: LaneSet): Reader {
  return {
    versions: set.versions,
    async ready() {},
    // Not async: the bytes are read before it returns.
    read: (event, by) => Promise.resolve(readInto(set, event, by).take()),
    keep: async epoch => set.keep(epoch),
  };
}

/** Reads an event in the lane that it belongs to; answers that lane. */
export function readInto(set: LaneSet, event: LineEvent, { clockMs, format }: ReadBy): Lane {
  const known = laneOf(set, event.origin);
  const lane = known ?? set.of(null)!;
  lane.setClock(clockMs);
  try {
    readBy(lane, event, { format, isKnown: known !== null });
  } catch (error) {
    // What was made of the lines before is nobody's: the next event must not take it for its own.
    lane.take();
    throw error;
  }
  return lane;
}

/** Gives the lane of whom lines come from; null where nobody of that name is known. */
export function laneOf(set: LaneSet, origin: LineOrigin | undefined): Lane | null {
  // As tables of people and networks are read.
  return set.of(origin?.tenant?.normalize('NFC').trim() ?? null);
}

function readBy(
  lane: Lane,
  event: LineEvent,
  { format, isKnown }: { format: Format | null; isKnown: boolean },
): void {
  // To guess another organisation would show names to the wrong people.
  if (!isKnown) lane.reject(event, 'tenant-unknown');
  else if (event.kind !== 'lines') lane.reject(event, event.kind === 'overlong' ? 'too-long' : 'continued');
  else if (format === null) lane.reject(event, 'format-unknown');
  else lane.read(event, format);
}
