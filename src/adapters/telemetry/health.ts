// Health: is the worker alive, and can it work? Two questions, since their answers differ: a worker that waits for its
// store is alive and not ready; starting it anew would not help.
// Invariant: a worker that said `working` and then falls silent is dead after `silentAfterMs`; one that waits for lines is
// not, however long. Before the first beat the clock runs from the creation, or from when the last one was taken back.
import type { Health, Obstacle, Warning } from '../../ports/telemetry.ts';

export interface HealthOptions {
  nowMs(): number;
  /** How long a worker may work without a beat; longer than one request to the store may take. 180,000 unless set. */
  silentAfterMs?: number;
}

/** What is known at a moment. */
export interface HealthReport {
  life: 'alive' | 'silent';
  /** Milliseconds since the last beat. */
  beatAgoMs: number;
  /** Empty where the worker is ready. */
  because: readonly Obstacle[];
  warnings: readonly Warning[];
}

export interface WatchedHealth extends Health {
  report(): HealthReport;
}

const SILENT_AFTER_MS = 180_000;

/** Which signs are obstacles, in the order in which they are told. */
const SIGNS: Readonly<Record<Obstacle, 'obstacle'> & Record<Warning, 'warning'>> = {
  stopping: 'obstacle',
  'sources-not-joined': 'obstacle',
  'store-not-answering': 'obstacle',
  'parse-rate-low': 'warning',
  'configuration-refused': 'warning',
  'directory-old': 'warning',
};

/** Creates the health of a worker that has not begun: neither sources nor store are there yet. */
export function createHealth({ nowMs, silentAfterMs = SILENT_AFTER_MS }: HealthOptions): WatchedHealth {
  const raised = new Set<Obstacle | Warning>(['sources-not-joined', 'store-not-answering']);
  let begunMs = nowMs();
  /** The last beat of each source's worker: one that waits must not hide one that hangs. */
  const beats = new Map<string, { doing: 'working' | 'waiting'; atMs: number }>();

  return {
    beat(source, doing) {
      beats.set(source, { doing, atMs: nowMs() });
    },
    renew(source) {
      const last = beats.get(source);
      if (last !== undefined) last.atMs = nowMs();
    },
    forget(source) {
      if (beats.delete(source) && beats.size === 0) begunMs = nowMs();
    },
    raise: sign => void raised.add(sign),
    clear: sign => void raised.delete(sign),
    report() {
      const signs = (Object.keys(SIGNS) as (Obstacle | Warning)[]).filter(sign => raised.has(sign));
      const all = [...beats.values()];
      const working = all.filter(beat => beat.doing === 'working');
      const beatMs = Math.min(...(working.length > 0 ? working : all).map(beat => beat.atMs));
      const beatAgoMs = nowMs() - (all.length === 0 ? begunMs : beatMs);
      const isWaiting = all.length > 0 && working.length === 0;
      return {
        life: isWaiting || beatAgoMs < silentAfterMs ? 'alive' : 'silent',
        beatAgoMs,
        because: signs.filter(isObstacle),
        warnings: signs.filter(sign => !isObstacle(sign)) as Warning[],
      };
    },
  };
}

function isObstacle(sign: Obstacle | Warning): sign is Obstacle {
  return SIGNS[sign] === 'obstacle';
}
