// Source: where lines come from. An adapter hands out chunks of whole lines with their positions.
import type { StreamMark, StreamState } from '../model/stream.ts';

/** Whom lines come from, where the stream itself says so (a message's key or header); null where it does not. */
export interface LineOrigin {
  tenant: string | null;
  /** Name of a log format. */
  format: string | null;
  proxy: string | null;
}

/** Runs of lines in a chunk, in order: the first line of a run has its position, each one after it one more. */
export interface PositionTable {
  /** Where each run begins in `bytes`; the first `count` count. */
  starts: Int32Array;
  positions: Float64Array;
  count: number;
}

/** Whole lines of one stream. The bytes are reused: they are valid until the next chunk is asked for. */
export interface Chunk {
  kind: 'lines';
  /** The stream as it will be once this chunk is stored. */
  state: StreamState;
  /** Fingerprints of this chunk's content, stored with the position. */
  marks: readonly StreamMark[];
  /** File that it was read from, as named by the user; null for stdin and others. */
  path: string | null;
  /** Lines are `bytes[start..end)`; each ends in a line feed, but the last one may lack it at the end of a stream. 8 bytes before and 64 after may be read. */
  bytes: Uint8Array<ArrayBuffer>;
  start: number;
  end: number;
  /** Stream position of `bytes[start]`. */
  offset: number;
  /** Positions of its lines, where they are not `offset + at - start`. */
  positions?: PositionTable;
  /**
   * Gives the marks of what lies before and behind a line of this chunk, for a store that takes the two apart; valid
   * as long as the bytes are. Absent where a stream has no marks.
   */
  marksCutAt?(position: number): { before: readonly StreamMark[]; after: readonly StreamMark[] };
  /** Absent where the stream does not name it. */
  origin?: LineOrigin;
}

/** One line that is longer than any buffer: only its beginning is kept, as a reject. */
export interface OverlongLine {
  kind: 'overlong';
  state: StreamState;
  marks: readonly StreamMark[];
  path: string | null;
  bytes: Uint8Array<ArrayBuffer>;
  start: number;
  end: number;
  offset: number;
  /** Bytes that it takes in the stream, its line feed included. */
  lineBytes: number;
  /** Absent where the stream does not name it. */
  origin?: LineOrigin;
}

/** The growth of a line that was taken whole by `--final`: one reject, `continued`. */
export interface ContinuedLine {
  kind: 'continued';
  state: StreamState;
  marks: readonly StreamMark[];
  path: string | null;
  bytes: Uint8Array<ArrayBuffer>;
  start: number;
  end: number;
  offset: number;
  /** Bytes that it takes in the stream, its line feed included. */
  lineBytes: number;
  /** Absent where the stream does not name it. */
  origin?: LineOrigin;
}

/** What is said when one file (or other origin) has been read to its end. */
export interface OriginEnd {
  kind: 'end';
  path: string | null;
  /** 1 where a last line without line feed waits for its other half, else 0. */
  pending: number;
  /** Bytes that were known already and passed over. */
  knownBytes: number;
  /** What went wrong with this origin; null where nothing did. The others are read all the same. */
  failure: { code: 'missing' | 'unreadable' | 'damaged' | 'disagrees'; message: string } | null;
}

/** A position that is to be stored though no line belongs to it: where a stream was begun, or had lost lines. */
export interface PositionMove {
  kind: 'position';
  state: StreamState;
  /** Where the source believed the stream to be; null where it found nothing of it in the store. */
  from: number | null;
  marks: readonly StreamMark[];
}

/**
 * Streams may have changed hands. What was handed out before is to be stored, or dropped where a store says that
 * another worker has taken over, before the next event is asked for: then the source goes to the store's positions.
 */
export interface Rebalance {
  kind: 'rebalance';
  /** Ids of the streams that others read from now on. */
  lost: readonly string[];
}

/** What was handed out before is to be stored before the next event is asked for: the source asks the store then. */
export interface Settle {
  kind: 'settle';
}

export type SourceEvent = Chunk | OverlongLine | ContinuedLine | OriginEnd;

/** What is said by a source that may share its streams with other workers. */
export type LiveEvent = SourceEvent | PositionMove | Rebalance | Settle;

/** What a source asks of the store: which streams with this beginning it knows, and their fingerprints. */
export interface KnownStreams {
  streams(source: string, firstLine: string): Promise<StreamState[]>;
  /** Fingerprints of a stream in order of `end`. */
  marks(streamId: string): Promise<StreamMark[]>;
}

/** Where lines come from. Whoever takes a `Source<LiveEvent>` can read every source. */
export interface Source<Event extends LiveEvent = SourceEvent> {
  events(signal: AbortSignal): AsyncIterable<Event>;
  /** Hears what the store has taken; a broker's own note of it follows from this. Never waits, never fails. */
  stored?(states: readonly StreamState[]): void;
  /**
   * Goes to the store's positions again, after another `rebalance`: where a store refused a write of a stream that this
   * worker reads, or is further than what was handed out. Absent where a stream has one reader only.
   */
  reread?(): void;
  /** Lets go of what the source holds, after the last `stored`. */
  close?(): Promise<void>;
}
