// Reads one opened origin: finds out which segment it is, passes over what is known, hands out the rest. In: an
// origin. Out: events, the last of them `end`. Each line is handed out once; a position never passes over a line
// that was not handed out.
import type { SourceEvent } from '../../ports/source.ts';
import type { OriginFailure } from './byte-reader.ts';
import { type ContentHash, createContentHash } from './content-hash.ts';
import { deliver } from './deliver.ts';
import { firstLineKeys, HEAD_BYTES, hasFirstLine } from './first-line.ts';
import { createLinePieces, type LinePieces, type Piece } from './line-pieces.ts';
import type { OpenOrigin } from './open-origin.ts';
import { againProgress, type Progress, plainProgress, resumeProgress } from './progress.ts';
import { recognise } from './recognise.ts';
import type { Candidate, RunMemory } from './run-memory.ts';

export interface ReadOriginOptions {
  /** Reused by one origin after the other. */
  buffer: Uint8Array<ArrayBuffer>;
  /** Takes a last line without line feed as a line. */
  takeHalfLine: boolean;
  mode: 'resume' | 'again' | 'anew';
  source: string;
  memory: RunMemory;
  signal: AbortSignal;
}

/** Reads an origin to its end, or until the signal says stop: then without `end`. */
export async function* readOrigin(
  origin: OpenOrigin,
  options: ReadOriginOptions,
): AsyncGenerator<SourceEvent, void, undefined> {
  const { memory, signal } = options;
  let reader = origin.start();

  /** Says whether what has no line feed at the end is a line: never where the end was torn off. */
  const takesHalf = () => (origin.isWhole || options.takeHalfLine) && reader.failure() === null;

  try {
    const plan = await makePlan();
    let pending: number = plan.pending;
    if (plan.progress !== null) {
      const { progress, goesOnInLine, rest, pieces } = plan;
      pending = yield* deliver({
        pieces,
        rest,
        progress,
        path: origin.path,
        goesOnInLine,
        takesHalf,
        signal,
      });
    }
    if (signal.aborted) return;
    const failure = plan.failure ?? named(reader.failure(), origin.path);
    yield { kind: 'end', path: origin.path, pending, knownBytes: plan.knownBytes, failure };
  } finally {
    reader.close();
  }

  async function makePlan(): Promise<Plan> {
    if (options.mode === 'anew')
      return handOut({ pieces: piecesFromStart(), progress: plainProgress(options.source) });
    const { head } = await reader.peek(HEAD_BYTES, found => signal.aborted || hasFirstLine(found));
    const keys = firstLineKeys(head, takesHalf() ? 'takesHalf' : 'waits');
    const pieces = piecesFromStart();
    // Without one complete line there is no segment: handing out finds nothing, or half a line that waits.
    if (keys.own === null) return handOut({ pieces, progress: plainProgress(options.source) });
    const candidates = await memory.candidates(keys);
    const plan = options.mode === 'resume' ? planResume : planAgain;
    return await plan(pieces, { own: keys.own, candidates });
  }

  async function planResume(pieces: LinePieces, { own, candidates }: Likeness): Promise<Plan> {
    const content = createContentHash();
    const found =
      candidates.length === 0 ? null : await recognise(pieces, content, { candidates, takesHalf, signal });
    if (found?.kind === 'known') {
      return nothing({ knownBytes: found.bytes, pending: found.endsInHalf && !takesHalf() ? 1 : 0 });
    }
    if (found?.kind === 'longer') {
      const { state, knownTo } = found.candidate;
      const progress = resumeProgress(state, content, memory);
      return handOut({
        pieces,
        progress,
        rest: found.rest,
        knownBytes: knownTo,
        goesOnInLine: state.endsInHalfLine,
      });
    }
    const state = await memory.newSegment(own);
    if (found === null) return handOut({ pieces, progress: resumeProgress(state, content, memory) });
    if (!origin.canRewind) return nothing({ failure: DISAGREES });
    return handOut({ pieces: restart(), progress: resumeProgress(state, createContentHash(), memory) });
  }

  /** Plans to read from the beginning, under the ids that the content has, what this run has not read yet. */
  async function planAgain(pieces: LinePieces, { own, candidates }: Likeness): Promise<Plan> {
    const content = createContentHash();
    const fresh = await memory.newSegment(own);
    if (!origin.canRewind) {
      const segment = { kind: 'open' as const, candidates, fresh };
      return handOut({ pieces, progress: againProgress({ content, memory, segment }) });
    }
    const found = await recognise(pieces, createContentHash(), { candidates, takesHalf, signal });
    const candidate = found.kind === 'stranger' ? null : found.candidate;
    const again = restart();
    const rest = await passOver(again, content, candidate?.readTo ?? 0);
    const segment = { kind: 'found' as const, state: candidate?.state ?? fresh };
    const knownBytes = content.position();
    return handOut({
      pieces: again,
      progress: againProgress({ content, memory, segment }),
      rest,
      knownBytes,
    });
  }

  function piecesFromStart(): LinePieces {
    return createLinePieces(reader, options.buffer);
  }

  function restart(): LinePieces {
    reader.close();
    reader = origin.start();
    return piecesFromStart();
  }
}

const DISAGREES: OriginFailure = {
  code: 'disagrees',
  message:
    'standard input begins like a log that is known and then goes on differently, and cannot be read twice: name a file instead, or use --again',
};

interface Likeness {
  /** Key of the content's first line. */
  own: string;
  candidates: readonly Candidate[];
}

interface Start {
  pieces: LinePieces;
  progress: Progress;
  rest?: Piece | null;
  knownBytes?: number;
  goesOnInLine?: boolean;
}

type Plan = { pending: 0 | 1; knownBytes: number; failure: OriginFailure | null } & (
  | { progress: null }
  | { progress: Progress; pieces: LinePieces; rest: Piece | null; goesOnInLine: boolean }
);

function handOut({ pieces, progress, rest = null, knownBytes = 0, goesOnInLine = false }: Start): Plan {
  return { pieces, progress, rest, knownBytes, goesOnInLine, pending: 0, failure: null };
}

function nothing(said: { pending?: 0 | 1; knownBytes?: number; failure?: OriginFailure }): Plan {
  return {
    progress: null,
    pending: said.pending ?? 0,
    knownBytes: said.knownBytes ?? 0,
    failure: said.failure ?? null,
  };
}

/** Takes in what was read in this run already; answers what is left of the last piece. */
async function passOver(pieces: LinePieces, content: ContentHash, bytes: number): Promise<Piece | null> {
  while (content.position() < bytes) {
    const piece = await pieces.next();
    if (piece === null) return null;
    const end = Math.min(piece.end, piece.start + bytes - content.position());
    content.update(pieces.bytes, piece.start, end);
    if (end < piece.end) {
      content.takeMarks();
      return { ...piece, start: end, offset: content.position() };
    }
  }
  content.takeMarks();
  return null;
}

function named(failure: OriginFailure | null, path: string | null): OriginFailure | null {
  if (failure === null) return null;
  return { ...failure, message: `"${path ?? 'standard input'}": ${failure.message}` };
}
