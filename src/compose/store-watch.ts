// A store as health sees it: a worker that waits for its store is alive and not ready. In: what the connection tells, and
// the requests of each source's worker; out: obstacle, number, lines of the log, and signs of life.
// Invariant: while a worker's request is under way, every sign of the store, an answer or a wait that is told, is a sign of
// life of that worker; one that asks the store nothing and hangs is not hidden by it.
// Example: the store is away for an hour with one window unwritten → alive, `store-not-answering`, all the time.
import type { WatchedHealth } from '../adapters/telemetry/health.ts';
import { storeToLog } from '../adapters/telemetry/store-to-log.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { WindowStore } from '../ports/window-store.ts';
import type { WriteHooks } from './open-store.ts';

type WorkerStore = Pick<WindowStore, 'takeOver' | 'writeWindows' | 'knownNames'>;

export interface StoreWatch {
  /** Hears what the connection tells. */
  onEvent: NonNullable<WriteHooks['onEvent']>;
  /** The store is open. */
  opened(): void;
  /** The workers begin: from now on they give signs of life themselves. */
  begun(): void;
  /** Gives the store of one source's worker. */
  of(source: string, store: WorkerStore): WorkerStore;
  /** Waits for a request of one source's worker. */
  during<T>(source: string, request: Promise<T>): Promise<T>;
}

/** Beats under this name until the workers begin. */
const OPENING = 'the store';

/** Creates what watches one store. */
export function createStoreWatch(telemetry: Telemetry, health: WatchedHealth): StoreWatch {
  const asking = new Map<string, number>();
  let isBegun = false;
  let isWaiting = false;

  function goOn(): void {
    isWaiting = false;
    telemetry.waits('store', 'going-on');
    health.clear('store-not-answering');
  }

  async function during<T>(source: string, request: Promise<T>): Promise<T> {
    asking.set(source, (asking.get(source) ?? 0) + 1);
    try {
      return await request;
    } finally {
      const others = asking.get(source)! - 1;
      if (others > 0) asking.set(source, others);
      else asking.delete(source);
    }
  }

  return {
    onEvent(event) {
      if (!isBegun) health.beat(OPENING, 'waiting');
      for (const source of asking.keys()) health.renew(source);
      switch (event.kind) {
        case 'answered':
          telemetry.storeAnswered(event.tookMs);
          if (!isWaiting) return;
          goOn();
          telemetry.log('info', 'store-answers');
          return;
        case 'waiting':
          isWaiting = true;
          telemetry.waits('store', 'standing-still');
          health.raise('store-not-answering');
          break;
        case 'retry':
          telemetry.storeRetried();
          break;
        default:
          event satisfies never;
      }
      const { level, event: name, fields } = storeToLog(event);
      telemetry.log(level, name, fields);
    },
    opened: goOn,
    begun() {
      isBegun = true;
      health.forget(OPENING);
    },
    of: (source, store) => ({
      takeOver: ids => during(source, store.takeOver(ids)),
      writeWindows: batch => during(source, store.writeWindows(batch)),
      knownNames: ids => during(source, store.knownNames(ids)),
    }),
    during,
  };
}
