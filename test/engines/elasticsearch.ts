// A real Elasticsearch for tests: fetched, started on free loopback ports, waited for, stopped by process id.
// Example: `const server = await startElasticsearch({ version: '9.2.0' }); … await server.stop();`
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { enginesFolder, fetchArtifact, findJava, freePort } from './engines.ts';

const run = promisify(execFile);

/** The versions that the store is held to. */
export const ELASTICSEARCH_VERSIONS = ['8.19.8', '9.2.0'] as const;
export type ElasticsearchVersion = (typeof ELASTICSEARCH_VERSIONS)[number];

export interface ElasticsearchOptions {
  version: ElasticsearchVersion;
  /** With it: TLS under a CA of its own, passwords, and the roles and users that are given. */
  security?: ElasticsearchSecurity;
  /** A folder whose data was left by an earlier server of the same version, to go on with. */
  folder?: string;
}

export interface ElasticsearchSecurity {
  /** A `roles.yml`, whole. */
  roles: string;
  users: readonly { name: string; password: string; roles: readonly string[] }[];
}

export interface Elasticsearch {
  url: string;
  pid: number;
  /** PEM certificate of the CA that signed the server's; null without security. */
  ca: string | null;
  /** The password of `elastic`; null without security. */
  password: string | null;
  /** Holds configuration, data and logs of this server. */
  folder: string;
  /** Stops the server; its folder goes too, unless `keep`. */
  stop(after?: 'keep'): Promise<void>;
  /** Kills the server at once, as a power cut does; its folder stays. */
  kill(): Promise<void>;
}

/** Fetches a version unless it is there; gives its folder. */
export async function installElasticsearch(version: ElasticsearchVersion): Promise<string> {
  const home = elasticsearchHome(version);
  if (existsSync(home)) return home;
  const folder = mkdtempSync(join(enginesFolder(), 'fetch-'));
  try {
    await fetchArtifact(`org.elasticsearch.distribution.integ-test-zip:elasticsearch:${version}:zip`, folder);
    await run(join(javaOf(version), 'bin', 'jar'), ['xf', `elasticsearch-${version}.zip`], { cwd: folder });
    const unpacked = join(folder, `elasticsearch-${version}`);
    for (const name of readdirSync(join(unpacked, 'bin'))) chmodSync(join(unpacked, 'bin', name), 0o755);
    // Two that install at once: the first one's stays.
    if (!existsSync(home)) renameSync(unpacked, home);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return home;
}

/** Names the folder that a version is installed in. */
export function elasticsearchHome(version: ElasticsearchVersion): string {
  return join(enginesFolder(), `elasticsearch-${version}`);
}

/** Starts a server and waits until it answers. */
export async function startElasticsearch(options: ElasticsearchOptions): Promise<Elasticsearch> {
  const home = await installElasticsearch(options.version);
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'granska-elasticsearch-'));
  const server = { home: reachableHome(home, folder), folder, java: javaOf(options.version) };
  const [port, transportPort] = [await freePort(), await freePort()];
  // Its own jvm.options among them, without which the server refuses to start from under the machine's /tmp.
  cpSync(join(home, 'config'), join(folder, 'config'), { recursive: true });
  const security = options.security ?? null;
  const password = security === null ? null : await secure(server, security);
  writeSettings(folder, [`http.port: ${port}`, `transport.port: ${transportPort}`], security !== null);
  own(folder);

  const child = launch(server);
  const ca = security === null ? null : readFileSync(join(folder, 'config', 'ca.crt'), 'utf8');
  const url = `${ca === null ? 'http' : 'https'}://127.0.0.1:${port}`;
  try {
    await untilReady(url, { child, ca, password, folder });
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    return {
      url,
      pid,
      ca,
      password,
      folder,
      async stop(after) {
        await end(child, pid, 'SIGTERM');
        if (after !== 'keep') rmSync(folder, { recursive: true, force: true });
      },
      kill: () => end(child, pid, 'SIGKILL'),
    };
  } catch (error) {
    await end(child, child.pid!, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** What a server of this process is made of. */
interface Server {
  home: string;
  folder: string;
  java: string;
}

/** Who the server runs as where the tests run as root, which it refuses to be: an id that nobody has. */
const RUN_AS = 10_901;
const READY_MS = 120_000;
const STOP_MS = 30_000;
const children = new Set<ChildProcess>();
process.on('exit', endAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    endAll();
    // As it would have ended without us.
    process.kill(process.pid, signal);
  });
}

/** Leaves no server behind, however the tests end. */
function endAll(): void {
  for (const child of children) killGroup(child, 'SIGKILL');
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function javaOf(version: ElasticsearchVersion): string {
  return version.startsWith('8.') ? findJava({ from: 17, to: 23 }) : findJava({ from: 21, to: 25 });
}

/** Gives a copy that another user can reach where the tests run as root: root's own folders are closed to others. */
function reachableHome(home: string, folder: string): string {
  if (!isRoot()) return home;
  const copy = join(folder, 'home');
  if (!existsSync(copy)) cpSync(home, copy, { recursive: true });
  return copy;
}

function writeSettings(folder: string, ports: readonly string[], isSecure: boolean): void {
  const config = join(folder, 'config');
  mkdirSync(config, { recursive: true });
  const tls = (layer: string) => [
    `xpack.security.${layer}.ssl.enabled: true`,
    `xpack.security.${layer}.ssl.key: server.key`,
    `xpack.security.${layer}.ssl.certificate: server.crt`,
    `xpack.security.${layer}.ssl.certificate_authorities: ca.crt`,
  ];
  const settings = [
    'discovery.type: single-node',
    'network.host: 127.0.0.1',
    ...ports,
    `path.data: ${join(folder, 'data')}`,
    `path.logs: ${join(folder, 'logs')}`,
    'node.store.allow_mmap: false',
    'cluster.routing.allocation.disk.threshold_enabled: false',
    'cluster.max_shards_per_node: 10000',
    'action.destructive_requires_name: false',
    `xpack.security.enabled: ${isSecure}`,
    ...(isSecure ? [...tls('http'), ...tls('transport')] : []),
  ];
  writeFileSync(join(config, 'elasticsearch.yml'), `${settings.join('\n')}\n`);
  const logging = 'rootLogger.level = warn\nrootLogger.appenderRef.c.ref = c\n';
  const console = 'appender.c.type = Console\nappender.c.name = c\nappender.c.layout.type = PatternLayout\n';
  writeFileSync(
    join(config, 'log4j2.properties'),
    `status = error\n${console}appender.c.layout.pattern = %p %c{1.} %m%n\n${logging}`,
  );
}

function own(folder: string): void {
  if (!isRoot()) return;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (name === 'home' || name.startsWith('home/')) continue;
    chownSync(join(folder, name), RUN_AS, RUN_AS);
  }
  chownSync(folder, RUN_AS, RUN_AS);
}

function environment({ folder, java }: Server): NodeJS.ProcessEnv {
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary, { recursive: true });
  if (isRoot()) chownSync(temporary, RUN_AS, RUN_AS);
  return {
    PATH: process.env.PATH,
    // Names and passwords of accounts may hold more than ASCII.
    LC_ALL: 'C.UTF-8',
    HOME: temporary,
    ES_JAVA_HOME: java,
    ES_JAVA_OPTS: '-Xms1g -Xmx1g',
    ES_PATH_CONF: join(folder, 'config'),
    ES_TMPDIR: temporary,
  };
}

function launch(server: Server): ChildProcess {
  const child = spawn(
    join(server.home, 'bin', 'elasticsearch'),
    ['-p', join(server.folder, 'pid')],
    // A group of its own: launcher and server are ended together.
    { env: environment(server), stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...identity() },
  );
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

function identity(): { uid?: number; gid?: number } {
  return isRoot() ? { uid: RUN_AS, gid: RUN_AS } : {};
}

interface Waiting {
  child: ChildProcess;
  ca: string | null;
  password: string | null;
  folder: string;
}

async function untilReady(url: string, { child, ca, password, folder }: Waiting): Promise<void> {
  let said = '';
  const listen = (bytes: Buffer) => {
    said = (said + bytes.toString()).slice(-4_000);
  };
  child.stdout?.on('data', listen);
  child.stderr?.on('data', listen);
  const lastMs = Date.now() + READY_MS;
  while (Date.now() < lastMs) {
    if (child.exitCode !== null) throw new Error(`Elasticsearch ended by itself:\n${said}`);
    if (existsSync(join(folder, 'pid')) && (await answers(url, ca, password))) return;
    await pause(200);
  }
  throw new Error(`Elasticsearch did not answer within ${READY_MS / 1000} s:\n${said}`);
}

// `GET /` answers 405 in this trimmed server: health is what tells.
function answers(url: string, ca: string | null, password: string | null): Promise<boolean> {
  return new Promise(resolve => {
    const request = ca === null ? plainRequest : secureRequest;
    const auth = password === null ? {} : { auth: `elastic:${password}` };
    const asked = request(
      `${url}/_cluster/health?wait_for_status=yellow&timeout=1s`,
      { ...(ca === null ? {} : { ca }), ...auth },
      response => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    asked.on('error', () => resolve(false));
    asked.end();
  });
}

async function end(child: ChildProcess, pid: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
  if (signal === 'SIGKILL') killGroup(child, signal);
  else process.kill(pid, signal);
  const timer = setTimeout(() => killGroup(child, 'SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
  killGroup(child, 'SIGKILL');
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-child.pid!, signal);
  } catch {
    // It has ended already.
  }
}

/** Makes CA and certificate, roles, users and the password of `elastic`; gives that password. */
async function secure(server: Server, security: ElasticsearchSecurity): Promise<string> {
  const config = join(server.folder, 'config');
  mkdirSync(config, { recursive: true });
  writeSettings(server.folder, [], true);
  await makeCertificates(config);
  writeFileSync(join(config, 'roles.yml'), security.roles);
  own(server.folder);
  const password = 'bootstrap-password-of-a-test';
  const tool = (name: string, args: readonly string[], input = '') => {
    const env = environment(server);
    const called = run(join(server.home, 'bin', name), args, { env, ...identity() });
    called.child.stdin?.end(input);
    return called;
  };
  await tool('elasticsearch-keystore', ['create']);
  await tool('elasticsearch-keystore', ['add', '-x', '-f', 'bootstrap.password'], password);
  for (const { name, password: secret, roles } of security.users) {
    await tool('elasticsearch-users', ['useradd', name, '-p', secret, '-r', roles.join(',')]);
  }
  return password;
}

async function makeCertificates(folder: string): Promise<void> {
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
  const key = (name: string) => ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`];
  await openssl('req', '-x509', ...key('ca'), '-out', 'ca.crt', '-days', '2', '-subj', '/CN=granska test CA');
  await openssl('req', ...key('server'), '-out', 'server.csr', '-subj', '/CN=127.0.0.1');
  writeFileSync(join(folder, 'names.cnf'), 'subjectAltName = IP:127.0.0.1, DNS:localhost\n');
  await openssl(
    'x509',
    '-req',
    '-in',
    'server.csr',
    '-CA',
    'ca.crt',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-out',
    'server.crt',
    '-days',
    '2',
    '-extfile',
    'names.cnf',
  );
}
