// How far behind the sources are, told as numbers. In: sources, some of which can be asked; out: the lag of this worker's
// partitions. Invariant: a source that cannot be asked keeps what was last known of it, and holds up no other: a number
// that goes away would silence the alert that is there for it.
// Example: one of two clusters does not answer → its numbers stand still, the other's go on.
import { kafkaLag } from '../adapters/telemetry/kafka-to-log.ts';
import type { Telemetry, TopicLag } from '../ports/telemetry.ts';
import type { RunSource } from './run-source.ts';

/** Creates what asks all sources, and tells. */
export function createLagTeller(
  sources: readonly Pick<RunSource, 'lag'>[],
  telemetry: Pick<Telemetry, 'lag'>,
): () => Promise<void> {
  const last = new Map<object, TopicLag[]>();

  async function ask(source: Pick<RunSource, 'lag'>): Promise<void> {
    if (source.lag === null) return;
    last.set(source, kafkaLag(await source.lag()));
    telemetry.lag([...last.values()].flat());
  }

  return async () => {
    await Promise.allSettled(sources.map(ask));
  };
}
