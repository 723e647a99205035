// Which format the lines of a chunk are read by: the one that was asked for, the one that the stream itself names, the one
// that the stream is known by, or what its lines look like.
import { type Detection, detect } from '../format/detect.ts';
import { FORMATS, type Format } from '../format/formats.ts';
import type { Chunk } from '../ports/source.ts';

export interface FormatChoice {
  /** Null for `auto`. */
  format: Format | null;
  onDetect(path: string | null, detection: Detection): void;
}

/**
 * Creates what chooses; null is answered where the stream names a format that there is none of, and where its messages name
 * theirs and this one does not: a message has no first lines to go by.
 */
export function createFormatChooser({ format, onDetect }: FormatChoice): (chunk: Chunk) => Format | null {
  const known = new Map<string, Format>();

  return chunk => {
    const named = chunk.origin?.format ?? null;
    if (named !== null) return FORMATS.find(found => found.name === named) ?? null;
    if (format !== null) return format;
    if (chunk.origin !== undefined) return null;
    const before = known.get(chunk.state.id) ?? FORMATS.find(found => found.name === chunk.state.format);
    if (before !== undefined) {
      chunk.state.format = before.name;
      return before;
    }
    const detection = detect(chunk.bytes, chunk.start, chunk.end);
    onDetect(chunk.path, detection);
    // What was only guessed is not kept: the next chunk, or the next scan, may know better.
    if (!detection.sure) return detection.format;
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(chunk.state.id, detection.format);
    chunk.state.format = detection.format.name;
    return detection.format;
  };
}

/** The store knows the others. */
const MAX_KNOWN = 10_000;
