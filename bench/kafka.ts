// How fast lines come out of Kafka: a kafkajs consumer that does nothing, the source, and (where it is named) the client
// @platformatic/kafka doing nothing; the same topic, one after the other, in processes of their own, medians of rounds.
// Run: node bench/kafka.ts [--lines 1000000] [--partitions 4] [--codec none] [--rounds 5] [--peer PATH-OF-ITS-MODULE]
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import zlib from 'node:zlib';
import kafkajs from 'kafkajs';
import { createKafkaSource } from '../src/adapters/source/kafka/kafka.ts';
import { startKafka } from '../test/engines/kafka.ts';
import { type Codec, fillTopic } from './fill-topic.ts';
import { generateLog, OFFICE } from './generate-log.ts';

const run = promisify(execFile);
const unzstd = promisify<Buffer, Buffer>(zlib.zstdDecompress);

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '1000000' },
    partitions: { type: 'string', default: '4' },
    codec: { type: 'string', default: 'none' },
    rounds: { type: 'string', default: '5' },
    peer: { type: 'string' },
    // One measurement, in a process of its own.
    one: { type: 'string' },
    brokers: { type: 'string' },
    topic: { type: 'string' },
  },
});

interface Measured {
  seconds: number;
  lines: number;
  bytes: number;
  /** Processor time of the reading process, all threads. */
  cpuSeconds: number;
  rssBytes: number;
}

/** Where and what one measurement reads. */
interface Task {
  brokers: string[];
  topic: string;
  /** Messages that end the measurement. */
  messages: number;
}

if (values.one === undefined) await compare();
else {
  const task = { brokers: values.brokers!.split(','), topic: values.topic!, messages: Number(values.lines) };
  const readers: Record<string, (task: Task) => Promise<Measured>> = {
    'no-op': task => readWithKafkajs(task, {}),
    'no-op, big fetches': task =>
      readWithKafkajs(task, { maxBytesPerPartition: 4 << 20, maxBytes: 16 << 20 }),
    source: readWithSource,
    platformatic: readWithPeer,
  };
  console.log(JSON.stringify(await readers[values.one]!(task)));
}

async function compare(): Promise<void> {
  const lines = Number(values.lines);
  const partitions = Number(values.partitions);
  const codec = values.codec as Codec;
  const folder = mkdtempSync(join(tmpdir(), 'granska-bench-'));
  const server = await startKafka();
  try {
    const log = join(folder, 'access.log');
    generateLog(log, { ...OFFICE, lines });
    for (const perMessage of [1, 100]) {
      const topic = `lines-${perMessage}`;
      await server.createTopic(topic, partitions, { 'max.message.bytes': '8388608' });
      const messages = await fillTopic(server, topic, { log, perMessage, partitions, codec });
      await report({ brokers: server.brokers, topic, messages }, { lines, perMessage });
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

async function report(
  task: Task,
  { lines, perMessage }: { lines: number; perMessage: number },
): Promise<void> {
  const names = [
    'no-op',
    'no-op, big fetches',
    'source',
    ...(values.peer === undefined ? [] : ['platformatic']),
  ];
  const found = new Map<string, Measured[]>(names.map(name => [name, []]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const name of names) {
      const peer = values.peer === undefined ? [] : ['--peer', values.peer];
      const place = [
        '--brokers',
        task.brokers.join(','),
        '--topic',
        task.topic,
        '--lines',
        `${task.messages}`,
      ];
      const { stdout } = await run(process.execPath, [
        import.meta.filename,
        '--one',
        name,
        ...place,
        ...peer,
      ]);
      found.get(name)!.push(JSON.parse(stdout.trim().split('\n').at(-1)!) as Measured);
    }
  }
  console.log(`${perMessage} line(s) a message, codec ${values.codec}, ${lines} lines:`);
  const floor = median(found.get('no-op')!.map(one => one.seconds));
  for (const [name, measured] of found) {
    const seconds = median(measured.map(one => one.seconds));
    const millions = (lines / seconds / 1e6).toFixed(2);
    const share = (floor / seconds).toFixed(2);
    const cpu = median(measured.map(one => one.cpuSeconds)).toFixed(2);
    const mebibytes = Math.round(median(measured.map(one => one.rssBytes)) / 2 ** 20);
    console.log(
      `  ${name.padEnd(20)} ${millions} M lines/s  ${share} of the no-op  ${cpu} s of processor  ${mebibytes} MiB resident`,
    );
  }
}

async function readWithKafkajs(
  { brokers, topic, messages }: Task,
  fetches: { maxBytesPerPartition?: number; maxBytes?: number },
): Promise<Measured> {
  // Of itself it unpacks gzip only: zstd is added as it does that.
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({ decompress: unzstd });
  const client = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.WARN });
  const consumer = client.consumer({ groupId: `bench-${process.pid}`, ...fetches });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const measured = { seconds: 0, lines: 0, bytes: 0, cpuSeconds: 0, rssBytes: 0 };
  let [begunMs, begunCpu] = [0, 0];
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          if (begunMs === 0) [begunMs, begunCpu] = now();
          measured.lines += batch.messages.length;
          if (measured.lines >= messages) resolve();
        },
      })
      .catch(reject);
  });
  const [endedMs, endedCpu] = now();
  measured.seconds = (endedMs - begunMs) / 1000;
  measured.cpuSeconds = (endedCpu - begunCpu) / 1000;
  measured.rssBytes = process.memoryUsage.rss();
  await consumer.disconnect();
  return measured;
}

async function readWithSource({ brokers, topic }: Task): Promise<Measured> {
  const source = createKafkaSource({
    brokers,
    group: `bench-${process.pid}`,
    topics: [topic],
    source: 'default',
    known: null,
    start: 'earliest',
    until: 'end',
    tls: null,
    sasl: null,
  });
  const measured = { seconds: 0, lines: 0, bytes: 0, cpuSeconds: 0, rssBytes: 0 };
  let [begunMs, begunCpu] = [0, 0];
  for await (const event of source.events(new AbortController().signal)) {
    if (begunMs === 0) [begunMs, begunCpu] = now();
    if (event.kind === 'lines') measured.bytes += event.end - event.start;
  }
  const [endedMs, endedCpu] = now();
  measured.seconds = (endedMs - begunMs) / 1000;
  measured.cpuSeconds = (endedCpu - begunCpu) / 1000;
  measured.rssBytes = process.memoryUsage.rss();
  await source.close();
  return measured;
}

/** As much of @platformatic/kafka as is used here. */
interface Peer {
  Consumer: new (
    options: Record<string, unknown>,
  ) => {
    consume(
      options: Record<string, unknown>,
    ): Promise<
      AsyncIterable<{ value: Uint8Array }> & { on(name: string, heard: (message: unknown) => void): void }
    >;
    close(isForced: boolean): Promise<void>;
  };
  MessagesStreamModes: Record<string, string>;
}

async function readWithPeer({ brokers, topic, messages }: Task): Promise<Measured> {
  const { Consumer } = (await import(values.peer!)) as Peer;
  const consumer = new Consumer({
    groupId: `bench-${process.pid}`,
    clientId: 'bench',
    bootstrapBrokers: brokers,
  });
  const stream = await consumer.consume({
    topics: [topic],
    autocommit: false,
    mode: 'earliest',
    maxBytes: 4 << 20,
    highWaterMark: 4096,
  });
  const measured = { seconds: 0, lines: 0, bytes: 0, cpuSeconds: 0, rssBytes: 0 };
  let [begunMs, begunCpu] = [0, 0];
  await new Promise<void>(resolve => {
    stream.on('data', () => {
      if (begunMs === 0) [begunMs, begunCpu] = now();
      if (++measured.lines >= messages) resolve();
    });
  });
  const [endedMs, endedCpu] = now();
  measured.seconds = (endedMs - begunMs) / 1000;
  measured.cpuSeconds = (endedCpu - begunCpu) / 1000;
  measured.rssBytes = process.memoryUsage.rss();
  await consumer.close(true);
  return measured;
}

function now(): [wallMs: number, cpuMs: number] {
  const { user, system } = process.cpuUsage();
  return [performance.now(), (user + system) / 1000];
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;
}
