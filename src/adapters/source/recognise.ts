// Finds the segment that a content is, by reading it from its beginning. In: pieces, and the segments that begin
// like it. Out: which of them it is and where it goes on, or that it is none. Every byte that is passed over was
// hashed; nothing is passed over that did not agree.
import type { ContentHash } from './content-hash.ts';
import type { LinePieces, Piece } from './line-pieces.ts';
import type { Candidate } from './run-memory.ts';

export type Recognised =
  /** It goes on where the segment ends: `rest` is what was read of it already. */
  | { kind: 'longer'; candidate: Candidate; rest: Piece | null }
  /** It ends before the segment does: nothing new. */
  | { kind: 'known'; candidate: Candidate; bytes: number; endsInHalf: boolean }
  | { kind: 'stranger'; bytes: number };

/** Reads until it is known what the content is; stops early where the signal says so, with `stranger`. */
export async function recognise(
  pieces: LinePieces,
  content: ContentHash,
  options: { candidates: readonly Candidate[]; takesHalf: () => boolean; signal: AbortSignal },
): Promise<Recognised> {
  let alive = [...options.candidates];
  /** Those of which the content would be a beginning, as of its last line end. */
  let prefixOf: Candidate | null = null;
  let isInLong = false;

  while (alive.length > 0 && !options.signal.aborted) {
    const piece = await pieces.next();
    if (piece === null) return atEnd('whole');
    if (piece.kind === 'lines' || piece.kind === 'partEnd') prefixOf = null;
    else if (!isInLong) prefixOf = firstPrefix();
    isInLong = piece.kind === 'part';
    const rest = feed(piece);
    if (rest !== null) return rest;
    if (piece.kind === 'half') return atEnd('half');
  }
  return { kind: 'stranger', bytes: content.position() };

  /** Takes a piece in, stopping wherever a segment ends. */
  function feed(piece: Piece): Recognised | null {
    let start = piece.start;
    while (start < piece.end && alive.length > 0) {
      const position = content.position();
      const stops = alive.map(candidate => candidate.knownTo).filter(end => end > position);
      const stop = Math.min(piece.end, start + Math.min(...stops, Number.POSITIVE_INFINITY) - position);
      content.update(pieces.bytes, start, stop);
      start = stop;
      const candidate = compare();
      if (candidate !== null) {
        const rest = start === piece.end ? null : { ...piece, start, offset: content.position() };
        return { kind: 'longer', candidate, rest };
      }
    }
    return null;
  }

  /** Lets go of what disagrees; answers a segment that ends right here. */
  function compare(): Candidate | null {
    const marks = content.takeMarks();
    const position = content.position();
    alive = alive.filter(({ ladder, knownTo }) => {
      return ladder.agrees(marks) && (position < knownTo || (position === knownTo && ladder.isExact()));
    });
    return alive.find(candidate => candidate.knownTo === position) ?? null;
  }

  function firstPrefix(): Candidate | null {
    return alive.find(candidate => candidate.ladder.isPrefix()) ?? null;
  }

  function atEnd(last: 'half' | 'whole'): Recognised {
    let candidate = last === 'half' ? prefixOf : firstPrefix();
    // A half line that counts as a line may have shown in a block that it is another one.
    if (candidate !== null && options.takesHalf() && !alive.includes(candidate)) candidate = null;
    const bytes = content.position();
    return candidate === null
      ? { kind: 'stranger', bytes }
      : { kind: 'known', candidate, bytes, endsInHalf: last === 'half' };
  }
}
