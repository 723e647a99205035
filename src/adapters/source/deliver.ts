// Turns pieces into events. In: pieces from where a segment goes on. Out: an event for each run of whole lines, each
// overlong line, and the growth of a line that was taken without its line feed; at last, whether a half line waits.
import type { SourceEvent } from '../../ports/source.ts';
import { skipBom } from './first-line.ts';
import type { LinePieces, Piece } from './line-pieces.ts';
import { createLongLine } from './long-line.ts';
import type { Progress } from './progress.ts';

export interface DeliverOptions {
  pieces: LinePieces;
  /** What was read already and is to be handed out first. */
  rest: Piece | null;
  progress: Progress;
  path: string | null;
  /** True where the bytes go on in a line that was taken without its line feed. */
  goesOnInLine: boolean;
  /** Says, at the end, whether what has no line feed is a line. */
  takesHalf(): boolean;
  signal: AbortSignal;
}

/** Hands out all pieces; answers how many half lines wait (0 or 1). */
export async function* deliver(options: DeliverOptions): AsyncGenerator<SourceEvent, 0 | 1, undefined> {
  const { pieces, progress, path } = options;
  const { bytes } = pieces;
  const long = createLongLine();
  let isGrowth = options.goesOnInLine;

  for (let piece = options.rest ?? (await pieces.next()); piece !== null; piece = await pieces.next()) {
    if (options.signal.aborted) return 0;
    if (piece.kind === 'half' && isBomOnly(bytes, piece)) return 0;
    if (piece.kind === 'half' && !options.takesHalf()) return 1;
    if (piece.kind === 'part') {
      long.add(bytes, piece);
      progress.take(bytes, piece.start, piece.end);
    } else {
      let lines: Piece = piece;
      if (isGrowth || long.isBegun()) {
        const end = endOfLine(bytes, piece);
        const event = finishLine(piece, end);
        if (event !== null) yield event;
        lines = { ...piece, start: end, offset: piece.offset + end - piece.start };
      }
      if (lines.start < lines.end) yield takeLines(lines);
    }
  }
  return 0;

  /** Ends the line that began before this piece. */
  function finishLine(piece: Piece, end: number): SourceEvent | null {
    const kind = isGrowth ? 'continued' : 'overlong';
    const textEnd = end > piece.start && bytes[end - 1] === LINE_FEED ? end - 1 : end;
    const isOnlyLineFeed =
      isGrowth && !long.isBegun() && textEnd < end && isEmpty(bytes, piece.start, textEnd);
    isGrowth = false;
    progress.take(bytes, piece.start, end);
    // A line feed alone ends the line that was taken; nothing of it grew. It counts with what comes next.
    if (isOnlyLineFeed) return null;
    long.add(bytes, { ...piece, end: textEnd });
    const line = long.take();
    const lineBytes = piece.offset + end - piece.start - line.offset;
    const { state, marks } = progress.stop(textEnd === end);
    return { kind, path, ...line, lineBytes, state, marks };
  }

  function takeLines(piece: Piece): SourceEvent {
    const { end, offset } = piece;
    const bom = offset === 0 ? skipBom(bytes.subarray(piece.start, end)) : 0;
    progress.take(bytes, piece.start, end);
    const stopped = progress.stop(piece.kind === 'half');
    return { kind: 'lines', path, bytes, start: piece.start + bom, end, offset: offset + bom, ...stopped };
  }
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Gives the end of the first line of a piece, after its line feed where it has one. */
function endOfLine(bytes: Uint8Array, piece: Piece): number {
  const feed = bytes.subarray(piece.start, piece.end).indexOf(LINE_FEED);
  return feed === -1 ? piece.end : piece.start + feed + 1;
}

function isEmpty(bytes: Uint8Array, start: number, end: number): boolean {
  return start === end || (end - start === 1 && bytes[start] === CARRIAGE_RETURN);
}

function isBomOnly(bytes: Uint8Array, piece: Piece): boolean {
  return piece.offset === 0 && skipBom(bytes.subarray(piece.start, piece.end)) === piece.end - piece.start;
}
