// What is sealed of documents that a store refused: NDJSON, one dead letter a line.
import type { DeadLetter } from '../../ports/window-store.ts';

/** Reads what was sealed; null where it is something else. */
export function readDeadLetters(plain: Uint8Array): DeadLetter[] | null {
  try {
    const rows = new TextDecoder('utf-8', { fatal: true }).decode(plain).split('\n');
    const letters: unknown[] = rows.filter(row => row !== '').map(row => JSON.parse(row));
    return letters.every(isDeadLetter) ? letters : null;
  } catch {
    return null;
  }
}

function isDeadLetter(value: unknown): value is DeadLetter {
  if (typeof value !== 'object' || value === null) return false;
  const { stream, what, reason, index, id, version } = value as Partial<Record<keyof DeadLetter, unknown>>;
  return (
    [stream, what, reason, index, id].every(text => typeof text === 'string') &&
    (version === undefined || typeof version === 'number') &&
    'document' in value
  );
}
