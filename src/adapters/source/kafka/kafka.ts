// Source: topics of a Kafka, read by one consumer group of any number of workers.
// In: topics by name or pattern. Out: whole lines with their positions, chunk by chunk, a message being one line or
// many. Invariant: the store's position is the truth (§9.1): whenever the group changes the source first lets the
// reader store (or drop) what it was given, and then goes to where the store is; the broker only hears of it.
// Example: two workers share four partitions; one stops. The other is told `rebalance`, stores what it has, asks the
// store about all four, and goes on: each line once, whatever was read and not stored.
import { createHash } from 'node:crypto';
import { GranskaError } from '../../../errors.ts';
import type { StreamMark, StreamState } from '../../../model/stream.ts';
import type { Chunk, LiveEvent, Source } from '../../../ports/source.ts';
import { createLongLine } from '../long-line.ts';
import { leaveAnswer } from './answer-memory.ts';
import { ChunkWriter, type Message, SPARE_BEFORE } from './chunk-writer.ts';
import { explainError, isPassing, reasonOf } from './explain-error.ts';
import { type Arrival, Group, type Seat } from './group.ts';
import type { KafkaSourceOptions, PartitionLag } from './options.ts';
import { originReader } from './origin.ts';
import { MAX_OFFSET, positionAt } from './position.ts';
import { sliceMessage } from './slice-message.ts';
import { findStart } from './start.ts';
import { areOfDifferentTopics } from './topic-ids.ts';

export interface KafkaSource extends Source<LiveEvent> {
  stored(states: readonly StreamState[]): void;
  close(): Promise<void>;
  /**
   * Goes to the store's positions again, after another `rebalance`: where a store refused a write of a partition that is
   * this worker's, since the one before it had written late.
   */
  reread(): void;
  /** Asks the broker how far behind the partitions of this worker are. */
  lag(): Promise<PartitionLag[]>;
}

/** Creates the source of the topics. It is read once, and must be closed. */
export function createKafkaSource(options: KafkaSourceOptions): KafkaSource {
  let group: Group | null = null;

  async function* events(signal: AbortSignal): AsyncGenerator<LiveEvent, void, undefined> {
    if (group !== null) throw new TypeError('a Kafka source is read once');
    group = new Group(options);
    try {
      if (await group.open()) yield* readGroup(group, options, signal);
    } catch (error) {
      throw explainError(error, options);
    } finally {
      group.hold();
    }
  }

  return {
    events,
    stored: states => group?.noteStored(states),
    reread: () => group?.reread(),
    lag: async () => (await group?.lag()) ?? [],
    close: async () => await group?.close(),
  };
}

const BUFFER_BYTES = 4 << 20;
const AGAIN_MS = 1_000;
const NO_MARKS: readonly StreamMark[] = [];

/** Reads what the group is given, until its end or until the signal says stop. */
async function* readGroup(
  group: Group,
  options: KafkaSourceOptions,
  signal: AbortSignal,
): AsyncGenerator<LiveEvent, void, undefined> {
  const { inbox } = group;
  const originOf = originReader(options.names);
  const bufferBytes = options.bufferBytes ?? BUFFER_BYTES;
  const writer = new ChunkWriter({
    bufferBytes,
    windowMessages: options.windowMessages ?? Infinity,
    originOf,
  });
  /** Streams that lines were handed out of, as they were last: the truth where there is no store. */
  const handedOut = new Map<string, { state: StreamState; place: string }>();
  /** True from when the broker did not say where partitions begin and end, until it has for all of them. */
  let isWaiting = false;

  for (;;) {
    if (options.until === 'end' && inbox.isEmpty && isAtEnd(group)) {
      yield { kind: 'end', path: null, pending: 0, knownBytes: 0, failure: null };
      return;
    }
    await inbox.waitForItem(signal);
    if (signal.aborted) return;
    const arrival = inbox.take()!;
    switch (arrival.kind) {
      case 'batch':
        yield* readBatches(arrival);
        break;
      case 'joined':
        yield* takeOver(arrival.seats);
        break;
      case 'misplaced':
        yield* begin([arrival.seat]);
        break;
      case 'late':
        yield* begin(arrival.seats);
        break;
      case 'passed':
        break;
      case 'failed':
        throw arrival.error;
      default:
        arrival satisfies never;
    }
    if (signal.aborted) return;
  }

  async function* takeOver(seats: readonly Seat[]): AsyncGenerator<LiveEvent, void, undefined> {
    if (handedOut.size > 0) {
      // By place: what was read of a topic before it was made anew is this worker's still, and is to be stored.
      const own = new Set(seats.map(sourceOf));
      const lost = [...handedOut].filter(([, { place }]) => !own.has(place)).map(([id]) => id);
      yield { kind: 'rebalance', lost };
      for (const id of lost) handedOut.delete(id);
    }
    isWaiting = false;
    yield* begin(seats);
  }

  /** Finds the stream of a partition: under its id, or under the one that it has where topics have none. */
  async function storedState(seat: Seat): Promise<StreamState | null> {
    const states =
      options.known === null
        ? [...handedOut.values()].map(({ state }) => state)
        : await options.known.streams(sourceOf(seat), '');
    const found = states.find(state => state.id === streamId(seat));
    if (found !== undefined) return found;
    // What was stored of a name before the broker told ids is of the topic that was there then, not of one made since.
    if (seat.topicId === '' || group.isOfNewTopic(seat)) return null;
    const nameless = streamId({ ...seat, topicId: '' });
    return states.find(state => state.id === nameless) ?? null;
  }

  /** Finds the places of partitions and lets them be fetched, unless the group changes meanwhile; some of them later. */
  async function* begin(seats: readonly Seat[]): AsyncGenerator<LiveEvent, void, undefined> {
    const known = await lookUp(seats, askTopicId);
    for (const [{ topic }, id] of known) {
      // Whatever is read of the topic is to be begun anew, once what was handed out of the one before is stored.
      if (group.seats.some(seat => seat.topic === topic && isOfAnother(seat, id))) return group.reread();
    }
    const stored = new Map<Seat, StreamState | null>();
    for (const [seat, id] of known) {
      seat.topicId = id;
      // What was handed out of a partition that is still this worker's is further than what is stored.
      stored.set(seat, seat.state ?? (await storedState(seat)));
    }
    const places = await lookUp([...known.keys()], askPlaces);
    let isMoved = false;
    for (const [seat, place] of places) {
      // Others may have it by now: what was found is theirs to store.
      if (!group.seats.includes(seat)) break;
      const last = stored.get(seat) ?? null;
      const { position, mustStore, gap } = findStart({
        ...seat,
        ...place,
        stored: last === null ? null : last.position,
      });
      const state = { ...(last ?? blankState(seat)), position };
      group.begin(seat, state, place.highOffset);
      if (gap !== null) {
        options.onEvent?.({ kind: 'gap', topic: seat.topic, partition: seat.partition, ...gap });
      }
      if (!mustStore) continue;
      handedOut.set(state.id, { state, place: sourceOf(seat) });
      isMoved = true;
      yield { kind: 'position', state, from: last?.position ?? null, marks: NO_MARKS };
    }
    // Before the first line: a window that was left open must not begin with a move that a successor makes otherwise.
    if (isMoved) yield { kind: 'settle' };
    const left = seats.filter(seat => !places.has(seat));
    if (left.length > 0) group.beginLater(left, AGAIN_MS);
    else if (isWaiting && group.seats.every(seat => seat.state !== null)) {
      isWaiting = false;
      if (group.isSeated) options.onEvent?.({ kind: 'assigned', partitions: group.seats });
    }
  }

  /** Asks the broker about partitions, topic by topic: none has to wait for another. */
  async function lookUp<Answer>(
    seats: readonly Seat[],
    ask: (topic: string, seats: readonly Seat[]) => Promise<Map<Seat, Answer>>,
  ): Promise<Map<Seat, Answer>> {
    const answers = new Map<Seat, Answer>();
    for (const topic of new Set(seats.map(seat => seat.topic))) {
      const ofTopic = seats.filter(seat => seat.topic === topic);
      try {
        for (const [seat, answer] of await ask(topic, ofTopic)) answers.set(seat, answer);
      } catch (error) {
        // The client that was asked may be gone, and another one joins.
        if (signal.aborted || !ofTopic.some(seat => group.seats.includes(seat))) break;
        const explained = explainError(error, options);
        // A broker that is away comes back: only then is it asked again.
        if (!isPassing(error)) throw explained;
        isWaiting = true;
        options.onEvent?.({ kind: 'reconnecting', reason: reasonOf(error) });
      }
    }
    return answers;
  }

  async function askTopicId(topic: string, seats: readonly Seat[]): Promise<Map<Seat, string>> {
    const id = await group.findTopicId(topic);
    return new Map(seats.map(seat => [seat, id]));
  }

  /** Leaves out partitions of which the broker that is asked has not heard yet, and a topic that is made anew meanwhile. */
  async function askPlaces(topic: string, seats: readonly Seat[]): Promise<Map<Seat, Place>> {
    const places = new Map<Seat, Place>();
    const { start } = options;
    const bounds = await group.ask(admin => admin.fetchTopicOffsets(topic));
    const wanted =
      typeof start === 'object'
        ? await group.ask(admin => admin.fetchTopicOffsetsByTimestamp(topic, start.atMs))
        : bounds;
    const topicId = await group.findTopicId(topic);
    for (const seat of seats) {
      if (areOfDifferentTopics(seat.topicId, topicId)) continue;
      const bound = bounds.find(found => found.partition === seat.partition);
      const offset = wanted.find(found => found.partition === seat.partition)?.offset;
      if (bound === undefined) continue;
      places.set(seat, {
        lowOffset: Number(bound.low),
        highOffset: Number(bound.high),
        // A partition that came up later is read from its beginning, whatever `start` says.
        wantedOffset: start === 'earliest' || group.isNew(seat) ? null : Number(offset),
      });
    }
    return places;
  }

  /** Reads a batch, and those that follow it in the same partition while they fit into one chunk. */
  async function* readBatches(
    first: Extract<Arrival, { kind: 'batch' }>,
  ): AsyncGenerator<LiveEvent, void, undefined> {
    const { seat } = first;
    for (let next: Arrival | undefined = first; next?.kind === 'batch' && next.seat === seat; ) {
      const { batch } = next;
      if (Number(batch.messages.at(-1)!.offset) >= MAX_OFFSET) throw offsetTooBig(seat);
      let i = 0;
      if (seat.fromLine > 0) {
        const { fromLine } = seat;
        seat.fromLine = 0;
        // A message that was deleted meanwhile has no lines to pass over.
        if (positionAt(batch.firstOffset, fromLine) === seat.state!.position) {
          yield* readCarefully(seat, { message: batch.messages[0]!, fromLine });
          i = 1;
        }
      }
      while (i < batch.messages.length) {
        if (!seat.isReading || signal.aborted) return writer.reset();
        i = writer.fill(batch, i);
        if (i === batch.messages.length) break;
        if (!writer.isEmpty) {
          yield takeChunk(seat);
          writer.reset();
        } else {
          yield* readCarefully(seat, { message: batch.messages[i]!, fromLine: 0 });
          i++;
        }
      }
      leaveAnswer(batch.messages[0]!.batchContext?.answer);
      next = inbox.peek();
      if (next?.kind === 'batch' && next.seat === seat) inbox.take();
    }
    if (!writer.isEmpty && seat.isReading && !signal.aborted) yield takeChunk(seat);
    writer.reset();
  }

  /** Reads one message that is too big for the buffer or has too many lines, or the rest of one that was begun. */
  function* readCarefully(
    seat: Seat,
    { message, fromLine }: { message: Message; fromLine: number },
  ): Generator<LiveEvent, void, undefined> {
    const offset = Number(message.offset);
    const value = message.value ?? NOTHING;
    for (const slice of sliceMessage(value, { fromLine, maxBytes: bufferBytes })) {
      if (!seat.isReading || signal.aborted) return;
      const position = positionAt(offset, slice.line);
      const nextPosition =
        slice.nextLine < 0 ? positionAt(offset + 1, 0) : positionAt(offset, slice.nextLine);
      if (slice.kind === 'lines') {
        writer.fillRun(message, value.subarray(slice.start, slice.end), { position, nextPosition });
        yield takeChunk(seat);
        writer.reset();
        continue;
      }
      const long = createLongLine();
      long.add(value, { start: slice.start, end: slice.end, offset: position });
      const state = moveTo(seat, nextPosition);
      const lineBytes = slice.end - slice.start;
      const origin = originOf === null ? {} : { origin: originOf(message) };
      yield { kind: 'overlong', state, marks: NO_MARKS, path: null, ...long.take(), lineBytes, ...origin };
    }
  }

  function takeChunk(seat: Seat): Chunk {
    const state = moveTo(seat, writer.nextPosition);
    const chunk: Chunk = {
      kind: 'lines',
      state,
      marks: NO_MARKS,
      path: null,
      bytes: writer.bytes,
      start: SPARE_BEFORE,
      end: writer.end,
      offset: writer.firstPosition,
      positions: writer.positions,
    };
    if (writer.origin !== null) chunk.origin = writer.origin;
    return chunk;
  }

  function moveTo(seat: Seat, position: number): StreamState {
    // The state before is spread, not the first one: the reader of events adds to it.
    const state = { ...seat.state!, position };
    seat.state = state;
    handedOut.set(state.id, { state, place: sourceOf(seat) });
    return state;
  }

  function blankState(seat: Seat): StreamState {
    return {
      id: streamId(seat),
      source: sourceOf(seat),
      firstLine: '',
      ordinal: 0,
      position: 0,
      endsInHalfLine: false,
    };
  }

  /**
   * The cluster is part of it, and the topic's id where it is known: a partition of the same name elsewhere, or of a
   * topic that was made anew, has other lines at the same positions.
   */
  function streamId({ topic, partition, topicId }: Seat): string {
    const parts = ['kafka', options.source, group.clusterId, topic, String(partition)];
    if (topicId !== '') parts.push(topicId);
    return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  }
}

const NOTHING = new Uint8Array(0);

/** What the broker has of a partition, and where it would be begun. */
interface Place {
  lowOffset: number;
  highOffset: number;
  wantedOffset: number | null;
}

/** Tells whether a seat was begun with another topic of the same name. */
function isOfAnother({ state, topicId }: Seat, id: string): boolean {
  return state !== null && areOfDifferentTopics(topicId, id);
}

function sourceOf({ topic, partition }: Seat): string {
  return `${topic}-${partition}`;
}

function isAtEnd(group: Group): boolean {
  if (!group.hasTopics) return true;
  // A worker that was given no partition has nothing to read: others have them all.
  return group.isSeated && group.seats.every(seat => seat.isReading && seat.nextOffset >= seat.endOffset);
}

function offsetTooBig({ topic, partition }: Seat): GranskaError {
  return new GranskaError(
    'SOURCE',
    `partition ${partition} of topic ${topic} has passed message ${MAX_OFFSET}: its positions can no longer be told apart`,
    { hint: 'begin a new topic' },
  );
}
