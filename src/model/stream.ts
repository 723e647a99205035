// A stream: a sequence of lines with positions, known again under another file name or compression.

/** Holds how far a stream has been read, and what its content was, so that it is known again. */
export interface StreamState {
  /** SHA-256 over source name, first complete line and ordinal, hex. */
  id: string;
  /** `--source` of the file, or topic-partition. */
  source: string;
  /** SHA-256 of the first complete non-comment line, hex. */
  firstLine: string;
  /** Which of the segments with that first line this is, from 0. */
  ordinal: number;
  /** Bytes (after decompression) read and stored so far: the offset of the next line. */
  position: number;
  /** Name of the log format that was detected for it; absent before its first line was read. */
  format?: string;
  /** True where the last line was taken without its line feed (`--final`). */
  endsInHalfLine: boolean;
}

/** A fingerprint of the content from a block's beginning up to `end`, both byte offsets of the stream. */
export interface StreamMark {
  end: number;
  digest: Uint8Array;
}
