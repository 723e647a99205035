// This worker's seat in the consumer group: which partitions are its own, what was fetched of them, and what the broker
// is told. Invariants: a partition is fetched only after the reader has said from where (`begin`); its messages reach
// the inbox in order, each once; while the reader is slow the heart goes on beating and fetching stops.
import type { Admin, EachBatchPayload } from 'kafkajs';
import type { StreamState } from '../../../model/stream.ts';
import type { FetchedBatch, Message } from './chunk-writer.ts';
import { HEARTBEATS_PER_SESSION, type Place, SESSION_MS } from './consumer.ts';
import { reasonOf } from './explain-error.ts';
import { Inbox } from './inbox.ts';
import { Member } from './member.ts';
import type { KafkaSourceOptions, PartitionLag } from './options.ts';
import { lineOf, offsetOf } from './position.ts';
import { replaceRecordReader } from './record-batches.ts';
import { weigh } from './weigh.ts';

/** A partition that is this worker's, until the group changes. */
export interface Seat {
  readonly topic: string;
  readonly partition: number;
  /** Id of the topic that it is of, as it was last looked up; '' where the broker does not tell. */
  topicId: string;
  /** False before it was begun, and from the moment when it may be another's. */
  isReading: boolean;
  /** The stream as it was last handed out; set when it is begun. */
  state: StreamState | null;
  /** Offset of the message that is fetched next. */
  nextOffset: number;
  /** Lines of the first message that are passed over. */
  fromLine: number;
  /** The offset at which `until: end` ends. */
  endOffset: number;
  storedOffset: number | null;
}

export type Arrival =
  | { kind: 'batch'; seat: Seat; batch: FetchedBatch }
  /** The group was joined anew: `seats` wait to be begun. */
  | { kind: 'joined'; seats: readonly Seat[] }
  /** The broker gave other messages than the next ones: the partition is to be begun again. */
  | { kind: 'misplaced'; seat: Seat }
  /** Seats whose places were not to be had are to be begun by now. */
  | { kind: 'late'; seats: readonly Seat[] }
  /** Messages were passed over that are none (marks of transactions), or there is no topic. */
  | { kind: 'passed' }
  | { kind: 'failed'; error: unknown };

export class Group {
  readonly inbox: Inbox<Arrival>;
  seats: readonly Seat[] = [];
  /** True while the seats are what the group gave last, even if it gave none. */
  isSeated = false;
  readonly #options: KafkaSourceOptions;
  readonly #member: Member;
  readonly #sessionMs: number;
  readonly #lag: LagMemory = { seats: new Map(), ends: new Map() };
  readonly #timers = new Set<NodeJS.Timeout>();
  #commits = new Map<Seat, number>();
  #committing: Promise<void> | null = null;

  constructor(options: KafkaSourceOptions) {
    this.#options = options;
    this.#sessionMs = options.sessionMs ?? SESSION_MS;
    this.inbox = new Inbox(options.aheadBytes ?? AHEAD_BYTES);
    replaceRecordReader();
    this.#member = new Member(options, {
      onAssigned: places => {
        this.#sit(places);
        options.onEvent?.({ kind: 'assigned', partitions: places });
      },
      onRebalancing: () => {
        this.hold();
        this.isSeated = false;
        options.onEvent?.({ kind: 'rebalancing' });
      },
      onStopped: () => {
        this.hold();
        this.isSeated = false;
        // A client that has stopped can neither pause nor seek: whoever is about to ask for it finds no seat.
        this.seats = [];
        this.#commits.clear();
      },
      onNoTopics: () => {
        options.onEvent?.({ kind: 'no-topics' });
        this.#lag.seats.clear();
        this.inbox.put({ kind: 'passed' }, 0);
      },
      onFailed: error => this.inbox.put({ kind: 'failed', error }, 0),
      onBatch: payload => this.#takeBatch(payload),
      onPassed: passed => this.#passOver(passed),
    });
  }

  /** Connects, and joins the group as soon as there is a topic; false where it was closed meanwhile. */
  async open(): Promise<boolean> {
    return await this.#member.open();
  }

  /** Asks the broker. */
  async ask<Answer>(question: (admin: Admin) => Promise<Answer>): Promise<Answer> {
    return await this.#member.ask(question);
  }

  get clusterId(): string {
    return this.#member.clusterId;
  }

  get hasTopics(): boolean {
    return this.#member.hasTopics;
  }

  /** Asks which topic a name stands for by now. */
  async findTopicId(topic: string): Promise<string> {
    return await this.#member.findTopicId(topic);
  }

  /** Tells whether a partition came up after this run began, with its topic or without. */
  isNew(seat: Seat): boolean {
    return !this.#member.hadPartition(seat, seat.topicId);
  }

  /** Tells whether a seat is of a topic that came up after this run began. */
  isOfNewTopic({ topic, topicId }: Seat): boolean {
    return !this.#member.hadTopic(topic, topicId);
  }

  /** Lets a partition be fetched from where its state says. */
  begin(seat: Seat, state: StreamState, endOffset: number): void {
    seat.state = state;
    seat.nextOffset = offsetOf(state.position);
    seat.fromLine = lineOf(state.position);
    seat.endOffset = endOffset;
    const { topic, partition } = seat;
    this.#member.fetchOnly(topic, seat.topicId);
    this.#member.consumer.seek({ topic, partition, offset: String(seat.nextOffset) });
    this.#member.consumer.resume([{ topic, partitions: [partition] }]);
    seat.isReading = true;
    this.#lag.seats.set(nameOf(seat), seat);
  }

  /** Lets seats be begun again a while later, unless the group has changed by then. */
  beginLater(seats: readonly Seat[], ms: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const left = seats.filter(seat => this.seats.includes(seat));
      if (left.length > 0) this.inbox.put({ kind: 'late', seats: left }, 0);
    }, ms);
    this.#timers.add(timer);
  }

  /** Stops handing out: what was fetched is thrown away, and comes again. */
  hold(): void {
    for (const seat of this.seats) seat.isReading = false;
    this.inbox.clear();
  }

  /** Tells the broker what the store has taken: as it comes, one message at a time, only the latest. */
  noteStored(states: readonly StreamState[]): void {
    for (const { id, position } of states) {
      const seat = [...this.#lag.seats.values()].find(found => found.state?.id === id);
      if (seat === undefined) continue;
      seat.storedOffset = offsetOf(position);
      // While the client is stopped nothing can be told, but what is stored is.
      if (this.seats.includes(seat)) this.#commits.set(seat, seat.storedOffset);
    }
    this.#committing ??= this.#commit();
  }

  /** Tells how far behind the partitions are that were begun; those of a broker that is away as it last said. */
  async lag(): Promise<PartitionLag[]> {
    const { seats, ends } = this.#lag;
    const topics = new Set([...seats.values()].map(seat => seat.topic));
    try {
      for (const topic of topics) {
        for (const { partition, high } of await this.ask(admin => admin.fetchTopicOffsets(topic))) {
          ends.set(nameOf({ topic, partition }), Number(high));
        }
      }
    } catch {
      // What was behind is so still: a number that goes away looks like one that is well.
    }
    return [...seats].map(([name, { topic, partition, state, endOffset, storedOffset }]) => ({
      topic,
      partition,
      endOffset: ends.get(name) ?? endOffset,
      readOffset: offsetOf(state!.position),
      storedOffset,
    }));
  }

  /** Commits what is stored, leaves the group and disconnects; does not wait for a broker that is silent. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.hold();
    await this.#member.close(() => this.#committing ?? Promise.resolve());
  }

  /** Takes the same seats anew, so that the reader finds all places again. */
  reread(): void {
    // Whoever has no seat is asked anyway once it has one.
    if (this.seats.length > 0) this.#sit(this.seats);
  }

  #sit(places: readonly Place[]): void {
    this.hold();
    this.#commits.clear();
    this.#member.consumer.pause(places.map(({ topic, partition }) => ({ topic, partitions: [partition] })));
    this.seats = places.map(({ topic, partition }) => ({
      topic,
      partition,
      topicId: '',
      isReading: false,
      state: null,
      nextOffset: 0,
      fromLine: 0,
      endOffset: 0,
      storedOffset: null,
    }));
    this.isSeated = true;
    const own = new Set(places.map(nameOf));
    for (const name of this.#lag.seats.keys()) if (!own.has(name)) this.#lag.seats.delete(name);
    for (const name of this.#lag.ends.keys()) if (!own.has(name)) this.#lag.ends.delete(name);
    this.inbox.put({ kind: 'joined', seats: this.seats }, 0);
  }

  async #takeBatch({ batch, resolveOffset, heartbeat }: EachBatchPayload): Promise<void> {
    const seat = this.#seatOf(batch);
    if (seat === undefined || !seat.isReading) return;
    // Where kafkajs went elsewhere by itself (offset out of range), the place is to be found again.
    if (Number((batch as unknown as { fetchedOffset: string }).fetchedOffset) !== seat.nextOffset) {
      seat.isReading = false;
      this.#member.consumer.pause([{ topic: seat.topic, partitions: [seat.partition] }]);
      this.inbox.put({ kind: 'misplaced', seat }, 0);
      return;
    }
    const lastOffset = batch.lastOffset();
    const fetched = fetchedBatch(batch.messages);
    seat.nextOffset = Number(lastOffset) + 1;
    resolveOffset(lastOffset);
    this.inbox.put({ kind: 'batch', seat, batch: fetched }, weigh(batch.messages));
    while (this.inbox.isFull && seat.isReading) {
      await this.inbox.waitForRoom(this.#sessionMs / HEARTBEATS_PER_SESSION);
      await heartbeat();
    }
  }

  #passOver(payload: Place & { lastOffset: string }): void {
    const seat = this.#seatOf(payload);
    const next = Number(payload.lastOffset) + 1;
    if (seat === undefined || !seat.isReading || next <= seat.nextOffset) return;
    seat.nextOffset = next;
    this.inbox.put({ kind: 'passed' }, 0);
  }

  #seatOf(place: Place): Seat | undefined {
    return this.seats.find(seat => seat.topic === place.topic && seat.partition === place.partition);
  }

  async #commit(): Promise<void> {
    while (this.#commits.size > 0) {
      const offsets = [...this.#commits].map(([{ topic, partition }, offset]) => ({
        topic,
        partition,
        offset: String(offset),
      }));
      this.#commits.clear();
      try {
        await this.#member.commit(offsets);
      } catch (error) {
        // The store's position is the truth (§9.1): the broker's note may lag behind it.
        this.#options.onEvent?.({ kind: 'commit-failed', reason: reasonOf(error) });
      }
    }
    this.#committing = null;
  }
}

const AHEAD_BYTES = 8 << 20;

/** What the broker is asked about while the client is stopped, too. */
interface LagMemory {
  /** Seats that were begun, by name: until they are begun anew, or are another's. */
  seats: Map<string, Seat>;
  ends: Map<string, number>;
}

function nameOf({ topic, partition }: Place): string {
  return `${topic}/${partition}`;
}

function fetchedBatch(messages: readonly Message[]): FetchedBatch {
  const firstOffset = Number(messages[0]!.offset);
  const lastOffset = Number(messages.at(-1)!.offset);
  return { messages, firstOffset, isGapless: lastOffset - firstOffset === messages.length - 1 };
}
