// Makes the months that findings lie in, once each: by itself the server would make one that takes any field.
import type { Connection } from './connection.ts';
import { createIndex } from './set-up.ts';

export interface Months {
  make(indices: Iterable<string>): Promise<void>;
}

/** Creates the memory of one store that writes. */
export function createMonths(connection: Connection): Months {
  const made = new Set<string>();
  return {
    async make(indices) {
      for (const index of new Set(indices)) {
        if (made.has(index)) continue;
        await createIndex(connection, index);
        made.add(index);
      }
    },
  };
}
