// A chunk in two at a position: a window ends where its pin says, whatever the source hands out at a time (§9.4).
import { createPositionFinder } from '../frame/position-finder.ts';
import type { Chunk, PositionMove } from '../ports/source.ts';
import type { LineEvent } from './lane.ts';

/** Cuts an event where a window ends; null where it ends by itself. What cannot be cut lies behind it. */
export function cutEvent(
  event: LineEvent | PositionMove,
  end: number | null,
): { before: LineEvent | PositionMove | null; after: LineEvent | PositionMove | null } {
  if (end === null || event.state.position <= end) return { before: event, after: null };
  if (event.kind === 'lines') return cutChunk(event, end);
  // Lines that the source could not give any more: the window ends without them.
  return { before: null, after: event };
}

/** Cuts a chunk before the line at `position`; a part that would be empty is null. */
export function cutChunk(chunk: Chunk, position: number): { before: Chunk | null; after: Chunk | null } {
  if (position <= chunk.offset) return { before: null, after: chunk };
  if (position >= chunk.state.position) return { before: chunk, after: null };
  const at = findLine(chunk, position);
  // A stream that is known by its content goes on only where a mark is.
  const { marksCutAt, ...rest } = chunk;
  const marks = marksCutAt?.(position) ?? { before: [], after: chunk.marks };
  const before = { ...rest, state: { ...chunk.state, position }, marks: marks.before, end: at };
  return { before, after: { ...rest, marks: marks.after, start: at, offset: position } };
}

function findLine(chunk: Chunk, position: number): number {
  if (chunk.positions === undefined) return chunk.start + position - chunk.offset;
  const positionOf = createPositionFinder(chunk.positions, chunk.bytes);
  let at = chunk.start;
  while (at < chunk.end && positionOf(at) < position)
    at = chunk.bytes.indexOf(LINE_FEED, at) + 1 || chunk.end;
  return at;
}

const LINE_FEED = 10;
