// A real Kafka for tests: one node (KRaft), installed outside git, on free loopback ports, stopped by process id.
// In: what to switch on. Out: where it listens, and how to kill and wake it. Nothing of it is shipped.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import kafkajs, { type CompressionTypes, type KafkaConfig } from 'kafkajs';
import { areEnginesRequired, enginesFolder, findJava, freePort } from './engines.ts';

const run = promisify(execFile);

const VERSION = '4.4.0';
const JAVA = { from: 17, to: 25 };

export interface KafkaOptions {
  /** Adds a listener with TLS and SASL: SCRAM-SHA-256, SCRAM-SHA-512 and PLAIN, all for this one user. */
  secured?: { username: string; password: string };
  /** Lines that are added to server.properties. */
  properties?: readonly string[];
}

export interface KafkaServer {
  /** `host:port` of the plain listener. */
  brokers: string[];
  /** `host:port` of the listener with TLS and SASL; empty where none was asked for. */
  securedBrokers: string[];
  /** Certificate that signs the secured listener, and a folder for files of the test. */
  caFile: string;
  folder: string;
  pid(): number;
  /** Stops it in good order and removes its files. */
  stop(): Promise<void>;
  /** Kills it at once, as a power cut would. */
  kill9(): Promise<void>;
  /** Starts it again on the same ports and files. */
  restart(): Promise<void>;
  /** Produces with Kafka's own console producer: each line is a message. */
  consoleProduce(
    topic: string,
    text: string,
    codec: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd',
  ): Promise<void>;
  createTopic(topic: string, partitions: number, settings?: Record<string, string>): Promise<void>;
  deleteTopic(topic: string): Promise<void>;
  /** Makes a client of its own, for what the helpers here cannot do. */
  client(config?: Partial<KafkaConfig>): kafkajs.Kafka;
  produce(topic: string, messages: readonly ProducedMessage[], options?: ProduceOptions): Promise<void>;
}

export interface ProducedMessage {
  value: Buffer | string | null;
  key?: Buffer | string | null;
  partition?: number;
  headers?: Record<string, string>;
  timestamp?: string;
}

export interface ProduceOptions {
  compression?: CompressionTypes;
  config?: Partial<KafkaConfig>;
}

/** Installs Kafka's jars unless they are there; answers their folder. */
export async function installKafka(): Promise<string> {
  const folder = join(enginesFolder(), `kafka-${VERSION}`);
  const libraries = join(folder, 'lib');
  if (existsSync(join(folder, 'installed'))) return libraries;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'pom.xml'), POM);
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
  const options = ['-DincludeScope=runtime', `-DoutputDirectory=${libraries}`];
  await run('mvn', ['-q', '-B', goal, ...options], { cwd: folder });
  writeFileSync(join(folder, 'installed'), '');
  return libraries;
}

/** Tells whether Kafka can be had here; says once why not. With `GRANSKA_REQUIRE_ENGINES=1` it must. */
export async function hasKafka(): Promise<boolean> {
  try {
    await installKafka();
    findJava(JAVA);
    return true;
  } catch (error) {
    if (areEnginesRequired()) throw error;
    console.log(`not run: the tests on a real Kafka ${VERSION} (it cannot be installed here)`);
    return false;
  }
}

/** Starts a server and waits until it answers. */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaServer> {
  const libraries = await installKafka();
  const folder = mkdtempSync(join(tmpdir(), 'granska-kafka-'));
  const java = join(findJava(JAVA), 'bin', 'java');
  const [port, controllerPort, securedPort] = [await freePort(), await freePort(), await freePort()];
  const properties = join(folder, 'server.properties');
  const caFile = join(folder, 'ca.pem');
  if (options.secured !== undefined) await makeCertificate(folder);
  writeFileSync(properties, serverProperties({ options, folder, port, controllerPort, securedPort }));
  await format({ java, libraries, properties }, options);

  let server: ChildProcess | null = null;
  await start();

  async function start(): Promise<void> {
    const log = openSync(join(folder, 'server.log'), 'a');
    const memory = ['-Xms512m', '-Xmx512m'];
    const logging = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';
    server = spawn(java, [logging, ...memory, '-cp', `${libraries}/*`, 'kafka.Kafka', properties], {
      stdio: ['ignore', log, log],
    });
    process.on('exit', killNow);
    const ports = options.secured === undefined ? [port] : [port, securedPort];
    try {
      await untilReady(server, folder, ports);
    } catch (error) {
      await kill9();
      throw error;
    }
  }

  /** A server that a test started never outlives it. */
  function killNow(): void {
    server?.kill('SIGKILL');
  }

  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const ending = server;
    server = null;
    process.off('exit', killNow);
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = new Promise<void>(resolve => ending.once('exit', () => resolve()));
    ending.kill(signal);
    const late = setTimeout(() => ending.kill('SIGKILL'), 20_000);
    await gone;
    clearTimeout(late);
  }

  const kill9 = () => end('SIGKILL');
  const brokers = [`127.0.0.1:${port}`];
  const client = (config: Partial<KafkaConfig> = {}) =>
    new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING, ...config });

  return {
    brokers,
    securedBrokers: options.secured === undefined ? [] : [`127.0.0.1:${securedPort}`],
    caFile,
    folder,
    pid: () => server?.pid ?? -1,
    async stop() {
      await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
    client,
    kill9,
    restart: start,
    async consoleProduce(topic, text, codec) {
      const producer = spawn(
        java,
        [
          '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
          '-cp',
          `${libraries}/*`,
          'org.apache.kafka.tools.ConsoleProducer',
          '--bootstrap-server',
          brokers[0]!,
          '--topic',
          topic,
          '--compression-codec',
          codec,
        ],
        { stdio: ['pipe', 'ignore', 'ignore'] },
      );
      producer.stdin.end(text);
      const code = await new Promise(resolve => producer.once('exit', resolve));
      if (code !== 0) throw new Error(`the console producer ended with ${code}`);
    },
    async createTopic(topic, partitions, settings = {}) {
      const admin = client().admin();
      await admin.connect();
      const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
      await admin.createTopics({
        topics: [{ topic, numPartitions: partitions, replicationFactor: 1, configEntries }],
      });
      await untilLed(admin, topic);
      await admin.disconnect();
    },
    async deleteTopic(topic) {
      const admin = client().admin();
      await admin.connect();
      await admin.deleteTopics({ topics: [topic] });
      while ((await admin.listTopics()).includes(topic)) await pause(50);
      await admin.disconnect();
    },
    async produce(topic, messages, { compression, config } = {}) {
      const producer = client(config).producer();
      await producer.connect();
      await producer.send({
        topic,
        messages: [...messages],
        ...(compression === undefined ? {} : { compression }),
      });
      await producer.disconnect();
    },
  };
}

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>granska.test</groupId><artifactId>kafka</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${VERSION}</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>${VERSION}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
`;

interface Setting {
  options: KafkaOptions;
  folder: string;
  port: number;
  controllerPort: number;
  securedPort: number;
}

function serverProperties({ options, folder, port, controllerPort, securedPort }: Setting): string {
  const { secured } = options;
  const plain = `PLAINTEXT://127.0.0.1:${port}`;
  const tls = secured === undefined ? '' : `,SASLTLS://127.0.0.1:${securedPort}`;
  const lines = [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.bootstrap.servers=127.0.0.1:${controllerPort}`,
    `listeners=${plain}${tls},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=${plain}${tls}`,
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=PLAINTEXT',
    'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASLTLS:SASL_SSL',
    `log.dirs=${join(folder, 'data')}`,
    'offsets.topic.num.partitions=1',
    'offsets.topic.replication.factor=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'group.initial.rebalance.delay.ms=0',
    'auto.create.topics.enable=false',
    // A killed broker is believed to be alive until then, and cannot come back before.
    'broker.session.timeout.ms=2000',
    'broker.heartbeat.interval.ms=500',
    ...(options.properties ?? []),
  ];
  if (secured !== undefined) {
    const listener = 'listener.name.sasltls';
    const module = 'org.apache.kafka.common.security';
    const login = `username="${secured.username}" password="${secured.password}"`;
    const scram = `${module}.scram.ScramLoginModule required;`;
    lines.push(
      `${listener}.ssl.keystore.type=PEM`,
      `${listener}.ssl.keystore.location=${join(folder, 'keystore.pem')}`,
      `${listener}.sasl.enabled.mechanisms=SCRAM-SHA-256,SCRAM-SHA-512,PLAIN`,
      `${listener}.scram-sha-256.sasl.jaas.config=${scram}`,
      `${listener}.scram-sha-512.sasl.jaas.config=${scram}`,
      `${listener}.plain.sasl.jaas.config=${module}.plain.PlainLoginModule required ${login} user_${secured.username}="${secured.password}";`,
    );
  }
  // A properties file is Latin-1; whatever else is written by its number.
  const byNumber = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${lines.join('\n')}\n`.replace(/[^\n -~]/g, byNumber);
}

/** Makes a certificate that signs itself, for 127.0.0.1: the key before it, as Kafka wants. */
async function makeCertificate(folder: string): Promise<void> {
  const key = join(folder, 'key.pem');
  const certificate = join(folder, 'ca.pem');
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  const files = ['-keyout', key, '-out', certificate];
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files]);
  writeFileSync(join(folder, 'keystore.pem'), readFileSync(key, 'utf8') + readFileSync(certificate, 'utf8'));
}

async function format(
  { java, libraries, properties }: { java: string; libraries: string; properties: string },
  { secured }: KafkaOptions,
): Promise<void> {
  const tool = ['-cp', `${libraries}/*`, 'kafka.tools.StorageTool'];
  const { stdout } = await run(java, [...tool, 'random-uuid']);
  const users =
    secured === undefined
      ? []
      : ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap(mechanism => [
          '--add-scram',
          `${mechanism}=[name=${secured.username},password=${secured.password}]`,
        ]);
  const id = stdout.trim().split('\n').at(-1)!;
  const args = [...tool, 'format', '--standalone', '--cluster-id', id, '--config', properties, ...users];
  // Where no locale is set, Java takes its arguments for ASCII: the password would be another one.
  await run(java, args, { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
}

/** Waits until each partition of a new topic has a leader; the broker may not know the topic for a moment. */
async function untilLed(admin: kafkajs.Admin, topic: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const found = await admin.fetchTopicMetadata({ topics: [topic] }).catch(() => null);
    if (found?.topics[0]?.partitions.every(({ leader }) => leader >= 0)) return;
    await pause(50);
  }
  throw new Error(`topic ${topic} was not made`);
}

const START_LIMIT_MS = 60_000;

/** Waits until the ports answer, and until the group coordinator does: a fresh broker has none for a moment. */
async function untilReady(server: ChildProcess, folder: string, ports: readonly number[]): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  for (const port of ports) {
    while (!(await answers(port))) {
      if (server.exitCode !== null || server.signalCode !== null || Date.now() > deadline) {
        throw new Error(
          `Kafka did not start:\n${readFileSync(join(folder, 'server.log'), 'utf8').slice(-2000)}`,
        );
      }
      await pause(100);
    }
  }
  const client = new kafkajs.Kafka({
    brokers: [`127.0.0.1:${ports[0]}`],
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 60, initialRetryTime: 100, maxRetryTime: 300 },
  });
  const admin = client.admin();
  await admin.connect();
  try {
    while (!(await hasCoordinator(admin))) {
      if (Date.now() > deadline) throw new Error('the group coordinator of Kafka does not answer');
      await pause(100);
    }
  } finally {
    await admin.disconnect();
  }
}

async function hasCoordinator(admin: kafkajs.Admin): Promise<boolean> {
  try {
    await admin.listGroups();
    return true;
  } catch {
    return false;
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
