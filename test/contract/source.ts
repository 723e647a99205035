// The contract of the port `Source`, for every adapter: each line once, in order, from where the store stopped.
import { expect } from 'chai';
import type { StreamMark, StreamState } from '../../src/model/stream.ts';
import type {
  KnownStreams,
  LiveEvent,
  OriginEnd,
  Rebalance,
  Settle,
  Source,
} from '../../src/ports/source.ts';

/** Positions and fingerprints as a store keeps them. */
export interface RememberedStreams extends KnownStreams {
  states: Map<string, StreamState>;
  /** Stores what an event says, as a transaction would. */
  store(event: TakenEvent): void;
}

/** An event with its bytes copied, as text of one character per byte. */
export interface TakenEvent {
  kind: 'lines' | 'overlong' | 'continued' | 'position';
  state: StreamState;
  marks: readonly StreamMark[];
  path: string | null;
  offset: number;
  text: string;
}

export interface Taken {
  events: TakenEvent[];
  ends: OriginEnd[];
  /** Whole lines of all `lines` events, without line feeds. */
  lines: string[];
}

/** Creates a memory that keeps what it is told. */
export function createRememberedStreams(): RememberedStreams {
  const states = new Map<string, StreamState>();
  const marks = new Map<string, Map<number, StreamMark>>();
  return {
    states,
    async streams(source, firstLine) {
      return [...states.values()].filter(state => state.source === source && state.firstLine === firstLine);
    },
    async marks(streamId) {
      return [...(marks.get(streamId)?.values() ?? [])].sort((a, b) => a.end - b.end);
    },
    store(event) {
      states.set(event.state.id, { ...event.state });
      const known = marks.get(event.state.id) ?? new Map<number, StreamMark>();
      marks.set(event.state.id, known);
      for (const mark of event.marks) known.set(mark.end, { end: mark.end, digest: mark.digest.slice() });
    },
  };
}

/** Reads a source to its end, or until `isEnough`; overwrites each chunk's bytes afterwards, as reuse may. */
export async function takeAll(
  source: Source<LiveEvent>,
  isEnough?: (events: TakenEvent[]) => boolean,
): Promise<Taken> {
  const taken: Taken = { events: [], ends: [], lines: [] };
  const stop = new AbortController();
  for await (const event of source.events(stop.signal)) {
    if (event.kind === 'end') taken.ends.push(event);
    else if (event.kind !== 'rebalance' && event.kind !== 'settle') taken.events.push(takeEvent(event));
    if (isEnough?.(taken.events)) stop.abort();
  }
  taken.lines = taken.events.filter(event => event.kind === 'lines').flatMap(event => splitLines(event.text));
  return taken;
}

/** Splits text into lines; what follows the last line feed is a line where there is anything. */
export function splitLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Copies an event before its bytes are reused. */
export function takeEvent(event: Exclude<LiveEvent, OriginEnd | Rebalance | Settle>): TakenEvent {
  if (event.kind === 'position') {
    const { kind, state, marks } = event;
    return { kind, state: { ...state }, marks, path: null, offset: state.position, text: '' };
  }
  expect(event.start).to.be.at.least(8);
  expect(event.bytes.length - event.end).to.be.at.least(64);
  expect(event.end).to.be.at.least(event.start);
  const text = Buffer.from(event.bytes.subarray(event.start, event.end)).toString('latin1');
  return {
    kind: event.kind,
    state: { ...event.state },
    marks: event.marks,
    path: event.path,
    offset: event.offset,
    text,
  };
}

/** What an adapter hands in to be tested. */
export interface SourceHarness {
  /** Adds lines to what the source reads. */
  append(lines: readonly string[]): Promise<void>;
  open(known: KnownStreams): Source<LiveEvent>;
  dispose(): Promise<void>;
}

/** Tests an adapter against the contract. */
export function describeSource(name: string, create: () => Promise<SourceHarness>): void {
  describe(`Source contract: ${name}`, () => {
    let harness: SourceHarness;
    let known: RememberedStreams;

    beforeEach(async () => {
      harness = await create();
      known = createRememberedStreams();
    });
    afterEach(() => harness.dispose());

    const first = Array.from({ length: 40 }, (_, i) => `first ${i} ${'x'.repeat(i)}`);
    const second = Array.from({ length: 25 }, (_, i) => `second ${i}`);

    async function readAndStore(events = Number.POSITIVE_INFINITY): Promise<Taken> {
      const taken = await takeAll(harness.open(known), found => found.length >= events);
      for (const event of taken.events.slice(0, events)) known.store(event);
      return taken;
    }

    it('hands out every line once and in order', async () => {
      await harness.append(first);
      expect((await readAndStore()).lines).to.deep.equal(first);
    });

    it('§2.1 hands out nothing of what is stored', async () => {
      await harness.append(first);
      await readAndStore();
      const again = await readAndStore();
      expect(again.events).to.deep.equal([]);
      expect(again.ends.map(end => end.failure)).to.deep.equal(again.ends.map(() => null));
    });

    it('§9.1 goes on where the store stopped, not where it was read to', async () => {
      await harness.append(first);
      const taken = await takeAll(harness.open(known));
      known.store(taken.events[0]!);
      const stored = splitLines(taken.events[0]!.text);
      expect([...stored, ...(await readAndStore()).lines]).to.deep.equal(first);
    });

    it('goes on with what was added', async () => {
      await harness.append(first);
      await readAndStore();
      await harness.append(second);
      expect((await readAndStore()).lines).to.deep.equal(second);
      expect((await readAndStore()).lines).to.deep.equal([]);
    });

    it('moves the position of a stream forward with every event', async () => {
      await harness.append([...first, ...second]);
      const { events } = await readAndStore();
      const reached = new Map<string, number>();
      for (const { state } of events) {
        expect(state.position).to.be.greaterThan(reached.get(state.id) ?? 0);
        reached.set(state.id, state.position);
      }
      expect(events.length).to.be.greaterThan(1);
    });

    it('ends without another event when the signal says stop', async () => {
      await harness.append([...first, ...second]);
      const taken = await takeAll(harness.open(known), events => events.length >= 1);
      expect(taken.events).to.have.length(1);
      expect(taken.ends).to.deep.equal([]);
    });
  });
}
