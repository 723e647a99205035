// What is written can be got by its id at once, but searched only after a refresh. This remembers which indices this
// store has written to since, so that it reads what it wrote without a refresh at every write.
import type { Connection } from './connection.ts';

export interface Freshness {
  /** Notes that an index, or one under a pattern, was written to. */
  written(pattern: string): void;
  /** Makes all that this store wrote there searchable. */
  ensure(pattern: string): Promise<void>;
  /** Makes all that anybody wrote there searchable. */
  refresh(pattern: string): Promise<void>;
}

/** Creates the memory of one store that writes. */
export function createFreshness(connection: Connection): Freshness {
  const stale = new Set<string>();

  async function refresh(pattern: string): Promise<void> {
    // Before the request: what is written meanwhile is stale again.
    stale.delete(pattern);
    try {
      await connection.attempt(pattern, () =>
        connection.client.indices.refresh({ index: pattern, ignore_unavailable: true }),
      );
    } catch (error) {
      stale.add(pattern);
      throw error;
    }
  }

  return {
    written: pattern => void stale.add(pattern),
    ensure: async pattern => {
      if (stale.has(pattern)) await refresh(pattern);
    },
    refresh,
  };
}

/** Creates that of a store that only reads: it has written nothing, and its role may not refresh. */
export function createNoFreshness(): Freshness {
  return { written() {}, async ensure() {}, async refresh() {} };
}
