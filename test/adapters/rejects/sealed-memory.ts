// Sealed texts in memory, for tests that look at them or fail between two of their calls.
import type { SealedTexts } from '../../../src/ports/sealed-texts.ts';

export interface SealedMemory extends SealedTexts {
  readonly texts: Map<string, Uint8Array>;
  readonly writtenMs: Map<string, number>;
  nowMs: number;
}

/** Creates an empty place. */
export function createSealedMemory(): SealedMemory {
  const texts = new Map<string, Uint8Array>();
  const writtenMs = new Map<string, number>();
  const place: SealedMemory = {
    ...{ place: 'memory', texts, writtenMs, nowMs: 0 },
    async write(name, sealed) {
      texts.set(name, sealed.slice());
      writtenMs.set(name, place.nowMs);
    },
    async read(name) {
      return texts.get(name)?.slice() ?? null;
    },
    async remove(names) {
      for (const name of names) texts.delete(name);
    },
    async olderThan(beforeMs) {
      return [...texts.keys()].filter(name => writtenMs.get(name)! < beforeMs);
    },
  };
  return place;
}
