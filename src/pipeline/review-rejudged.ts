// review-rejudged: which drawn items rest on findings that were judged again since (§5.8). In: a frozen review and a store; out:
// ids of items. Invariant: the review keeps the revisions that it saw; this only marks them.
import type { PopulationChunk, Review } from '../model/review.ts';
import type { ReadStore } from '../ports/store.ts';

/** Finds the drawn items of which a finding has a later revision than the one that was frozen. */
export async function rejudgedItems(
  { begun }: Review,
  { population, drawn }: { population: readonly PopulationChunk[]; drawn: ReadonlySet<string> },
  store: Pick<ReadStore, 'search'>,
): Promise<Set<string>> {
  const frozen = new Map<string, { item: string; revision: number }>();
  for (const { items } of population) {
    for (const { id, findings } of items) {
      if (!drawn.has(id)) continue;
      for (const [finding, revision] of findings) frozen.set(finding, { item: id, revision });
    }
  }
  const rejudged = new Set<string>();
  if (frozen.size === 0) return rejudged;
  const { fromMs, toMs } = begun.period;
  const query = { terms: [], fromMs, toMs, sort: 'start' as const, descending: false, limit: null };
  for await (const { id, revision } of store.search(query)) {
    const was = frozen.get(id);
    if (was !== undefined && revision > was.revision) rejudged.add(was.item);
  }
  return rejudged;
}
