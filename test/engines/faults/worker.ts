// A worker as a process of the program, `granska run`, with a configuration and a proxy before Elasticsearch of its own.
// Invariant: no worker outlives the test, however that ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Fate, type MeddlingProxy, startMeddlingProxy } from '../meddling-proxy.ts';
import type { Windows } from './windows.ts';

export interface WorkerOptions {
  /** A folder of its own for this worker. */
  folder: string;
  /** The folder with the configuration that all share. */
  townFolder: string;
  keysFolder: string;
  dataFolder: string;
  brokers: readonly string[];
  group: string;
  topic: string;
  elasticsearchUrl: string;
  prefix: string;
  /** Ends when everything was read. */
  until: 'stopped' | 'end';
  windows: Windows;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Decides about a bulk request of a worker, before any other meddling; null lets it be. */
export type Trap = (body: string) => Promise<Fate> | null;

export interface Worker {
  readonly name: string;
  readonly proxy: MeddlingProxy;
  /** What becomes of its requests; each by chance where it is a number between 0 and 1. */
  readonly meddling: { busy: number; lost: number; isCut: boolean; trap: Trap | null };
  readonly exited: Promise<Exit>;
  /** How it ended; null while it runs. */
  exit: Exit | null;
  isFrozen: boolean;
  /** What we have sent to end it; null while nothing was. */
  endedBy: 'SIGTERM' | 'SIGKILL' | null;
  signal(signal: NodeJS.Signals): void;
  /** Its log so far: one object a line. */
  log(): LogLine[];
  /** Whether its log tells of an event. */
  hasSaid(action: string): boolean;
  /** What it wrote that was no line of the log. */
  said(): string;
}

export interface LogLine {
  'event.action'?: string;
  'log.level'?: string;
  [field: string]: unknown;
}

const PROGRAM = resolve(import.meta.dirname, '..', '..', '..', 'bin', 'granska');
/** The shortest that the configuration takes, so that faults fall into as many sessions and windows as can be. */
const SESSION_SECONDS = 6;
const FLUSH_SECONDS = 1;
/** Answers take up to so long: a worker is then more often in the middle of something. */
const LATENCY_MS = 40;
const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** Starts one. `random` decides what becomes of its requests. */
export async function startWorker(options: WorkerOptions, random: () => number): Promise<Worker> {
  const { folder, windows } = options;
  mkdirSync(folder, { recursive: true });
  const proxy = await startMeddlingProxy(options.elasticsearchUrl);
  writeFileSync(join(folder, 'granska.yaml'), settingsOf(options, proxy.url));
  const logFile = join(folder, 'worker.log');
  const log = openSync(logFile, 'a');
  const once = options.until === 'end' ? ['--once'] : [];
  const child = spawn(process.execPath, [PROGRAM, 'run', ...once, '--config', folder], {
    cwd: folder,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  children.add(child);
  const meddling: Worker['meddling'] = { busy: 0, lost: 0, isCut: false, trap: null };
  proxy.heard = exchange => windows.note(exchange);
  proxy.decide = async (line, body) => {
    await new Promise(done => setTimeout(done, random() * LATENCY_MS));
    const isBulk = line.includes('/_bulk');
    if (meddling.isCut) return 'cut';
    const trapped = isBulk ? (meddling.trap?.(body) ?? null) : null;
    if (trapped !== null) return await trapped;
    if (isBulk && random() < meddling.busy) return 'busy';
    return isBulk && random() < meddling.lost ? 'lost' : 'through';
  };
  const lines = () =>
    readFileSync(logFile, 'utf8')
      .split('\n')
      .filter(line => line !== '');
  const worker: Worker = {
    name: folder.split('/').at(-1)!,
    proxy,
    meddling,
    exited: new Promise(done => {
      child.once('exit', async (code, signal) => {
        children.delete(child);
        worker.exit = { code, signal };
        await proxy.close();
        done({ code, signal });
      });
    }),
    exit: null,
    isFrozen: false,
    endedBy: null,
    signal(signal) {
      if (signal === 'SIGTERM' || signal === 'SIGKILL') worker.endedBy = signal;
      if (signal === 'SIGSTOP') worker.isFrozen = true;
      if (signal === 'SIGCONT') worker.isFrozen = false;
      child.kill(signal);
    },
    hasSaid: action => worker.log().some(line => line['event.action'] === action),
    log: () => lines().flatMap(line => (line.startsWith('{') ? [JSON.parse(line) as LogLine] : [])),
    said: () =>
      lines()
        .filter(line => !line.startsWith('{'))
        .join('\n'),
  };
  return worker;
}

function settingsOf(options: WorkerOptions, storeUrl: string): string {
  const { townFolder, keysFolder, dataFolder, brokers, group, topic, prefix } = options;
  const of = (name: string) => JSON.stringify(join(townFolder, name));
  return `version: 1
organization: Provby
timezone: Europe/Stockholm
policy: ${of('policy.yaml')}
directory: ${of('directory.csv')}
networks: ${of('networks.csv')}
departments: ${of('departments.csv')}
lists: [${of('lists')}]
taxonomy: ${of('taxonomy.yaml')}
data: ${JSON.stringify(dataFolder)}
keys: ${JSON.stringify(keysFolder)}
identity: { stripDomains: [PROVBY] }
store: { kind: elasticsearch, url: "${storeUrl}", prefix: ${prefix} }
sources:
  - name: proxy
    kind: kafka
    brokers: ${JSON.stringify(brokers)}
    group: ${group}
    topics: [${topic}]
    format: squid
    sessionSeconds: ${SESSION_SECONDS}
run: { listen: "off", flushSeconds: ${FLUSH_SECONDS}, reloadSeconds: 0 }
log: { level: debug, format: json }
`;
}
