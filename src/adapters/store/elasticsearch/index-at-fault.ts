// Tells an index that is at fault from documents that are. One line of a log may make one document that no index takes;
// that ten different documents are all unfit in the same way means that their index was made as something else. Such
// documents do not go to the dead letters, which are forgotten in time: the store stops, and the lines stay where they are.
// Example: `noteSent(sent, action)` for each action, then `checkIndices(sent, refusals)`.
import type { BulkAction, Refusal } from './bulk.ts';
import { refused } from './refusal.ts';

/** How many documents one write sends to each index. */
export type SentCounts = Map<string, number>;

/** Documents of one index, in one write, that are not all unfit by chance. */
const MANY = 10;

/** Counts an action to its index. */
export function noteSent(sent: SentCounts, { index }: BulkAction): void {
  sent.set(index, (sent.get(index) ?? 0) + 1);
}

/** Throws STORE where an index refused all of many documents for one reason. */
export function checkIndices(sent: SentCounts, refusals: readonly Refusal[]): void {
  const groups = Map.groupBy(refusals, ({ action, reason }) => `${action.index} ${reason}`);
  for (const group of groups.values()) {
    const { action, status, reason } = group[0]!;
    if (group.length < MANY || group.length < sent.get(action.index)!) continue;
    throw refused(action.index, status, reason);
  }
}
