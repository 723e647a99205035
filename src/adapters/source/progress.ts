// Keeps count of how far a segment has been handed out, and says what is to be stored of it.
import type { StreamMark, StreamState } from '../../model/stream.ts';
import type { Chunk } from '../../ports/source.ts';
import { type ContentHash, createContentHash, type HashState } from './content-hash.ts';
import type { Candidate, RunMemory } from './run-memory.ts';

export interface Progress {
  /** Takes in bytes in order; they are handed out with the next `stop`. */
  take(bytes: Uint8Array, start: number, end: number): void;
  /** Ends an event here: the stream as it is to be stored after it, and its fingerprints. */
  stop(endsInHalfLine: boolean): Stopped;
}

type Stopped = Pick<Chunk, 'state' | 'marks' | 'marksCutAt'>;

/** Moves positions: the ordinary reading, from where `content` is. */
export function resumeProgress(
  start: StreamState,
  content: ContentHash,
  memory: Pick<RunMemory, 'note'>,
): Progress {
  let state = start;
  let before = lookBack(content);

  function take(bytes: Uint8Array, from: number, to: number): void {
    before.taken.push({ bytes, from, to });
    content.update(bytes, from, to);
  }

  function stop(endsInHalfLine: boolean): Stopped {
    const marks = content.takeMarks();
    // The state before is spread, not the first one: the reader of events adds to it.
    state = { ...state, position: content.position(), endsInHalfLine };
    memory.note(state, marks);
    const { saved, rest, taken } = before;
    before = lookBack(content);
    return {
      state,
      marks,
      marksCutAt: position => cutMarks(createContentHash(saved, rest), taken, position),
    };
  }

  return { take, stop };
}

/** Bytes that an event is made of; of a long line only their number is right once the next part is read. */
interface Taken {
  bytes: Uint8Array;
  from: number;
  to: number;
}

/** Keeps what is needed to hash the next event once more. */
function lookBack(content: ContentHash): { saved: HashState; rest: Uint8Array; taken: Taken[] } {
  return { saved: content.save(), rest: content.rest(), taken: [] };
}

/** Hashes an event once more, with a mark where it is cut. */
function cutMarks(
  content: ContentHash,
  taken: readonly Taken[],
  position: number,
): { before: StreamMark[]; after: StreamMark[] } {
  let before: StreamMark[] | null = null;
  for (const { bytes, from, to } of taken) {
    const cut = Math.min(to, from + position - content.position());
    if (before === null && cut >= from) {
      content.update(bytes, from, cut);
      if (content.position() === position) before = content.takeMarks();
      content.update(bytes, cut, to);
    } else content.update(bytes, from, to);
  }
  return { before: before ?? [], after: content.takeMarks() };
}

export interface AgainOptions {
  content: ContentHash;
  memory: RunMemory;
  /** The segment that the content is; else the one that agrees so far is told at each stop. */
  segment:
    | { kind: 'found'; state: StreamState }
    | { kind: 'open'; candidates: readonly Candidate[]; fresh: StreamState };
}

/** Moves no position and stores no fingerprint: what is stored stays as it is (`--again`). */
export function againProgress({ content, memory, segment }: AgainOptions): Progress {
  let gathered: StreamMark[] = [];
  let noted: StreamState | null = null;

  function take(bytes: Uint8Array, start: number, end: number): void {
    // Stopping where the store stopped lets this run's fingerprints go on from the store's.
    const known = segment.kind === 'found' ? segment.state.position - content.position() : 0;
    const split = known > 0 && known < end - start ? start + known : start;
    content.update(bytes, start, split);
    if (split > start) gathered.push(...content.takeMarks());
    content.update(bytes, split, end);
  }

  function stop(endsInHalfLine: boolean): Stopped {
    const fresh = content.takeMarks();
    gathered.push(...fresh);
    const current = segment.kind === 'found' ? segment.state : agreeing(segment, fresh);
    // An open segment may turn out to be another one, which then needs all fingerprints from the beginning.
    const marks = segment.kind === 'found' || noted !== current ? gathered : fresh;
    memory.note({ ...current, position: content.position(), endsInHalfLine }, marks);
    noted = current;
    if (segment.kind === 'found') gathered = [];
    return { state: current, marks: [] };
  }

  return { take, stop };
}

/** Counts positions only: nothing is stored, nothing is hashed. */
export function plainProgress(source: string): Progress {
  let state: StreamState = { id: '', source, firstLine: '', ordinal: 0, position: 0, endsInHalfLine: false };
  let position = 0;
  return {
    take(_bytes, start, end) {
      position += end - start;
    },
    stop(endsInHalfLine) {
      state = { ...state, position, endsInHalfLine };
      return { state, marks: [] };
    },
  };
}

function agreeing(
  open: { candidates: readonly Candidate[]; fresh: StreamState },
  marks: readonly StreamMark[],
): StreamState {
  let found: StreamState | null = null;
  for (const { ladder, state } of open.candidates) if (ladder.agrees(marks)) found ??= state;
  return found ?? open.fresh;
}
