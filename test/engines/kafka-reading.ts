// Reading from a Kafka source in tests: followed as a worker does, closed whatever happens.
import { expect } from 'chai';
import { createKafkaSource, type KafkaSource } from '../../src/adapters/source/kafka/kafka.ts';
import type { KafkaSourceOptions } from '../../src/adapters/source/kafka/options.ts';
import { GranskaError } from '../../src/errors.ts';
import type { LiveEvent, Source } from '../../src/ports/source.ts';
import { type RememberedStreams, splitLines } from '../contract/source.ts';

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

/** Gives the error that something fails with. */
export async function failureOf(work: Promise<unknown>): Promise<GranskaError> {
  try {
    await work;
  } catch (error) {
    expect(error).to.be.instanceOf(GranskaError);
    return error as GranskaError;
  }
  throw new Error('it did not fail');
}

/** Waits for something that comes about by itself. */
export async function untilTrue(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise(resolve => setTimeout(resolve, 10));
}
