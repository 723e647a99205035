// How far streams will have been read once what was gathered is stored.
import type { StreamMark, StreamState } from '../model/stream.ts';

/** A stream's next position, and the fingerprints on the way there. */
export interface Progress {
  state: StreamState;
  marks: StreamMark[];
}

/** Remembers that a stream goes on to a state. */
export function advance(
  positions: Map<string, Progress>,
  state: StreamState,
  marks: readonly StreamMark[],
): void {
  const found = positions.get(state.id);
  if (found === undefined) positions.set(state.id, { state: { ...state }, marks: [...marks] });
  else {
    found.state = { ...state };
    found.marks.push(...marks);
  }
}
