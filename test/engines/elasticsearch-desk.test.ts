// The desk on a real Elasticsearch: its contract, writes that break off anywhere, a store of an earlier version, roles.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createElasticsearchDesk } from '../../src/adapters/store/elasticsearch/elasticsearch-desk.ts';
import {
  createElasticsearchStore,
  type ElasticsearchStoreOptions,
} from '../../src/adapters/store/elasticsearch/elasticsearch-store.ts';
import { GranskaError } from '../../src/errors.ts';
import type { DeskStore } from '../../src/ports/desk-store.ts';
import { firstRevision } from '../../src/search/first-revision.ts';
import { aLine, aRejudged, aRevision, describeDeskStore } from '../contract/desk.ts';
import { aBatch, EVERYTHING, gather } from '../contract/store.ts';
import { asTransactions } from '../contract/window-store.ts';
import { aFinding, idOf } from '../finding/arbitrary.ts';
import { ELASTICSEARCH_VERSIONS, type Elasticsearch } from './elasticsearch.ts';
import { type Fate, type MeddlingProxy, startMeddlingProxy } from './meddling-proxy.ts';
import { removeStore, send } from './send.ts';
import { startFor } from './start-for.ts';

/** One try: what does not come through breaks a write off. */
const ONCE = { tries: 1, firstMs: 1, maxMs: 1 };
const QUICK = { tries: 4, firstMs: 1, maxMs: 2 };

for (const version of ELASTICSEARCH_VERSIONS) {
  describe(`the desk on Elasticsearch ${version}`, () => {
    let server: Elasticsearch;
    let proxy: MeddlingProxy;
    let stores = 0;
    let prefix = '';
    const opened: { close(): Promise<void> }[] = [];

    before(async function () {
      server = await startFor(this, { version });
      proxy = await startMeddlingProxy(server.url);
    });
    after(async () => {
      await proxy?.close();
      await server?.stop();
    });
    beforeEach(() => {
      prefix = `d${stores++}`;
      proxy.decide = () => 'through';
    });
    afterEach(async () => {
      await Promise.all(opened.splice(0).map(store => store.close()));
      if (!prefix.startsWith('shared')) await removeStore(server.url, prefix);
    });

    const options = () => ({ url: server.url, prefix, pageSize: 10 });
    const openWorker = async () => {
      const worker = asTransactions(await createElasticsearchStore({ ...options(), mode: 'write' }));
      opened.push(worker);
      return worker;
    };
    const openDesk = async (changes: Partial<ElasticsearchStoreOptions> = {}): Promise<DeskStore> => {
      const desk = await createElasticsearchDesk({ ...options(), ...changes });
      opened.push(desk);
      return desk;
    };
    const ask = (method: string, path: string, body?: object) =>
      send(server.url, { method, path, ...(body === undefined ? {} : { body }) });

    describe('with one store for all of it', () => {
      // A cluster takes seconds to make a whole store: here only what a desk writes is made anew each time.
      const shared = `shared${version.replaceAll('.', '_')}`;
      after(() => removeStore(server.url, shared));
      beforeEach(async () => {
        prefix = shared;
        await ask('DELETE', `/${prefix}-findings-*`);
        for (const name of ['judgements', 'ledger', 'versions', 'streams']) {
          const answer = await ask('DELETE', `/${prefix}-${name}`);
          if (answer.status === 200) await ask('PUT', `/${prefix}-${name}`);
        }
      });

      describeDeskStore(`the Elasticsearch store on ${version}`, async () => {
        const worker = await openWorker();
        return { worker, desk: await openDesk(), another: openDesk, close: async () => {} };
      });
    });

    it('needs a store that is there, and makes none', async () => {
      expect((await refusalOf(openDesk())).message).to.contain('there is no store');
      expect((await ask('GET', `/${prefix}-ledger`)).status).to.equal(404);
    });

    it('§10.1 brings a store of the first schema forward, with what lies in it', async () => {
      const worker = await openWorker();
      await worker.write(aBatch({ findings: [aFinding({ id: idOf(1) })] }));
      await makeFirstSchema();
      const desk = await openDesk();
      expect(await desk.schemaVersion()).to.equal(3);
      expect(await desk.append(aLine())).to.equal(true);
      expect((await desk.revise(aRejudged({ revisions: [aRevision()] }))).revised).to.equal(1);
      expect((await desk.revisions(idOf(1))).at(-1)).to.deep.equal(aRevision());
      const answer = await ask('POST', `/${prefix}-ledger/_doc`, { person: 'somebody' });
      expect(answer.body.error.type).to.equal('strict_dynamic_mapping_exception');
    });

    it('§6.2 gives people who read by the aliases no more than the program does, in months of an earlier schema too', async () => {
      const worker = await openWorker();
      const findings = [1, 2].map(n => aFinding({ id: idOf(n), offset: n }));
      const [alias, ofClass] = [`${prefix}-findings`, `${prefix}-findings-questionable`];
      await worker.write(aBatch({ findings }));
      const [month] = Object.keys((await ask('GET', `/${prefix}-findings-*`)).body) as [string];
      const unfiltered = [alias, ofClass].map(name => ({ add: { index: month, alias: name } }));
      await ask('POST', '/_aliases', { actions: unfiltered });
      await makeFirstSchema();
      const desk = await openDesk();
      const november = aFinding({ id: idOf(3), offset: 3, startMs: Date.UTC(2026, 10, 2) });
      await desk.revise(aRejudged({ findings: [november] }));
      const hidden = { verdict: 'protected', exemptions: [], otherExemptions: [] } as const;
      const revisions = [1, 3].map(n => aRevision({ findingId: idOf(n), ...hidden }));
      expect((await desk.revise(aRejudged({ revisions }))).revised).to.equal(2);
      // The last as the dashboard asks: patterns that fit the aliases alone.
      for (const name of [alias, ofClass, `${alias}-*questionable,${alias}-*forbidden`]) {
        const { hits } = (await ask('GET', `/${name}/_search`)).body.hits;
        expect(
          hits.map((hit: { _id: string }) => hit._id),
          name,
        ).to.deep.equal([idOf(2)]);
      }
    });

    /** Leaves a store as the first schema had it: without a ledger, and judgements without what else fitted. */
    async function makeFirstSchema(): Promise<void> {
      const { body } = await ask('GET', `/${prefix}-judgements/_mapping`);
      const { mappings } = body[`${prefix}-judgements`];
      const { other_exemptions: _, ...properties } = mappings.properties;
      for (const index of ['judgements', 'ledger']) {
        await ask('DELETE', `/_index_template/${prefix}-${index}`);
        await ask('DELETE', `/${prefix}-${index}`);
      }
      await ask('PUT', `/${prefix}-judgements`, { mappings: { ...mappings, properties } });
      await ask('PUT', `/${prefix}-meta/_doc/schema`, { version: 1 });
    }

    /** What is judged in one round of a test: findings of ids of their own, so that one store serves all rounds. */
    function roundOf(n: number) {
      const [one, two, three] = [1, 2, 3].map(place => idOf(n * 10 + place)) as [string, string, string];
      const first = [
        aFinding({ id: one, offset: n * 10 }),
        aFinding({ id: two, offset: n * 10 + 1, class: 'forbidden', startMs: Date.UTC(2026, 10, 2) }),
      ];
      const hash = n.toString(16).padStart(64, '9');
      const versions = { lists: null, policy: hash, directory: null };
      const batch = aRejudged({
        revisions: [
          aRevision({ findingId: one, versions }),
          aRevision({ findingId: two, versions, verdict: 'withdrawn', exemptions: [] }),
        ],
        findings: [aFinding({ id: three, offset: n * 10 + 2, category: 'betting' })],
        versions: [{ kind: 'policy', hash, epoch: 2026, body: '{}' }],
      });
      const other = aRevision({
        findingId: one,
        verdict: 'withdrawn',
        reason: 'the list was wrong',
        by: 'bo',
      });
      return { ids: [one, two, three] as const, first, batch, other, hash };
    }
    type Round = ReturnType<typeof roundOf>;

    /** Writes a batch, and lets the request of that number meet a fate; false where it came to its end. */
    async function breakOff({ batch }: Round, at: number, fate: Fate): Promise<boolean> {
      proxy.decide = () => 'through';
      const broken = await createElasticsearchDesk({ ...options(), url: proxy.url, retry: ONCE });
      let requests = 0;
      proxy.decide = () => (requests++ === at ? fate : 'through');
      try {
        await broken.revise(batch);
        return false;
      } catch (error) {
        if (error instanceof GranskaError) return true;
        throw error;
      } finally {
        proxy.decide = () => 'through';
        await broken.close();
      }
    }

    /** Holds that each finding shows the latest of its judgements, and that the first one is told as it was. */
    async function checkHistories(desk: DeskStore, { first }: Round, said: string): Promise<void> {
      for (const finding of first) {
        const history = await desk.revisions(finding.id);
        const shown = (await desk.finding(finding.id))!;
        expect(history[0], said).to.deep.equal(firstRevision(finding));
        expect(history.at(-1)!.revision, said).to.equal(shown.revision);
        const latest = { verdict: shown.verdict, exemptions: shown.exemptions, versions: shown.versions };
        expect(history.at(-1), said).to.deep.include(latest);
      }
    }

    for (const fate of ['cut', 'lost'] as const) {
      it(`§5.8 comes right when it is written again, whatever request was ${fate}`, async () => {
        const worker = await openWorker();
        const desk = await openDesk();
        let at = 0;
        for (let isBroken = true; isBroken; at++) {
          const round = roundOf(at);
          const [one, two, three] = round.ids;
          await worker.write(aBatch({ findings: round.first }));
          isBroken = await breakOff(round, at, fate);
          const said = `request ${at}, ${fate}`;
          const outcome = await desk.revise(round.batch);
          expect(outcome.overtaken, said).to.deep.equal([]);
          expect(outcome.revised + outcome.added + outcome.known, said).to.equal(3);
          await checkHistories(desk, round, said);
          expect((await desk.finding(one))?.verdict, said).to.equal('exempt');
          expect((await desk.finding(two))?.verdict, said).to.equal('withdrawn');
          expect(await desk.finding(three), said).to.deep.equal(round.batch.findings[0]);
          expect(await desk.keptVersion('policy', round.hash, 2026), said).to.equal('{}');
          const sums = { findings: 3 * at + 3, examine: at + 1, exempt: at + 1, withdrawn: at + 1 };
          expect(await desk.totals(), said).to.include(sums);
        }
        expect(at).to.be.greaterThan(8);
      }).timeout(300_000);

      it(`§5.8 lets another go on from where a request was ${fate}, and nothing of either is half there`, async () => {
        const worker = await openWorker();
        const desk = await openDesk();
        const counts = { went: 0, met: 0 };
        let at = 0;
        for (let isBroken = true; isBroken; at++) {
          const round = roundOf(at);
          const [one] = round.ids;
          await worker.write(aBatch({ findings: round.first }));
          isBroken = await breakOff(round, at, fate);
          const said = `request ${at}, ${fate}`;
          const outcome = await desk.revise(aRejudged({ revisions: [round.other] }));
          const isOther = outcome.revised === 1;
          counts[isOther ? 'went' : 'met']++;
          expect(outcome.overtaken, said).to.deep.equal(isOther ? [] : [one]);
          expect((await desk.finding(one))?.verdict, said).to.equal(isOther ? 'withdrawn' : 'exempt');
          const again = await desk.revise(round.batch);
          expect(again.overtaken, said).to.deep.equal(isOther ? [one] : []);
          await checkHistories(desk, round, said);
        }
        expect([counts.went > 1, counts.met > 1]).to.deep.equal([true, true]);
      }).timeout(300_000);
    }

    it('counts as revised what was carried out though its answer was lost', async () => {
      const worker = await openWorker();
      const { first, batch } = roundOf(0);
      await worker.write(aBatch({ findings: first }));
      const desk = await openDesk({ url: proxy.url, retry: QUICK });
      const lost = new Set<string>();
      proxy.decide = (line, body) => {
        const isNew = line.includes('_bulk') && !lost.has(body);
        lost.add(body);
        return isNew ? 'lost' : 'through';
      };
      expect(await desk.revise(batch)).to.deep.equal({ revised: 2, added: 1, known: 0, overtaken: [] });
      expect(lost.size).to.be.greaterThan(4);
    });

    it('takes a line of the ledger for its own whose answer was lost, and another one for another’s', async () => {
      await openWorker();
      const desk = await openDesk({ url: proxy.url, retry: QUICK });
      let isLost = false;
      proxy.decide = line => {
        if (isLost || !line.includes('/_create/')) return 'through';
        isLost = true;
        return 'lost';
      };
      expect(await desk.append(aLine())).to.equal(true);
      expect(isLost).to.equal(true);
      expect(await desk.append(aLine())).to.equal(false);
      expect(await desk.entries('case', aLine().key)).to.deep.equal([aLine()]);
    });
  });
}

describe('roles of the desk on Elasticsearch 9.2.0', () => {
  let server: Elasticsearch;
  const users = [
    { name: 'setup', password: 'setup-password', roles: ['granska_setup'] },
    { name: 'worker', password: 'worker-password', roles: ['granska_worker'] },
    { name: 'reader', password: 'reader-password', roles: ['granska_reader'] },
    { name: 'decider', password: 'decider-password', roles: ['granska_reader', 'granska_ledger'] },
    {
      name: 'issuer',
      password: 'issuer-password',
      roles: ['granska_reader', 'granska_reader_forbidden', 'granska_ledger'],
    },
    { name: 'rejudger', password: 'rejudger-password', roles: ['granska_reader', 'granska_rejudger'] },
  ];

  before(async function () {
    const roles = readFileSync(join(import.meta.dirname, '../../config/elasticsearch/roles.yml'), 'utf8');
    server = await startFor(this, { version: '9.2.0', security: { roles, users } });
  });
  after(() => server?.stop());

  const optionsOf = (name: string) => ({
    url: server.url,
    auth: { kind: 'basic', username: name, password: `${name}-password` } as const,
    ca: server.ca!,
    retry: QUICK,
  });
  const openDesk = (name: string) => createElasticsearchDesk(optionsOf(name));
  const openWorker = async (name: string) =>
    asTransactions(await createElasticsearchStore({ ...optionsOf(name), mode: 'write' }));
  const statusOf = async (name: string, what: { method: string; path: string; body?: object }) =>
    (await send(server.url, what, { ca: server.ca!, auth: `${name}:${name}-password` })).status;
  const asOperator = (what: { method: string; path: string; body?: object }) =>
    send(server.url, what, { ca: server.ca!, auth: `elastic:${server.password}` });
  const MONTH = 'granska-findings-questionable-2026.10';

  it('only the role that makes the store brings it forward', async () => {
    await (await openWorker('setup')).close();
    const worker = await openWorker('worker');
    const findings = [aFinding({ id: idOf(1) }), aFinding({ id: idOf(2), class: 'forbidden', offset: 1 })];
    await worker.write(aBatch({ findings }));
    await worker.close();
    const alias = { index: MONTH, alias: 'granska-findings' };
    await asOperator({ method: 'POST', path: '/_aliases', body: { actions: [{ add: alias }] } });
    const path = '/granska-meta/_doc/schema';
    await asOperator({ method: 'PUT', path, body: { version: 1 } });
    for (const open of [() => openWorker('worker'), () => openDesk('decider'), () => openDesk('rejudger')]) {
      expect((await refusalOf(open())).message).to.contain('security_exception (403)');
    }
    await (await openWorker('setup')).close();
    expect((await asOperator({ method: 'GET', path })).body._source.version).to.equal(3);
    const { body } = await asOperator({ method: 'GET', path: `/${MONTH}/_alias` });
    expect(body[MONTH].aliases['granska-findings']).to.have.property('filter');
    await asOperator({ method: 'POST', path: '/granska-*/_refresh' });
    // As the dashboard asks: whoever may not read a class is given the other.
    const asked = {
      method: 'GET',
      path: '/granska-findings-*questionable,granska-findings-*forbidden/_search',
    };
    const seen = await send(server.url, asked, { ca: server.ca!, auth: 'decider:decider-password' });
    expect(seen.body.hits.hits.map((hit: { _id: string }) => hit._id)).to.deep.equal([idOf(1)]);
    await asOperator({ method: 'POST', path: '/granska-*/_refresh' });
  });

  it('a worker can neither decide nor judge anew, nor read what was decided', async () => {
    const desk = await openDesk('worker');
    expect((await refusalOf(desk.append(aLine()))).message).to.contain('403');
    const batch = aRejudged({ revisions: [aRevision()] });
    expect((await refusalOf(desk.revise(batch))).message).to.contain('granska-judgements');
    await desk.close();
    const tries = [
      { method: 'PUT', path: `/granska-ledger/_create/a`, body: { kind: 'case' } },
      { method: 'GET', path: '/granska-ledger/_search' },
      { method: 'PUT', path: `/granska-judgements/_create/${idOf(1)}:1`, body: { revision: 1 } },
      { method: 'PUT', path: `/${MONTH}/_doc/${idOf(1)}`, body: {} },
    ];
    for (const what of tries) expect(await statusOf('worker', what), what.path).to.equal(403);
  });

  it('who decides adds lines and changes none, and can neither change a finding nor judge it anew', async () => {
    const desk = await openDesk('decider');
    expect(await desk.append(aLine())).to.equal(true);
    expect(await desk.append(aLine())).to.equal(false);
    expect(await desk.entries('case', aLine().key)).to.deep.equal([aLine()]);
    const lines = [];
    for await (const line of desk.allEntries('case')) lines.push(line);
    expect(lines).to.deep.equal([aLine()]);
    expect((await refusalOf(desk.revise(aRejudged({ revisions: [aRevision()] })))).message).to.contain('403');
    const read = await gather(desk.search(EVERYTHING));
    expect(read.map(finding => finding.class)).to.deep.equal(['questionable']);
    await desk.close();
    const [line] = (await asOperator({ method: 'GET', path: '/granska-ledger/_search' })).body.hits.hits;
    const tries = [
      { method: 'PUT', path: `/granska-ledger/_doc/${line._id}`, body: line._source },
      { method: 'POST', path: `/granska-ledger/_update/${line._id}`, body: { doc: { by: 'bo' } } },
      { method: 'DELETE', path: `/granska-ledger/_doc/${line._id}` },
      { method: 'PUT', path: `/granska-judgements/_create/${idOf(1)}:1`, body: { revision: 1 } },
      { method: 'PUT', path: `/${MONTH}/_doc/${idOf(1)}`, body: {} },
      { method: 'POST', path: `/${MONTH}/_update/${idOf(1)}`, body: { doc: {} } },
      { method: 'DELETE', path: `/${MONTH}/_doc/${idOf(1)}` },
      { method: 'GET', path: '/granska-findings-forbidden-2026.10/_search' },
    ];
    for (const what of tries) expect(await statusOf('decider', what), what.path).to.equal(403);
  });

  it('who may not read what was decided is told so, instead of that nothing was', async () => {
    const desk = await openDesk('reader');
    expect((await refusalOf(gather(desk.allEntries('case')))).message)
      .to.contain('granska-ledger')
      .and.contain('403');
    expect((await refusalOf(desk.entries('case', aLine().key))).message).to.contain('403');
    expect(await desk.count(EVERYTHING)).to.equal(1);
    await desk.close();
  });

  it('§8.2 nobody freezes figures without a class that the account may not read', async () => {
    const issuer = await openDesk('issuer');
    await issuer.catchUp();
    expect(await issuer.count(EVERYTHING)).to.equal(2);
    await issuer.close();
    const decider = await openDesk('decider');
    const refusal = await refusalOf(decider.catchUp());
    expect(refusal.code).to.equal('REFUSED');
    expect(refusal.message).to.contain('class forbidden');
    expect(refusal.hint).to.contain('granska_reader_forbidden');
    await decider.close();
  });

  it('who judges anew changes findings of both classes, and neither a judgement nor the ledger', async () => {
    const desk = await openDesk('rejudger');
    const fresh = aFinding({ id: idOf(3), startMs: Date.UTC(2026, 11, 1), offset: 2 });
    const revisions = [aRevision(), aRevision({ findingId: idOf(2) })];
    const versions = [{ kind: 'policy', hash: '9'.repeat(64), epoch: 2026, body: '{}' }] as const;
    const outcome = await desk.revise(aRejudged({ revisions, findings: [fresh], versions }));
    expect(outcome).to.deep.equal({ revised: 2, added: 1, known: 0, overtaken: [] });
    expect((await desk.finding(idOf(2)))?.verdict).to.equal('exempt');
    expect(await desk.revisions(idOf(1))).to.have.length(2);
    expect(await desk.entries('case', aLine().key)).to.have.length(1);
    expect((await refusalOf(desk.append(aLine({ seq: 2 })))).message).to.contain('403');
    await desk.close();
    const tries = [
      { method: 'PUT', path: `/granska-judgements/_doc/${idOf(1)}:1`, body: { revision: 1 } },
      { method: 'DELETE', path: `/granska-judgements/_doc/${idOf(1)}:1` },
      { method: 'DELETE', path: `/${MONTH}/_doc/${idOf(1)}` },
      { method: 'DELETE', path: `/${MONTH}` },
    ];
    for (const what of tries) expect(await statusOf('rejudger', what), what.path).to.equal(403);
  });
});

async function refusalOf(promise: Promise<unknown>): Promise<GranskaError> {
  const outcome = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (outcome instanceof GranskaError) return outcome;
  throw outcome ?? new Error('nothing was refused');
}
