// `granska run` from a real Kafka into a real Elasticsearch, as its operator meets it: live, started again, refused, and
// with documents and lines that are given to it once more.
import { expect } from 'chai';
import { type Place, readNdjson, removePlaces } from '../cli/run.ts';
import { CASINO, combinedLine, squidLine } from '../cli/squid-log.ts';
import { type Elasticsearch, startElasticsearch } from './elasticsearch.ts';
import { areEnginesRequired } from './engines.ts';
import { hasKafka, type KafkaServer, startKafka } from './kafka.ts';
import { expectSameAsScan, lineNumbers, peopleRead, thirds } from './run/check.ts';
import { linesOf, makeTown, streamed, textOf } from './run/town.ts';
import { endWorkers, startWorker } from './run/worker.ts';
import { send } from './send.ts';

describe('granska run from Kafka into Elasticsearch', function () {
  this.timeout(240_000);
  const USER = { name: 'worker', password: 'a password of a test' };
  let server: Elasticsearch;
  let kafka: KafkaServer;
  let topics = 0;
  let topic: string;

  before(async function () {
    this.timeout(300_000);
    if (!(await hasKafka())) this.skip();
    try {
      server = await startElasticsearch({
        version: '9.2.0',
        security: { roles: '', users: [{ ...USER, roles: ['superuser'] }] },
      });
      kafka = await startKafka();
    } catch (error) {
      if (areEnginesRequired()) throw error;
      this.skip();
    }
  });
  after(async () => {
    await kafka?.stop();
    await server?.stop();
  });
  beforeEach(async () => {
    topic = `proxy_${++topics}`;
    await kafka.createTopic(topic, 2);
  });
  afterEach(async () => {
    await endWorkers();
    removePlaces();
  });

  /** A town whose topic and prefix are the test's own. */
  function makeStreamingTown(from = topic): Place {
    const store = `store: { kind: elasticsearch, url: "${server.url}", prefix: ${topic}, username: ${USER.name}, passwordFile: ../password, caFile: ../ca.pem }`;
    const place = makeTown({ sections: `${store}\n${streamed(kafka.brokers, from)}` });
    place.write('password', `${USER.password}\n`);
    place.write('ca.pem', server.ca!);
    return place;
  }

  const ask = (method: string, path: string, body?: object) =>
    send(
      server.url,
      { method, path, ...(body === undefined ? {} : { body }) },
      { ca: server.ca!, auth: `elastic:${server.password!}` },
    );

  /** Whoever reads asks for no refresh, and the cluster makes one only now and then. */
  const refresh = () => ask('POST', `/${topic}-*/_refresh`);

  it('§9.1 stores each line once: live, after SIGTERM, and once more by --once', async () => {
    const place = makeStreamingTown();
    await kafka.produce(
      topic,
      linesOf(0, 60).map(value => ({ value })),
    );
    const worker = startWorker(place);
    await worker.untilStored(60);
    await worker.untilReady([]);
    await kafka.produce(topic, [{ value: textOf(60, 90) }]);
    await worker.untilStored(90);
    const ended = await worker.end('SIGTERM');
    expect([ended.code, ended.stdout]).to.deep.equal([143, '']);
    expect(worker.told()).to.match(/^granska: made \S+: .*$/);
    await kafka.produce(topic, [{ value: textOf(90, 120) }]);
    const once = await place.run(['run', '--once']);
    expect(once.code, once.stderr).to.equal(0);
    expect(once.stdout).to.match(/^30 lines read: 30 records/);
    expect(peopleRead(once)).to.equal('');
    await refresh();
    expect(await lineNumbers(place)).to.deep.equal(thirds(120));
    await expectSameAsScan(place, textOf(0, 120));
  });

  it('§10.2 ends with exit 3 at once where the password or the topic is another, and says which', async () => {
    const place = makeStreamingTown();
    place.write('password', 'not that one');
    const refused = await place.run(['run']);
    expect(refused.code, refused.stderr).to.equal(3);
    expect(peopleRead(refused))
      .to.match(/\(401\) \[STORE\]\n {2}the user name, password or API key is not right/)
      .and.not.match(/not that one/);
    const missing = await makeStreamingTown('no-such-topic').run(['run']);
    expect(missing.code, missing.stderr).to.equal(3);
    expect(peopleRead(missing)).to.match(/Kafka has no topic no-such-topic.* \[SOURCE\]\n {2}check the name/);
  });

  it('§9.7 keeps documents that the store refuses, tells of them, and gives them to it again', async () => {
    const place = makeStreamingTown();
    const month = `${topic}-findings-questionable-2025.03`;
    // A line of the log asks for /0, /3 and so on, which are numbers, and for one path that is none.
    const odd = squidLine({ url: `${CASINO}odds`, client: '10.20.0.7' });
    await ask('PUT', `/${month}`, {
      mappings: { properties: { url: { properties: { path: { type: 'ip' } } } } },
    });
    await kafka.produce(topic, [{ value: `${textOf(0, 6)}${odd}\n` }]);
    const worker = startWorker(place);
    expect(await worker.until('documents-refused')).to.include({
      'log.level': 'error',
      'granska.documents': 3,
    });
    await worker.untilStored(7);
    expect(await worker.number('granska_dead_letters_total')).to.equal(3);
    await worker.end('SIGTERM');
    await refresh();
    const listed = await place.run(['deadletters', 'list']);
    expect(listed.code, listed.stderr).to.equal(0);
    expect(listed.stdout)
      .to.match(/^3 documents refused by the store/)
      .and.match(/findings +document_parsing_exception +3/)
      .and.not.match(/casino|odds/);
    expect((await place.run(['deadletters', 'retry'])).stdout).to.contain('Still refused');
    await ask('DELETE', `/${month}`);
    const retried = await place.run(['deadletters', 'retry']);
    expect(retried.code, retried.stderr).to.equal(0);
    expect(retried.stdout).to.match(/^3 documents of 1 sealed text taken by the store/);
    await refresh();
    expect(readNdjson((await place.run(['search'])).stdout)).to.have.length(3);
    expect((await place.json(['deadletters', '--json'])).documents).to.equal(0);
  });

  it('§10.3 reads rejected lines again by another format, once', async () => {
    const place = makeStreamingTown();
    const other = [0, 1].map(number => combinedLine({ url: `${CASINO}${number}`, client: '10.20.0.7' }));
    await kafka.produce(topic, [{ value: textOf(0, 3) }, { value: other.join('\n') }]);
    const ran = await place.run(['run', '--once']);
    expect(ran.code, ran.stderr).to.equal(0);
    expect(ran.stdout).to.match(/^5 lines read: 3 records, 2 rejected/);
    await refresh();
    const retry = ['rejects', 'retry', '--format', 'combined', '--json'];
    expect(await place.json(retry)).to.deep.include({ lines: 2, records: 2, findings: { new: 2, known: 0 } });
    await refresh();
    expect(readNdjson((await place.run(['search'])).stdout)).to.have.length(3);
    expect(await place.json(retry)).to.deep.include({ lines: 0, findings: { new: 0, known: 0 } });
    const once = await place.run(['run', '--once']);
    expect([once.code, once.stdout.split(':')[0]]).to.deep.equal([0, '0 lines read']);
  });
});
