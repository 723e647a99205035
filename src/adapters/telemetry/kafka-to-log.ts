// What the Kafka source tells → lines of the log. Pure. kafkajs's own sentences are never passed on: they name brokers,
// groups and clients; only a word for what they are about is kept.
// Example: { kind: 'log', level: 'error', message: 'Response GroupCoordinator(key: 10, version: 2)' } → debug: a broker that
// has just started has no coordinator yet, and kafkajs asks again by itself.
import type { LogEntry, LogFields, LogLevel, TopicLag } from '../../ports/telemetry.ts';
import type { KafkaEvent, PartitionLag } from '../source/kafka/options.ts';
import { isReason } from './vocabulary.ts';

/** A fault that goes on is told again at each power of two of its times. */
const isTold = (times: number) => Number.isInteger(Math.log2(times));

/**
 * Creates what makes the lines of one source's events. A warning that comes again before the group is joined anew is told
 * ever more seldom, each cause by itself: a broker that is away for a night does not fill the log.
 */
export function createKafkaToLog(): (event: KafkaEvent) => LogEntry[] {
  const times = new Map<string, number>();
  return event => {
    if (event.kind === 'assigned') times.clear();
    return kafkaToLog(event).map(made => {
      if (made.level !== 'warn') return made;
      const cause = `${made.event} ${made.fields.reason}`;
      const count = (times.get(cause) ?? 0) + 1;
      times.set(cause, count);
      return isTold(count) ? made : { ...made, level: 'debug' };
    });
  };
}

/** Makes the lines that an event is worth by itself. */
export function kafkaToLog(event: KafkaEvent): LogEntry[] {
  switch (event.kind) {
    case 'assigned':
      return [
        entry('info', 'partitions-assigned', { partitions: event.partitions.length }),
        ...event.partitions.map(({ topic, partition }) =>
          entry('debug', 'partition-assigned', { topic, partition }),
        ),
      ];
    case 'rebalancing':
      return [entry('info', 'group-rebalancing', {})];
    case 'reconnecting':
      return [entry('warn', 'source-reconnecting', { reason: reasonIn(event.reason) })];
    case 'gap': {
      const { topic, partition, fromOffset, toOffset } = event;
      const messages = toOffset - fromOffset;
      return [entry('error', 'messages-lost', { topic, partition, fromOffset, toOffset, messages })];
    }
    case 'commit-failed': {
      const reason = reasonIn(event.reason);
      return [entry(PASSING_WORDS.has(reason) ? 'debug' : 'warn', 'commit-failed', { reason })];
    }
    case 'no-topics':
      return [entry('warn', 'topics-missing', {})];
    case 'log': {
      const reason = reasonIn(event.message);
      // Whatever stops the source for good comes as an error of its own: kafkajs's errors are faults that it survives.
      return [entry(PASSING_WORDS.has(reason) ? 'debug' : 'warn', 'kafka-client', { reason })];
    }
    default:
      return event satisfies never;
  }
}

/** Makes the numbers of the broker's answer to how far behind the partitions are. */
export function kafkaLag(partitions: readonly PartitionLag[]): TopicLag[] {
  return partitions.map(({ topic, partition, endOffset, readOffset, storedOffset }) => ({
    topic,
    partition,
    messages: Math.max(0, endOffset - (storedOffset ?? readOffset)),
  }));
}

/** What is part of an ordinary day: a group that forms, a broker that warms up. */
const PASSING_WORDS: ReadonlySet<string> = new Set([
  'coordinator',
  'rebalancing',
  'REBALANCE_IN_PROGRESS',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
]);

/** What a sentence of kafkajs is about; the first that fits. */
const WORDS: readonly [sentence: RegExp, word: string][] = [
  [
    /coordinator is not aware|rebalanc|rejoin|re-join|resync|generation id|JoinGroup|SyncGroup|Heartbeat\(/i,
    'rebalancing',
  ],
  [/coordinator/i, 'coordinator'],
  [/timed? ?out/i, 'timeout'],
  [/^Crash|^Restarting the consumer/, 'crash'],
  [/connect|socket|broker/i, 'connection'],
];

const CODE = /\b(?:E[A-Z]{4,}|[A-Z]+(?:_[A-Z]+)+)\b/;

function reasonIn(text: string): string {
  if (isReason(text)) return text;
  const code = CODE.exec(text)?.[0];
  if (code !== undefined && isReason(code)) return code;
  return WORDS.find(([sentence]) => sentence.test(text))?.[1] ?? 'other';
}

function entry(level: LogLevel, event: LogEntry['event'], fields: LogFields): LogEntry {
  return { level, event, fields };
}
