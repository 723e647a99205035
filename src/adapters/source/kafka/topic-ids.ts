// Asks the broker which topic a name stands for. Kafka gives each topic an id that no other ever has: a topic that is
// deleted and made anew under its name is another one, whose offsets are those of other messages.
// In: names. Out: ids, as Kafka writes them (22 letters); '' where the broker has none to tell (before Kafka 2.8).
// Invariant: an id that was told once stands until another is told: a broker that tells none has not made a topic anew.
import type { Kafka } from 'kafkajs';
import {
  clusterMakerOf,
  errorFromCode,
  type InnerCluster,
  type InnerRequest,
  versionFor,
} from './inner-client.ts';
import {
  MAX_METADATA_VERSION,
  METADATA_KEY,
  MIN_METADATA_VERSION,
  packMetadataRequest,
  type TopicAnswer,
  unpackMetadataResponse,
} from './metadata-codec.ts';

export interface TopicIds {
  /** Gives the id of each topic. Fails where one is not there, or none answers. */
  find(topics: readonly string[]): Promise<Map<string, string>>;
  /** Ends the connection; another question would make another one. */
  disconnect(): Promise<void>;
}

/** Creates the asker; it connects by itself, and anew after a failure. */
export function createTopicIds(client: Kafka): TopicIds {
  const told = new Map<string, string>();
  let cluster: InnerCluster | null = null;

  async function ask(topics: readonly string[]): Promise<TopicAnswer[]> {
    cluster ??= clusterMakerOf(client)({ metadataMaxAge: 0, allowAutoTopicCreation: false });
    const asked = cluster;
    try {
      await asked.connect();
      const broker = await asked.brokerPool.findConnectedBroker();
      const version = versionFor(broker, METADATA_KEY, {
        min: MIN_METADATA_VERSION,
        max: MAX_METADATA_VERSION,
      });
      if (version === 0) return topics.map(name => ({ errorCode: 0, name, id: '' }));
      return (await broker.connectionPool.send(metadataRequest(topics, version))).topics;
    } catch (error) {
      if (cluster === asked) cluster = null;
      throw error;
    } finally {
      // One that failed, or was left while it was being asked.
      if (cluster !== asked) await asked.disconnect().catch(() => undefined);
    }
  }

  return {
    async find(topics) {
      const found = new Map<string, string>();
      if (topics.length === 0) return found;
      for (const { errorCode, name, id } of await ask(topics)) {
        if (errorCode !== 0) throw errorFromCode(errorCode);
        if (id !== '') told.set(name, id);
        found.set(name, told.get(name) ?? '');
      }
      // A name that was not answered is of a topic that the broker does not know.
      if (topics.some(topic => !found.has(topic))) throw errorFromCode(UNKNOWN_TOPIC);
      return found;
    },
    async disconnect() {
      const left = cluster;
      cluster = null;
      await left?.disconnect();
    },
  };
}

/** Tells whether two ids are of different topics; '' may be of any. */
export function areOfDifferentTopics(one: string, other: string): boolean {
  return one !== '' && other !== '' && one !== other;
}

const UNKNOWN_TOPIC = 3;

interface MetadataAnswer {
  topics: TopicAnswer[];
  /** kafkajs waits so long before its next request. */
  clientSideThrottleTime: number;
}

function metadataRequest(topics: readonly string[], version: number): InnerRequest<MetadataAnswer> {
  return {
    request: {
      apiKey: METADATA_KEY,
      apiVersion: version,
      apiName: 'Metadata',
      encode: async () => packMetadataRequest(topics, version),
    },
    response: {
      async decode(bytes) {
        const { throttleMs, topics: answered } = unpackMetadataResponse(bytes);
        return { topics: answered, clientSideThrottleTime: throttleMs };
      },
      parse: async answer => answer,
    },
  };
}
