// A log into a topic, one line or many to a message: what the benchmarks of the stream read.
import { closeSync, openSync, readSync } from 'node:fs';
import { createClient } from '../src/adapters/source/kafka/client.ts';
import type { KafkaServer } from '../test/engines/kafka.ts';

const CODECS = { none: 0, gzip: 1, zstd: 4 } as const;
export type Codec = keyof typeof CODECS;

/** Produces the log into a topic, `perMessage` lines to a message. */
export async function fillTopic(
  server: KafkaServer,
  topic: string,
  {
    log,
    perMessage,
    partitions,
    codec,
  }: { log: string; perMessage: number; partitions: number; codec: Codec },
): Promise<number> {
  const client = createClient({ brokers: server.brokers, group: 'bench', tls: null, sasl: null });
  const producer = client.producer();
  await producer.connect();
  const compression = CODECS[codec];
  let messages = 0;
  let sent = 0;
  for (const group of inGroups(messagesOf(log, perMessage), Math.ceil(2_000 / perMessage))) {
    const partition = sent++ % partitions;
    messages += group.length;
    await producer.send({ topic, compression, messages: group.map(value => ({ value, partition })) });
  }
  await producer.disconnect();
  return messages;
}

function* messagesOf(log: string, perMessage: number): Generator<Buffer> {
  const file = openSync(log, 'r');
  const buffer = Buffer.alloc(1 << 20);
  let rest = Buffer.alloc(0);
  let lines: Buffer[] = [];
  for (let count = readSync(file, buffer); count > 0; count = readSync(file, buffer)) {
    const bytes = Buffer.concat([rest, buffer.subarray(0, count)]);
    let start = 0;
    for (let feed = bytes.indexOf(10); feed >= 0; feed = bytes.indexOf(10, start)) {
      lines.push(bytes.subarray(start, feed));
      start = feed + 1;
      if (lines.length < perMessage) continue;
      yield Buffer.from(lines.map(line => line.toString('latin1')).join('\n'), 'latin1');
      lines = [];
    }
    rest = Buffer.from(bytes.subarray(start));
  }
  closeSync(file);
  if (lines.length > 0) yield Buffer.from(lines.map(line => line.toString('latin1')).join('\n'), 'latin1');
}

function* inGroups<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let group: T[] = [];
  for (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
