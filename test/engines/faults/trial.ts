// One schedule, run: workers over real servers, faults as they were drawn, and at last calm, until all is stored.
// Out: what the store holds then, what was seen on the way, and everything that was not as it should be.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { randomFrom } from '../../cli/squid-log.ts';
import { type Content, readContent } from './content.ts';
import type { Ground } from './ground.ts';
import { type LogMessage, TOPIC } from './log.ts';
import { produceInPieces, renewTopic } from './producer.ts';
import type { Schedule } from './schedule.ts';
import { aheadOfStore, type Filled, untilStored } from './stored.ts';
import { writeTown } from './town.ts';
import { createWindows, type Windows } from './windows.ts';
import { startWorker, type Worker } from './worker.ts';

const STARTED_WITH = 2;
const PIECES = 60;
const PRODUCE_MS = 26_000;
const CALM_MS = 120_000;
const DRAIN_MS = 40_000;

/** A trial while it runs: what faults work on. */
export interface Trial extends Filled {
  townFolder: string;
  workers: Worker[];
  windows: Windows;
  random: () => number;
  /** How many changes there were. */
  changes: number;
  /** What was wrong on the way. */
  wrongs: string[];
  /** Workers that ended since a server was away when they started, and were started again. */
  gaveUp: number;
  /** While it is there, nobody is started: it ends when that may be again. */
  quiet: Promise<void> | null;
  /** Starts one more worker. */
  start(): Promise<Worker>;
}

export interface TrialResult {
  content: Content;
  wrongs: string[];
  windows: Windows;
  /** How often the workers said what, by event. */
  told: Record<string, number>;
  gaveUp: number;
  tookMs: number;
}

/** Makes a trial in which nothing runs yet. */
export async function openTrial(
  ground: Ground,
  schedule: Pick<Schedule, 'seed' | 'data'>,
  messages: readonly LogMessage[],
): Promise<Trial> {
  const name = `t${schedule.seed}_${Date.now().toString(36)}`;
  const folder = join(ground.folder, name);
  const townFolder = join(folder, 'town');
  mkdirSync(townFolder, { recursive: true });
  writeTown(townFolder);
  await ground.mend();
  await renewTopic(ground.kafka, TOPIC);
  const windows = createWindows(name);
  const trial: Trial = {
    ground,
    messages,
    group: name,
    prefix: name,
    townFolder,
    workers: [],
    windows,
    random: randomFrom(schedule.seed + 1),
    changes: 0,
    wrongs: [],
    gaveUp: 0,
    quiet: null,
    async start() {
      while (trial.quiet !== null) await trial.quiet;
      const own = join(folder, `w${trial.workers.length}`);
      const worker = await startWorker(
        {
          ...{ folder: own, townFolder, prefix: name, group: name, topic: TOPIC, windows },
          keysFolder: ground.keysFolder,
          dataFolder: schedule.data === 'shared' ? join(folder, 'data') : join(own, 'data'),
          brokers: ground.kafka.brokers,
          elasticsearchUrl: ground.elasticsearchUrl(),
          until: 'stopped',
        },
        trial.random,
      );
      trial.workers.push(worker);
      void watch(trial, worker);
      return worker;
    },
  };
  return trial;
}

/** Workers that run and are not asked to stop. */
export function running({ workers }: Trial): Worker[] {
  return workers.filter(({ exit, endedBy }) => exit === null && endedBy === null);
}

/** Runs a trial to its end: `meddle` is what happens meanwhile. */
export async function runTrial(trial: Trial, meddle: () => Promise<void>): Promise<TrialResult> {
  const begunMs = performance.now();
  try {
    for (let n = 0; n < STARTED_WITH; n++) await trial.start();
    const plan = { topic: TOPIC, messages: trial.messages, pieces: PIECES, overMs: PRODUCE_MS };
    await Promise.all([
      produceInPieces(trial.ground.kafka, { ...plan, begun: begun(trial) }),
      begun(trial).then(() => meddle()),
    ]);
    return await calm(trial, begunMs);
  } finally {
    for (const worker of trial.workers) if (worker.exit === null) worker.signal('SIGKILL');
    await Promise.all(trial.workers.map(worker => worker.exited));
  }
}

/** Waits until something was stored: what disturbs a worker that has only just started meets nothing. */
async function begun({ workers }: Trial): Promise<void> {
  const lastMs = performance.now() + CALM_MS;
  const hasWritten = () => workers.some(worker => worker.hasSaid('window-written'));
  while (!hasWritten() && performance.now() < lastMs) await pause(50);
}

/** Lets the workers finish, stops them, and looks at what there is. */
async function calm(trial: Trial, begunMs: number): Promise<TrialResult> {
  const { ground, prefix, windows, wrongs } = trial;
  if (running(trial).length === 0) await trial.start();
  await untilStored(trial);
  await stopAll(
    trial,
    trial.workers.filter(({ exit }) => exit === null),
  );
  wrongs.push(...(await aheadOfStore(trial)));
  const content = await readContent(ground.elasticsearchUrl(), prefix);
  wrongs.push(...content.missing, ...content.misnamed, ...content.leftOver, ...windows.faults(content));
  const told: Record<string, number> = {};
  for (const worker of trial.workers) {
    for (const line of worker.log()) {
      const action = String(line['event.action']);
      told[action] = (told[action] ?? 0) + 1;
    }
  }
  return { content, wrongs, windows, told, gaveUp: trial.gaveUp, tookMs: performance.now() - begunMs };
}

/** Stops workers as an operator does; whoever is still there long after is killed, and that is wrong. */
export async function stopAll(trial: Trial, workers: readonly Worker[]): Promise<void> {
  for (const worker of workers) {
    worker.signal('SIGTERM');
    if (worker.isFrozen) worker.signal('SIGCONT');
  }
  const late = new AbortController();
  const all = Promise.all(workers.map(({ exited }) => exited)).then(() => late.abort());
  await pause(DRAIN_MS, undefined, { signal: late.signal }).catch(() => undefined);
  for (const worker of workers) {
    if (worker.exit !== null) continue;
    trial.wrongs.push(`${worker.name} does not stop`);
    worker.signal('SIGKILL');
  }
  await all;
}

/** Sees how a worker ends. Where a server was away while it started, it may give up, and is started again. */
async function watch(trial: Trial, worker: Worker): Promise<void> {
  const { ground } = trial;
  const { code, signal } = await worker.exited;
  const wasStarting = !worker.hasSaid('partitions-assigned');
  if (worker.endedBy === 'SIGKILL' && signal === 'SIGKILL') return;
  if (worker.endedBy === 'SIGTERM' && code === 143) return;
  // Before it listens, the signal itself ends it: it has neither read nor written anything.
  if (worker.endedBy === 'SIGTERM' && signal === 'SIGTERM' && worker.said() === '') return;
  // What cannot be stored any more while it drains is read again by the next one.
  if (worker.endedBy === 'SIGTERM' && code === 3 && worker.said().includes('[STORE]')) return;
  if (worker.endedBy === null && code === 3 && wasStarting) {
    trial.gaveUp++;
    while (ground.isKafkaAway() || ground.isElasticsearchAway()) await pause(100);
    await trial.start();
    return;
  }
  trial.wrongs.push(
    `${worker.name} ended by itself: code ${code}, signal ${signal}, asked ${worker.endedBy}: ${worker.said()}`,
  );
}
