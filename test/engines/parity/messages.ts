// A log as messages of Kafka. In: the bytes of a log; out: batches of messages, the lines in the order of the log.
// Invariant: each line of the log is in one of them; only who reads which, and in what company, is decided here.
import type { KafkaServer, ProducedMessage } from '../kafka.ts';

/** One line a message, each user's lines in one partition; or many lines a message, partitions in turn. */
export type Packing = 'a line a message, by user' | 'a hundred lines a message, in turn';

export const PARTITIONS = 4;
const LINES_A_MESSAGE = 100;
/** Far below what a broker takes at once of one partition. */
const BYTES_AT_ONCE = 500_000;
const LINE_FEED = 0x0a;
const SPACE = 0x20;
/** Which word of a line is the user in Squid's own format. */
const USER_FIELD = 7;

/** Makes a topic and puts a log into it. */
export async function produceLog(
  kafka: KafkaServer,
  { topic, log, packing }: { topic: string; log: Buffer; packing: Packing },
): Promise<void> {
  await kafka.createTopic(topic, PARTITIONS);
  const client = kafka.client();
  const producer = client.producer();
  await producer.connect();
  try {
    for (const messages of batchesOf(messagesOf(log, packing))) await producer.send({ topic, messages });
  } finally {
    await producer.disconnect();
  }
}

function* messagesOf(log: Buffer, packing: Packing): Generator<ProducedMessage> {
  switch (packing) {
    case 'a line a message, by user':
      for (const line of linesOf(log)) yield { value: line, key: userOf(line) };
      break;
    case 'a hundred lines a message, in turn': {
      let number = 0;
      for (const value of runsOf(log)) yield { value, partition: number++ % PARTITIONS };
      break;
    }
    default:
      packing satisfies never;
  }
}

function* linesOf(log: Buffer): Generator<Buffer> {
  for (let start = 0; start < log.length; ) {
    const end = log.indexOf(LINE_FEED, start);
    const stop = end < 0 ? log.length : end;
    yield log.subarray(start, stop);
    start = stop + 1;
  }
}

/** Gives so many whole lines at a time, each with its line feed. */
function* runsOf(log: Buffer): Generator<Buffer> {
  let start = 0;
  let lines = 0;
  let at = 0;
  for (const line of linesOf(log)) {
    at += line.length + 1;
    lines++;
    if (lines < LINES_A_MESSAGE && at < log.length) continue;
    yield log.subarray(start, at);
    start = at;
    lines = 0;
  }
}

function userOf(line: Buffer): Buffer {
  let start = 0;
  for (let field = 0; field < USER_FIELD; field++) {
    while (line[start] === SPACE) start++;
    const end = line.indexOf(SPACE, start);
    if (end < 0) break;
    start = end + 1;
  }
  const end = line.indexOf(SPACE, start);
  return line.subarray(start, end < 0 ? line.length : end);
}

function* batchesOf(all: Iterable<ProducedMessage>): Generator<ProducedMessage[]> {
  let batch: ProducedMessage[] = [];
  let bytes = 0;
  for (const message of all) {
    batch.push(message);
    bytes += message.value!.length;
    if (bytes < BYTES_AT_ONCE) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}
