// Produces the log piece by piece while brokers come and go: every message once, at the offset that it has in every run,
// so that ids can be compared. What a broken connection leaves in doubt is asked for before it is sent again.
import { setTimeout as pause } from 'node:timers/promises';
import type { Admin, Producer } from 'kafkajs';
import type { KafkaServer } from '../kafka.ts';
import { type LogMessage, PARTITIONS } from './log.ts';

const AGAIN_MS = 300;
const MAX_TRIES = 200;

/** Makes the topic anew, under the same name. */
export async function renewTopic(kafka: KafkaServer, topic: string): Promise<void> {
  const admin = kafka.client().admin();
  await admin.connect();
  try {
    if ((await admin.listTopics()).includes(topic)) await kafka.deleteTopic(topic);
    await admin.createTopics({
      topics: [{ topic, numPartitions: PARTITIONS, replicationFactor: 1 }],
      waitForLeaders: false,
    });
    for (let tryNo = 1; !(await isLed(admin, topic)); tryNo++) {
      if (tryNo >= MAX_TRIES) throw new Error(`topic ${topic} was not made`);
      await pause(100);
    }
  } finally {
    await admin.disconnect();
  }
}

/** A broker that has just deleted a topic of that name may not know the new one for a moment. */
async function isLed(admin: Admin, topic: string): Promise<boolean> {
  const found = await admin.fetchTopicMetadata({ topics: [topic] }).catch(() => null);
  const partitions = found?.topics[0]?.partitions ?? [];
  return partitions.length === PARTITIONS && partitions.every(({ leader }) => leader >= 0);
}

/** Sends messages in so many pieces, spread over some time. */
export async function produceInPieces(
  kafka: KafkaServer,
  { topic, messages, pieces, overMs, begun }: ProducePlan,
): Promise<void> {
  const client = kafka.client({ retry: { retries: 0 }, connectionTimeout: 2_000, requestTimeout: 5_000 });
  const [producer, admin] = [client.producer(), client.admin()];
  const offsets = Array.from({ length: PARTITIONS }, () => 0);
  const size = Math.ceil(messages.length / pieces);
  let begunMs = 0;
  try {
    for (let piece = 0; piece < pieces; piece++) {
      const part = messages.slice(piece * size, (piece + 1) * size);
      for (let partition = 0; partition < PARTITIONS; partition++) {
        const values = part.filter(message => message.partition === partition).map(({ value }) => value);
        const base = offsets[partition]!;
        if (values.length > 0) await sendSurely({ producer, admin }, { topic, partition, values, base });
        offsets[partition] = base + values.length;
      }
      if (piece === 0) {
        await begun;
        begunMs = performance.now();
      }
      const dueMs = begunMs + ((piece + 1) / pieces) * overMs;
      await pause(Math.max(0, dueMs - performance.now()));
    }
  } finally {
    await producer.disconnect().catch(() => undefined);
    await admin.disconnect().catch(() => undefined);
  }
}

export interface ProducePlan {
  topic: string;
  messages: readonly LogMessage[];
  pieces: number;
  overMs: number;
  /** The first piece is sent at once, the others from then on. */
  begun: Promise<void>;
}

interface Piece {
  topic: string;
  partition: number;
  values: readonly string[];
  /** Offset that the first one must get. */
  base: number;
}

async function sendSurely(by: { producer: Producer; admin: Admin }, piece: Piece): Promise<void> {
  const { topic, partition, values, base } = piece;
  let isInDoubt = false;
  for (let tryNo = 1; ; tryNo++) {
    try {
      if (isInDoubt) {
        await by.admin.connect();
        const found = (await by.admin.fetchTopicOffsets(topic)).find(one => one.partition === partition);
        const high = Number(found!.high);
        if (high === base + values.length) return;
        if (high !== base) throw new RangeError(`partition ${partition} ends at ${high} and not at ${base}`);
      }
      await by.producer.connect();
      const messages = values.map(value => ({ value, partition }));
      const [sent] = await by.producer.send({ topic, messages, acks: -1 });
      if (Number(sent!.baseOffset) !== base) {
        throw new RangeError(`partition ${partition}: ${sent!.baseOffset} and not ${base}`);
      }
      return;
    } catch (error) {
      if (error instanceof RangeError || tryNo >= MAX_TRIES) throw error;
      isInDoubt = true;
      await pause(AGAIN_MS);
    }
  }
}
