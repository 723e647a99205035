// Reading from a Kafka source in tests: followed as a worker does, closed whatever happens.
import { createKafkaSource, type KafkaSource } from '../../src/adapters/source/kafka/kafka.ts';
import type { KafkaSourceOptions } from '../../src/adapters/source/kafka/options.ts';
import type { LiveEvent, Source } from '../../src/ports/source.ts';
import { type RememberedStreams, splitLines } from '../contract/source.ts';

/** Makes the options of a source of topics that it reads from the beginning, knowing nothing of them. */
export function kafkaOptions(
  of: Pick<KafkaSourceOptions, 'brokers' | 'group' | 'topics' | 'until'>,
  more: Partial<KafkaSourceOptions>,
): KafkaSourceOptions {
  return { ...of, source: 'default', known: null, start: 'earliest', tls: null, sasl: null, ...more };
}

/** Follows a source, storing each event before the next, until `isEnough` says so. */
export async function follow(
  options: KafkaSourceOptions,
  known: RememberedStreams,
  isEnough: (event: LiveEvent, source: KafkaSource) => Promise<boolean>,
): Promise<void> {
  const source = createKafkaSource(options);
  const stop = new AbortController();
  try {
    for await (const event of source.events(stop.signal)) {
      const isLast = await isEnough(event, source);
      if (event.kind !== 'end' && event.kind !== 'rebalance' && event.kind !== 'settle') {
        const { state, marks } = event;
        known.store({ kind: 'position', state, marks, path: null, offset: state.position, text: '' });
        source.stored([state]);
      }
      if (isLast) stop.abort();
    }
  } finally {
    await source.close();
  }
}

/** Closes a source when its reading ends, as a program does. */
export function closing(source: KafkaSource): Source<LiveEvent> {
  return {
    async *events(signal) {
      try {
        yield* source.events(signal);
      } finally {
        await source.close();
      }
    },
  };
}

/** Gives the lines of an event. */
export function linesOf(event: LiveEvent): string[] {
  if (event.kind !== 'lines') return [];
  return splitLines(Buffer.from(event.bytes.subarray(event.start, event.end)).toString('latin1'));
}

/** Waits for something that comes about by itself. */
export async function untilTrue(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise(resolve => setTimeout(resolve, 10));
}
