// The question for messages by topic id (Kafka's Fetch request, version 13), which kafkajs asks by name only. Of a topic
// that is deleted and made anew under its name the broker then gives nothing to whoever reads the one before.
// In: which partitions, from where. Out: the answer as kafkajs decodes its own, with errors that it knows.
import { FlexibleReader, FlexibleWriter } from './flexible.ts';
import { readFetchedRecords } from './record-batches.ts';

/** Kafka's number of the request. */
export const FETCH_KEY = 1;
/** The first version that goes by topic id. */
export const FETCH_VERSION = 13;

/** What kafkajs asks a broker for. */
export interface FetchQuestion {
  maxWaitTime: number;
  minBytes: number;
  maxBytes: number;
  isolationLevel: number;
  rackId?: string;
  topics: readonly {
    topic: string;
    partitions: readonly { partition: number; fetchOffset: string; maxBytes: number }[];
  }[];
}

/** An answer, as kafkajs decodes its own. */
export interface FetchAnswer {
  /** kafkajs waits so long before its next request. */
  clientSideThrottleTime: number;
  errorCode: number;
  responses: { topicName: string; partitions: FetchedPartition[] }[];
}

interface FetchedPartition {
  partition: number;
  errorCode: number;
  highWatermark: string;
  abortedTransactions: { producerId: string; firstOffset: string }[];
  preferredReadReplica: number;
  messages: unknown[];
}

/** Packs the question, from the tags of the request's header on, which kafkajs does not write. */
export function packFetchRequest(
  question: FetchQuestion,
  idOf: (topic: string) => string,
): { buf: Buffer; buffer: Buffer } {
  const { maxWaitTime, minBytes, maxBytes, isolationLevel, topics, rackId = '' } = question;
  const writer = new FlexibleWriter().noTags();
  writer.int32(NO_REPLICA).int32(maxWaitTime).int32(minBytes).int32(maxBytes).int8(isolationLevel);
  writer.int32(NO_SESSION.id).int32(NO_SESSION.epoch).count(topics.length);
  for (const { topic, partitions } of topics) {
    writer.id(idOf(topic)).count(partitions.length);
    for (const { partition, fetchOffset, maxBytes: ofPartition } of partitions) {
      writer.int32(partition).int32(NO_EPOCH).int64(BigInt(fetchOffset)).int32(NO_EPOCH).int64(NO_LOG_START);
      writer.int32(ofPartition).noTags();
    }
    writer.noTags();
  }
  return writer.count(0).text(rackId).noTags().done();
}

/** Unpacks the answer, from the tags of its header on; a RangeError where it is none. */
export async function unpackFetchResponse(
  bytes: Buffer,
  nameOf: (id: string) => string | undefined,
): Promise<FetchAnswer> {
  const reader = new FlexibleReader(bytes);
  reader.skipTags();
  const clientSideThrottleTime = reader.int32();
  const errorCode = readError(reader);
  reader.skip(INT32);
  const responses: FetchAnswer['responses'] = [];
  for (let left = reader.count(); left > 0; left--) {
    const topicName = nameOf(reader.id());
    if (topicName === undefined) throw new RangeError('an answer is of a topic that was not asked for');
    const partitions: FetchedPartition[] = [];
    for (let more = reader.count(); more > 0; more--) partitions.push(await readPartition(reader));
    reader.skipTags();
    responses.push({ topicName, partitions });
  }
  return { clientSideThrottleTime, errorCode, responses };
}

const INT32 = 4;
const INT64 = 8;
/** Who asks is no broker, has no session, and says nothing of epochs. */
const NO_REPLICA = -1;
const NO_SESSION = { id: 0, epoch: -1 };
const NO_EPOCH = -1;
const NO_LOG_START = -1n;

/** The broker has no topic of that id, or another one of its name: kafkajs only knows that a topic is not there. */
const OF_TOPIC_IDS: ReadonlySet<number> = new Set([100, 103]);
const UNKNOWN_TOPIC = 3;

function readError(reader: FlexibleReader): number {
  const code = reader.int16();
  return OF_TOPIC_IDS.has(code) ? UNKNOWN_TOPIC : code;
}

async function readPartition(reader: FlexibleReader): Promise<FetchedPartition> {
  const partition = reader.int32();
  const errorCode = readError(reader);
  const highWatermark = String(reader.int64());
  // The last stable offset, and where the log begins.
  reader.skip(INT64 + INT64);
  const abortedTransactions = reader.list(() => {
    const aborted = { producerId: String(reader.int64()), firstOffset: String(reader.int64()) };
    reader.skipTags();
    return aborted;
  });
  const preferredReadReplica = reader.int32();
  const length = Math.max(reader.count(), 0);
  const start = reader.at;
  reader.skip(length);
  reader.skipTags();
  const records = reader.bytes.subarray(start, start + length);
  const messages = await readFetchedRecords(records, reader.bytes);
  return { partition, errorCode, highWatermark, abortedTransactions, preferredReadReplica, messages };
}
