// review-line: the lines of a review, each with the hash of the one before, and the hashes of what lies beside them.
// In: a step and the line it follows; out: a line. Invariant: no line can be changed, taken out, put in or moved without
// every later hash ceasing to fit; the hash of the last one covers the whole review.
// Example: `nextLine({ step: 'again', attempt: 2 }, last, { atMs, by, hash })` has `prev: last.hash`.
import type {
  PopulationChunk,
  PopulationItem,
  ReviewLine,
  ReviewStep,
  SampledItem,
} from '../model/review.ts';
import { canonicalJson } from '../policy/canonical-json.ts';

/** Hashes a text with SHA-256 to hex digits. */
export type HashText = (text: string) => string;

/** What the first line follows. */
export const NO_HASH = '0'.repeat(64);

/** Makes the line that follows another one; null for the first. */
export function nextLine(
  step: ReviewStep,
  last: Pick<ReviewLine, 'seq' | 'hash'> | null,
  { atMs, by, hash }: { atMs: number; by: string; hash: HashText },
): ReviewLine {
  const line = { ...step, seq: (last?.seq ?? 0) + 1, atMs, by, prev: last?.hash ?? NO_HASH };
  return { ...line, hash: hash(canonicalJson(line)) } as ReviewLine;
}

/** Says in words what is wrong with a line at its place; null where nothing is. */
export function lineFault(
  line: ReviewLine,
  last: Pick<ReviewLine, 'seq' | 'hash'> | null,
  hash: HashText,
): string | null {
  if (line.hash !== hashWithout(line, hash)) return 'it was changed';
  if (line.prev !== (last?.hash ?? NO_HASH) || line.seq !== (last?.seq ?? 0) + 1) {
    return 'it does not follow the line before it: lines were removed, put in or moved';
  }
  return null;
}

/** Hashes an object without its own hash. */
export function hashWithout(value: { hash: string }, hash: HashText): string {
  const { hash: _, ...rest } = value;
  return hash(canonicalJson(rest));
}

/** Puts the hash of an item of the population or the sample into it. */
export function withHash<T extends object>(item: T, hash: HashText): T & { hash: string } {
  return { ...item, hash: hash(canonicalJson(item)) };
}

/** Hashes a chunk of the population: its versions, and the hashes of its items. */
export function chunkHash({ versions, items }: PopulationChunk, hash: HashText): string {
  return hash(canonicalJson({ versions, items: items.map((item: PopulationItem) => item.hash) }));
}

/** Hashes a chunk of the sample. */
export function sampleHash(items: readonly SampledItem[], hash: HashText): string {
  return hash(canonicalJson(items.map(item => item.hash)));
}
