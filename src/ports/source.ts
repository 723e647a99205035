// Source: where lines come from. An adapter hands out chunks of whole lines with their positions.
import type { StreamMark, StreamState } from '../model/stream.ts';

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

export type SourceEvent = Chunk | OverlongLine | ContinuedLine | OriginEnd;

/** What a source asks of the store: which streams with this beginning it knows, and their fingerprints. */
export interface KnownStreams {
  streams(source: string, firstLine: string): Promise<StreamState[]>;
  /** Fingerprints of a stream in order of `end`. */
  marks(streamId: string): Promise<StreamMark[]>;
}

/** Where lines come from. */
export interface Source {
  events(signal: AbortSignal): AsyncIterable<SourceEvent>;
}
