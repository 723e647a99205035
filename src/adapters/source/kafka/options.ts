// What a Kafka source is told, and what it tells beside lines.
import type { KnownStreams } from '../../../ports/source.ts';

/** Where a value of a message stands: its whole key, or a header. */
export type MessagePart = 'key' | `header:${string}`;

export interface KafkaTls {
  /** PEM file with the authorities to believe; null for the system's. */
  caFile: string | null;
  /** PEM files of the client's own certificate; null where the broker asks for none. */
  certFile: string | null;
  keyFile: string | null;
}

export interface KafkaSasl {
  mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  username: string;
  /** File that holds the password; a line feed at its end is not part of it. */
  passwordFile: string;
}

export interface KafkaSourceOptions {
  /** `host:port` of some of the brokers. */
  brokers: readonly string[];
  group: string;
  /** Names of topics; `*` in one stands for any run of characters. */
  topics: readonly string[];
  /** Name of the source (`--source`): part of every stream's id. */
  source: string;
  /** What the store knows; null where there is no store: then this run's own memory. */
  known: KnownStreams | null;
  /** Where a partition is begun that the store does not know. */
  start: 'earliest' | 'latest' | { atMs: number };
  /** `stopped` goes on until the signal says stop; `end` reads what was there when a partition was taken. */
  until: 'stopped' | 'end';
  tls: KafkaTls | null;
  sasl: KafkaSasl | null;
  /** Parts of a message that name tenant, format and proxy of its lines. */
  names?: { tenant?: MessagePart; format?: MessagePart; proxy?: MessagePart };
  /** No chunk crosses a multiple of so many messages of a partition (a window of the store, §9.4). */
  windowMessages?: number;
  /** Bytes of the buffer; a line longer than that is overlong. */
  bufferBytes?: number;
  /** Bytes that are fetched ahead of the reader at most, about. */
  aheadBytes?: number;
  sessionMs?: number;
  /** How often patterns, and which topics the names stand for, are looked up anew. */
  topicsEveryMs?: number;
  onEvent?(event: KafkaEvent): void;
}

/** What is worth a line in a log. Holds no key, no header and no line. */
export type KafkaEvent =
  | { kind: 'assigned'; partitions: readonly { topic: string; partition: number }[] }
  | { kind: 'rebalancing' }
  | { kind: 'reconnecting'; reason: string }
  /** Messages that the broker deleted before they were read. */
  | { kind: 'gap'; topic: string; partition: number; fromOffset: number; toOffset: number }
  | { kind: 'commit-failed'; reason: string }
  | { kind: 'no-topics' }
  /** The client's own words; warnings and errors only. */
  | { kind: 'log'; level: 'warn' | 'error'; message: string };

/** How far a partition has been read and stored, in offsets of messages. */
export interface PartitionLag {
  topic: string;
  partition: number;
  /** Offset of the next message that will be produced. */
  endOffset: number;
  readOffset: number;
  /** Null before anything of it was stored in this run. */
  storedOffset: number | null;
}
