// The real servers take what compose.yaml and deploy/ give them: settings, certificate, accounts, roles.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import kafkajs from 'kafkajs';
import {
  composedService,
  type DeployedElasticsearch,
  type DeployedKafka,
  startDeployedElasticsearch,
  startDeployedKafka,
} from './deployed.ts';
import { installElasticsearch } from './elasticsearch.ts';
import { areEnginesRequired } from './engines.ts';
import { installKafka } from './kafka.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** Two servers, and five runs of a tool of Elasticsearch, each a Java of its own. */
const START_MS = 400_000;

/** One finding, one record of nobody's interest, and half a line. */
const LINES = [
  '1790575900.123 12 192.0.2.7 TCP_MISS/200 100 GET http://casino.example/ bo HIER_DIRECT/192.0.2.1 text/html',
  '1790575901.123 12 192.0.2.7 TCP_MISS/200 100 GET http://news.example/ bo HIER_DIRECT/192.0.2.1 text/html',
  '1790575902.123 12 192.0.2.7 TCP_MISS/2',
];

describe('what is deployed', () => {
  let kafka: DeployedKafka;
  let server: DeployedElasticsearch;

  before(async function () {
    this.timeout(START_MS);
    try {
      await installKafka();
      await installElasticsearch('9.2.0');
    } catch (error) {
      if (areEnginesRequired()) throw error;
      console.log('not run: the tests of what is deployed (its servers cannot be installed here)');
      this.skip();
    }
    kafka = await startDeployedKafka();
    server = await startDeployedElasticsearch();
  });

  after(async () => {
    await server?.stop();
    await kafka?.stop();
  });

  describe('Kafka as compose.yaml sets it up', () => {
    it('makes the topic, a second time as well, and gives groups a coordinator', async () => {
      const args = composedService('topics').command.map(word =>
        word.replace('kafka:9092', kafka.brokers[0]!),
      );
      await kafka.tool('org.apache.kafka.tools.TopicCommand', args);
      await kafka.tool('org.apache.kafka.tools.TopicCommand', args);
      const server = ['--bootstrap-server', kafka.brokers[0]!];
      const about = await kafka.tool('org.apache.kafka.tools.TopicCommand', [
        ...server,
        '--describe',
        '--topic',
        'proxy-log',
      ]);
      expect(about).to.match(/PartitionCount: 6\s+ReplicationFactor: 1\b/);
      const reset = [
        '--group',
        'granska',
        '--topic',
        'proxy-log',
        '--reset-offsets',
        '--to-earliest',
        '--execute',
      ];
      const groups = 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand';
      expect(await kafka.tool(groups, [...server, ...reset])).to.include('proxy-log');
    });
  });

  describe('Elasticsearch as compose.yaml sets it up', () => {
    before(async () => {
      const mappings = { properties: { 'event.start': { type: 'date' }, what: { type: 'keyword' } } };
      for (const name of ['findings-questionable-2026.11', 'findings-forbidden-2026.11', 'names']) {
        const aliases =
          name === 'names' ? {} : { 'granska-findings': {}, [`granska-${name.slice(0, -8)}`]: {} };
        await done('operator', 'PUT', `/granska-${name}`, { mappings, aliases });
        await done('operator', 'PUT', `/granska-${name}/_doc/1?refresh=true`, { what: name });
      }
    });

    async function done(account: string, method: string, path: string, body?: object): Promise<string> {
      const { status, text } = await server.ask(account, method, path, body);
      expect(status, text).to.be.oneOf([200, 201]);
      return text;
    }

    async function statusOf(account: string | null, method: string, path: string, body?: object) {
      return (await server.ask(account, method, path, body)).status;
    }

    it('answers its health check, and nobody without a password', async () => {
      const { status, text } = await server.ask(null, 'GET', '/');
      expect(status).to.equal(401);
      expect(text).to.include('security_exception');
    });

    it('lets the worker make its store and write, and read no sealed name', async () => {
      await done('granska_worker', 'PUT', '/_index_template/granska-meta', {
        index_patterns: ['granska-meta'],
      });
      await done('granska_worker', 'PUT', '/granska-meta');
      await done('granska_worker', 'PUT', '/granska-findings-questionable-2026.11/_create/2?refresh=true', {
        what: 'more',
      });
      expect(await statusOf('granska_worker', 'GET', '/granska-names/_search')).to.equal(403);
      expect(await statusOf('granska_worker', 'DELETE', '/granska-findings-questionable-2026.11')).to.equal(
        403,
      );
    });

    it('lets those who search read both classes and write nothing', async () => {
      expect(countOf(await done('granska_search', 'GET', '/granska-findings-*/_search'))).to.equal(3);
      expect(
        await statusOf('granska_search', 'PUT', '/granska-findings-forbidden-2026.11/_create/9', {}),
      ).to.equal(403);
      expect(await statusOf('granska_search', 'GET', '/granska-names/_search')).to.equal(403);
    });

    it("gives the analyst's data view the questionable findings alone", async () => {
      expect(countOf(await done('granska_analyst', 'GET', '/granska-findings-*/_search'))).to.equal(2);
      await done('granska_analyst', 'GET', '/granska-findings-*/_field_caps?fields=*');
      await done('granska_analyst', 'GET', '/_resolve/index/granska-findings-*');
      expect(
        await statusOf('granska_analyst', 'GET', '/granska-findings-forbidden-2026.11/_search'),
      ).to.equal(403);
      // The alias covers both classes: this is why the data view is a pattern.
      expect(await statusOf('granska_analyst', 'GET', '/granska-findings/_search')).to.equal(403);
    });

    after(async () => {
      const made = ['findings-questionable-2026.11', 'findings-forbidden-2026.11', 'names', 'meta'];
      await done('operator', 'DELETE', `/${made.map(name => `granska-${name}`).join(',')}`);
      await done('operator', 'DELETE', '/_index_template/granska-meta');
    });

    it('knows the account of Kibana, which reads no finding', async () => {
      await done('kibana_server', 'GET', '/_cluster/health');
      expect(
        await statusOf('kibana_server', 'GET', '/granska-findings-questionable-2026.11/_search'),
      ).to.equal(403);
    });
  });

  describe('the worker of compose.yaml', () => {
    let our: string;

    before(() => {
      our = mkdtempSync(join(tmpdir(), 'granska-our-'));
    });

    after(() => rmSync(our, { recursive: true, force: true }));

    function granska(args: readonly string[], config = our): string {
      const places = { GRANSKA_CONFIG: config, GRANSKA_DATA_DIR: join(our, 'data') };
      const env = { ...process.env, ...places, GRANSKA_KEYS_DIR: join(our, 'keys') };
      const ran = spawnSync(join(ROOT, 'bin', 'granska'), args, { env, encoding: 'utf8', timeout: 150_000 });
      expect(ran.status, ran.stderr).to.equal(0);
      return ran.stdout;
    }

    /** Gives deploy/granska.yaml the addresses of here. */
    function settings(): string {
      return readFileSync(join(ROOT, 'deploy', 'granska.yaml'), 'utf8')
        .replace('https://elasticsearch:9200', server.url)
        .replaceAll('/run/secrets', server.secrets)
        .replace('kafka:9092', kafka.brokers[0]!)
        .concat('run: { listen: off }\n');
    }

    it('reads the topic into findings by its own account, once, without the private key; others find them', async function () {
      this.timeout(START_MS);
      granska(['init', our]);
      writeFileSync(join(our, 'granska.yaml'), settings());
      writeFileSync(join(our, 'search.yaml'), settings().replaceAll('granska_worker', 'granska_search'));
      writeFileSync(join(our, 'categories', 'gambling', 'domains'), 'casino.example\n');
      renameSync(join(our, 'keys', 'private'), join(our, 'private'));
      mkdirSync(join(our, 'keys', 'epochs'), { mode: 0o700 });
      const client = new kafkajs.Kafka({ brokers: kafka.brokers, logLevel: kafkajs.logLevel.NOTHING });
      const producer = client.producer();
      await producer.connect();
      await producer.send({ topic: 'proxy-log', messages: LINES.map(value => ({ value })) });
      await producer.disconnect();

      expect(granska(['run', '--once'])).to.match(
        /^3 lines read: 2 records, 1 rejected, 0 skipped\n1 new finding,/,
      );
      expect(granska(['run', '--once'])).to.match(/^0 lines read/);
      const found = granska(['search', 'category:gambling', '--format', 'ndjson'], join(our, 'search.yaml'));
      expect(found.trimEnd().split('\n')).to.have.length(1);
      expect(found).to.include('"verdict":"examine"').and.not.include('"bo"');
      expect(granska(['rejects'], join(our, 'search.yaml'))).to.include('truncated');
    });
  });
});

function countOf(text: string): number {
  return (JSON.parse(text) as { hits: { total: { value: number } } }).hits.total.value;
}
