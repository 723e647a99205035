// Where the store stands, partition by partition, while a trial runs and at its end.
import { setTimeout as pause } from 'node:timers/promises';
import { offsetOf } from '../../../src/adapters/source/kafka/position.ts';
import { send } from '../send.ts';
import type { Ground } from './ground.ts';
import { type LogMessage, PARTITIONS, TOPIC } from './log.ts';
import type { Worker } from './worker.ts';

/** A store that is filled. */
export interface Filled {
  ground: Ground;
  prefix: string;
  group: string;
  /** The whole log. */
  messages: readonly LogMessage[];
  /** Who fills it, and what was wrong so far: told where it does not come to an end. */
  workers: readonly Worker[];
  wrongs: readonly string[];
}

const CALM_MS = 120_000;

/** Waits until the whole log was produced, and the store stands at the end of every partition. */
export async function untilStored(filled: Filled): Promise<void> {
  const ends = Array.from({ length: PARTITIONS }, (_, partition) =>
    filled.messages.reduce((sum, message) => sum + Number(message.partition === partition), 0),
  ).sort((a, b) => a - b);
  const lastMs = performance.now() + CALM_MS;
  let positions: number[] = [];
  while (performance.now() < lastMs) {
    positions = (await storedPositions(filled)).map(({ offset }) => offset).sort((a, b) => a - b);
    if (JSON.stringify(positions) === JSON.stringify(ends)) return;
    await pause(200);
  }
  const states = filled.workers.map(({ name, exit, log }) => {
    const last = log()
      .slice(-3)
      .map(line => line['event.action']);
    return `${name} ${exit === null ? 'runs' : 'has ended'}: ${last.join(', ')}`;
  });
  throw new Error(
    `not all was stored in time: the store stands at ${positions}, not ${ends}\n${states.join('\n')}\n${filled.wrongs.join('\n')}`,
  );
}

/** Asks the store, by its documents as they are now, where each partition stands. */
async function storedPositions({ ground, prefix }: Filled): Promise<{ partition: number; offset: number }[]> {
  const url = ground.elasticsearchUrl();
  await send(url, { method: 'POST', path: `/${prefix}-streams/_refresh` });
  const { status, body } = await send(url, { method: 'GET', path: `/${prefix}-streams/_search?size=100` });
  if (status !== 200) throw new Error(`the streams cannot be read: ${status}`);
  const hits = body.hits.hits as { _source: { source: string; position: number } }[];
  return hits.map(({ _source }) => ({
    partition: Number(_source.source.split('-').at(-1)),
    offset: offsetOf(_source.position),
  }));
}

/** Holds §9.1: what the broker was told is never beyond what the store holds. */
export async function aheadOfStore(filled: Filled): Promise<string[]> {
  const admin = filled.ground.kafka.client().admin();
  await admin.connect();
  try {
    // In this order: meanwhile the store can only go on.
    const [committed] = await admin.fetchOffsets({ groupId: filled.group, topics: [TOPIC] });
    const stored = new Map(
      (await storedPositions(filled)).map(({ partition, offset }) => [partition, offset]),
    );
    return committed!.partitions
      .filter(({ partition, offset }) => Number(offset) > (stored.get(partition) ?? 0))
      .map(
        ({ partition, offset }) =>
          `§9.1: partition ${partition} is committed at ${offset}, stored at ${stored.get(partition)}`,
      );
  } finally {
    await admin.disconnect();
  }
}
