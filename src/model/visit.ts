// A visit: findings of one subject on one site in one category, near each other in time (§7). Computed on reading, never
// stored. It is what people count; its grade says how strong the evidence is that a person chose it, never more.
import type { Confidence, Population } from './subject.ts';
import type { CategoryClass, Verdict } from './verdict.ts';

/** A a page was shown · B sustained · C cannot be told · D embedded or background (§7.3). */
export type Grade = 'A' | 'B' | 'C' | 'D';

/** Every code of a fact, with the names of its numbers. */
export const GRADE_FACTS = {
  /** HTML documents that were shown and came without a foreign referrer: makes A. */
  documents: ['documents'],
  /** Requests over some time, and bytes: makes B. */
  sustained: ['records', 'seconds', 'bytes'],
  /** HTML documents apart from each other in a log without referrers: makes B. */
  documentsApart: ['documents', 'seconds'],
  /** Neither a document nor enough traffic: makes C. */
  cannotTell: ['records', 'seconds', 'bytes'],
  /** All that speaks of a choice went through a tunnel: not above B. */
  onlyTunnels: ['records'],
  /** … was matched by an expression: not above C. */
  onlyExpressions: ['records'],
  /** … failed: not above C. */
  onlyFailures: ['records'],
  /** The log says nothing of referrers: A cannot be. */
  noReferrers: ['records'],
  /** What other pages or programs can have fetched by themselves; makes D where it is all. */
  foreign: ['records'],
  embedded: ['records'],
  background: ['records'],
  /** A part is covered by an exemption, and is left out of the grade. */
  partlyExempt: ['exempt', 'records'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type GradeFactCode = keyof typeof GRADE_FACTS;

/** One reason for a grade, as a code with its numbers; `src/text/visits.ts` has the words. */
export interface GradeFact {
  code: string;
  values: Readonly<Record<string, number>>;
}

export interface Visit {
  /** Hash of subject, category, site and start. */
  id: string;
  tenant: string;
  subjectKind: 'user' | 'client';
  subjectId: string;
  /** The least sure of its findings. */
  confidence: Confidence;
  /** As its first finding has it; `unknown` where one of them is about somebody whom no file knew. */
  population: Population;
  /** Department and roles as its first finding has them. */
  department: string;
  roles: readonly string[];
  category: string;
  class: CategoryClass;
  statutes: readonly string[];
  /** Registrable domain, or the address. */
  site: string;
  /** Local day of the tenant: a visit never passes midnight. */
  day: string;
  /** `event.start` of its first and of its last record: not a time that anybody spent. */
  startMs: number;
  lastMs: number;
  findings: number;
  /** Different records. */
  records: number;
  examine: number;
  exempt: number;
  /** `exempt` where all of it is. */
  verdict: Verdict;
  /** Every exemption that covers some of it, by id. */
  exemptions: readonly string[];
  bytes: number;
  grade: Grade;
  facts: readonly GradeFact[];
  /** Hash of what it consists of, whatever the order: another one once its facts grow or are judged anew. */
  digest: string;
}
