// One client of kafkajs that is a member of the group until it fails or is stopped: it never comes back by itself.
// In: the group and how long a member may be silent. Out: what the group says, told at once, before anything of a new
// assignment is fetched.
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { KafkaSourceOptions } from './options.ts';

/** A partition of a topic. */
export interface Place {
  topic: string;
  partition: number;
}

/** What a group says to its member. */
export interface GroupListener {
  onAssigned(places: readonly Place[]): void;
  onRebalancing(): void;
  /** The client has stopped: nothing can be asked of it before the next assignment. */
  onStopped(): void;
  onBatch(payload: EachBatchPayload): Promise<void>;
  /** Messages up to `lastOffset` are none to be read. */
  onPassed(passed: Place & { lastOffset: string }): void;
}

export type Failure = 'passing' | 'final';

interface ConsumerListener extends Omit<GroupListener, 'onBatch'> {
  /** It has failed and stopped; where the failure is `passing`, waiting can help. */
  onCrash(error: unknown, failure: Failure): void;
}

/** Creates the client; it is to be connected, told its topics and run. */
export function createConsumer(
  client: Kafka,
  { group, sessionMs = SESSION_MS }: Pick<KafkaSourceOptions, 'group' | 'sessionMs'>,
  listener: ConsumerListener,
): Consumer {
  let failure: Failure = 'final';
  const consumer = client.consumer({
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
    retry: {
      initialRetryTime: 100,
      retries: 5,
      maxRetryTime: 2_000,
      // It is asked only where waiting can help, right before CRASH.
      restartOnFailure: async () => {
        failure = 'passing';
        return false;
      },
    },
  });
  const { events } = consumer;
  consumer.on(events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
    const places = Object.entries(memberAssignment).flatMap(([topic, partitions]) =>
      partitions.map(partition => ({ topic, partition })),
    );
    listener.onAssigned(places);
  });
  consumer.on(events.REBALANCING, () => listener.onRebalancing());
  consumer.on(events.STOP, () => listener.onStopped());
  consumer.on(events.START_BATCH_PROCESS, ({ payload }) => {
    if (payload.batchSize === 0) listener.onPassed(payload);
  });
  consumer.on(events.CRASH, ({ payload: { error } }) => listener.onCrash(error, failure));
  return consumer;
}

/** How long a member of a group may be silent. */
export const SESSION_MS = 30_000;
/** A member says that it lives so many times a session. */
export const HEARTBEATS_PER_SESSION = 10;
