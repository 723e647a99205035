// A finding: the stored fact that one flagged record touches one category.
// Its fields map one to one to the ECS document of `finding/ecs.ts`.
import type { MatchedBy } from './match.ts';
import type { Access, Outcome } from './record.ts';
import type { Confidence, Population, SubjectKind } from './subject.ts';
import type { Via } from './target.ts';
import type { CategoryClass, StandingVerdict, StoredVerdict } from './verdict.ts';

/** How the referrer relates to the target; the referrer itself is never stored. */
export type ReferrerRelation = 'none' | 'same' | 'foreign' | 'notLogged' | 'protected';

/** What kind of program asked, as far as its own word goes. */
export type AgentClass = 'browser' | 'background' | 'other' | 'none' | 'notLogged';

/** Evidence facts from which a visit's grade follows on reading. */
export interface Facts {
  /** True for an HTML document that was shown, false for anything else; null where it cannot be told. */
  document: boolean | null;
  tunnel: boolean;
  matchedBy: MatchedBy;
  agent: AgentClass;
}

/** Content hashes (hex) of what judged a finding; null where there is none. */
export interface Versions {
  lists: string | null;
  policy: string | null;
  directory: string | null;
}

/** Holds one finding as it is stored. Times are milliseconds since 1970 UTC. */
export interface Finding {
  id: string;
  recordId: string;
  tenant: string;
  /** Stream (segment id or topic-partition) and position in it. */
  stream: string;
  offset: number;
  /** The file it was read from as it was named then; null for other sources. */
  path: string | null;
  stampMs: number;
  startMs: number;
  endMs: number;
  durationMs: number | null;
  ingestedMs: number;
  access: Access;
  outcome: Outcome;
  subjectKind: SubjectKind;
  /** Pseudonym of the subject (`u26-…` or `c261125-…`); null for kind `none`. */
  subjectId: string | null;
  /** Pseudonym of the client address; null where the log has none. */
  clientId: string | null;
  confidence: Confidence;
  population: Population;
  department: string;
  roles: readonly string[];
  scheme: string;
  domain: string;
  registeredDomain: string;
  port: number | null;
  urlPath: string;
  method: string;
  status: number;
  bytes: number | null;
  mime: string | null;
  userAgent: string | null;
  vendor: string;
  product: string;
  /** Which proxy it was, as the source of the lines names it; null where it names none, or the name may not be stored. */
  observerName: string | null;
  list: string;
  listVersion: string;
  entry: string;
  entryFile: string;
  entryLine: number;
  via: Via | null;
  category: string;
  class: CategoryClass;
  statutes: readonly string[];
  /** As the latest revision has it; null for an attempt. */
  verdict: StoredVerdict | null;
  exemptions: readonly string[];
  otherExemptions: readonly string[];
  referrer: ReferrerRelation;
  facts: Facts;
  versions: Versions;
  /** 0 for the first judgement; each later one adds 1. */
  revision: number;
}

/**
 * A finding as it stands in a store, shown or not: whatever judges it again or only counts it reads it so, and nobody is
 * shown one that is `protected` (§6.2).
 */
export type StandingFinding = Omit<Finding, 'verdict'> & { verdict: StandingVerdict | null };
