// Store: where findings, counts and positions lie. What all stores give is `ReadStore`; they differ in how they are
// written: in transactions (`Store`, §9.3) or window by window (`WindowStore`, §9.4). One suite holds all of them to the
// same answers: test/contract/store.ts.
import type { Finding, StandingFinding, Versions } from '../model/finding.ts';
import type { Query } from '../model/query.ts';
import type { RejectCode } from '../model/record.ts';
import type { StreamMark, StreamState } from '../model/stream.ts';
import type { StandingVerdict } from '../model/verdict.ts';
import type { KnownStreams } from './source.ts';

/** Counts of one tenant, hour and department, over all records that are neither tooOld, challenge nor protected. */
export interface UsageCount {
  tenant: string;
  /** Beginning of the hour, milliseconds UTC (an hour of the tenant's clock). */
  hourMs: number;
  /** Department that is big enough to be counted by itself, else its parent, else `''` for the tenant. */
  department: string;
  records: number;
  bytes: number;
  denied: number;
  tunnels: number;
  /** Records with a user name. */
  named: number;
}

/** What is only counted, per tenant and local day. */
export type DayCountKind = 'protected' | 'unreviewed' | 'unannounced' | 'tooOld' | 'authChallenges';

export interface DayCount {
  tenant: string;
  /** Local day of the tenant, `2026-11-25`. */
  day: string;
  kind: DayCountKind;
  count: number;
}

/** Names of one transaction under one sealed envelope. */
export interface SealedNames {
  /** An age file: a JSON object of pseudonym → name. */
  envelope: Uint8Array;
  epoch: number;
  ids: readonly string[];
}

/** Rejected lines of one transaction: counts by reason, and the sealed file that holds their text. */
export interface RejectBatch {
  stream: string;
  code: RejectCode;
  count: number;
  /** Position of the first of them. */
  firstOffset: number;
  /** Name of the sealed file inside the rejects folder; null where every text was dropped. */
  file: string | null;
  rejectedMs: number;
}

/** Pseudonymised content of a policy or directory version, kept so that a verdict can be recomputed. */
export interface KeptVersion {
  kind: 'policy' | 'directory';
  hash: string;
  epoch: number;
  body: string;
}

/** All that one transaction writes. */
export interface StoreBatch {
  findings: readonly Finding[];
  usage: readonly UsageCount[];
  days: readonly DayCount[];
  streams: readonly { state: StreamState; marks: readonly StreamMark[] }[];
  names: readonly SealedNames[];
  rejects: readonly RejectBatch[];
  versions: readonly KeptVersion[];
  /** Sealed files of rejected lines that were read again: what was known of them goes as this comes. */
  settled: readonly string[];
}

/** Documents of one transaction that a store refused for good, alike in what and why; sealed as rejected lines are. */
export interface DeadLetterBatch {
  stream: string;
  /** What was refused: `findings`, `usage`, `days`, `names`, `rejects`. */
  what: string;
  /** The store's own word for it: the type of its exception, never its text, which quotes documents. */
  reason: string;
  count: number;
  /** Position of the first of them; that of the window's beginning where it has none. */
  firstOffset: number;
  /** Name of the sealed file that holds the documents. */
  file: string;
  refusedMs: number;
}

/** Says which of a batch's findings were there already. */
export interface WriteResult {
  added: number;
  known: number;
}

/** One judgement of a finding (append-only). */
export interface Revision {
  findingId: string;
  revision: number;
  versions: Versions;
  /**
   * `withdrawn` where the finding would not be made any more, `protected` where that is for a protected site (§6.2);
   * null for an attempt.
   */
  verdict: StandingVerdict | null;
  exemptions: readonly string[];
  otherExemptions: readonly string[];
  reason: string;
  by: string;
  atMs: number;
}

/** What the store holds, for summaries. */
export interface StoreTotals {
  findings: number;
  examine: number;
  exempt: number;
  attempts: number;
  /** Taken back by a later judgement; what is hidden for a protected site among them, not told apart (§6.2). */
  withdrawn: number;
  firstMs: number | null;
  lastMs: number | null;
  tenants: readonly string[];
}

/**
 * What every store gives. What was taken back because its site is protected now (§6.2) is given by none of it, whatever is
 * asked: as if it were not there. Only `standing` gives it, and `totals` counts it without telling it apart.
 */
export interface ReadStore extends KnownStreams {
  /** Number of the newest migration that was applied. */
  schemaVersion(): Promise<number>;
  /** Tells how far one stream is stored, as of now; null where the store knows nothing of it. */
  stream(id: string): Promise<StreamState | null>;
  /** Tells which of these pseudonyms have a sealed name already. */
  knownNames(ids: readonly string[]): Promise<Set<string>>;
  finding(id: string): Promise<Finding | null>;
  /** Streams all findings that a query asks for, sorted, without a cap. */
  search(query: Query): AsyncIterable<Finding>;
  /**
   * Streams findings as `search` does, those among them that no reading shows (§6.2): for whatever judges again, and for
   * sums that tell nothing apart. Nobody is shown what it gives.
   */
  standing(query: Query): AsyncIterable<StandingFinding>;
  count(query: Query): Promise<number>;
  /** Counts findings of a query per value of one field. */
  facet(
    query: Query,
    field: 'category' | 'verdict' | 'class' | 'department' | 'domain',
  ): Promise<Map<string, number>>;
  revisions(findingId: string): Promise<Revision[]>;
  usage(fromMs: number, toMs: number): Promise<UsageCount[]>;
  days(fromDay: string, toDay: string): Promise<DayCount[]>;
  rejects(): Promise<RejectBatch[]>;
  deadLetters(): Promise<DeadLetterBatch[]>;
  sealedName(id: string): Promise<Uint8Array | null>;
  keptVersion(kind: 'policy' | 'directory', hash: string, epoch: number): Promise<string | null>;
  totals(): Promise<StoreTotals>;
  close(): Promise<void>;
}

/** Keeps bounds of what is sealed, in every store that is written. */
export interface ForgetfulStore {
  /** Forgets rejects and dead letters older than the instant; answers the sealed files that nothing names any more. */
  forgetSealed(beforeMs: number): Promise<string[]>;
}

/** A store with transactions. */
export interface Store extends ReadStore, ForgetfulStore {
  /** Writes all of it or nothing. An existing finding id is `known` and stays unchanged. */
  write(batch: StoreBatch): Promise<WriteResult>;
}
