// Which sources have what they need to read. In: a source is joined, or it is away; out: the obstacle
// `sources-not-joined`, the number of what is waited for, and `ready` in the log once all are there for the first time.
// Invariant: ready means that all sources are joined now, not that they were once.
// Example: the broker goes away while lines are read → not ready, `granska_waiting{for="source"} 1`, until it is back.
import type { Health, Telemetry } from '../ports/telemetry.ts';

export interface RollCall {
  joined(name: string): void;
  away(name: string): void;
}

/** Creates the roll call of sources, none of which has joined. */
export function createRollCall(
  sources: readonly { name: string }[],
  { telemetry, health }: { telemetry: Telemetry; health: Pick<Health, 'raise' | 'clear'> },
): RollCall {
  const missing = new Set(sources.map(({ name }) => name));
  const away = new Set<string>();
  let wasReady = false;

  return {
    joined(name) {
      missing.delete(name);
      away.delete(name);
      if (away.size === 0) telemetry.waits('source', 'going-on');
      if (missing.size > 0) return;
      health.clear('sources-not-joined');
      if (!wasReady) telemetry.log('info', 'ready');
      wasReady = true;
    },
    away(name) {
      missing.add(name);
      away.add(name);
      telemetry.waits('source', 'standing-still');
      health.raise('sources-not-joined');
    },
  };
}
