// This worker's seat in the consumer group: which partitions are its own, what was fetched of them, and what the broker
// is told. Invariants: a partition is fetched only after the reader has said from where (`begin`); its messages reach
// the inbox in order, each once; while the reader is slow the heart goes on beating and fetching stops.
import type { Admin, Consumer, ConsumerGroupJoinEvent, EachBatchPayload, Kafka } from 'kafkajs';
import type { StreamState } from '../../../model/stream.ts';
import type { FetchedBatch, Message } from './chunk-writer.ts';
import { createClient } from './client.ts';
import { reasonOf } from './explain-error.ts';
import { Inbox } from './inbox.ts';
import type { KafkaSourceOptions, PartitionLag } from './options.ts';
import { lineOf, offsetOf } from './position.ts';
import { replaceRecordReader } from './record-batches.ts';
import { findTopics, isPattern } from './topics.ts';

/** A partition that is this worker's, until the group changes. */
export interface Seat {
  readonly topic: string;
  readonly partition: number;
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
  /** Messages were passed over that are none (marks of transactions). */
  | { kind: 'passed' }
  | { kind: 'failed'; error: unknown };

export class Group {
  readonly admin: Admin;
  readonly inbox: Inbox<Arrival>;
  seats: readonly Seat[] = [];
  readonly #options: KafkaSourceOptions;
  readonly #consumer: Consumer;
  readonly #sessionMs: number;
  #topics: readonly string[] = [];
  #lookAround: NodeJS.Timeout | null = null;
  #isLookingAround = false;
  /** True from when the client is stopped for new topics until it has joined with them. */
  #mustJoin = false;
  /** What may be joining the group. */
  #joining: Promise<void> = Promise.resolve();
  #commits = new Map<Seat, number>();
  #committing: Promise<void> | null = null;
  #isClosed = false;

  constructor(options: KafkaSourceOptions) {
    this.#options = options;
    this.#sessionMs = options.sessionMs ?? SESSION_MS;
    this.inbox = new Inbox(options.aheadBytes ?? AHEAD_BYTES);
    replaceRecordReader();
    const client = createClient(options);
    this.admin = client.admin();
    this.#consumer = createConsumer(client, {
      group: options.group,
      sessionMs: this.#sessionMs,
      // A client that crashes while it is being closed would come back, join the group and keep the process alive.
      isWanted: () => !this.#isClosed,
    });
    const { events } = this.#consumer;
    this.#consumer.on(events.GROUP_JOIN, event => this.#takeSeats(event));
    this.#consumer.on(events.REBALANCING, () => {
      this.hold();
      options.onEvent?.({ kind: 'rebalancing' });
    });
    this.#consumer.on(events.STOP, () => {
      this.hold();
      // A client that has stopped can neither pause nor seek: whoever is about to ask for it finds no seat.
      this.seats = [];
    });
    this.#consumer.on(events.CRASH, ({ payload }) => {
      this.hold();
      if (!payload.restart) this.inbox.put({ kind: 'failed', error: payload.error }, 0);
      else options.onEvent?.({ kind: 'reconnecting', reason: reasonOf(payload.error) });
    });
    this.#consumer.on(events.START_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize === 0) this.#passOver(payload);
    });
  }

  /** Connects, and joins the group as soon as there is a topic; false where it was closed meanwhile. */
  async open(): Promise<boolean> {
    try {
      await this.#whileJoining(this.#open());
    } finally {
      // What was connected after the closing would keep the process alive.
      if (this.#isClosed) await this.#disconnect();
    }
    return !this.#isClosed;
  }

  /** A client that is stopped while it joins joins all the same, and stays: the closing waits for it. */
  #whileJoining(work: Promise<void>): Promise<void> {
    this.#joining = work;
    return work;
  }

  async #open(): Promise<void> {
    await this.admin.connect();
    await this.#consumer.connect();
    this.#topics = await findTopics(this.admin, this.#options.topics);
    if (this.#topics.length > 0) await this.#join();
    else if (!this.#isClosed) this.#options.onEvent?.({ kind: 'no-topics' });
    if (this.#isClosed || !this.#options.topics.some(isPattern)) return;
    this.#lookAround = setInterval(() => {
      if (!this.#isLookingAround) void this.#whileJoining(this.#lookForTopics());
    }, this.#options.topicsEveryMs ?? TOPICS_EVERY_MS);
    this.#lookAround.unref();
  }

  get hasTopics(): boolean {
    return this.#topics.length > 0;
  }

  /** Lets a partition be fetched from where its state says. */
  begin(seat: Seat, state: StreamState, endOffset: number): void {
    seat.state = state;
    seat.nextOffset = offsetOf(state.position);
    seat.fromLine = lineOf(state.position);
    seat.endOffset = endOffset;
    const { topic, partition } = seat;
    this.#consumer.seek({ topic, partition, offset: String(seat.nextOffset) });
    this.#consumer.resume([{ topic, partitions: [partition] }]);
    seat.isReading = true;
  }

  /** Stops handing out: what was fetched is thrown away, and comes again. */
  hold(): void {
    for (const seat of this.seats) seat.isReading = false;
    this.inbox.clear();
  }

  /** Tells the broker what the store has taken: as it comes, one message at a time, only the latest. */
  noteStored(states: readonly StreamState[]): void {
    for (const { id, position } of states) {
      const seat = this.seats.find(found => found.state?.id === id);
      if (seat === undefined) continue;
      seat.storedOffset = offsetOf(position);
      this.#commits.set(seat, seat.storedOffset);
    }
    this.#committing ??= this.#commit();
  }

  async lag(): Promise<PartitionLag[]> {
    const topics = [...new Set(this.seats.map(seat => seat.topic))];
    const ends = new Map<string, number>();
    for (const topic of topics) {
      for (const { partition, high } of await this.admin.fetchTopicOffsets(topic)) {
        ends.set(`${topic}/${partition}`, Number(high));
      }
    }
    return this.seats.map(({ topic, partition, state, storedOffset }) => ({
      topic,
      partition,
      endOffset: ends.get(`${topic}/${partition}`) ?? 0,
      readOffset: state === null ? 0 : offsetOf(state.position),
      storedOffset,
    }));
  }

  /** Commits what is stored, leaves the group and disconnects; does not wait for a broker that is silent. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#lookAround !== null) clearInterval(this.#lookAround);
    this.hold();
    await atMost(CLOSE_MS, this.#joining);
    await atMost(CLOSE_MS, this.#committing ?? Promise.resolve());
    await this.#disconnect();
  }

  async #disconnect(): Promise<void> {
    await atMost(CLOSE_MS, this.#consumer.disconnect());
    await atMost(CLOSE_MS, this.admin.disconnect());
  }

  async #join(): Promise<void> {
    // What is closed while it is being opened must not join: nobody would read what it is given, nor end it.
    if (this.#isClosed) return;
    // Never the latest: where kafkajs loses its place it must not pass over anything before the reader is asked.
    await this.#consumer.subscribe({ topics: [...this.#topics], fromBeginning: true });
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: payload => this.#takeBatch(payload),
    });
  }

  async #lookForTopics(): Promise<void> {
    if (this.#isClosed) return;
    this.#isLookingAround = true;
    try {
      const topics = await findTopics(this.admin, this.#options.topics);
      const isNews = topics.some(topic => !this.#topics.includes(topic));
      if (this.#isClosed || !(isNews || this.#mustJoin)) return;
      // A topic that went away would be asked for again and again: after a failure only what is there counts.
      this.#topics = this.#mustJoin ? topics : [...new Set([...this.#topics, ...topics])];
      this.hold();
      this.#mustJoin = true;
      await this.#consumer.stop();
      await this.#join();
      this.#mustJoin = false;
    } catch (error) {
      this.#options.onEvent?.({ kind: 'reconnecting', reason: reasonOf(error) });
    } finally {
      this.#isLookingAround = false;
    }
  }

  /** Takes the same seats anew, so that the reader finds all places again. */
  reread(): void {
    // Whoever has no seat is asked anyway once it has one.
    if (this.seats.length > 0) this.#sit(this.seats);
  }

  /** Runs before anything of the new assignment is fetched: kafkajs calls listeners at once. */
  #takeSeats({ payload }: ConsumerGroupJoinEvent): void {
    const places = Object.entries(payload.memberAssignment).flatMap(([topic, partitions]) =>
      partitions.map(partition => ({ topic, partition })),
    );
    this.#sit(places);
    this.#options.onEvent?.({ kind: 'assigned', partitions: places });
  }

  #sit(places: readonly { topic: string; partition: number }[]): void {
    this.hold();
    this.#commits.clear();
    this.#consumer.pause(places.map(({ topic, partition }) => ({ topic, partitions: [partition] })));
    this.seats = places.map(({ topic, partition }) => ({
      topic,
      partition,
      isReading: false,
      state: null,
      nextOffset: 0,
      fromLine: 0,
      endOffset: 0,
      storedOffset: null,
    }));
    this.inbox.put({ kind: 'joined', seats: this.seats }, 0);
  }

  async #takeBatch({ batch, resolveOffset, heartbeat }: EachBatchPayload): Promise<void> {
    const seat = this.#seatOf(batch);
    if (seat === undefined || !seat.isReading) return;
    // Where kafkajs went elsewhere by itself (offset out of range), the place is to be found again.
    if (Number((batch as unknown as { fetchedOffset: string }).fetchedOffset) !== seat.nextOffset) {
      seat.isReading = false;
      this.#consumer.pause([{ topic: seat.topic, partitions: [seat.partition] }]);
      this.inbox.put({ kind: 'misplaced', seat }, 0);
      return;
    }
    const lastOffset = batch.lastOffset();
    const fetched = fetchedBatch(batch.messages);
    seat.nextOffset = Number(lastOffset) + 1;
    resolveOffset(lastOffset);
    this.inbox.put({ kind: 'batch', seat, batch: fetched }, bytesOf(batch.messages));
    while (this.inbox.isFull && seat.isReading) {
      await this.inbox.waitForRoom(this.#sessionMs / HEARTBEATS_PER_SESSION);
      await heartbeat();
    }
  }

  #passOver(payload: { topic: string; partition: number; lastOffset: string }): void {
    const seat = this.#seatOf(payload);
    const next = Number(payload.lastOffset) + 1;
    if (seat === undefined || !seat.isReading || next <= seat.nextOffset) return;
    seat.nextOffset = next;
    this.inbox.put({ kind: 'passed' }, 0);
  }

  #seatOf(place: { topic: string; partition: number }): Seat | undefined {
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
        await this.#consumer.commitOffsets(offsets);
      } catch (error) {
        // The store's position is the truth (§9.1): the broker's note may lag behind it.
        this.#options.onEvent?.({ kind: 'commit-failed', reason: reasonOf(error) });
      }
    }
    this.#committing = null;
  }
}

const SESSION_MS = 30_000;
const HEARTBEATS_PER_SESSION = 10;
const TOPICS_EVERY_MS = 60_000;
const CLOSE_MS = 5_000;
const AHEAD_BYTES = 8 << 20;
/** What a message weighs in memory beside its bytes, about. */
const MESSAGE_BYTES = 512;

interface ConsumerOptions {
  group: string;
  sessionMs: number;
  /** False from when it is to stay away. */
  isWanted(): boolean;
}

function createConsumer(client: Kafka, { group, sessionMs, isWanted }: ConsumerOptions): Consumer {
  return client.consumer({
    groupId: group,
    sessionTimeout: sessionMs,
    rebalanceTimeout: Math.max(60_000, sessionMs * 2),
    heartbeatInterval: sessionMs / HEARTBEATS_PER_SESSION,
    allowAutoTopicCreation: false,
    maxBytesPerPartition: 2 << 20,
    maxBytes: 8 << 20,
    // How long a broker waits for more, and how long a paused partition takes to wake.
    maxWaitTimeInMs: 250,
    metadataMaxAge: 60_000,
    // A broker that is away comes back; only what cannot get better by waiting ends the reading.
    retry: {
      initialRetryTime: 100,
      retries: 5,
      maxRetryTime: 2_000,
      restartOnFailure: async () => isWanted(),
    },
  });
}

function fetchedBatch(messages: readonly Message[]): FetchedBatch {
  const firstOffset = Number(messages[0]!.offset);
  const lastOffset = Number(messages.at(-1)!.offset);
  return { messages, firstOffset, isGapless: lastOffset - firstOffset === messages.length - 1 };
}

function bytesOf(messages: readonly Message[]): number {
  let bytes = messages.length * MESSAGE_BYTES;
  for (const { value } of messages) bytes += value === null ? 0 : value.length;
  return bytes;
}

async function atMost(maxMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>(resolve => {
    timer = setTimeout(resolve, maxMs);
  });
  await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
}
