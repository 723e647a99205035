// Later judgements of a finding (§5.8): whether one may be added, and how a finding looks by it. In: a judgement, the
// finding as it stands, what stands under the judgement's number; out: an answer in one word. Every store asks here, so
// that all of them agree (test/contract/desk.ts).
// Invariant: a number is given once; what stands under it is never changed by anything that is said here.
// Example: the finding shows revision 2, the judgement has number 3, and nothing stands under 3: `next`.
import type { StandingFinding } from '../model/finding.ts';
import { type FirstRevision, firstRevision } from './first-revision.ts';

/** `next`: may be added; `known`: stands there already; `overtaken`: was made of another state of the finding. */
export type Standing = 'next' | 'known' | 'overtaken';

/** Tells where a judgement stands. A finding that is gone is never judged again: nothing recreates what was purged. */
export function standingOf(
  judgement: FirstRevision,
  finding: StandingFinding | null,
  there: FirstRevision | null,
): Standing {
  if (finding === null) return 'overtaken';
  if (there !== null) return isSameJudgement(judgement, there) ? 'known' : 'overtaken';
  return finding.revision === judgement.revision - 1 ? 'next' : 'overtaken';
}

/**
 * Tells whether two judgements say the same. When they were made does not count: a repeat after a break is made later,
 * and the time of the first one stands.
 */
export function isSameJudgement(a: FirstRevision, b: FirstRevision): boolean {
  return contentOf(a) === contentOf(b);
}

/** Gives a finding as a judgement shows it. */
export function judgedBy(finding: StandingFinding, judgement: FirstRevision): StandingFinding {
  return {
    ...finding,
    verdict: judgement.verdict,
    exemptions: [...judgement.exemptions],
    otherExemptions: [...judgement.otherExemptions],
    versions: { ...judgement.versions },
    revision: judgement.revision,
  };
}

/** Gives all judgements of a finding by number: those that are stored, and the first one where it is not among them. */
export function historyOf(
  finding: StandingFinding | null,
  stored: readonly FirstRevision[],
): FirstRevision[] {
  if (finding === null) return [];
  // Only a finding that was never judged again shows its first judgement: of any other it must stand in the store.
  const isTold = stored[0]?.revision === 0 || finding.revision > 0;
  return isTold ? [...stored] : [firstRevision(finding), ...stored];
}

function contentOf(judgement: FirstRevision): string {
  const { findingId, revision, versions, verdict, exemptions, otherExemptions, reason, by } = judgement;
  const { lists, policy, directory } = versions;
  return JSON.stringify([
    ...[findingId, revision, lists, policy, directory, verdict],
    ...[exemptions, otherExemptions, reason, by],
  ]);
}
