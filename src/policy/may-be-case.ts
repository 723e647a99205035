// may-be-case: may what is known of a subject stand in a case, or in a row about one person? (§3.2, §3.3)
// In: the policy, and kind, confidence and population as a finding or a visit has them; out: yes or no.
// Invariant: the answer is no unless everything speaks for it: a subject that is nobody, that is known less surely than
// the policy asks, that no file knows, or whose population is not reviewed, never gets a case or a row.
// Example: with `minimumConfidence: lease`, a user by a lease may; a bare address (`none`) may not.
import type { Confidence, Population, SubjectKind } from '../model/subject.ts';
import type { Policy } from './policy.ts';

/** What is known of a subject, as findings and visits carry it. */
export interface KnownSubject {
  subjectKind: SubjectKind;
  confidence: Confidence;
  population: Population;
}

/** Tells whether a subject may have a case or a row of a report under a policy. */
export function mayBeCase(
  policy: Pick<Policy, 'minimumConfidence' | 'reviewed'>,
  subject: KnownSubject,
): boolean {
  if (subject.subjectKind === 'none') return false;
  if (!isAsSureAs(subject.confidence, policy.minimumConfidence)) return false;
  return subject.population !== 'unknown' && policy.reviewed.has(subject.population);
}

/** Tells whether one confidence is at least another: authenticated, then lease, then none. */
export function isAsSureAs(confidence: Confidence, least: Confidence): boolean {
  return RANK[confidence] >= RANK[least];
}

const RANK: Readonly<Record<Confidence, number>> = { none: 0, lease: 1, authenticated: 2 };
