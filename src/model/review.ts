// A review: what a plan asks people to look at, frozen, sampled, decided item by item and signed (§8.4). Everything here is
// plain data that is kept, exported and verified; nothing in it is a name of a subject.

import type { ReportCoverage } from './figures.ts';
import type { Versions } from './finding.ts';
import type { Period, ReviewPlan } from './review-plan.ts';
import type { Statement } from './statement.ts';
import type { Confidence, Population, SubjectKind } from './subject.ts';
import type { CategoryClass } from './verdict.ts';
import type { Grade, GradeFact } from './visit.ts';

/** What a reviewer can find: nothing to remark · a case to be examined · the list was wrong · it has an explanation. */
export type ReviewOutcome = 'nothing' | 'case' | 'falseMatch' | 'explained';

/** What a reviewer answers to an item of the checklist. */
export type ChecklistAnswer = 'yes' | 'no' | 'notApplicable';

/** A finding as it stood: its id, its revision, and which of the chunk's versions judged it. */
export type FrozenFinding = readonly [id: string, revision: number, versions: number];

/** One of everything that a review could have drawn: a visit, or a line of the audit chain. */
export interface PopulationItem {
  /** Id of the visit, or `line-17`. */
  id: string;
  /** What it is drawn by: the department; of a line the action. */
  stratum: string;
  /** Of the visit; of a line its hash. */
  digest: string;
  findings: readonly FrozenFinding[];
  /** SHA-256 over all the rest of it. */
  hash: string;
}

export interface PopulationChunk {
  versions: readonly Versions[];
  items: readonly PopulationItem[];
}

interface DrawnItem {
  /** From 1, in the order of the draw. */
  number: number;
  id: string;
  stratum: string;
  digest: string;
  /** SHA-256 over all the rest of it. */
  hash: string;
}

/** A visit that was drawn, as it stood. */
export interface VisitItem extends DrawnItem {
  kind: 'visit';
  tenant: string;
  subjectKind: Exclude<SubjectKind, 'none'>;
  subjectId: string;
  confidence: Confidence;
  population: Population;
  department: string;
  category: string;
  class: CategoryClass;
  site: string;
  day: string;
  startMs: number;
  records: number;
  examine: number;
  exempt: number;
  grade: Grade;
  facts: readonly GradeFact[];
  /** Whether what is known of its subject is enough for a case. */
  mayBeCase: boolean;
}

/** A line of the audit chain that was drawn; texts that were hidden in it stay hidden. */
export interface ViewItem extends DrawnItem {
  kind: 'view';
  line: number;
  at: string;
  actor: string;
  action: string;
  shown: number;
  details: Readonly<Record<string, unknown>>;
}

export type SampledItem = VisitItem | ViewItem;

export interface ReviewPeriod extends Period {
  fromMs: number;
  toMs: number;
}

export interface Stratum {
  name: string;
  items: number;
  sampled: number;
}

/** What a line of a review says. */
export type ReviewStep =
  | {
      step: 'begun';
      review: string;
      plan: ReviewPlan;
      period: ReviewPeriod;
      organization: string;
      zone: string;
      /** Recorded before the population is read, so that nobody can draw until it suits. */
      seed: string;
      diary: string | null;
      attempt: number;
    }
  | { step: 'again'; attempt: number }
  | {
      step: 'frozen';
      attempt: number;
      population: { items: number; findings: number; chunks: readonly string[]; strata: readonly Stratum[] };
      sample: { items: number; chunks: readonly string[] };
      /** What judges today. */
      versions: Versions;
      coverage: ReportCoverage;
      /** Where the audit chain ended; null unless it is the population. */
      chain: { lines: number; hash: string } | null;
    }
  | {
      step: 'decided';
      item: number;
      outcome: ReviewOutcome;
      answers: Readonly<Record<string, ChecklistAnswer>>;
      remark: string;
      /** Id of the person. */
      reviewer: string;
    }
  | { step: 'signed'; statement: Statement };

/** A step with its place in the chain of its review: each line holds the hash of the one before. */
export type ReviewLine = ReviewStep & {
  seq: number;
  atMs: number;
  /** Account of the operating system. */
  by: string;
  prev: string;
  hash: string;
};

type LineOf<S extends ReviewStep['step']> = Extract<ReviewLine, { step: S }>;

export type BegunLine = LineOf<'begun'>;
export type FrozenLine = LineOf<'frozen'>;
export type DecidedLine = LineOf<'decided'>;
export type SignedLine = LineOf<'signed'>;

/** `beginning` its population is not frozen yet · `open` items are to be decided · `decided` all are · `signed`. */
export type ReviewStatus = 'beginning' | 'open' | 'decided' | 'signed';

/** A review as its lines make it. */
export interface Review {
  id: string;
  status: ReviewStatus;
  begun: BegunLine;
  attempt: number;
  frozen: FrozenLine | null;
  /** Every decision, in order; a later one on an item stands in place of the earlier ones. */
  decisions: readonly DecidedLine[];
  signed: SignedLine | null;
  /** Hash of the last line before the signature: it covers everything that was frozen, drawn and decided. */
  contentHash: string;
  lines: readonly ReviewLine[];
}

/** Everything that is needed to verify a review on another machine. */
export interface ReviewExport {
  schema: 'granska.review-export/1';
  review: string;
  contentHash: string;
  lines: readonly ReviewLine[];
  population: readonly PopulationChunk[];
  sample: readonly (readonly SampledItem[])[];
  keys: readonly { person: string; publicKey: string }[];
  /** SHA-256 of the protocol as HTML, by language. */
  protocol: Readonly<Record<string, string>>;
  /** SHA-256 over all the rest. */
  hash: string;
}
