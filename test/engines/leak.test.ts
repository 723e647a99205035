// §3.6 §6.2 §6.4 §6.5: from a real Kafka (TLS, password) into a real Elasticsearch (TLS, roles): what a line, a key or a
// header holds of people and protected hosts is in no document, line of the log, number or file of the worker; secrets are
// nowhere; and whoever is not meant to cannot even read what lies sealed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { makePlace, type Place, ROOT, removePlaces } from '../cli/run.ts';
import { CASINO, squidLine } from '../cli/squid-log.ts';
import { TOWN } from '../cli/town.ts';
import { findBytes, findEncoded, findTexts } from '../faults/find-bytes.ts';
import { CONFIG, HOST_MARKERS, MARKERS, NAME, PROTECTED, V4 } from '../faults/leak-material.ts';
import { mistaken } from '../faults/leak-mistakes.ts';
import { openSealed } from '../faults/open-sealed.ts';
import { type Elasticsearch, startElasticsearch } from './elasticsearch.ts';
import { areEnginesRequired } from './engines.ts';
import { hasKafka, type KafkaServer, startKafka } from './kafka.ts';
import {
  type Ask,
  createAsk,
  type Document,
  everyDescription,
  everyDocument,
} from './leak/every-document.ts';
import { leakyMessages, NAMES } from './leak/messages.ts';
import { endWorkers, startWorker } from './run/worker.ts';

const KAFKA = { username: 'reader', password: 'KafkaSecretMarker' };
const API_KEY = 'QXBpS2V5TWFya2VyOlNlY3JldA==';
const WRONG = 'WrongSecretMarker';
/** Accounts and their roles; each has its own password. */
const ACCOUNTS = {
  deployed: ['granska_setup', 'granska_worker'],
  worker: ['granska_worker'],
  setup: ['granska_setup'],
  reader: ['granska_reader'],
  both: ['granska_reader', 'granska_reader_forbidden'],
  analyst: ['granska_reader', 'granska_kibana'],
  opener: ['granska_reader', 'granska_name_reader'],
  retrier: ['granska_worker', 'granska_sealed_reader'],
  trusted: ['granska_reader', 'granska_name_reader', 'granska_sealed_reader'],
} as const;
type Account = keyof typeof ACCOUNTS;
const secretOf = (account: string) => `ElasticSecretMarker-${account}`;

/** Nowhere at all, sealed or not. */
const SECRETS = [KAFKA.password, 'ElasticSecretMarker', WRONG, API_KEY, 'ApiKeyMarker'];
const ALL = [...MARKERS, ...SECRETS];
const APRIL_MS = Date.UTC(2025, 3, 7, 8);

describe('nothing leaks from Kafka into Elasticsearch:', function () {
  this.timeout(400_000);
  let server: Elasticsearch;
  let kafka: KafkaServer;
  let ask: Ask;
  let place: Place;
  let documents: Document[];
  const said: string[] = [];

  before(async function () {
    if (!(await hasKafka())) this.skip();
    const users = Object.entries(ACCOUNTS).map(([name, roles]) => ({
      name,
      password: secretOf(name),
      roles,
    }));
    try {
      const roles = readFileSync(join(ROOT, 'config/elasticsearch/roles.yml'), 'utf8');
      server = await startElasticsearch({ version: '9.2.0', security: { roles, users } });
      kafka = await startKafka({ secured: KAFKA });
    } catch (error) {
      if (areEnginesRequired()) throw error;
      this.skip();
    }
    ask = createAsk({ url: server.url, ca: server.ca! }, name =>
      name === 'elastic' ? server.password! : secretOf(name),
    );
    await kafka.createTopic('proxy-log', 2);
    place = makeLeakyPlace();
    await runThrough();
    documents = await everyDocument(ask, '*');
  });
  after(async () => {
    await endWorkers();
    removePlaces();
    await kafka?.stop();
    await server?.stop();
  });

  function storeAs(account: Account): string {
    return `store: { kind: elasticsearch, url: "${server.url}", username: ${account}, passwordFile: ../secrets/${account}, caFile: ../ca.pem }\n`;
  }

  /** Writes the settings of a worker; a test changes what it is about. */
  function settings(changes: { store?: string; topic?: string; kafkaSecret?: string } = {}): string {
    const { store = storeAs('deployed'), topic = 'proxy-log', kafkaSecret = 'kafka' } = changes;
    return `${TOWN['config/granska.yaml']}${store}sources:
  - name: proxy
    kind: kafka
    brokers: ["${kafka.securedBrokers[0]}"]
    group: granska
    topics: [${topic}]
    format: squid
    sessionSeconds: 6
    tls: { caFile: ${kafka.caFile} }
    sasl: { mechanism: scram-sha-256, username: ${KAFKA.username}, passwordFile: ../secrets/${kafkaSecret} }
    ${NAMES}
run: { listen: "127.0.0.1:0", flushSeconds: 1, reloadSeconds: 0 }
log: { level: debug, format: json }
`;
  }

  function makeLeakyPlace(): Place {
    const made = makePlace({ ...CONFIG, 'config/granska.yaml': settings() }, 'config');
    made.write('ca.pem', server.ca!);
    const secrets = { kafka: KAFKA.password, wrong: WRONG, apiKey: API_KEY };
    for (const [name, secret] of Object.entries(secrets)) made.write(`secrets/${name}`, `${secret}\n`);
    for (const account of Object.keys(ACCOUNTS)) made.write(`secrets/${account}`, secretOf(account));
    return made;
  }

  /** Runs a worker that must end with an exit, under settings of its own. */
  async function ends(exit: number, granska: string, env: Readonly<Record<string, string>> = {}) {
    place.write('config/granska.yaml', granska);
    const ran = await place.run(['run', '--once'], { env });
    place.write('config/granska.yaml', settings());
    expect(ran.code, ran.stderr).to.equal(exit);
    said.push(ran.stdout, ran.stderr);
    return ran;
  }

  /** Reads all messages, meets every mistake, and crashes. */
  async function runThrough(): Promise<void> {
    // A month whose index takes no path: what falls into it is refused for good.
    await ask('elastic', 'PUT', '/granska-findings-questionable-2025.04', {
      mappings: { properties: { url: { properties: { path: { type: 'ip' } } } } },
    });
    const { messages, lines } = leakyMessages();
    const refused = ['odds', NAME, V4, PROTECTED].map(word =>
      squidLine({ url: `${CASINO}${word}`, user: NAME, client: V4, atMs: APRIL_MS }),
    );
    await kafka.produce('proxy-log', [
      ...messages,
      { value: refused.join('\n'), headers: { format: 'squid' } },
    ]);
    const worker = startWorker(place);
    await worker.untilStored(lines + refused.length);
    await worker.until('documents-refused');
    const sound = { ...CONFIG, 'config/granska.yaml': settings() } as Record<string, string>;
    for (const [file, content] of mistaken(sound)) {
      place.write(file, content);
      worker.signal('SIGHUP');
      await worker.until('configuration-refused');
      place.write(file, sound[file]!);
    }
    for (const path of ['/metrics', '/readyz', '/healthz']) said.push((await worker.ask(path)).text);
    said.push((await worker.end('SIGTERM')).stderr);

    await ends(3, settings({ topic: 'no-such-topic' }));
    await ends(3, settings({ kafkaSecret: 'wrong' }));
    await ends(3, settings({ store: storeAs('deployed').replace('secrets/deployed', 'secrets/wrong') }));
    await ends(3, settings({ store: storeAs('reader') }));
    const byKey = storeAs('deployed').replace(/username: .*deployed,/, 'apiKeyFile: ../secrets/apiKey,');
    await ends(3, settings({ store: byKey }));
  }

  it('§3.6 §6.2 no document of any index, nor what is said of the indices, holds a marker', async () => {
    const indices = new Set(documents.map(({ index }) => index));
    for (const name of [
      'findings-questionable-2025.03',
      'names',
      'rejects',
      'deadletters',
      'sealed',
      'versions',
    ]) {
      expect(indices).to.include(`granska-${name}`);
    }
    expect(documents.filter(({ index }) => index.startsWith('granska-findings')).length).to.be.greaterThan(
      500,
    );
    const leaks = documents.flatMap(document =>
      findEncoded(JSON.stringify(document), ALL).map(marker => `${document.index}: ${marker}`),
    );
    expect([...new Set(leaks)]).to.deep.equal([]);
    expect(findEncoded(await everyDescription(ask), ALL)).to.deep.equal([]);
  });

  it('§3.6 neither the log, nor what people are told, nor numbers and signs of life, nor the data folder', () => {
    expect(said.join('\n')).to.contain('granska_lines_total').and.contain('documents-refused');
    for (const text of said) expect(findEncoded(text, ALL), text.slice(0, 300)).to.deep.equal([]);
    expect(findBytes(place.dataDir, ALL)).to.deep.equal([]);
  });

  it('§6.4 names and rejected lines lie under seal, protected hosts and passwords not even there', async () => {
    // Nothing can be searched beside an index of that kind.
    await ask('elastic', 'DELETE', '/granska-findings-questionable-2025.04');
    place.write('config/granska.yaml', settings({ store: storeAs('trusted') }));
    const opened = await openSealed(place);
    place.write('config/granska.yaml', settings());
    expect(findTexts(opened.names, MARKERS)).to.include(NAME);
    expect(findEncoded(opened.rejects, [NAME, V4])).to.deep.equal([NAME, V4]);
    expect(opened.deadLetters).to.contain('findings-questionable-2025.04');
    const { names, rejects, deadLetters } = opened;
    expect(findEncoded(names + rejects + deadLetters, [...HOST_MARKERS, ...SECRETS])).to.deep.equal([]);
    expect(findEncoded(deadLetters, MARKERS)).to.deep.equal([]);
  });

  it('finds a marker that is put into a document, plain or in base64, or into the data folder', async () => {
    await ask('elastic', 'PUT', '/planted', {
      mappings: { properties: { text: { type: 'keyword' }, body: { type: 'keyword' } } },
    });
    await ask('elastic', 'PUT', '/planted/_doc/1?refresh=true', { text: `x ${NAME.toUpperCase()} y` });
    const body = Buffer.from(`to ${SECRETS[0]}`).toString('base64');
    await ask('elastic', 'PUT', '/planted/_doc/2?refresh=true', { body });
    const planted = await everyDocument(ask, 'planted');
    expect(planted.map(document => findEncoded(JSON.stringify(document), ALL))).to.deep.equal([
      [NAME],
      [SECRETS[0]],
    ]);
    await ask('elastic', 'DELETE', '/planted');
    mkdirSync(join(place.dataDir, 'planted'), { recursive: true });
    writeFileSync(join(place.dataDir, 'planted', 'file'), SECRETS[1]!);
    expect(findBytes(place.dataDir, ALL)).to.have.length(1);
  });

  describe('§3.6 §6.4 of what lies sealed,', () => {
    const idIn = (index: string) => documents.find(document => document.index === index)!.id;

    /** Tries every way to a document, and answers the ways by which something came. */
    async function waysInto(index: string, account: Account): Promise<string[]> {
      const id = encodeURIComponent(idIn(index));
      const query = { size: 1, query: { ids: { values: [idIn(index)] } } };
      const tries: readonly [method: string, path: string, body?: object][] = [
        ['POST', `/${index}/_search`, query],
        ['POST', `/${index.slice(0, -1)}*/_search`, query],
        ['POST', '/granska-*/_search', query],
        ['POST', '/_all/_search', query],
        ['POST', '/_search?expand_wildcards=all', query],
        ['GET', `/${index}/_doc/${id}`],
        ['GET', `/${index}/_source/${id}`],
        ['POST', '/_mget', { docs: [{ _index: index, _id: idIn(index) }] }],
        ['POST', `/${index}/_count`, { query: query.query }],
        ['POST', `/${index}/_explain/${id}`, { query: { match_all: {} } }],
        ['POST', `/${index}/_termvectors/${id}`, { fields: ['*'] }],
        ['POST', `/${index}/_terms_enum`, { field: 'granska.subject.id', string: '' }],
        ['POST', `/${index}/_validate/query?rewrite=true`, { query: { match_all: {} } }],
        ['POST', `/${index}/_pit?keep_alive=1m`],
        ['POST', `/${index}/_update/${id}`, { doc: {}, _source: true }],
        ['POST', '/_aliases', { actions: [{ add: { index, alias: 'granska-findings-questionable-x' } }] }],
        ['PUT', `/${index}/_clone/granska-findings-questionable-x`],
        ['DELETE', `/${index}`],
      ];
      const open: string[] = [];
      for (const [method, path, body] of tries) {
        const { status, body: answer } = await ask(account, method, path, body);
        const isThere =
          answer?.hits?.hits?.some((hit: { _index: string }) => hit._index === index) ??
          answer?.docs?.some((doc: { found?: boolean }) => doc.found) ??
          (status < 300 && answer?.count !== 0);
        if (isThere) open.push(`${method} ${path.replace(id, 'ID')}`);
      }
      return open;
    }

    for (const account of ['worker', 'deployed', 'setup', 'reader', 'both', 'analyst'] as const) {
      it(`the account with ${ACCOUNTS[account].join(' and ')} reads nothing`, async () => {
        for (const index of ['granska-names', 'granska-sealed']) {
          expect(await waysInto(index, account), index).to.deep.equal([]);
        }
      });
    }

    it('only the roles for it read: names the one, texts the other', async () => {
      expect(await waysInto('granska-names', 'opener')).to.include('POST /granska-names/_search');
      expect(await waysInto('granska-sealed', 'opener')).to.deep.equal([]);
      expect(await waysInto('granska-sealed', 'retrier')).to.include('GET /granska-sealed/_doc/ID');
      expect(await waysInto('granska-names', 'retrier')).to.deep.equal([]);
    });

    it('§6.5 a reader without the role for it has no way to findings of class forbidden', async () => {
      const index = documents.find(document =>
        document.index.startsWith('granska-findings-forbidden'),
      )?.index;
      expect(index).to.not.equal(undefined);
      for (const account of ['reader', 'analyst'] as const) {
        expect(await waysInto(index!, account)).to.deep.equal([]);
      }
      expect(await waysInto(index!, 'both')).to.include(`POST /${index}/_search`);
    });
  });

  describe('§3.6 when the reading thread fails', () => {
    it('crashed or at fault, the worker tells the place and no word that can quote a line', async () => {
      for (const way of ['crash', 'fault'] as const) {
        await kafka.produce('proxy-log', [
          { value: squidLine({ user: NAME, client: V4 }), headers: { format: 'squid' } },
        ]);
        const preload = place.write(`${way}.mjs`, FAILING[way]);
        const ran = await ends(70, settings(), { NODE_OPTIONS: `--import=${preload}` });
        expect(ran.stderr)
          .to.contain('an error of the program itself')
          .and.match(/\n {4}at .*\.mjs/);
        expect(findEncoded(ran.stderr, ALL), way).to.deep.equal([]);
      }
    });
  });
});

/** Loaded before the program: what the thread is given to read makes it fail, with words that quote the lines. */
const FAILING = {
  crash: failingThread('throw error;'),
  fault: failingThread('Object.defineProperty(asked, "event", { get() { throw error; } });'),
};

function failingThread(how: string): string {
  return `import { isMainThread, parentPort } from 'node:worker_threads';
const on = parentPort?.on;
if (!isMainThread) {
  parentPort.on = function (name, hear) {
    return on.call(this, name, name !== 'message' ? hear : asked => {
      if (asked.kind === 'read') {
        const error = new TypeError('Received ' + Buffer.from(asked.buffer).toString() + '\\n    at ${NAME}');
        ${how}
      }
      hear(asked);
    });
  };
}
`;
}
