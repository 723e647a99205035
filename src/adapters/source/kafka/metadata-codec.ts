// The question for topic ids (Kafka's Metadata request, versions 10 to 12) and its answer. In: names of topics. Out: for
// each one its error code and its id. Who leads the partitions is passed over: kafkajs asks for it by itself.
import { FlexibleReader, FlexibleWriter } from './flexible.ts';

/** Kafka's number of the request. */
export const METADATA_KEY = 3;
/** The first version whose answer holds ids. */
export const MIN_METADATA_VERSION = 10;
export const MAX_METADATA_VERSION = 12;

export interface TopicAnswer {
  /** Kafka's number of an error; 0 for none. */
  errorCode: number;
  name: string;
  /** '' where the broker has none to tell. */
  id: string;
}

/** Packs the question, from the tags of the request's header on, which kafkajs does not write. */
export function packMetadataRequest(
  topics: readonly string[],
  version: number,
): { buf: Buffer; buffer: Buffer } {
  const writer = new FlexibleWriter().noTags().count(topics.length);
  for (const topic of topics) writer.id('').text(topic).noTags();
  // No topic is to be made, and nobody wants to know who may do what.
  writer.int8(0);
  if (version === 10) writer.int8(0);
  return writer.int8(0).noTags().done();
}

/** Unpacks the answer, from the tags of its header on; a RangeError where it is none. */
export function unpackMetadataResponse(bytes: Buffer): { throttleMs: number; topics: TopicAnswer[] } {
  const reader = new FlexibleReader(bytes);
  reader.skipTags();
  const throttleMs = reader.int32();
  reader.list(() => {
    reader.skip(INT32);
    reader.text();
    reader.skip(INT32);
    reader.text();
    reader.skipTags();
  });
  reader.text();
  reader.skip(INT32);
  const topics = reader.list(() => {
    const errorCode = reader.int16();
    const name = reader.text() ?? '';
    const id = reader.id();
    reader.skip(INT8);
    reader.list(() => skipPartition(reader));
    reader.skip(INT32);
    reader.skipTags();
    return { errorCode, name, id };
  });
  return { throttleMs, topics };
}

const INT8 = 1;
const INT16 = 2;
const INT32 = 4;

/** Error, index, leader and its epoch; then replicas, those in sync, and those that are off. */
function skipPartition(reader: FlexibleReader): void {
  reader.skip(INT16 + INT32 + INT32 + INT32);
  for (let lists = 0; lists < 3; lists++) {
    for (let left = reader.count(); left > 0; left--) reader.skip(INT32);
  }
  reader.skipTags();
}
