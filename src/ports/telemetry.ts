// Telemetry: what a worker tells the operator of itself, in lines, numbers and signs of life. All words are closed unions
// and all values are numbers, ids or words of programs: a name, a host or an address of the log has no place to slip
// into (§6.2). Nothing here waits or fails: telling must never stop the work.
// Example: `telemetry.log('warn', 'store-waiting', { reason: 'circuit_breaking_exception', tryNo: 3 })`.
import type { Versions } from '../model/finding.ts';
import type { RejectCode } from '../model/record.ts';
import type { CategoryClass, Verdict } from '../model/verdict.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What can be told; the sentence for each stands in adapters/telemetry/vocabulary.ts. */
export type LogEvent =
  | 'started'
  | 'policy-on-trial'
  | 'ready'
  | 'stopping'
  | 'stopped'
  | 'failed'
  | 'listening'
  | 'configuration-reloaded'
  | 'configuration-refused'
  | 'format-detected'
  | 'parse-rate-low'
  | 'parse-rate-restored'
  | 'partitions-assigned'
  | 'partition-assigned'
  | 'group-rebalancing'
  | 'source-reconnecting'
  | 'messages-lost'
  | 'commit-failed'
  | 'topics-missing'
  | 'kafka-client'
  | 'file-found'
  | 'file-missing'
  | 'file-rotated'
  | 'file-shrunk'
  | 'file-replaced'
  | 'file-gone'
  | 'file-unreadable'
  | 'file-unfinished'
  | 'file-damaged'
  | 'window-written'
  | 'store-waiting'
  | 'store-retrying'
  | 'store-answers'
  | 'documents-refused'
  | 'directory-old'
  | 'plan-begun'
  | 'plan-done'
  | 'plan-failed'
  | 'plan-left'
  | 'schedule-troubled'
  | 'fenced';

/** What may stand beside an event. */
export interface LogFields {
  /** Name of a source in the configuration. */
  source?: string;
  /** Id of a plan or delivery, and the name of its period: `2026-10`. */
  plan?: string;
  period?: string;
  topic?: string;
  partition?: number;
  /** The id of a stream; its first 12 digits are written. */
  stream?: string;
  /** An absolute path as the configuration names it. */
  file?: string;
  /** Name of a log format. */
  format?: string;
  /** Code of an error of ours, or of the system: `STORE`, `ENOSPC`. */
  code?: string;
  /** A program's own word for a cause, never a sentence: `ECONNREFUSED`, `REBALANCE_IN_PROGRESS`. */
  reason?: string;
  /** Content hashes; the first 12 digits are written, and nothing for null. */
  lists?: string | null;
  policy?: string | null;
  directory?: string | null;
  port?: number;
  partitions?: number;
  fromOffset?: number;
  toOffset?: number;
  messages?: number;
  lines?: number;
  records?: number;
  rejected?: number;
  /** Findings that were new, and that were there already. */
  findings?: number;
  known?: number;
  bytes?: number;
  documents?: number;
  files?: number;
  days?: number;
  tryNo?: number;
  waitMs?: number;
  durationMs?: number;
  /** A share from 0 to 1. */
  rate?: number;
}

/** One line of the log. */
export interface LogEntry {
  level: LogLevel;
  event: LogEvent;
  fields: LogFields;
}

/** How far a partition is behind. */
export interface TopicLag {
  topic: string;
  partition: number;
  /** Messages that are there and not stored. */
  messages: number;
}

/** What a store wrote at once: a transaction, or windows. */
export interface WriteMeasure {
  durationMs: number;
  added: number;
  known: number;
  /** Bytes of the lines that it came of. */
  bytes: number;
}

/** Numbers that grow, and numbers that stand. */
export interface Meters {
  linesRead(lines: { records: number; rejected: number; skipped: number; bytes: number }): void;
  /** Counts findings as they were judged; `attempt` is what the proxy stopped (§2.4). */
  found(findings: { class: CategoryClass; verdict: Verdict | 'attempt'; count: number }): void;
  rejected(code: RejectCode, count: number): void;
  written(write: WriteMeasure): void;
  /** Notes how long one request to the store took. */
  storeAnswered(durationMs: number): void;
  storeRetried(): void;
  /** Says that the work stands still for the store or for a source, or that it goes on. */
  waits(what: 'store' | 'source', is: 'standing-still' | 'going-on'): void;
  /** Counts documents that the store refused for good. */
  deadLettered(documents: number): void;
  fenced(streams: number): void;
  /** Replaces what was said before: a partition that is not named is not this worker's. */
  lag(partitions: readonly TopicLag[]): void;
  parseRate(rate: number, is: 'low' | 'normal'): void;
  /** Says what judges from now on; more than one where those who read do not agree, or not yet. */
  judgedBy(all: readonly Versions[]): void;
  reloaded(outcome: 'ok' | 'refused'): void;
  /** Says how old the last delivery of the directory is; null where none was ever imported. */
  directoryAge(ageMs: number | null): void;
}

export interface Telemetry extends Meters {
  log(level: LogLevel, event: LogEvent, fields?: LogFields): void;
}

/** Why no work can be done now. `sources-not-joined` and `store-not-answering` hold until they are cleared. */
export type Obstacle = 'sources-not-joined' | 'store-not-answering' | 'stopping';

/** What goes wrong while the work is done. */
export type Warning = 'parse-rate-low' | 'configuration-refused' | 'directory-old';

/** Signs of life, and what stands in the way. */
export interface Health {
  /** Of a source's worker. `working`: there will be another beat soon, or it hangs. `waiting`: for lines, however long. */
  beat(source: string, doing: 'working' | 'waiting'): void;
  /** A sign of life of what a source's worker is waiting for: it still does what it said last. */
  renew(source: string): void;
  /** Takes back the beats of something that is over; if no other is left, the clock runs from here. */
  forget(source: string): void;
  raise(sign: Obstacle | Warning): void;
  clear(sign: Obstacle | Warning): void;
}
