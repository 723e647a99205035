// How fast the whole worker is: `granska run --once` from Kafka into Elasticsearch, beside a kafkajs consumer that does
// nothing on the same topic, one after the other in processes of their own; medians of rounds, all in one run. The store
// has indexed before, as one that is in use: a server that was just started takes several times the processor for the same.
// Run: node bench/worker.ts [--lines 1000000] [--rounds 5] [--version 9.2.0] [--domains 200000] [--flagged 0.001,0.01]
// [--per-message 1,100] [--codec none]
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { type ElasticsearchVersion, startElasticsearch } from '../test/engines/elasticsearch.ts';
import { startKafka } from '../test/engines/kafka.ts';
import { writeConfig } from './end-to-end.ts';
import { type Codec, fillTopic } from './fill-topic.ts';
import { generateLists, LISTS } from './generate-list.ts';
import { generateLog, OFFICE } from './generate-log.ts';

const run = promisify(execFile);

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
    version: { type: 'string', default: '9.2.0' },
    domains: { type: 'string', default: '200000' },
    flagged: { type: 'string', default: '0.001,0.01' },
    'per-message': { type: 'string', default: '1,100' },
    codec: { type: 'string', default: 'none' },
  },
});

const LINES = Number(values.lines);
const codec = values.codec as Codec;
const PARTITIONS = 4;
const WARM_LINES = 500_000;
const WARM_FLAGGED = 0.1;
const WARM_ROUNDS = 3;
const ROOT = resolve(import.meta.dirname, '..');

interface Measured {
  seconds: number;
  cpuSeconds: number;
  findings: number;
}

const folder = mkdtempSync(join(tmpdir(), 'granska-bench-'));
const [kafka, store] = await Promise.all([
  startKafka(),
  startElasticsearch({ version: values.version as ElasticsearchVersion }),
]);
try {
  generateLists(join(folder, 'lists'), { ...LISTS, domains: Number(values.domains) });
  await warm();
  for (const flagged of numbers(values.flagged)) {
    const log = join(folder, 'access.log');
    generateLog(log, { ...OFFICE, lines: LINES, flagged });
    for (const perMessage of numbers(values['per-message'])) await compare({ log, flagged, perMessage });
  }
} finally {
  await Promise.all([kafka.stop(), store.stop()]);
  rmSync(folder, { recursive: true });
}

/** Lets the store and the broker do what they will be asked to, until their own compilers are done with it. */
async function warm(): Promise<void> {
  const log = join(folder, 'warm.log');
  generateLog(log, { ...OFFICE, lines: WARM_LINES, flagged: WARM_FLAGGED });
  await kafka.createTopic('warm', PARTITIONS, { 'max.message.bytes': '8388608' });
  await fillTopic(kafka, 'warm', { log, perMessage: 100, partitions: PARTITIONS, codec: 'none' });
  for (let round = 0; round < WARM_ROUNDS; round++) await runWorker('warm', round);
}

async function compare(shape: { log: string; flagged: number; perMessage: number }): Promise<void> {
  const { log, flagged, perMessage } = shape;
  const topic = `lines-${flagged}-${perMessage}`;
  await kafka.createTopic(topic, PARTITIONS, { 'max.message.bytes': '8388608' });
  const messages = await fillTopic(kafka, topic, { log, perMessage, partitions: PARTITIONS, codec });
  const runs: { noOp: Measured; worker: Measured }[] = [];
  for (let round = 0; round <= Number(values.rounds); round++) {
    const noOp = await runNoOp(topic, messages);
    const worker = await runWorker(topic, round);
    // The first round warms the broker, the store and the disk.
    if (round > 0) runs.push({ noOp, worker });
  }
  const of = (pick: (run: (typeof runs)[number]) => number) => median(runs.map(pick));
  const rate = (seconds: number) => (LINES / seconds / 1e6).toFixed(2);
  const ratios = runs.map(({ noOp, worker }) => noOp.seconds / worker.seconds);
  console.log(
    `${perMessage} line(s) a message, codec ${codec}, ${flagged * 100} % flagged (${runs[0]!.worker.findings} findings): ` +
      `no-op ${rate(of(one => one.noOp.seconds))} M lines/s, worker ${rate(of(one => one.worker.seconds))} M lines/s ` +
      `(${of(one => one.worker.cpuSeconds).toFixed(2)} s of processor in all), ` +
      `ratio ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`,
  );
}

async function runNoOp(topic: string, messages: number): Promise<Measured> {
  const args = [
    '--one',
    'no-op',
    '--brokers',
    kafka.brokers.join(','),
    '--topic',
    topic,
    '--lines',
    `${messages}`,
  ];
  const { stdout } = await run(process.execPath, [join(ROOT, 'bench/kafka.ts'), ...args]);
  return { findings: 0, ...JSON.parse(stdout.trim().split('\n').at(-1)!) };
}

/** Runs the worker as a new group into a new store: every round reads and indexes everything. */
async function runWorker(topic: string, round: number): Promise<Measured> {
  const place = join(folder, 'config');
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
  const prefix = `b${topic.replace(/[^a-z0-9]/g, '')}r${round}`;
  writeConfig(
    place,
    join(folder, 'lists'),
    `store: { kind: elasticsearch, url: ${JSON.stringify(store.url)}, prefix: ${prefix} }
sources:
  - { name: bench, kind: kafka, brokers: ${JSON.stringify(kafka.brokers)}, group: ${prefix}, topics: [${topic}], format: squid }
run: { listen: off }
log: { format: json, level: info }
`,
  );
  const places = ['--config', place, '--data-dir', join(folder, 'data'), '--keys-dir', join(folder, 'keys')];
  const child = spawn(process.execPath, [join(ROOT, 'bin/granska'), ...places, 'run', '--once'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, told] = ['', ''];
  child.stdout.on('data', text => {
    out += text;
  });
  child.stderr.on('data', text => {
    told += text;
  });
  let cpuSeconds = 0;
  const watch = setInterval(() => {
    cpuSeconds = processorSeconds(child.pid!) ?? cpuSeconds;
  }, 50);
  const code = await new Promise(done => child.on('exit', done));
  clearInterval(watch);
  if (code !== 0) throw new Error(`the worker ended with ${code}: ${told}`);
  // What is merged and refreshed of it afterwards would be paid for by the next run.
  await deleteIndices(prefix);
  const lines = told.split('\n').filter(line => line.startsWith('{'));
  const at = (event: string) => {
    const found = lines.map(line => JSON.parse(line)).find(line => line['event.action'] === event);
    return Date.parse(found['@timestamp']);
  };
  // From when the group gave it its partitions until everything is stored.
  const seconds = (at('stopped') - at('partitions-assigned')) / 1000;
  const findings = Number(/([\d,]+) new findings?/.exec(out)![1]!.replaceAll(',', ''));
  return { seconds, cpuSeconds, findings };
}

async function deleteIndices(prefix: string): Promise<void> {
  const indices = (await (await fetch(`${store.url}/${prefix}-*`)).json()) as Record<string, unknown>;
  const names = Object.keys(indices).join(',');
  const { ok } = await fetch(`${store.url}/${names}`, { method: 'DELETE' });
  if (!ok) throw new Error(`the indices of ${prefix} could not be deleted`);
}

function processorSeconds(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return null;
  }
}

function numbers(text: string): number[] {
  return text.split(',').map(Number);
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;
}
