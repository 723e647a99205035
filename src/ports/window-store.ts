// A store without transactions, written window by window (§9.4, §9.5). A window is a range of positions of one stream;
// its pin says where it ends and what it is judged by, and is written into the stream's own document, which only one
// worker at a time can change: that is the fence. Nothing of a window is written before its pin; the stream moves on only
// after all of it was. Whoever takes a stream over finds the open pin and does that window again, exactly.
import type { Finding, Versions } from '../model/finding.ts';
import type { StreamMark, StreamState } from '../model/stream.ts';
import type {
  DayCount,
  ForgetfulStore,
  KeptVersion,
  ReadStore,
  RejectBatch,
  SealedNames,
  UsageCount,
} from './store.ts';

/** Where a window ends, and what judges it. */
export interface Pin {
  /** Position after its last line. */
  end: number;
  versions: Versions;
  /** The worker's clock when its first line was read, milliseconds UTC: it decides what is too old or in the future. */
  clockMs: number;
}

/** What a worker finds when it takes a stream over. */
export interface Held {
  /** How far the stream is stored; null where the store knows nothing of it. */
  state: StreamState | null;
  /** The window that begins there and was not finished; null where there is none. */
  pin: Pin | null;
}

/** One window with all that comes of it. */
export interface StreamWindow {
  /** Position of its first line: where the stream stands in the store; 0 where the store knows nothing of it. */
  from: number;
  /** The stream as it will be: its position is the pin's end. */
  state: StreamState;
  pin: Pin;
  marks: readonly StreamMark[];
  findings: readonly Finding[];
  /** Counts of this window alone; the store adds them up. */
  usage: readonly UsageCount[];
  days: readonly DayCount[];
  /** Created once: where the window is done again, they stay as they were first written, and so does their time. */
  rejects: readonly RejectBatch[];
  /** Sealed files of rejected lines that were read again: what was known of them goes as this comes. */
  settled: readonly string[];
}

/** Windows of several streams, one of each, that are written together; each is whole or not there by itself. */
export interface WindowBatch {
  windows: readonly StreamWindow[];
  names: readonly SealedNames[];
  /** Written before the pins: a successor recomputes with them. */
  versions: readonly KeptVersion[];
}

export interface WindowResult {
  added: number;
  known: number;
  /** Streams that another worker has taken over: of their windows nothing counts, nor may more be written. */
  fenced: readonly string[];
  /** Documents that were refused for good and lie with the dead letters. */
  refused: number;
}

/** A document that a store refused, as it lies sealed among the dead letters: one line of NDJSON each. */
export interface DeadLetter {
  stream: string;
  what: string;
  reason: string;
  /** Where it was to lie, in the store's own words. */
  index: string;
  id: string;
  /** Version of a count; absent for what is created once. */
  version?: number;
  document: unknown;
}

export interface WindowStore extends ReadStore, ForgetfulStore {
  /** Takes streams over: whoever held them until now is fenced. Answers what is stored of each. */
  takeOver(streamIds: readonly string[]): Promise<Map<string, Held>>;
  /** Writes windows of streams that were taken over. What throws may be written again as it is. */
  writeWindows(batch: WindowBatch): Promise<WindowResult>;
  /** Gives refused documents to the store again; answers those that it still refuses, with its reason of today. */
  retryDeadLetters(letters: readonly DeadLetter[]): Promise<DeadLetter[]>;
  /** Forgets dead letters by their sealed file, once they were retried. */
  settleDeadLetters(files: readonly string[]): Promise<void>;
}
