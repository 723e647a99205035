// What an operator does with a store as a whole: has it made, and asks how it stands. Beside `Store` and `WindowStore`,
// which workers write: both need rights that a worker is better without, or none at all.
import type { CategoryClass } from '../model/verdict.ts';

/** One thing that a store is made of, by its own name. */
export interface StorePart {
  what: 'file' | 'schema' | 'index' | 'index template' | 'component template';
  name: string;
  /** `old` was made by an earlier version; `unseen` cannot be looked at by this account. */
  state: 'there' | 'missing' | 'old' | 'unseen';
}

/** Makes a store, or only looks whether it is made. */
export interface StoreSetup {
  /** Looks at every part, and changes nothing. */
  look(): Promise<StorePart[]>;
  /** Makes what is missing or old, the number of the schema last; may be repeated, and done by two at once. */
  make(): Promise<void>;
  close(): Promise<void>;
}

/** How far one stream is stored. */
export interface StreamPlace {
  id: string;
  source: string;
  ordinal: number;
  position: number;
}

/** How a store stands, in numbers. */
export interface StoreStatus {
  schemaVersion: number;
  /** By source and ordinal; the streams of retries are left out. */
  streams: readonly StreamPlace[];
  /** Beginning of the newest hour that records were counted in; null where none was. */
  newestHourMs: number | null;
  /** Findings that this account may read. */
  findings: Readonly<Record<CategoryClass, number>>;
  /** What waits to be retried or forgotten, with the time of the oldest. */
  rejects: Waiting;
  deadLetters: Waiting;
}

export interface Waiting {
  count: number;
  sinceMs: number | null;
}

/** Everything that an operator does with the store of a configuration. Nothing is opened before it is asked for. */
export interface StoreCare {
  kind: 'sqlite' | 'elasticsearch';
  /** Where it lies, without user name or password. */
  place: string;
  openSetup(): Promise<StoreSetup>;
  /** Throws STORE where there is no store. */
  readStatus(): Promise<StoreStatus>;
}
