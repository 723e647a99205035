// Source: where lines come from. An adapter hands out chunks of whole lines with their positions.
import type { StreamMark, StreamState } from '../model/stream.ts';

/** Whom lines come from, where the stream itself says so (a message's key or header); null where it does not. */
export interface LineOrigin {
  tenant: string | null;
  /** Name of a log format. */
  format: string | null;
  proxy: string | null;
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
  /** Gives the stream position of the line that begins at `bytes[at]`; absent where it is `offset + at - start`. */
  positionOf?(at: number): number;
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

export type SourceEvent = Chunk | OverlongLine | ContinuedLine | OriginEnd;

/** What is said by a source that may share its streams with other workers. */
export type LiveEvent = SourceEvent | PositionMove | Rebalance;

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
  /** Lets go of what the source holds, after the last `stored`. */
  close?(): Promise<void>;
}
