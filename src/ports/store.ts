// Store: where findings, counts and positions lie. One `write` is one transaction (§9.3).
// SQLite and memory keep this contract, held by one suite: test/contract/store.ts.
import type { Finding, Versions } from '../model/finding.ts';
import type { Query } from '../model/query.ts';
import type { RejectCode } from '../model/record.ts';
import type { StreamMark, StreamState } from '../model/stream.ts';
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
  verdict: 'examine' | 'exempt' | null;
  exemptions: readonly string[];
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
  firstMs: number | null;
  lastMs: number | null;
  tenants: readonly string[];
}

export interface Store extends KnownStreams {
  /** Number of the newest migration that was applied. */
  schemaVersion(): Promise<number>;
  /** Writes all of it or nothing. An existing finding id is `known` and stays unchanged. */
  write(batch: StoreBatch): Promise<WriteResult>;
  /** Tells which of these pseudonyms have a sealed name already. */
  knownNames(ids: readonly string[]): Promise<Set<string>>;
  finding(id: string): Promise<Finding | null>;
  /** Streams all findings that a query asks for, sorted, without a cap. */
  search(query: Query): AsyncIterable<Finding>;
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
  /** Forgets reject batches older than the instant; answers the sealed files that nothing names any more. */
  forgetRejects(beforeMs: number): Promise<string[]>;
  sealedName(id: string): Promise<Uint8Array | null>;
  keptVersion(kind: 'policy' | 'directory', hash: string, epoch: number): Promise<string | null>;
  totals(): Promise<StoreTotals>;
  close(): Promise<void>;
}
