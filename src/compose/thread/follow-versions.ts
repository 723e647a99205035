// Reading threads that follow what the configuration says. In: the threads, and what is wanted; out: the readers of a
// worker. Invariants (`../in-force.ts` has the whole): nothing is judged by that not all threads loaded alike, content by
// content, and alike with what is wanted; what was in force stays until then, and loading is tried again, ever more
// seldom while nothing changes. A change comes into force in `refresh` only, between windows (§9.4).
import { setTimeout as wait } from 'node:timers/promises';
import { GranskaError } from '../../errors.ts';
import type { Reader, Readers } from '../../pipeline/reader.ts';
import type { JudgingMember } from '../in-force.ts';
import type { Wanted } from '../versions.ts';
import { createJoiner } from './side-by-side.ts';
import type { LoadedLanes, ReadingThread } from './thread-readers.ts';

export interface FollowVersionsOptions {
  threads: readonly ReadingThread[];
  /** Another object after each load without a mistake. */
  wanted(): Wanted;
  /** Reads everything anew into what is wanted: the threads found other files than it came of. */
  reload(): Promise<void>;
  /** Is told what judges, first and at each change, and what kept a change from being taken up. */
  join(judging: Wanted): JudgingMember;
  nowMs(): number;
  /** Ends the waiting for files that do not come to rest. */
  signal: AbortSignal;
  /** Between two tries of the beginning, milliseconds. 1,000 unless set. */
  beginPauseMs?: number;
}

export interface FollowingReaders extends Readers {
  /** Ends the following; the threads are the caller's to close. */
  close(): void;
}

/** What all threads loaded. */
type Tried =
  | { kind: 'alike'; judging: Wanted; lanes: readonly LoadedLanes[] }
  | { kind: 'unlike' }
  | { kind: 'failed'; error: unknown };

type Alike = Extract<Tried, { kind: 'alike' }>;

const BEGIN_TRIES = 5;
const BEGIN_PAUSE_MS = 1_000;
/** Between two tries: the first where something was read anew since the last one. */
const LEAST_PAUSE_MS = 1_000;
const FIRST_PAUSE_MS = 10_000;
const MOST_PAUSE_MS = 300_000;
/** Files that a delivery is being copied into differ for a moment: so often, and nobody is told. */
const QUIET_TRIES = 2;

/** Loads in all threads; throws what keeps one from it, and CONFIG where the files do not come to rest. */
export async function followVersions(options: FollowVersionsOptions): Promise<FollowingReaders> {
  const { threads, wanted } = options;
  const joinReaders = createJoiner(threads.length);
  let current = await begin(options);
  let reader = readerOf(current);
  /** What judged until the last change: windows that are being written still ask it. */
  let before: Alike | null = null;
  let candidate: Alike | null = null;
  let isLoading = false;
  let isClosed = false;
  /** What was wanted at the last try that came to nothing; null where there is none to be repeated. */
  let tried: { wanted: Wanted; atMs: number; times: number } | null = null;
  putInForce();
  const member = options.join(current.judging);

  function readerOf({ lanes }: Alike): Reader {
    return joinReaders(lanes.map(lane => lane.reader));
  }

  /** Tells the threads what may be asked for; all else that they loaded goes. */
  function putInForce(): void {
    for (const [i, thread] of threads.entries()) {
      thread.inForce(current.lanes[i]!, before?.lanes[i] ?? null);
    }
  }

  async function load(by: Wanted): Promise<void> {
    isLoading = true;
    const found = await loadAll(threads);
    isLoading = false;
    if (isClosed) return;
    if (found.kind === 'alike' && found.judging.judging === by.judging) {
      candidate = found;
      return;
    }
    tried = { wanted: by, atMs: options.nowMs(), times: (tried?.times ?? 0) + 1 };
    putInForce();
    if (found.kind === 'failed') return member.refused(found.error);
    if (tried.times > QUIET_TRIES) member.refused(unrest());
    await options.reload();
  }

  function take(found: Alike): void {
    before = current;
    current = found;
    reader = readerOf(found);
    tried = null;
    putInForce();
    member.takes(found.judging);
  }

  function isTooSoon(now: Wanted): boolean {
    if (tried === null) return false;
    const grown = Math.min(FIRST_PAUSE_MS * 2 ** (tried.times - 1), MOST_PAUSE_MS);
    const pauseMs = now === tried.wanted ? grown : LEAST_PAUSE_MS;
    const agoMs = options.nowMs() - tried.atMs;
    // A clock that was set back is no reason to wait.
    return agoMs >= 0 && agoMs < pauseMs;
  }

  return {
    current: () => reader,
    refresh() {
      const now = wanted();
      const found = candidate;
      candidate = null;
      // All windows of the one before are written by now: the worker waits for that before it comes here.
      const isOver = before !== null;
      before = null;
      if (found !== null && found.judging.judging === now.judging) take(found);
      else if (found !== null || isOver) putInForce();
      if (current.judging.judging === now.judging) tried = null;
      else if (!isLoading && !isTooSoon(now)) void load(now);
    },
    async pinned(versions) {
      const found = await Promise.all(threads.map(thread => thread.pinned(versions)));
      const readers = found.filter(one => one !== null);
      return readers.length === threads.length ? joinReaders(readers) : null;
    },
    close() {
      isClosed = true;
      member.leave();
    },
  };
}

/** Loads until all have what is wanted; files that change meanwhile are given some time to come to rest. */
async function begin({ threads, wanted, reload, signal, ...options }: FollowVersionsOptions): Promise<Alike> {
  for (let times = 1; ; times++) {
    const found = await loadAll(threads);
    if (found.kind === 'alike' && found.judging.judging === wanted().judging) return found;
    // What is no mistake of the configuration does not go by itself.
    if (found.kind === 'failed' && !(found.error instanceof GranskaError)) throw found.error;
    if (times === BEGIN_TRIES || signal.aborted) throw found.kind === 'failed' ? found.error : unrest();
    await wait(options.beginPauseMs ?? BEGIN_PAUSE_MS, undefined, { signal }).catch(() => undefined);
    await reload();
  }
}

async function loadAll(threads: readonly ReadingThread[]): Promise<Tried> {
  const results = await Promise.allSettled(threads.map(thread => thread.load()));
  const lanes: LoadedLanes[] = [];
  for (const result of results) {
    if (result.status === 'rejected') return { kind: 'failed', error: result.reason };
    lanes.push(result.value);
  }
  const { judging } = lanes[0]!;
  const isAlike = lanes.every(lane => lane.judging.judging === judging.judging);
  return isAlike ? { kind: 'alike', judging, lanes } : { kind: 'unlike' };
}

function unrest(): GranskaError {
  return new GranskaError('CONFIG', 'the files of the configuration change while they are being read', {
    hint: 'write a new file under another name, then rename it into its place',
  });
}
