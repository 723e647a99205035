// review-rejudged: which drawn items rest on findings that were judged again since (§5.8). In: a frozen review and a store; out:
// ids of items, and which of these rest on a site that is protected now, so that nothing of them is shown (§6.2). Invariant:
// the review keeps the revisions that it saw; this only marks them.
import type { PopulationChunk, Review } from '../model/review.ts';
import type { ReadStore } from '../ports/store.ts';
import { isShown } from '../search/is-shown.ts';

/** Ids of drawn items. */
export interface ItemMarks {
  /** Of which a finding has a later revision than the one that was frozen. */
  rejudged: ReadonlySet<string>;
  /** Of which a finding is out of sight. */
  hidden: ReadonlySet<string>;
}

/** Finds the drawn items of which a finding was judged again since they were frozen. */
export async function marksOfItems(
  { begun }: Review,
  { population, drawn }: { population: readonly PopulationChunk[]; drawn: ReadonlySet<string> },
  store: Pick<ReadStore, 'standing'>,
): Promise<ItemMarks> {
  const frozen = new Map<string, { item: string; revision: number }>();
  for (const { items } of population) {
    for (const { id, findings } of items) {
      if (!drawn.has(id)) continue;
      for (const [finding, revision] of findings) frozen.set(finding, { item: id, revision });
    }
  }
  const rejudged = new Set<string>();
  const hidden = new Set<string>();
  if (frozen.size === 0) return { rejudged, hidden };
  const { fromMs, toMs } = begun.period;
  const query = { terms: [], fromMs, toMs, sort: 'start' as const, descending: false, limit: null };
  for await (const finding of store.standing(query)) {
    const was = frozen.get(finding.id);
    if (was === undefined) continue;
    if (finding.revision > was.revision) rejudged.add(was.item);
    if (!isShown(finding)) hidden.add(was.item);
  }
  return { rejudged, hidden };
}
