// draw-sample: population → sample. In: ids with their strata, a seed, how many; out: ids in the order of the draw.
// Invariant: a pure function of its input, whatever order the population comes in, so that anybody who has the ids and the
// seed draws the same (docs/guide/reviews.md says it in five lines). Every stratum that has an item gets one.
// Example: 90 and 10 items, size 10 → 9 (1 + 8 of 89/98) and 1 (1 + 0), by the order of SHA-256(seed:id).
import { compareTexts } from '../search/matches.ts';

export interface Drawable {
  id: string;
  stratum: string;
}

export interface DrawOptions {
  seed: string;
  /** How many; null for all. */
  size: number | null;
  /** Hashes a text to hex digits. */
  hash(text: string): string;
}

export interface Drawn {
  ids: readonly string[];
  strata: readonly { name: string; items: number; sampled: number }[];
}

/** Draws a sample, stratified and in proportion. */
export function drawSample(population: Iterable<Drawable>, options: DrawOptions): Drawn {
  const byStratum = new Map<string, string[]>();
  for (const { id, stratum } of population) {
    const ids = byStratum.get(stratum);
    if (ids === undefined) byStratum.set(stratum, [id]);
    else ids.push(id);
  }
  const names = [...byStratum.keys()].sort(compareTexts);
  const sizes = names.map(name => byStratum.get(name)!.length);
  const shares = allocate(sizes, options.size);
  const ids = names.flatMap((name, at) => firstByHash(byStratum.get(name)!, shares[at]!, options));
  const strata = names.map((name, at) => ({ name, items: sizes[at]!, sampled: shares[at]! }));
  return { ids, strata };
}

/** Shares a sample among strata: one each, the rest in proportion to what is left of each, by largest remainders. */
export function allocate(sizes: readonly number[], size: number | null): number[] {
  const total = sizes.reduce((sum, n) => sum + n, 0);
  const rest = Math.max(0, Math.min(size ?? total, total) - sizes.length);
  const left = total - sizes.length;
  if (rest === 0) return sizes.map(() => 1);
  const remainders = sizes.map(n => (rest * (n - 1)) % left);
  const shares = sizes.map((n, at) => 1 + (rest * (n - 1) - remainders[at]!) / left);
  let missing = rest + sizes.length - shares.reduce((sum, n) => sum + n, 0);
  const byRemainder = sizes.map((_, at) => at).sort((a, b) => remainders[b]! - remainders[a]! || a - b);
  for (const at of byRemainder) {
    if (missing === 0) break;
    shares[at]!++;
    missing--;
  }
  return shares;
}

/** Gives the first ids by the order of SHA-256 over `seed:id`. */
function firstByHash(ids: readonly string[], count: number, { seed, hash }: DrawOptions): string[] {
  return ids
    .map(id => ({ id, by: hash(`${seed}:${id}`) }))
    .sort((a, b) => compareTexts(a.by, b.by) || compareTexts(a.id, b.id))
    .slice(0, count)
    .map(({ id }) => id);
}
