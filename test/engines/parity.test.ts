// One log, both paths: a file into the embedded store, and Kafka into Elasticsearch, and a file into Elasticsearch. Every
// finding, facet, count, name and answer of the command line is the same.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { type Json, makePlace, removePlaces } from '../cli/run.ts';
import { ELASTICSEARCH_VERSIONS, type Elasticsearch, startElasticsearch } from './elasticsearch.ts';
import { areEnginesRequired } from './engines.ts';
import { hasKafka, type KafkaServer, startKafka } from './kafka.ts';
import { type Account, accountOf, type Likeness } from './parity/account.ts';
import { type Answer, answersOf, bothAnswersOf } from './parity/answers.ts';
import { differencesOf, differencesOfAnswers, expectSame } from './parity/compare.ts';
import { DEMO_LOG, type Installation, makeInstallation } from './parity/installation.ts';
import { PARTITIONS, type Packing, produceLog } from './parity/messages.ts';
import { send } from './send.ts';

const PACKINGS: readonly Packing[] = ['a line a message, by user', 'a hundred lines a message, in turn'];

describe('the two paths of the sample log', function () {
  this.retries(0);
  this.timeout(300_000);
  let keysDir: string;
  let embedded: Installation;
  /** What `scan --json` said of the file, into the embedded store. */
  let scanned: Json;
  const accounts = {} as Record<Likeness, Account>;
  let answers: Record<Likeness, Answer[]>;

  before(async () => {
    keysDir = makePlace().keysDir;
    embedded = makeInstallation({ sections: '', keysDir });
    scanned = await embedded.json(['scan', DEMO_LOG, '--json']);
    answers = await bothAnswersOf(embedded);
    for (const likeness of ['same streams', 'same lines'] as const) {
      accounts[likeness] = await accountOf(await embedded.config(), likeness);
    }
  });
  after(removePlaces);

  it('has findings of both classes, exemptions, attempts, days and rejects to compare', () => {
    const { findings, facets, days, rejects, totals, names, usage } = accounts['same lines'];
    expect(findings.length).to.equal(scanned.findings.new).and.be.above(900);
    expect(facets.class.map(([name]) => name)).to.have.members(['questionable', 'forbidden']);
    expect([totals.examine, totals.exempt, totals.attempts].every(count => count > 30)).to.equal(true);
    expect(new Set(days.map(({ kind }) => kind)).size).to.be.at.least(4);
    expect(Object.keys(rejects)).to.have.length(4);
    expect(names.length).to.be.above(30);
    expect(usage.reduce((sum, { records }) => sum + records, 0)).to.be.above(24_000);
    expect(answers['same streams'].map(({ code }) => code)).to.include.members([0, 2]);
  });

  it('sees one finding that differs, and one that stands twice', () => {
    const account = accounts['same lines'];
    const changed = [...account.findings];
    changed[7] = changed[7]!.replace(/"status":\d+/, '"status":299');
    expect(differencesOf(account, { ...account, findings: changed })).to.have.length(3);
    const twice = [...account.findings, account.findings[0]!];
    expect(differencesOf(account, { ...account, findings: twice })).to.have.length(2);
  });

  for (const version of ELASTICSEARCH_VERSIONS) {
    describe(`with Elasticsearch ${version}`, () => {
      let server: Elasticsearch;
      let kafka: KafkaServer;

      before(async function () {
        if (!(await hasKafka())) this.skip();
        try {
          server = await startElasticsearch({ version });
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

      const clusterAt = (prefix: string) =>
        `store: { kind: elasticsearch, url: "${server.url}", prefix: ${prefix} }`;

      /** Whoever reads asks for no refresh, and the cluster makes one only now and then. */
      const refresh = () => send(server.url, { method: 'POST', path: '/_refresh' });

      for (const [number, packing] of PACKINGS.entries()) {
        it(`§9.4 §9.5 finds the same from Kafka, ${packing}, as from the file`, async () => {
          const topic = `proxy-${number}`;
          await produceLog(kafka, { topic, log: readFileSync(DEMO_LOG), packing });
          const source = `{ name: proxy, kind: kafka, brokers: ["${kafka.brokers[0]}"], group: "${topic}", topics: ["${topic}"], format: squid }`;
          const sections = `${clusterAt(`kafka${number}`)}\nsources: [${source}]`;
          const streaming = makeInstallation({ sections, keysDir });
          const ran = await streaming.run(['run', '--once']);
          expect(ran.code, ran.stderr).to.equal(0);
          const { lines, records, rejected, skipped, findings } = scanned;
          expect(numbersOf(ran.stdout)).to.deep.equal([lines, records, rejected, skipped, findings.new, 0]);
          await refresh();
          const states = await send(server.url, { method: 'GET', path: `/kafka${number}-streams/_count` });
          expect(states.body.count).to.equal(PARTITIONS);
          expectSame(accounts['same lines'], await accountOf(await streaming.config(), 'same lines'));
          const answered = await answersOf(streaming, 'same lines');
          expect(differencesOfAnswers(answers['same lines'], answered)).to.deep.equal([]);

          const again = await streaming.run(['run', '--once']);
          expect([again.code, numbersOf(again.stdout)]).to.deep.equal([0, [0, 0, 0, 0, 0, 0]]);
        });
      }

      it('§5.1 §9.2 finds the same, id by id, when the file is scanned into the cluster', async () => {
        const clustered = makeInstallation({ sections: clusterAt('file'), keysDir });
        const summary = await clustered.json(['scan', DEMO_LOG, '--json']);
        expect({ ...summary, seconds: 0 }).to.deep.equal({ ...scanned, seconds: 0 });
        await refresh();
        expectSame(accounts['same streams'], await accountOf(await clustered.config(), 'same streams'));
        const answered = await answersOf(clustered, 'same streams');
        expect(differencesOfAnswers(answers['same streams'], answered)).to.deep.equal([]);

        expect(await clustered.json(['scan', DEMO_LOG, '--json'])).to.deep.include({ lines: 0, bytes: 0 });
        const again = await clustered.json(['scan', DEMO_LOG, '--again', '--json']);
        expect(again).to.deep.include({
          lines: scanned.lines,
          findings: { new: 0, known: scanned.findings.new },
        });
        await refresh();
        expectSame(accounts['same streams'], await accountOf(await clustered.config(), 'same streams'));
      });
    });
  }
});

/** Gives all numbers of a text, without what groups their digits. */
function numbersOf(text: string): number[] {
  return (text.match(/\d[\d,]*/g) ?? []).map(number => Number(number.replaceAll(',', '')));
}
