// Reads on in a file whose segment is known, for a bounded number of bytes. In: a file. Out: events from where the
// segment was handed out to, and the segment with its new position.
// Invariant: what is handed out was read while the file still held all that was read of it before. A piece is handed
// out only when the file was asked after it was read: one that was emptied meanwhile gives nothing wrong.
import { fstatSync, readSync } from 'node:fs';
import type { SourceEvent } from '../../../ports/source.ts';
import { type ByteReader, codeOf, createFdReader } from '../byte-reader.ts';
import { createContentHash } from '../content-hash.ts';
import { deliver } from '../deliver.ts';
import { createLinePieces, type LinePieces } from '../line-pieces.ts';
import { type Progress, resumeProgress } from '../progress.ts';
import type { FollowedFile, Segment } from './followed-file.ts';
import { bearWitness, stillBegins } from './witness.ts';

export interface TurnOptions {
  fd: number;
  segment: Segment;
  buffer: Uint8Array<ArrayBuffer>;
  /** A turn ends at the first line end after so many bytes. */
  turnBytes: number;
  signal: AbortSignal;
}

/** How a turn ended: all was read, more is there, the content is another one, or reading failed. */
export type TurnEnd =
  | { kind: 'read' }
  | { kind: 'more' }
  | { kind: 'replaced' }
  | { kind: 'failed'; reason: string };

/** Reads one turn. */
export async function* readTurn(
  file: FollowedFile,
  options: TurnOptions,
): AsyncGenerator<SourceEvent, TurnEnd, undefined> {
  const { fd, segment, signal } = options;
  const from = segment.state.position;
  const { hash } = segment;
  const rest = bearWitness(fd, hash);
  if (rest === null || !isStillThere()) return { kind: 'replaced' };
  try {
    if (file.feedlessTo > from && !scanForFeed(file, options)) return { kind: 'read' };
  } catch (error) {
    return { kind: 'failed', reason: codeOf(error) };
  }

  const reader = createFdReader(fd, from);
  let end: Exclude<TurnEnd['kind'], 'failed'> = 'read' as const;
  let readTo = from;
  const pieces = boundedPieces(reader);
  const pending = yield* deliver({
    pieces,
    rest: null,
    progress: segmentProgress(),
    path: file.path,
    goesOnInLine: segment.state.endsInHalfLine,
    takesHalf: () => false,
    signal,
  });
  file.readTo = segment.state.position;
  if (end === 'read' && reader.failure() !== null) return { kind: 'failed', reason: 'EIO' };
  if (end === 'read' && !signal.aborted) {
    file.pending = pending;
    file.feedlessTo = readTo;
  }
  return { kind: end };

  function boundedPieces(source: ByteReader): LinePieces {
    const inner = createLinePieces(source, options.buffer, from);
    let isAtLineEnd = true;
    return {
      bytes: inner.bytes,
      async next() {
        if (isAtLineEnd && readTo - from >= options.turnBytes) {
          end = 'more';
          return null;
        }
        const piece = await inner.next();
        if (piece === null) return null;
        if (bearWitness(fd, hash) === null || !isStillThere()) {
          end = 'replaced';
          return null;
        }
        readTo = piece.offset + piece.end - piece.start;
        isAtLineEnd = piece.kind === 'lines' || piece.kind === 'partEnd';
        return piece;
      },
    };
  }

  function isStillThere(): boolean {
    return from > 0 || file.head === null || stillBegins(fd, file.head);
  }

  /** Moves the segment with each event, so that whatever comes next goes on from there. */
  function segmentProgress(): Progress {
    const content = createContentHash(hash, rest ?? undefined);
    const inner = resumeProgress(segment.state, content, { note() {} });
    return {
      take: inner.take,
      stop(endsInHalfLine) {
        const stopped = inner.stop(endsInHalfLine);
        segment.state = stopped.state;
        segment.hash = content.save();
        return stopped;
      },
    };
  }
}

const LINE_FEED = 10;

/** Looks whether a half line has its line feed by now, in what was not looked at before. */
function scanForFeed(file: FollowedFile, { fd, segment, buffer }: TurnOptions): boolean {
  // What was cut off behind the last line was no line: it is looked at as a whole.
  if (fstatSync(fd).size < file.feedlessTo) file.feedlessTo = segment.state.position;
  for (;;) {
    const count = readSync(fd, buffer, 0, buffer.length, file.feedlessTo);
    if (count === 0) return false;
    if (buffer.subarray(0, count).includes(LINE_FEED)) return true;
    file.feedlessTo += count;
  }
}
