// Readers of several threads as one: each stream is read by one of them, in order, and different streams at the same time.
// In: events of any streams; out: what they come to. Invariant: a reader is of one version in all of its threads; while
// they have loaded different ones, what was in force stays.
import type { Versions } from '../../model/finding.ts';
import type { LineEvent } from '../../pipeline/lane.ts';
import type { Reader, Readers } from '../../pipeline/reader.ts';
import { areSameVersions } from '../../pipeline/same-versions.ts';

/** Events under way for each thread: one is read, one waits, one is being filled. */
const UNDER_WAY_EACH = 3;
/** Streams that are remembered; followed files make new ones for as long as a worker lives. */
const MAX_STREAMS = 10_000;

/** Joins readers of threads; throws where they do not begin with the same versions. */
export function joinReaders(threads: readonly Readers[]): Readers {
  const threadOf = new Map<string, number>();
  let underWay = 0;
  let wake: (() => void) | null = null;
  const first = joinCurrent();
  if (first === null) throw new Error('the reading threads began with different versions');
  let current = first;
  let parts = threads.map(thread => thread.current());

  /** Streams take turns, so that the partitions of a worker are spread evenly. */
  function choose({ state }: LineEvent): number {
    const known = threadOf.get(state.id);
    if (known !== undefined) return known;
    // A stream changes its thread only while nothing of it is under way.
    if (threadOf.size >= MAX_STREAMS && underWay === 0) threadOf.clear();
    const next = threadOf.size % threads.length;
    threadOf.set(state.id, next);
    return next;
  }

  function joinCurrent(): Reader | null {
    return join(threads.map(thread => thread.current()));
  }

  function join(readers: readonly Reader[]): Reader | null {
    const { versions } = readers[0]!;
    if (!readers.every(reader => areSameVersions(reader.versions, versions))) return null;
    return {
      versions,
      async ready() {
        while (underWay >= UNDER_WAY_EACH * threads.length) {
          await new Promise<void>(resolve => {
            wake = resolve;
          });
        }
      },
      read(event, by) {
        const reader = readers[choose(event)]!;
        underWay++;
        return reader.read(event, by).finally(() => {
          underWay--;
          wake?.();
          wake = null;
        });
      },
      keep: epoch => readers[0]!.keep(epoch),
    };
  }

  return {
    current: () => current,
    refresh() {
      for (const thread of threads) thread.refresh();
      const loaded = threads.map(thread => thread.current());
      if (loaded.every((reader, i) => reader === parts[i])) return;
      const joined = join(loaded);
      if (joined === null) return;
      parts = loaded;
      current = joined;
    },
    async pinned(versions: Versions) {
      const found = await Promise.all(threads.map(thread => thread.pinned(versions)));
      const readers = found.filter(reader => reader !== null);
      return readers.length === threads.length ? join(readers) : null;
    },
  };
}
