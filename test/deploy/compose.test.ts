// compose.yaml as it is read: each service is watched and confined, no secret stands in it, and what it names is there.
// No container engine is asked here; test/engines/deploy.test.ts gives its settings to the real servers.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { granskaSchema } from '../../src/config/schema.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TEXT = readFileSync(join(ROOT, 'compose.yaml'), 'utf8');
const COMPOSE = parse(TEXT, { merge: true }) as Compose;
const SERVICES = Object.entries(COMPOSE.services);
/** They run to their end. */
const ONCE = ['topics', 'granska'];
const OURS = ['worker', 'granska'];

interface Compose {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean }>;
  volumes: Record<string, object>;
  secrets: Record<string, { file: string }>;
}

interface Service {
  image: string;
  user?: string;
  restart: string;
  init?: boolean;
  read_only?: boolean;
  privileged?: boolean;
  security_opt: string[];
  cap_drop: string[];
  ports?: string[];
  networks: string[];
  command?: string[];
  deploy?: { replicas: number };
  healthcheck?: { test: string[]; interval: string; timeout: string };
  environment?: Record<string, string | number>;
  volumes?: (string | Mount)[];
  secrets?: (string | { source: string; target: string })[];
  depends_on?: Record<string, { condition: string }>;
}

interface Mount {
  type: 'bind' | 'tmpfs';
  source?: string;
  target: string;
  read_only?: boolean;
  bind?: { create_host_path: boolean };
  tmpfs?: { size: number };
}

describe('compose.yaml', () => {
  it('watches every service that stays, and starts it again', () => {
    for (const [name, service] of SERVICES) {
      if (ONCE.includes(name)) {
        expect(service.restart, name).to.be.oneOf(['no', 'on-failure']);
        continue;
      }
      expect(service.restart, name).to.equal('unless-stopped');
      expect(service.healthcheck?.test, name).to.be.an('array').that.is.not.empty;
      expect(service.healthcheck?.timeout, name).to.match(/^\d+s$/);
    }
  });

  it('pins every image that is not our own, Elasticsearch and Kibana to one version', () => {
    const foreign = SERVICES.filter(([name]) => !OURS.includes(name)).map(([, { image }]) => image);
    for (const image of foreign) expect(image).to.match(/:\d+\.\d+\.\d+$/);
    const versionOf = (name: string) => COMPOSE.services[name]!.image.split(':').at(-1);
    expect(versionOf('kibana')).to.equal(versionOf('elasticsearch'));
    expect(versionOf('topics')).to.equal(versionOf('kafka'));
  });

  it('lets no service gain rights, and lets it be reached from this machine only', () => {
    for (const [name, service] of SERVICES) {
      expect(service.security_opt, name).to.deep.equal(['no-new-privileges:true']);
      expect(service.cap_drop, name).to.deep.equal(['ALL']);
      expect(service.init, name).to.equal(true);
      expect(service.privileged, name).to.equal(undefined);
      for (const port of service.ports ?? []) expect(port, name).to.match(/^127\.0\.0\.1:/);
    }
  });

  it('runs our program without root, read-only, and without a way to the internet', () => {
    for (const name of OURS) {
      const { user, read_only, networks, ports } = COMPOSE.services[name]!;
      expect(user).to.equal('10001:10001');
      expect(read_only).to.equal(true);
      expect(networks.map(network => COMPOSE.networks[network]?.internal)).to.deep.equal([true]);
      expect(ports).to.equal(undefined);
    }
  });

  it('gives our program what it needs and no private key', () => {
    for (const name of OURS) {
      const mounts = mountsOf(name);
      for (const { type, source, bind } of mounts) {
        if (type === 'bind') expect(bind?.create_host_path, source).to.equal(false);
      }
      const writable = mounts.filter(({ type, read_only }) => type === 'bind' && read_only !== true);
      const epochs = name === 'worker' ? ['./our/keys/epochs'] : [];
      expect(writable.map(({ source }) => source)).to.have.members(['./our/data', ...epochs]);
      expect(mounts.find(({ target }) => target === '/our')?.read_only).to.equal(true);
      expect(mounts.find(({ target }) => target === '/our/keys')?.type).to.equal('tmpfs');
      expect(mounts.some(({ source }) => source === './our/keys' || /private/.test(source ?? ''))).to.equal(
        false,
      );
    }
  });

  it('runs two workers of one group', () => {
    const { command, deploy, depends_on } = COMPOSE.services.worker!;
    expect(command).to.deep.equal(['run']);
    expect(deploy?.replicas).to.equal(2);
    expect(depends_on?.topics?.condition).to.equal('service_completed_successfully');
    expect(depends_on?.elasticsearch?.condition).to.equal('service_healthy');
  });

  it('holds no secret: each is a file that deploy/prepare.sh makes', () => {
    const made = readFileSync(join(ROOT, 'deploy', 'prepare.sh'), 'utf8');
    for (const [name, { file }] of Object.entries(COMPOSE.secrets)) {
      expect(file, name).to.match(/^\.\/deploy\/secrets\//);
      expect(made, name).to.match(new RegExp(`\\b${file.split('/').at(-1)!.replaceAll('.', '\\.')}\\b`));
    }
    expect(readFileSync(join(ROOT, '.gitignore'), 'utf8')).to.include('/deploy/secrets/\n');
    for (const [name, { environment }] of SERVICES) {
      for (const [key, value] of Object.entries(environment ?? {})) {
        const isSecret = /password|secret|token|apikey/i.test(key) && !/file$/i.test(key);
        expect(isSecret, `${name}: ${key}`).to.equal(false);
        expect(String(value), `${name}: ${key}`).to.not.match(/password=|:\/\/[^/]*@/);
      }
    }
  });

  it('mounts files that are there, declares what it uses, and uses what it declares', () => {
    const used = { secrets: new Set<string>(), volumes: new Set<string>(), networks: new Set<string>() };
    for (const [name, { secrets, volumes, networks, depends_on }] of SERVICES) {
      for (const secret of secrets ?? [])
        used.secrets.add(typeof secret === 'string' ? secret : secret.source);
      for (const network of networks) used.networks.add(network);
      for (const volume of volumes ?? []) {
        if (typeof volume !== 'string') continue;
        const [source = ''] = volume.split(':');
        if (source.startsWith('./')) expect(existsSync(join(ROOT, source)), source).to.equal(true);
        else used.volumes.add(source);
      }
      for (const other of Object.keys(depends_on ?? {}))
        expect(COMPOSE.services, name).to.have.property(other);
    }
    expect([...used.secrets]).to.have.members(Object.keys(COMPOSE.secrets));
    expect([...used.volumes]).to.have.members(Object.keys(COMPOSE.volumes));
    expect([...used.networks]).to.have.members(Object.keys(COMPOSE.networks));
  });

  it('agrees with the configuration of its workers', () => {
    const text = readFileSync(join(ROOT, 'deploy', 'granska.yaml'), 'utf8');
    const config = granskaSchema.parse(parse(text));
    if (config.store.kind !== 'elasticsearch') throw new Error('the store is not Elasticsearch');
    const [source] = config.sources;
    if (source?.kind !== 'kafka') throw new Error('the source is not Kafka');
    const { kafka, topics, elasticsearch, worker } = COMPOSE.services;
    expect(kafka!.environment!.KAFKA_ADVERTISED_LISTENERS).to.include(`INSIDE://${source.brokers}`);
    expect(topics!.command).to.include(source.topics[0]);
    expect(elasticsearch!.environment!['xpack.security.http.ssl.enabled']).to.equal('true');
    expect(config.store.url).to.equal('https://elasticsearch:9200');
    expect([config.store.passwordFile, config.store.caFile]).to.have.members(secretPlaces(worker!));
    expect(config.store.username).to.equal('granska_worker');
    // Those who search have the same configuration with another account in it.
    const theirs = granskaSchema.parse(parse(text.replaceAll('granska_worker', 'granska_search')));
    if (theirs.store.kind !== 'elasticsearch') throw new Error('the store is not Elasticsearch');
    expect([theirs.store.passwordFile, theirs.store.caFile]).to.have.members(
      secretPlaces(COMPOSE.services.granska!),
    );
  });
});

function mountsOf(name: string): Mount[] {
  return (COMPOSE.services[name]!.volumes ?? []).filter(volume => typeof volume !== 'string');
}

function secretPlaces({ secrets }: Service): string[] {
  return (secrets ?? []).map(secret =>
    typeof secret === 'string' ? `/run/secrets/${secret}` : `/run/secrets/${secret.target}`,
  );
}
