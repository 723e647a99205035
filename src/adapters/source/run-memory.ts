// Remembers the segments of one run beside those of the store: what this run has read counts as known at once,
// though it is not stored yet. Forgets what the store knows by itself.
import { hash } from 'node:crypto';
import type { StreamMark, StreamState } from '../../model/stream.ts';
import type { KnownStreams } from '../../ports/source.ts';
import type { FirstLineKeys } from './first-line.ts';
import { createLadder, type Ladder } from './ladder.ts';

/** A segment that a content may be. */
export interface Candidate {
  /** What the store knows of it, as far as this run has not read further. */
  state: StreamState;
  /** The furthest place that is known of it; the ladder reaches up to here. */
  knownTo: number;
  /** How far this run has read it. */
  readTo: number;
  ladder: Ladder;
}

export interface RunMemory {
  /** Gives all segments that a content with these keys may be, the likeliest first. */
  candidates(keys: FirstLineKeys): Promise<Candidate[]>;
  /** Makes the state of a segment that is not known yet. */
  newSegment(firstLine: string): Promise<StreamState>;
  /** Notes how far a segment was read in this run, and its fingerprints since the last note. */
  note(state: StreamState, marks: readonly StreamMark[]): void;
}

export interface RunMemoryOptions {
  known: KnownStreams | null;
  source: string;
  mode: 'resume' | 'again';
}

/** Creates an empty memory. */
export function createRunMemory({ known, source, mode }: RunMemoryOptions): RunMemory {
  /** By first line, then by id. */
  const read = new Map<string, Map<string, { state: StreamState; marks: StreamMark[] }>>();

  async function candidates(keys: FirstLineKeys): Promise<Candidate[]> {
    const found: Candidate[] = [];
    for (const key of new Set([keys.own ?? '', ...keys.earlier])) {
      if (key === '') continue;
      for (const state of withOwn(await storedOf(key), key)) found.push(await candidate(state));
    }
    return found;
  }

  async function storedOf(firstLine: string): Promise<readonly StreamState[]> {
    return (await known?.streams(source, firstLine)) ?? [];
  }

  /** Gives what a content may be: what is stored, as far as this run has not read further, and what it read itself. */
  function withOwn(found: readonly StreamState[], firstLine: string): StreamState[] {
    const states = new Map<string, StreamState>();
    for (const state of found) {
      // Of what stands at 0 nothing is stored but the pin of its first window, which broke off (§9.4). No content can be
      // compared with it: `newSegment` begins it anew, under the ordinal that is free without it.
      if (state.position > 0) states.set(state.id, { ...state });
    }
    const own = read.get(firstLine);
    for (const [id, entry] of own ?? []) {
      const stored = states.get(id);
      if (mode === 'again') states.set(id, stored ?? { ...entry.state, position: 0 });
      else if (stored === undefined || stored.position < entry.state.position)
        states.set(id, { ...entry.state });
      else own!.delete(id);
    }
    return [...states.values()].sort((a, b) => a.ordinal - b.ordinal);
  }

  async function candidate(state: StreamState): Promise<Candidate> {
    const stored = (await known?.marks(state.id)) ?? [];
    const own = read.get(state.firstLine)?.get(state.id);
    const storedTo = stored.at(-1)?.end ?? 0;
    const fresh = own?.marks.filter(mark => mark.end > storedTo) ?? [];
    const readTo = own?.state.position ?? 0;
    return {
      state,
      knownTo: Math.max(state.position, readTo),
      readTo,
      ladder: createLadder([...stored, ...fresh]),
    };
  }

  async function newSegment(firstLine: string): Promise<StreamState> {
    const stored = await storedOf(firstLine);
    const taken = new Set(withOwn(stored, firstLine).map(state => state.ordinal));
    // The lowest that is free: a first window that broke off is begun anew under its own, whatever was stored since.
    let ordinal = 0;
    while (taken.has(ordinal)) ordinal++;
    const begun = stored.find(state => state.ordinal === ordinal);
    // What its window was read by is noted with it.
    if (begun !== undefined) return { ...begun };
    return {
      id: streamId(source, firstLine, ordinal),
      source,
      firstLine,
      ordinal,
      position: 0,
      endsInHalfLine: false,
    };
  }

  function note(state: StreamState, marks: readonly StreamMark[]): void {
    let own = read.get(state.firstLine);
    if (own === undefined) {
      own = new Map();
      read.set(state.firstLine, own);
    }
    // The state itself is kept, not a copy: who is handed the event may yet add the format to it.
    const entry = own.get(state.id);
    if (entry === undefined) own.set(state.id, { state, marks: [...marks] });
    else {
      entry.state = state;
      entry.marks.push(...marks);
    }
  }

  return { candidates, newSegment, note };
}

/** Gives a segment's id: SHA-256, hex, over source name, hex of the first line's SHA-256, ordinal; NUL between. */
export function streamId(source: string, firstLine: string, ordinal: number): string {
  return hash('sha256', `${source}\u0000${firstLine}\u0000${ordinal}`, 'hex');
}
