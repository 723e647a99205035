// Readers of several threads as one: each stream is read by one of them, in order, and different streams at the same time.
// In: events of any streams; out: what they come to. Invariant: the readers that are joined are of one version; a stream
// keeps its thread when the version changes.
import type { LineEvent } from '../../pipeline/lane.ts';
import type { Reader } from '../../pipeline/reader.ts';

/** A reader of one thread, without a bound of its own. */
export type ThreadReader = Omit<Reader, 'ready'>;

/** Events under way for each thread: one is read, one waits, one is being filled. */
const UNDER_WAY_EACH = 3;
/** Streams that are remembered; followed files make new ones for as long as a worker lives. */
const MAX_STREAMS = 10_000;

/** Creates what makes one reader of one of each thread; all that it makes share the bound of events under way. */
export function createJoiner(threads: number): (readers: readonly ThreadReader[]) => Reader {
  const threadOf = new Map<string, number>();
  let underWay = 0;
  let wake: (() => void) | null = null;

  /** Streams take turns, so that the partitions of a worker are spread evenly. */
  function choose({ state }: LineEvent): number {
    const known = threadOf.get(state.id);
    if (known !== undefined) return known;
    // A stream changes its thread only while nothing of it is under way.
    if (threadOf.size >= MAX_STREAMS && underWay === 0) threadOf.clear();
    const next = threadOf.size % threads;
    threadOf.set(state.id, next);
    return next;
  }

  return readers => ({
    versions: readers[0]!.versions,
    async ready() {
      while (underWay >= UNDER_WAY_EACH * threads) {
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
  });
}
