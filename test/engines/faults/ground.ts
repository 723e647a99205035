// The ground on which schedules run: one Kafka, one Elasticsearch at a time, folders. Servers can be killed and started
// again; whoever asks meanwhile waits for them.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Elasticsearch, type ElasticsearchVersion, startElasticsearch } from '../elasticsearch.ts';
import { type KafkaServer, startKafka } from '../kafka.ts';
import { send } from '../send.ts';

export interface Ground {
  kafka: KafkaServer;
  /** Where Elasticsearch listens now. */
  elasticsearchUrl(): string;
  folder: string;
  keysFolder: string;
  /** Stops the Elasticsearch that runs, and starts another. */
  useElasticsearch(version: ElasticsearchVersion): Promise<void>;
  killElasticsearch(): Promise<void>;
  restartElasticsearch(): Promise<void>;
  killKafka(): Promise<void>;
  restartKafka(): Promise<void>;
  /** True while the broker is away. */
  isKafkaAway(): boolean;
  isElasticsearchAway(): boolean;
  /** Brings back what a trial that broke off has left away. */
  mend(): Promise<void>;
  /** Leaves the folder with the workers' logs behind, to be looked at; answers it. */
  keepFolder(): string;
  stop(): Promise<void>;
}

/** Starts Kafka and makes the folders. */
export async function startGround(): Promise<Ground> {
  const kafka = await startKafka();
  const folder = mkdtempSync(join(tmpdir(), 'granska-faults-'));
  const keysFolder = join(folder, 'keys');
  mkdirSync(keysFolder, { mode: 0o700 });
  let running: { server: Elasticsearch; version: ElasticsearchVersion } | null = null;
  let isKafkaAway = false;
  let isElasticsearchAway = false;
  let isKept = false;
  const ground: Ground = {
    kafka,
    elasticsearchUrl: () => running!.server.url,
    folder,
    keysFolder,
    async useElasticsearch(version) {
      if (running?.version === version) return;
      await running?.server.stop();
      running = null;
      running = { server: await startElasticsearch({ version }), version };
    },
    async killElasticsearch() {
      isElasticsearchAway = true;
      await running!.server.kill();
    },
    async restartElasticsearch() {
      const { server, version } = running!;
      running = { server: await startElasticsearch({ version, folder: server.folder }), version };
      await untilServing(running.server.url);
      isElasticsearchAway = false;
    },
    async killKafka() {
      isKafkaAway = true;
      await kafka.kill9();
    },
    async restartKafka() {
      await kafka.restart();
      isKafkaAway = false;
    },
    isKafkaAway: () => isKafkaAway,
    isElasticsearchAway: () => isElasticsearchAway,
    async mend() {
      if (isKafkaAway) await ground.restartKafka();
      if (isElasticsearchAway) await ground.restartElasticsearch();
    },
    keepFolder() {
      isKept = true;
      return folder;
    },
    async stop() {
      await running?.server.stop();
      await kafka.stop();
      if (!isKept) rmSync(folder, { recursive: true, force: true });
    },
  };
  return ground;
}

const TRIES = 300;

/** Waits until every shard that was there is there again. */
async function untilServing(url: string): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    const path = '/_cluster/health?wait_for_no_initializing_shards=true&timeout=2s';
    const { status } = await send(url, { method: 'GET', path }).catch(() => ({ status: 0 }));
    if (status === 200) return;
    await pause(100);
  }
  throw new Error('Elasticsearch has not come back whole');
}
