// find-standing: the finding of an id as it stands, shown or not (§6.2). In: a store and a whole id; out: the finding, or null.
// Invariant: whoever asks shows nothing of one that may not be shown (search/is-shown.ts): it is to know that it is there.
// Example: a finding that was taken back because its site is protected → it, where `store.finding(id)` answers null.
import type { StandingFinding } from '../model/finding.ts';
import type { ReadStore } from '../ports/store.ts';

/** Finds a stored finding by its whole id, whatever its latest judgement is; null where there is none. */
export async function findStanding(
  store: Pick<ReadStore, 'standing'>,
  id: string,
): Promise<StandingFinding | null> {
  const found = store.standing({
    terms: [{ kind: 'field', field: 'id', values: [id], negated: false }],
    ...{ fromMs: null, toMs: null, sort: 'start', descending: false, limit: 1 },
  });
  for await (const finding of found) return finding.id === id ? finding : null;
  return null;
}
