// Config: `granska.yaml` once it is read, with its defaults, its paths made absolute and its folders chosen.
import type { Zone } from '../calendar/zone.ts';
import type { FormatName } from '../format/formats.ts';
import type { IdentityRules } from '../subject/identity.ts';

/** Holds the configuration of one installation. Paths are absolute. */
export interface Config {
  /** The configuration file, and the folder that its paths start from. */
  file: string;
  root: string;
  /** The tenant that logs belong to unless a network says otherwise. */
  organization: string;
  zone: Zone;
  policyFile: string;
  policyTestsFile: string | null;
  directoryFile: string | null;
  networksFile: string | null;
  departmentsFile: string | null;
  /** Decisions that were made in the product; null where no file is named. It may not be there yet. */
  exemptionsFile: string | null;
  peopleFile: string | null;
  reviewsFile: string | null;
  reportsFolder: string;
  /** Leases and log-ons. */
  intervalFiles: readonly string[];
  delivery: { maxVanished: number; maxAgeDays: number };
  listDirs: readonly string[];
  /** Folder of the installation's own overrides of its lists; null where none is named. It may not be there yet. */
  overridesDir: string | null;
  taxonomyFile: string;
  identity: IdentityRules;
  maxLineBytes: number;
  rejectsKeepDays: number;
  dataDir: string;
  keysDir: string;
  store: StoreConfig;
  sources: readonly SourceConfig[];
  run: RunConfig;
  log: LogConfig;
}

/** Where findings and counts go. Secrets are named by file, and read when the store is opened. */
export type StoreConfig =
  | { kind: 'sqlite' }
  | {
      kind: 'elasticsearch';
      /** Addresses of some of the nodes. */
      url: readonly string[];
      /** What the names of all indices begin with. */
      prefix: string;
      shards: number;
      auth: StoreAuth;
      /** PEM file of the authority that signed the servers' certificates; null for those that the system knows. */
      caFile: string | null;
    };

export type StoreAuth =
  | { kind: 'none' }
  | { kind: 'basic'; username: string; passwordFile: string }
  | { kind: 'apiKey'; apiKeyFile: string };

/** Where `granska run` reads lines from. */
export type SourceConfig = FilesSourceConfig | KafkaSourceConfig;

export interface FilesSourceConfig {
  kind: 'files';
  /** Name of the source: part of the id of every stream (§9.2). */
  name: string;
  /** Files; `*` in the last part of a path stands for any run of characters. */
  paths: readonly string[];
  /** Null where each file's own lines tell. */
  format: FormatName | null;
}

export interface KafkaSourceConfig {
  kind: 'kafka';
  name: string;
  brokers: readonly string[];
  group: string;
  topics: readonly string[];
  /** Format of lines whose message does not name one; null only where `names.format` is given. */
  format: FormatName | null;
  /** Where a partition is begun that the store does not know. */
  start: 'earliest' | 'latest' | { atMs: number };
  tls: { caFile: string | null; certFile: string | null; keyFile: string | null } | null;
  sasl: { mechanism: SaslMechanism; username: string; passwordFile: string } | null;
  /** Parts of a message that say whose its lines are. */
  names: { tenant?: MessagePart; format?: MessagePart; proxy?: MessagePart };
  sessionMs: number;
}

export type SaslMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';

/** Where a value of a message stands: its whole key, or a header. */
export type MessagePart = 'key' | `header:${string}`;

/** How `granska run` goes on. */
export interface RunConfig {
  /** Where health and metrics are asked for; null where they are off. */
  listen: { host: string; port: number } | null;
  /** How long what was read may wait before it is stored. */
  flushMs: number;
  /** Threads that read lines for a store of windows. */
  threads: number;
  /** The share of lines that can be read, over so many lines, below which an alarm is raised. */
  parseRate: { minimum: number; lines: number };
  /** How often configuration and lists are looked at for changes; null for on SIGHUP only. */
  reloadMs: number | null;
  /** Whether it carries out review plans and deliveries too. */
  schedule: 'on' | 'off';
}

/** What `granska run` tells of itself, and how. */
export interface LogConfig {
  level: LogLevel;
  format: 'json' | 'text';
}

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';
