// The servers of compose.yaml without containers: the real ones, given its settings and our start script, with only
// places and ports put in their stead. In: a service of compose.yaml; out: a server, stopped by process id.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { installElasticsearch } from './elasticsearch.ts';
import { findJava, freePort } from './engines.ts';
import { installKafka } from './kafka.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..', '..');

/** What of a service is given to a server. */
export interface ComposedService {
  environment: Record<string, string | number>;
  command: string[];
}

/** Reads a service of compose.yaml. */
export function composedService(name: string): ComposedService {
  const compose = parse(readFileSync(join(ROOT, 'compose.yaml'), 'utf8'), { merge: true }) as {
    services: Record<string, ComposedService>;
  };
  return compose.services[name]!;
}

export interface DeployedKafka {
  brokers: string[];
  /** Runs a tool of Kafka to its end. */
  tool(main: string, args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

/** Starts Kafka with the settings of its service; waits until its tools are answered. */
export async function startDeployedKafka(): Promise<DeployedKafka> {
  const libraries = await installKafka();
  const java = join(findJava({ from: 17, to: 25 }), 'bin', 'java');
  const folder = mkdtempSync(join(tmpdir(), 'granska-deployed-'));
  const [inside, controller, host] = [await freePort(), await freePort(), await freePort()];
  const properties = join(folder, 'server.properties');
  const ports = new Map([
    ['kafka:9092', `localhost:${inside}`],
    ['//:9092', `//localhost:${inside}`],
    ['localhost:9093', `localhost:${controller}`],
    ['localhost:9094', `localhost:${host}`],
    ['//:9094', `//localhost:${host}`],
    ['/var/lib/kafka/data', join(folder, 'data')],
  ]);
  writeFileSync(properties, kafkaProperties(composedService('kafka').environment, ports));
  const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=error';
  const tool = async (main: string, args: readonly string[]) =>
    (await run(java, [quiet, '-cp', `${libraries}/*`, main, ...args], { timeout: 120_000 })).stdout;
  const id = (await tool('kafka.tools.StorageTool', ['random-uuid'])).trim();
  await tool('kafka.tools.StorageTool', ['format', '--cluster-id', id, '--config', properties]);
  const heap = String(composedService('kafka').environment.KAFKA_HEAP_OPTS).split(' ');
  const server = watched(
    spawn(java, [quiet, ...heap, '-cp', `${libraries}/*`, 'kafka.Kafka', properties], {
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  const brokers = [`localhost:${inside}`];
  const answers = () =>
    tool('org.apache.kafka.tools.TopicCommand', ['--bootstrap-server', brokers[0]!, '--list']);
  try {
    await untilTrue(server, () => answers().then(() => true));
  } catch (error) {
    await end(server.child, folder);
    throw error;
  }
  return { brokers, tool, stop: () => end(server.child, folder) };
}

/** Writes server.properties as the image does: `KAFKA_A_B` is `a.b`. */
function kafkaProperties(
  environment: Record<string, string | number>,
  places: ReadonlyMap<string, string>,
): string {
  const lines = Object.entries(environment)
    .filter(([name]) => name !== 'KAFKA_HEAP_OPTS')
    .map(([name, value]) => {
      let text = String(value);
      for (const [from, to] of places) text = text.replaceAll(from, to);
      return `${name.replace('KAFKA_', '').toLowerCase().replaceAll('_', '.')}=${text}\n`;
    });
  return lines.join('');
}

export interface DeployedElasticsearch {
  url: string;
  /** The folder that deploy/prepare.sh filled. */
  secrets: string;
  /** Asks as one of the accounts, with the password that deploy/prepare.sh made; as nobody for null. */
  ask(account: string | null, method: string, path: string, body?: object): Promise<Answer>;
  stop(): Promise<void>;
}

export interface Answer {
  status: number;
  text: string;
}

const RUN_AS = 10_901;

/** Starts Elasticsearch 9.2.0 by deploy/elasticsearch.sh with secrets of deploy/prepare.sh; waits until it answers. */
export async function startDeployedElasticsearch(): Promise<DeployedElasticsearch> {
  const installed = await installElasticsearch('9.2.0');
  const folder = mkdtempSync(join(tmpdir(), 'granska-deployed-'));
  const [home, secrets, config] = [
    join(folder, 'home'),
    join(folder, 'secrets'),
    join(folder, 'home', 'config'),
  ];
  cpSync(installed, home, { recursive: true });
  await run('bash', [join(ROOT, 'deploy', 'prepare.sh'), secrets]);
  mkdirSync(join(config, 'certs'));
  for (const name of ['ca.crt', 'elasticsearch.crt', 'elasticsearch.key']) {
    cpSync(join(secrets, name), join(config, 'certs', name));
  }
  cpSync(join(ROOT, 'config', 'elasticsearch', 'roles.yml'), join(config, 'roles.yml'));
  const script = join(folder, 'elasticsearch.sh');
  cpSync(join(ROOT, 'deploy', 'elasticsearch.sh'), script);
  mkdirSync(join(folder, 'tmp'));
  own(folder);

  const [port, transport] = [await freePort(), await freePort()];
  const { environment } = composedService('elasticsearch');
  const settings = Object.entries({
    ...Object.fromEntries(Object.entries(environment).filter(([name]) => name.includes('.'))),
    'network.host': '127.0.0.1',
    'http.port': port,
    'transport.port': transport,
    'cluster.routing.allocation.disk.threshold_enabled': false,
  }).flatMap(([name, value]) => ['-E', `${name}=${value}`]);
  const server = watched(
    spawn('bash', [script, ...settings], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        ES_HOME: home,
        ES_PATH_CONF: config,
        ES_TMPDIR: join(folder, 'tmp'),
        ES_JAVA_HOME: findJava({ from: 21, to: 25 }),
        ES_JAVA_OPTS: String(environment.ES_JAVA_OPTS),
        SECRETS: secrets,
        START: join(home, 'bin', 'elasticsearch'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      ...(process.getuid?.() === 0 ? { uid: RUN_AS, gid: RUN_AS } : {}),
    }),
    'with its group',
  );
  const ca = readFileSync(join(secrets, 'ca.crt'), 'utf8');
  const ask: DeployedElasticsearch['ask'] = (account, method, path, body) => {
    const password = account === null ? '' : readFileSync(join(secrets, account), 'utf8');
    const auth = account === null ? {} : { auth: `${account}:${password}` };
    const headers = { 'content-type': 'application/json' };
    const options = {
      ca,
      method,
      path,
      headers,
      ...auth,
      host: 'localhost',
      port,
      servername: 'elasticsearch',
    };
    return new Promise((resolve, reject) => {
      const asked = request({ ...options, family: 4 }, response => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString('utf8') }),
        );
      });
      asked.once('error', reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
  };
  const stop = () => end(server.child, folder);
  try {
    await untilTrue(server, async () => (await ask('operator', 'GET', '/_cluster/health')).status === 200);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `https://localhost:${port}`, secrets, ask, stop };
}

/** Gives what root made to the account that the server runs under. */
function own(folder: string): void {
  if (process.getuid?.() !== 0) return;
  chownSync(folder, RUN_AS, RUN_AS);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    chownSync(join(folder, name), RUN_AS, RUN_AS);
  }
}

/** Process id of each server, negative for its group: none outlives the tests, however they end. */
const running = new Map<ChildProcess, number>();
process.on('exit', () => {
  for (const pid of running.values()) process.kill(pid, 'SIGKILL');
});

interface Watched {
  child: ChildProcess;
  /** The last of what it said. */
  said(): string;
}

/** Listens to a server, which is ended alone or with the group that it leads. */
function watched(child: ChildProcess, ends: 'alone' | 'with its group' = 'alone'): Watched {
  running.set(child, ends === 'alone' ? child.pid! : -child.pid!);
  child.once('exit', () => running.delete(child));
  let text = '';
  const hear = (piece: Buffer) => {
    text = `${text}${piece.toString('utf8')}`.slice(-3000);
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  return { child, said: () => text };
}

/** Asks until it is so; fails where the server ends before, or after three minutes. */
async function untilTrue({ child, said }: Watched, ask: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 180_000;
  while (!(await ask().catch(() => false))) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      throw new Error(`the server did not start:\n${said()}`);
    }
    await pause(200);
  }
}

/** Ends a server that was started here, and removes its folder. */
async function end(child: ChildProcess, folder: string): Promise<void> {
  const pid = running.get(child);
  if (pid !== undefined) {
    const gone = new Promise<void>(resolve => child.once('exit', () => resolve()));
    process.kill(pid, 'SIGTERM');
    const late = setTimeout(() => process.kill(pid, 'SIGKILL'), 20_000);
    await gone;
    clearTimeout(late);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
