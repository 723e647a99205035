// A verdict: what the policy says of one record in one category. It never says that anybody did wrong.

/** `examine` (people should look) or `exempt` (a decision covers it). */
export type Verdict = 'examine' | 'exempt';

/** What a stored finding says now: a verdict, or `withdrawn` where a later judgement took the finding back (§5.8). */
export type StoredVerdict = Verdict | 'withdrawn';

/**
 * What the latest judgement in a store says: beside what is shown, `protected` for what was taken back because its site
 * is a protected one by now. No reading shows such a finding (§6.2).
 */
export type StandingVerdict = StoredVerdict | 'protected';

/** The two classes of category. */
export const CATEGORY_CLASSES = ['questionable', 'forbidden'] as const;
export type CategoryClass = (typeof CATEGORY_CLASSES)[number];

/** Holds the policy's answer for one record and one category. */
export interface Judgement {
  category: string;
  class: CategoryClass;
  statutes: readonly string[];
  /** Null for an attempt: a denied request is not judged. */
  verdict: Verdict | null;
  /** Ids of all exemptions that cover this category, the one to show first. */
  exemptions: readonly string[];
  /** Ids of exemptions that cover other categories of the same record, as a fact. */
  otherExemptions: readonly string[];
}
