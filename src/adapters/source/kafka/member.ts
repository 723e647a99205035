// The clients by which this worker is a member of its consumer group: they connect, join, and come back after a failure.
// In: topics by name or pattern. Out: what the group says, told to a listener.
// Invariants: one thing at a time joins or leaves; what comes back does so with new clients, for kafkajs's own restart
// asks for a topic that was deleted again and again, and reads none of the others meanwhile.
// Example: of `web-*` the topic web-a is deleted: the client crashes, the topics are looked up, and web-b is read on.
import { setTimeout as pause } from 'node:timers/promises';
import kafkajs, {
  type Admin,
  type Consumer,
  type Kafka,
  type TopicPartitionOffsetAndMetadata,
} from 'kafkajs';
import { GranskaError } from '../../../errors.ts';
import { createClient } from './client.ts';
import { createConsumer, type Failure, type GroupListener, type Place } from './consumer.ts';
import { isOfMissingTopic, isPassing, reasonOf } from './explain-error.ts';
import { fetchByTopicId } from './fetch-by-id.ts';
import type { KafkaSourceOptions } from './options.ts';
import { areOfDifferentTopics, createTopicIds, type TopicIds } from './topic-ids.ts';
import { findTopics } from './topics.ts';

export interface MemberListener extends GroupListener {
  /** There is no topic to read, at least for now. */
  onNoTopics(): void;
  /** It failed for good. */
  onFailed(error: unknown): void;
}

export class Member {
  clusterId = '';
  /** Partitions that were there when this run began, `topic/partition`, and the ids of their topics. */
  #partitionsAtStart: ReadonlySet<string> = new Set();
  #idsAtStart = new Map<string, string>();
  readonly #options: KafkaSourceOptions;
  readonly #listener: MemberListener;
  readonly #client: Kafka;
  readonly #closing = new AbortController();
  readonly #ids: TopicIds;
  /** Ids of the topics that are read, as they were last told. */
  #topicIds = new Map<string, string>();
  /** Ids of the topics that partitions were begun of: nothing is fetched of another one. */
  readonly #fetchedIds = new Map<string, string>();
  #admin: Admin;
  #consumer: Consumer;
  /** Clients that were disconnected for good. */
  readonly #left = new WeakSet<Admin | Consumer>();
  #topics: readonly string[] = [];
  #lookAround: NodeJS.Timeout | null = null;
  #isLooking = false;
  /** What may be joining the group: a client that is stopped while it joins joins all the same, and stays. */
  #joining: Promise<void> = Promise.resolve();
  #isJoining = false;
  /** True where the clients are to be made anew. */
  #mustJoin = false;
  /** Joins one after the other, none of which held for long. */
  #joins = 0;
  #joinedMs = 0;
  /** True where the broker has said that a topic is not there. */
  #isTopicMissing = false;
  #looksInVain = 0;

  constructor(options: KafkaSourceOptions, listener: MemberListener) {
    this.#options = options;
    this.#listener = listener;
    this.#client = createClient(options);
    this.#ids = createTopicIds(this.#client);
    fetchByTopicId(this.#client, topic => this.#fetchedIds.get(topic) ?? '');
    this.#admin = this.#client.admin();
    this.#consumer = this.#createConsumer();
  }

  /** Asks the broker by the client that there is by now. */
  async ask<Answer>(question: (admin: Admin) => Promise<Answer>): Promise<Answer> {
    return await this.#holding(this.#admin, question);
  }

  /** Tells the broker what was stored. */
  async commit(offsets: readonly TopicPartitionOffsetAndMetadata[]): Promise<void> {
    await this.#holding(this.#consumer, consumer => consumer.commitOffsets([...offsets]));
  }

  get consumer(): Consumer {
    return this.#consumer;
  }

  get hasTopics(): boolean {
    return this.#topics.length > 0;
  }

  /** Asks which topic a name stands for; '' where the broker does not tell. */
  async findTopicId(topic: string): Promise<string> {
    const id = (await this.#findIds([topic])).get(topic)!;
    this.#topicIds.set(topic, id);
    // A broker that begins to tell ids tells that of the topic that was there all along.
    if (this.#idsAtStart.get(topic) === '') this.#idsAtStart.set(topic, id);
    return id;
  }

  /** Lets messages be fetched of that topic alone, not of another one of its name. */
  fetchOnly(topic: string, topicId: string): void {
    this.#fetchedIds.set(topic, topicId);
  }

  /** Tells whether a topic was there when this run began: that one, not another one of its name. */
  hadTopic(topic: string, topicId: string): boolean {
    const atStart = this.#idsAtStart.get(topic);
    return atStart !== undefined && !areOfDifferentTopics(atStart, topicId);
  }

  /** Tells whether a partition was there when this run began. */
  hadPartition({ topic, partition }: Place, topicId: string): boolean {
    return this.hadTopic(topic, topicId) && this.#partitionsAtStart.has(`${topic}/${partition}`);
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Connects, and joins the group as soon as there is a topic; false where it was closed meanwhile. */
  async open(): Promise<boolean> {
    this.#isJoining = true;
    this.#joining = this.#open();
    try {
      await this.#joining;
    } finally {
      // What was connected after the closing would keep the process alive.
      if (this.#isClosed) await this.#disconnect();
    }
    this.#isJoining = false;
    if (this.#mustJoin) this.#comeBack();
    return !this.#isClosed;
  }

  /** Leaves the group and disconnects, after the last work; does not wait for a broker that is silent. */
  async close(lastWork: () => Promise<unknown>): Promise<void> {
    if (this.#isClosed) return;
    this.#closing.abort();
    if (this.#lookAround !== null) clearInterval(this.#lookAround);
    await atMost(CLOSE_MS, this.#joining);
    await atMost(CLOSE_MS, lastWork());
    await this.#disconnect();
  }

  async #open(): Promise<void> {
    await this.#admin.connect();
    await this.#consumer.connect();
    const { topics } = this.#options;
    this.#topics = await findTopics(this.#admin, topics);
    this.clusterId = (await this.#admin.describeCluster()).clusterId;
    // Ids first: of a topic that is made anew meanwhile nothing is taken for what was there.
    this.#topicIds = await this.#ids.find(this.#topics);
    this.#idsAtStart = new Map(this.#topicIds);
    this.#partitionsAtStart = await this.#findPartitions();
    await this.#join();
    if (this.#isClosed) return;
    this.#lookAround = setInterval(() => void this.#look(), this.#options.topicsEveryMs ?? TOPICS_EVERY_MS);
    this.#lookAround.unref();
  }

  async #findPartitions(): Promise<Set<string>> {
    if (this.#topics.length === 0) return new Set();
    const { topics } = await this.#admin.fetchTopicMetadata({ topics: [...this.#topics] });
    return new Set(
      topics.flatMap(({ name, partitions }) => partitions.map(({ partitionId }) => `${name}/${partitionId}`)),
    );
  }

  async #join(): Promise<void> {
    // What is closed while it is being opened must not join: nobody would read what it is given, nor end it.
    if (this.#isClosed) return;
    if (this.#topics.length === 0) return this.#listener.onNoTopics();
    // Never the latest: where kafkajs loses its place it must not pass over anything before the reader is asked.
    await this.#consumer.subscribe({ topics: [...this.#topics], fromBeginning: true });
    if (this.#isClosed) return;
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: payload => this.#listener.onBatch(payload),
    });
  }

  /** Joins anew if a pattern fits more topics by now, or a topic was made anew. */
  async #look(): Promise<void> {
    if (this.#isJoining || this.#isLooking || this.#isClosed) return;
    this.#isLooking = true;
    try {
      const found = await this.ask(admin => findTopics(admin, this.#options.topics));
      if (found.some(topic => !this.#topics.includes(topic)) || (await this.#isAnyMadeAnew(found))) {
        this.#comeBack();
      }
    } catch (error) {
      // Whoever reads goes on reading: the next look may see more.
      this.#options.onEvent?.({ kind: 'log', level: 'warn', message: reasonOf(error) });
    } finally {
      this.#isLooking = false;
    }
  }

  async #isAnyMadeAnew(topics: readonly string[]): Promise<boolean> {
    for (const [topic, id] of await this.#findIds(topics)) {
      if (areOfDifferentTopics(this.#topicIds.get(topic) ?? '', id)) return true;
    }
    return false;
  }

  async #findIds(topics: readonly string[]): Promise<Map<string, string>> {
    // What is connected after the closing would keep the process alive.
    if (this.#isClosed) throw leftAlready();
    return await this.#ids.find(topics);
  }

  /**
   * Uses a client; one that was left meanwhile is left again when the use is over: whatever is asked of kafkajs's clients makes
   * them connect anew, tries that follow a failure as well, and nobody would ever end that connection.
   */
  async #holding<Client extends Admin | Consumer, Answer>(
    client: Client,
    use: (client: Client) => Promise<Answer>,
  ): Promise<Answer> {
    if (this.#left.has(client)) throw leftAlready();
    try {
      return await use(client);
    } finally {
      if (this.#left.has(client)) await client.disconnect().catch(() => undefined);
    }
  }

  #comeBack(): void {
    if (performance.now() - this.#joinedMs > STEADY_MS) this.#joins = 0;
    this.#joinedMs = performance.now();
    this.#mustJoin = true;
    // Who is joining sees to it.
    if (!this.#isJoining) this.#joining = this.#joinAnew();
  }

  async #joinAnew(): Promise<void> {
    this.#isJoining = true;
    while (this.#mustJoin && !this.#isClosed) {
      this.#mustJoin = false;
      await pause(this.#pauseMs(), undefined, { signal: this.#closing.signal }).catch(() => undefined);
      this.#joins++;
      try {
        await this.#renew();
        this.#topics = await this.#lookUpTopics();
        this.#topicIds = await this.#findIds(this.#topics);
        await this.#join();
      } catch (error) {
        if (this.#isClosed) break;
        this.#noteFailure(error);
      }
    }
    this.#isJoining = false;
    if (this.#isClosed) await this.#disconnect();
  }

  #noteFailure(error: unknown): void {
    const isMissingAgain = error instanceof GranskaError && ++this.#looksInVain < MAX_LOOKS_IN_VAIN;
    if (!isMissingAgain && !isPassing(error)) {
      this.#listener.onFailed(error);
      return;
    }
    if (isOfMissingTopic(error)) this.#isTopicMissing = true;
    this.#options.onEvent?.({ kind: 'reconnecting', reason: reasonOf(error) });
    this.#mustJoin = true;
  }

  /** None before the first, so that what can be read is read soon; then longer and longer ones. */
  #pauseMs(): number {
    return this.#joins === 0 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (this.#joins - 1), LONGEST_PAUSE_MS);
  }

  /** Makes the clients anew: kafkajs's never forget a topic, those that ask about it neither. */
  async #renew(): Promise<void> {
    this.#listener.onStopped();
    await this.#disconnect();
    this.#admin = this.#client.admin();
    this.#consumer = this.#createConsumer();
    await this.#admin.connect();
    await this.#consumer.connect();
  }

  async #lookUpTopics(): Promise<string[]> {
    const found = await findTopics(this.#admin, this.#options.topics);
    this.#looksInVain = 0;
    // A broker that has just started may not tell all: a topic is gone only where one has said so.
    const topics = this.#isTopicMissing ? found : [...new Set([...this.#topics, ...found])].sort();
    this.#isTopicMissing = false;
    return topics;
  }

  async #disconnect(): Promise<void> {
    this.#left.add(this.#consumer).add(this.#admin);
    await atMost(CLOSE_MS, this.#consumer.disconnect());
    await atMost(CLOSE_MS, this.#admin.disconnect());
    await atMost(CLOSE_MS, this.#ids.disconnect());
  }

  #createConsumer(): Consumer {
    const listener = this.#listener;
    /** What a client that was left says late is of no group of ours. */
    const ifCurrent = <Said extends readonly unknown[]>(hear: (...said: Said) => void) => {
      return (...said: Said) => {
        if (consumer === this.#consumer) hear(...said);
      };
    };
    const consumer: Consumer = createConsumer(this.#client, this.#options, {
      onAssigned: ifCurrent(places => {
        this.#joinedMs = performance.now();
        listener.onAssigned(places);
      }),
      onRebalancing: ifCurrent(() => listener.onRebalancing()),
      onStopped: ifCurrent(() => listener.onStopped()),
      onPassed: ifCurrent(passed => listener.onPassed(passed)),
      onCrash: ifCurrent((error, failure) => this.#noteCrash(error, failure)),
    });
    return consumer;
  }

  #noteCrash(error: unknown, failure: Failure): void {
    // A client that crashes while it is being closed stays away.
    if (this.#isClosed) return;
    this.#listener.onStopped();
    if (failure === 'final') {
      this.#listener.onFailed(error);
      return;
    }
    if (isOfMissingTopic(error)) this.#isTopicMissing = true;
    this.#options.onEvent?.({ kind: 'reconnecting', reason: reasonOf(error) });
    this.#comeBack();
  }
}

const TOPICS_EVERY_MS = 60_000;
const CLOSE_MS = 5_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;
/** A member that has been one for so long begins with short pauses again. */
const STEADY_MS = 60_000;
/** A topic that is named outright is gone when it was not there so many times, over some seconds. */
const MAX_LOOKS_IN_VAIN = 4;

function leftAlready(): Error {
  return new kafkajs.KafkaJSConnectionError('the client was left');
}

async function atMost(maxMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>(resolve => {
    timer = setTimeout(resolve, maxMs);
  });
  await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
}
