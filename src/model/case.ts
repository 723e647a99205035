// A case: what was found on one subject in one category on one local day. Computed on reading, never stored; what is stored
// are people's decisions on it (the ledger). A case never says that anybody did wrong.
import type { Confidence, Population } from './subject.ts';
import type { CategoryClass } from './verdict.ts';
import type { Grade } from './visit.ts';

/** What a person can decide: it stands as found · it has an explanation · the list was wrong · it is let rest. */
export type CaseOutcome = 'confirmed' | 'explained' | 'falseMatch' | 'dismissed';

/**
 * `open` nobody has decided · an outcome: decided, and nothing has changed since · `reopened` decided, and what was found is
 * something else by now · `withdrawn` decided, and nothing is left that would make a case.
 */
export type CaseStatus = 'open' | CaseOutcome | 'reopened' | 'withdrawn';

/** What makes two visits belong to one case. */
export interface CaseIdentity {
  tenant: string;
  subjectId: string;
  category: string;
  /** Local day of the tenant. */
  day: string;
}

/** What is told of a case beside its identity; a decision keeps it as it was. */
export interface CaseFacts extends CaseIdentity {
  subjectKind: 'user' | 'client';
  /** The least sure of its visits. */
  confidence: Confidence;
  population: Population;
  class: CategoryClass;
  statutes: readonly string[];
  /** As its visits have them: a machine can move from one network to another within a day. */
  departments: readonly string[];
  roles: readonly string[];
  sites: readonly string[];
  visits: number;
  /** Records that no exemption covers. */
  records: number;
}

/** A decision on a case, as the ledger holds it. Decisions are numbered from 1 and stay. */
export interface CaseDecision {
  seq: number;
  atMs: number;
  /** Account of the operating system. */
  by: string;
  outcome: CaseOutcome;
  reason: string;
  /** What the case consisted of when it was decided. */
  digest: string;
  facts: CaseFacts;
}

export interface Case extends CaseFacts {
  /** Its day without dashes, and a hash of its identity: `20261005-3f9a2b7c4d1e0a5b`. */
  id: string;
  /** `event.start` of its first and last record; null where nothing is left of it. */
  startMs: number | null;
  lastMs: number | null;
  /** Visits by grade. */
  grades: Readonly<Record<Grade, number>>;
  /** Hash over the digests of its visits, whatever their order; null where nothing is left of it. */
  digest: string | null;
  status: CaseStatus;
  /** All decisions, in order. */
  decisions: readonly CaseDecision[];
}
