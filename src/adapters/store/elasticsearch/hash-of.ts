// Ids of documents that follow from what they are, so that a repeat writes the same ones.
import { createHash } from 'node:crypto';

/** Makes an id of parts. */
export function hashOf(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}
