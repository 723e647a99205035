// Makes a client fetch by topic id in place of the name, wherever it knows the ids of all that it asks for and the broker
// takes them (Kafka 3.1 and later). Invariant: what is fetched is of the topic whose id is known, whatever became of its
// name since; kafkajs is told that the topic is not there, and looks it up again.
import { createRequire } from 'node:module';
import type { Kafka } from 'kafkajs';
import {
  FETCH_KEY,
  FETCH_VERSION,
  type FetchAnswer,
  type FetchQuestion,
  packFetchRequest,
  unpackFetchResponse,
} from './fetch-codec.ts';
import {
  clusterMakerOf,
  errorFromCode,
  type InnerBroker,
  type InnerRequest,
  replaceClusterMaker,
  versionFor,
} from './inner-client.ts';

/** Puts it in place, for all consumers that the client makes from then on; `idOf` gives '' for a topic without id. */
export function fetchByTopicId(client: Kafka, idOf: (topic: string) => string): void {
  const makeCluster = clusterMakerOf(client);
  replaceClusterMaker(client, options => {
    const cluster = makeCluster(options);
    const { brokerPool } = cluster;
    const createBroker = brokerPool.createBroker;
    brokerPool.createBroker = brokerOptions => withFetchById(createBroker(brokerOptions), idOf);
    return cluster;
  });
}

function withFetchById(broker: InnerBroker, idOf: (topic: string) => string): InnerBroker {
  const fetchByName = broker.fetch.bind(broker);
  broker.fetch = async asked => {
    const question = asked as FetchQuestion;
    const ids = new Map(question.topics.map(({ topic }) => [topic, idOf(topic)]));
    const version = versionFor(broker, FETCH_KEY, { min: FETCH_VERSION, max: FETCH_VERSION });
    if (version === 0 || [...ids.values()].includes('')) return await fetchByName(asked);
    try {
      return await broker.connectionPool.send(fetchRequest(question, ids));
    } catch (error) {
      // As kafkajs does for its own requests: the broker is then connected to anew.
      if (error instanceof Error && error.name === 'KafkaJSConnectionClosedError') await broker.disconnect();
      throw error;
    }
  };
  return broker;
}

function fetchRequest(question: FetchQuestion, ids: ReadonlyMap<string, string>): InnerRequest<FetchAnswer> {
  const names = new Map([...ids].map(([topic, id]) => [id, topic]));
  const topics = shuffle(question.topics).map(({ topic, partitions }) => ({
    topic,
    partitions: shuffle(partitions),
  }));
  return {
    request: {
      apiKey: FETCH_KEY,
      apiVersion: FETCH_VERSION,
      apiName: 'Fetch',
      encode: async () => packFetchRequest({ ...question, topics }, topic => ids.get(topic)!),
    },
    response: {
      decode: async bytes => await unpackFetchResponse(bytes, id => names.get(id)),
      async parse(answer) {
        if (answer.errorCode !== 0) throw errorFromCode(answer.errorCode);
        return await parseAsKafkajs(answer);
      },
    },
    requestTimeout: question.maxWaitTime + NETWORK_MS,
  };
}

/** How much longer than the broker may wait its answer may take, as kafkajs has it. */
const NETWORK_MS = 100;

/** Throws kafkajs's own errors of partitions: it comes back from them by their kind. */
async function parseAsKafkajs(answer: FetchAnswer): Promise<FetchAnswer> {
  const load = createRequire(import.meta.url);
  const { parse } = load('kafkajs/src/protocol/requests/fetch/v11/response') as {
    parse(answer: FetchAnswer): Promise<FetchAnswer>;
  };
  return await parse(answer);
}

/** A broker fills its answer in the order of the question: in one order the last ones would starve. */
function shuffle<Item>(items: readonly Item[]): Item[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
  }
  return shuffled;
}
