// A source's events, and between them the word `due` when what was read has lain unwritten for long enough: a source that
// falls silent must not keep its last lines from the store (§9.4).
// Invariant: an event is asked for only when the one before was dealt with; `due` comes while the next one is awaited.
import type { LiveEvent } from '../ports/source.ts';

/** What was read is to be written now. */
export interface Due {
  kind: 'due';
}

export interface TimedEvents extends AsyncIterable<LiveEvent | Due> {
  /** Notes that something was read and is not written yet. */
  noteRead(): void;
  /** Notes that all that was read is written. */
  noteWritten(): void;
}

/** Creates the events of one run. */
export function createTimedEvents(
  events: AsyncIterable<LiveEvent>,
  { flushMs, nowMs }: { flushMs: number | null; nowMs(): number },
): TimedEvents {
  let unwrittenSinceMs: number | null = null;

  /** How long what was read has lain unwritten; a clock that was set back begins anew, and does not make it wait. */
  function unwrittenMs(): number {
    const now = nowMs();
    if (unwrittenSinceMs !== null) unwrittenSinceMs = Math.min(unwrittenSinceMs, now);
    return unwrittenSinceMs === null ? 0 : now - unwrittenSinceMs;
  }

  /** Waits for the next event, or until what was read is due. */
  async function nextOrDue<T>(next: Promise<T>): Promise<T | null> {
    if (flushMs === null) return next;
    let timer: NodeJS.Timeout | undefined;
    const due = new Promise<null>(resolve => {
      // An empty wait wakes up too: what is due is looked at once a period.
      timer = setTimeout(() => resolve(null), Math.max(0, flushMs - unwrittenMs()));
    });
    try {
      return await Promise.race([next, due]);
    } finally {
      clearTimeout(timer);
    }
  }

  const isDue = () => flushMs !== null && unwrittenSinceMs !== null && unwrittenMs() >= flushMs;

  return {
    noteRead() {
      unwrittenSinceMs ??= nowMs();
    },
    noteWritten() {
      unwrittenSinceMs = null;
    },
    async *[Symbol.asyncIterator]() {
      const iterator = events[Symbol.asyncIterator]();
      let isAwaited = false;
      try {
        let next = iterator.next();
        // Whoever waits for it hears of its failure; one that nobody waits for must not end the process.
        for (;;) {
          next.catch(() => undefined);
          isAwaited = true;
          const got = isDue() ? null : await nextOrDue(next);
          // Also where it became due with the event: a clock that leapt, or a process that slept, is not to judge what
          // comes now by the time of what came before.
          if (got === null || isDue()) {
            yield { kind: 'due' };
            continue;
          }
          isAwaited = false;
          if (got.done === true) return;
          yield got.value;
          next = iterator.next();
        }
      } finally {
        // A source that is silent would not hear of it before its next event: nobody waits for that.
        const returned = iterator.return?.();
        if (isAwaited) returned?.catch(() => undefined);
        else await returned;
      }
    },
  };
}
