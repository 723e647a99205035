// Does a worker's memory stand still? `granska run` from Kafka into Elasticsearch at full load for some minutes, lines
// produced as fast as they are stored; heap and resident memory by its own /metrics, the second minute beside the last.
// Run: node bench/steady.ts [--minutes 10] [--version 9.2.0] [--flagged 0.001]
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createClient } from '../src/adapters/source/kafka/client.ts';
import { type ElasticsearchVersion, startElasticsearch } from '../test/engines/elasticsearch.ts';
import { freePort } from '../test/engines/engines.ts';
import { startKafka } from '../test/engines/kafka.ts';
import { writeConfig } from './end-to-end.ts';
import { generateLists, LISTS } from './generate-list.ts';
import { generateLog, OFFICE } from './generate-log.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    version: { type: 'string', default: '9.2.0' },
    flagged: { type: 'string', default: '0.001' },
  },
});

const ROOT = resolve(import.meta.dirname, '..');
const TOPIC = 'steady';
const PARTITIONS = 4;
const LINES_PER_MESSAGE = 100;
/** Messages that may lie unstored: the producer waits beyond that, so that the worker is what decides. */
const MAX_AHEAD = 40_000;
/** Messages that are sent at once: below the megabyte that a broker takes. */
const BATCH = 50;

interface Sample {
  minute: number;
  heapMebibytes: number;
  residentMebibytes: number;
  lines: number;
}

const folder = mkdtempSync(join(tmpdir(), 'granska-bench-'));
const [kafka, store] = await Promise.all([
  startKafka({
    // What was read may go: the disk must not decide either.
    properties: [
      `log.retention.bytes=${256 << 20}`,
      `log.segment.bytes=${32 << 20}`,
      'log.retention.check.interval.ms=5000',
    ],
  }),
  startElasticsearch({ version: values.version as ElasticsearchVersion }),
]);
try {
  report(await measure());
} finally {
  await Promise.all([kafka.stop(), store.stop()]);
  rmSync(folder, { recursive: true });
}

async function measure(): Promise<Sample[]> {
  const port = await freePort();
  const place = join(folder, 'config');
  mkdirSync(place);
  generateLists(join(folder, 'lists'), { ...LISTS, domains: 200_000 });
  writeConfig(
    place,
    join(folder, 'lists'),
    `store: { kind: elasticsearch, url: ${JSON.stringify(store.url)} }
sources:
  - { name: bench, kind: kafka, brokers: ${JSON.stringify(kafka.brokers)}, topics: [${TOPIC}], format: squid }
run: { listen: "127.0.0.1:${port}" }
log: { format: json, level: warn }
`,
  );
  await kafka.createTopic(TOPIC, PARTITIONS, {});
  const places = ['--config', place, '--data-dir', join(folder, 'data'), '--keys-dir', join(folder, 'keys')];
  const worker = spawn(process.execPath, [join(ROOT, 'bin/granska'), ...places, 'run'], { stdio: 'inherit' });
  const ended = new Promise(done => worker.on('exit', done));
  const stop = new AbortController();
  const producing = produce(port, stop.signal);
  try {
    return await sample(port);
  } finally {
    stop.abort();
    await producing;
    worker.kill('SIGTERM');
    await ended;
  }
}

async function sample(port: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  const fromMs = performance.now();
  for (let minute = 0; minute < Number(values.minutes); ) {
    await pause(5_000);
    minute = (performance.now() - fromMs) / 60_000;
    const metrics = await readMetrics(port);
    samples.push({
      minute,
      heapMebibytes: (metrics.get('nodejs_heap_size_used_bytes') ?? 0) / 2 ** 20,
      residentMebibytes: (metrics.get('process_resident_memory_bytes') ?? 0) / 2 ** 20,
      lines: metrics.get('granska_lines_total') ?? 0,
    });
  }
  return samples;
}

/** Reads the worker's numbers; those of several labels are added up. */
async function readMetrics(port: number): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => null);
  for (const line of (await answer?.text())?.split('\n') ?? []) {
    const [, name, value] = /^(?:granska_)?([a-z_]+)(?:\{[^}]*\})? ([\d.e+]+)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const key =
      line.startsWith('granska_') && !/^granska_(nodejs|process)/.test(line) ? `granska_${name}` : name;
    found.set(key, (found.get(key) ?? 0) + Number(value));
  }
  return found;
}

/** Produces the same log again and again, never far ahead of what is stored. */
async function produce(port: number, signal: AbortSignal): Promise<void> {
  const log = join(folder, 'access.log');
  generateLog(log, { ...OFFICE, lines: 400_000, flagged: Number(values.flagged) });
  const lines = readFileSync(log, 'latin1').trimEnd().split('\n');
  const messages: { value: Buffer }[] = [];
  for (let at = 0; at < lines.length; at += LINES_PER_MESSAGE) {
    messages.push({ value: Buffer.from(lines.slice(at, at + LINES_PER_MESSAGE).join('\n'), 'latin1') });
  }
  const producer = createClient({ brokers: kafka.brokers, group: 'bench', tls: null, sasl: null }).producer();
  await producer.connect();
  let sent = 0;
  for (let turn = 0; !signal.aborted; turn++) {
    const from = (turn * BATCH) % messages.length;
    const some = messages.slice(from, from + BATCH);
    await producer.send({
      topic: TOPIC,
      messages: some.map(message => ({ ...message, partition: turn % PARTITIONS })),
    });
    sent += some.length;
    while (!signal.aborted && turn % 32 === 0) {
      const stored = (await readMetrics(port)).get('granska_lines_total') ?? 0;
      if (sent - stored / LINES_PER_MESSAGE < MAX_AHEAD) break;
      await pause(100);
    }
  }
  await producer.disconnect();
}

function report(samples: readonly Sample[]): void {
  const last = samples.at(-1)!;
  const within = (from: number, to: number) => samples.filter(one => one.minute >= from && one.minute < to);
  const early = within(1, 3);
  const late = within(last.minute - 2, last.minute + 1);
  const of = (some: readonly Sample[], pick: (one: Sample) => number) => Math.round(median(some.map(pick)));
  console.log(
    `${last.minute.toFixed(1)} minutes, ${Math.round(last.lines / 1e6)} M lines ` +
      `(${(last.lines / last.minute / 60 / 1e6).toFixed(2)} M lines/s), ${Number(values.flagged) * 100} % flagged: ` +
      `heap ${of(early, one => one.heapMebibytes)} MiB in minutes 1–3, ${of(late, one => one.heapMebibytes)} MiB in the last two; ` +
      `resident ${of(early, one => one.residentMebibytes)} and ${of(late, one => one.residentMebibytes)} MiB`,
  );
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
