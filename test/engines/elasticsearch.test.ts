import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  createElasticsearchStore,
  type ElasticsearchStoreOptions,
} from '../../src/adapters/store/elasticsearch/elasticsearch-store.ts';
import { toDocument } from '../../src/adapters/store/elasticsearch/finding-document.ts';
import { createMemoryStore } from '../../src/adapters/store/memory-store.ts';
import { GranskaError } from '../../src/errors.ts';
import type { Store } from '../../src/ports/store.ts';
import { aBatch, aStream, describeStore, EVERYTHING, gather } from '../contract/store.ts';
import { asTransactions, describeWindowStore } from '../contract/window-store.ts';
import { aFinding, arbitraryFinding, idOf } from '../finding/arbitrary.ts';
import { arbitraryQuery } from '../search/arbitrary.ts';
import { ELASTICSEARCH_VERSIONS, type Elasticsearch } from './elasticsearch.ts';
import { type MeddlingProxy, startMeddlingProxy } from './meddling-proxy.ts';
import { removeStore, send } from './send.ts';
import { startFor } from './start-for.ts';

const FACETS = ['category', 'verdict', 'class', 'department', 'domain'] as const;
const QUICK = { tries: 4, firstMs: 1, maxMs: 2 };

for (const version of ELASTICSEARCH_VERSIONS) {
  describe(`on Elasticsearch ${version}`, () => {
    let server: Elasticsearch;
    let stores = 0;
    let prefix = '';

    before(async function () {
      server = await startFor(this, { version });
    });
    after(() => server?.stop());
    beforeEach(() => {
      prefix = `t${stores++}`;
    });
    afterEach(() => removeStore(server.url, prefix));

    const open = async (changes: Partial<ElasticsearchStoreOptions> = {}) =>
      asTransactions(
        await createElasticsearchStore({ url: server.url, mode: 'write', prefix, pageSize: 10, ...changes }),
      );
    const ask = (method: string, path: string, body: object = {}) =>
      send(server.url, { method, path, ...(method === 'GET' ? {} : { body }) });

    describeStore(`the Elasticsearch store on ${version}`, () => open());
    describeWindowStore(`the Elasticsearch store on ${version}`, () => open());

    it('answers every search, count and facet as the memory store does', async () => {
      let runs = 0;
      const names: string[] = [];
      await fc.assert(
        fc.asyncProperty(
          fc.array(arbitraryFinding, { minLength: 20, maxLength: 60 }),
          fc.array(arbitraryQuery, { minLength: 60, maxLength: 80 }),
          async (findings, queries) => {
            names.push(`${prefix}_${runs++}`);
            const pair = [await open({ prefix: names.at(-1)!, pageSize: 7 }), createMemoryStore()] as const;
            await checkAlike(pair, { findings, queries });
            await pair[0].close();
          },
        ),
        { numRuns: 5, endOnFailure: true },
      );
      for (const name of names) await removeStore(server.url, name);
    }).timeout(600_000);

    it('§9.6 lays findings into the month (UTC) of event.start, class forbidden apart, under aliases', async () => {
      const store = await open();
      const lastMs = Date.UTC(2026, 10, 1) - 1;
      await store.write(
        aBatch({
          findings: [
            aFinding({ id: idOf(1), startMs: lastMs, offset: 1 }),
            aFinding({ id: idOf(2), startMs: lastMs + 1, offset: 2 }),
            aFinding({ id: idOf(3), startMs: lastMs, offset: 3, class: 'forbidden' }),
          ],
        }),
      );
      const aliases = await ask('GET', `/_alias/${prefix}-findings`);
      expect(Object.keys(aliases.body).sort()).to.deep.equal([
        `${prefix}-findings-forbidden-2026.10`,
        `${prefix}-findings-questionable-2026.10`,
        `${prefix}-findings-questionable-2026.11`,
      ]);
      expect(await store.count(EVERYTHING)).to.equal(3);
      const forbidden = await ask('GET', `/${prefix}-findings-forbidden/_count`);
      expect(forbidden.body.count).to.equal(1);
      await store.close();
    });

    it('refuses a field that no mapping names', async () => {
      const store = await open();
      await store.write(aBatch({ findings: [aFinding()] }));
      for (const index of ['findings-questionable-2026.10', 'usage', 'names', 'meta']) {
        const answer = await ask('POST', `/${prefix}-${index}/_doc`, { person: 'somebody' });
        expect([answer.status, answer.body.error.type], index).to.deep.equal([
          400,
          'strict_dynamic_mapping_exception',
        ]);
      }
      await store.close();
    });

    it('§9.5 creates an id once over classes and months, by whichever worker', async () => {
      const startMs = Date.UTC(2026, 9, 31, 23, 59);
      const first = aFinding({ id: idOf(1), offset: 170, startMs });
      const one = await open();
      await one.write(aBatch({ findings: [first] }));
      const other = await open();
      const moved = [
        { ...first, class: 'forbidden' as const },
        { ...first, startMs: startMs + 3_600_000 },
      ];
      for (const finding of moved) {
        for (const store of [other, one]) {
          expect(await store.write(aBatch({ findings: [finding] }))).to.deep.equal({ added: 0, known: 1 });
        }
      }
      expect(await gather(other.search(EVERYTHING))).to.deep.equal([first]);
      await Promise.all([one.close(), other.close()]);
    });

    it('does not take for written what found no index', async () => {
      const store = await open();
      const setting = 'action.auto_create_index';
      await ask('PUT', '/_cluster/settings', { persistent: { [setting]: false } });
      try {
        await ask('DELETE', `/${prefix}-days`);
        const days = [{ tenant: 'kommun', day: '2026-10-01', kind: 'protected', count: 4 }] as const;
        const refusal = await refusalOf(store.write(aBatch({ days })));
        expect(refusal.message).to.contain('index_not_found_exception (404)');
      } finally {
        await ask('PUT', '/_cluster/settings', { persistent: { [setting]: null } });
      }
      await store.close();
    });

    it('takes paths and words of any length', async () => {
      const store = await open();
      const path = (signs: number) => `/${'aB?*\\'.repeat(signs / 5)}`;
      const findings = [100, 10_000, 30_000, 65_000].map((signs, n) =>
        aFinding({ id: idOf(n), offset: n, urlPath: path(signs) }),
      );
      await store.write(aBatch({ findings }));
      expect(await gather(store.search(EVERYTHING))).to.deep.equal(findings);
      const count = (word: string) =>
        store.count({ ...EVERYTHING, terms: [{ kind: 'word', word, negated: false }] });
      expect(await count('?*\\A')).to.equal(3);
      for (const signs of [500, 2_500, 9_000]) expect(await count(path(signs)), `${signs}`).to.equal(2);
      await store.close();
    });

    it('§9.7 keeps a directory of hundreds of thousands of people, which the server would refuse as if it were busy', async () => {
      const store = await open({ retry: QUICK });
      const body = JSON.stringify({
        users: Array(250_000).fill({ tenant: 'kommun', department: 'Barn och utbildning' }),
      });
      expect(body.length).to.be.greaterThan(12_000_000);
      const kept = { kind: 'directory', hash: 'd'.repeat(64), epoch: 2026, body: body.repeat(3) } as const;
      await store.write(aBatch({ versions: [kept] }));
      expect((await store.keptVersion('directory', kept.hash, 2026)) === kept.body).to.equal(true);
      await store.close();
    });

    it('gives nothing of a document away when the server refuses it', async () => {
      const store = await open();
      const bad = aFinding({ status: 'anna.berg' as unknown as number });
      const refusal = await refusalOf(store.write(aBatch({ findings: [bad] })));
      expect(refusal.message).to.equal(
        `Elasticsearch refused a request on ${prefix}-findings-questionable-2026.10: document_parsing_exception (400)`,
      );
      expect(refusal.cause).to.equal(undefined);
      await store.close();
    });

    it('shows a search the moment in which it began', async () => {
      const store = await open();
      const many = Array.from({ length: 50 }, (_, n) => aFinding({ id: idOf(n), startMs: n, offset: n }));
      await store.write(aBatch({ findings: many }));
      let seen = 0;
      for await (const _ of store.search(EVERYTHING)) {
        if (seen++ > 0) continue;
        await store.write(aBatch({ findings: [aFinding({ id: idOf(99), startMs: 49, offset: 99 })] }));
        expect(await store.count(EVERYTHING)).to.equal(51);
      }
      expect(seen).to.equal(50);
      await store.close();
    });

    it('§5.8 tells later judgements after the first', async () => {
      const store = await open();
      const finding = aFinding();
      await store.write(aBatch({ findings: [finding] }));
      const later = {
        finding: finding.id,
        revision: 1,
        versions: { policy: '9'.repeat(64) },
        verdict: 'exempt',
        exemptions: ['U-1'],
        other_exemptions: ['U-2'],
        reason: 'policy was corrected',
        by: 'rejudge',
        at: 7_000,
      };
      await ask('PUT', `/${prefix}-judgements/_doc/${finding.id}:0`, { ...later, revision: 0 });
      await ask('PUT', `/${prefix}-judgements/_doc/${finding.id}:1`, later);
      expect((await store.revisions(finding.id)).slice(1)).to.deep.equal([
        {
          findingId: finding.id,
          revision: 1,
          versions: { lists: null, policy: '9'.repeat(64), directory: null },
          verdict: 'exempt',
          exemptions: ['U-1'],
          otherExemptions: ['U-2'],
          reason: 'policy was corrected',
          by: 'rejudge',
          atMs: 7_000,
        },
      ]);
      await store.close();
    });

    it('§10.1 refuses a store that a newer Granska made, and one that is not there', async () => {
      expect((await refusalOf(open({ mode: 'read' }))).message).to.contain('there is no store');
      await (await open()).close();
      await ask('PUT', `/${prefix}-meta/_doc/schema`, { version: 999 });
      for (const mode of ['read', 'write'] as const) {
        const refusal = await refusalOf(open({ mode }));
        expect([refusal.code, refusal.exit]).to.deep.equal(['STORE', 3]);
        expect(refusal.hint).to.contain('newer Granska');
      }
    });

    it('refuses to write through a store that was opened for reading', async () => {
      const writer = await open();
      const reader = await open({ mode: 'read' });
      expect((await refusalOf(reader.write(aBatch({})))).message).to.contain('for reading only');
      await Promise.all([writer.close(), reader.close()]);
    });

    describe('over a network that loses and a server that is busy', () => {
      let proxy: MeddlingProxy;
      beforeEach(async () => {
        proxy = await startMeddlingProxy(server.url);
      });
      afterEach(() => proxy.close());

      it('waits a busy server out', async () => {
        const store = await open({ url: proxy.url, retry: QUICK });
        let refusals = 0;
        proxy.decide = () => (refusals++ % 3 === 2 ? 'through' : 'busy');
        expect(await store.write(aBatch({ findings: [aFinding()] }))).to.deep.equal({ added: 1, known: 0 });
        expect(await gather(store.search(EVERYTHING))).to.deep.equal([aFinding()]);
        await store.close();
      });

      it('gives up on a server that stays busy, after the tries that it was given', async () => {
        const store = await open({ url: proxy.url, retry: QUICK });
        proxy.decide = () => 'busy';
        const before = proxy.seen.length;
        const refusal = await refusalOf(store.count(EVERYTHING));
        expect(refusal.message).to.contain('es_rejected_execution_exception (429)');
        expect(proxy.seen.length - before).to.equal(QUICK.tries);
        await store.close();
      });

      it('counts as added what it created in a request whose answer was lost', async () => {
        const store = await open({ url: proxy.url, retry: QUICK });
        let lost = 0;
        proxy.decide = line => (line.includes('_bulk') && lost++ < 2 ? 'lost' : 'through');
        const findings = Array.from({ length: 9 }, (_, n) => aFinding({ id: idOf(n), offset: n }));
        expect(await store.write(aBatch({ findings }))).to.deep.equal({ added: 9, known: 0 });
        expect(lost).to.be.greaterThan(2);
        expect(await store.count(EVERYTHING)).to.equal(9);
        await store.close();
      });

      it('sends the API key or the password that it was given', async () => {
        const seen = async (auth: NonNullable<ElasticsearchStoreOptions['auth']>) => {
          const store = await open({ url: proxy.url, auth });
          await store.close();
          return proxy.seen.at(-1)!.headers.authorization;
        };
        expect(await seen({ kind: 'apiKey', key: 'aWQ6a2V5' })).to.equal('ApiKey aWQ6a2V5');
        expect(await seen({ kind: 'basic', username: 'worker', password: 'pass' })).to.equal(
          `Basic ${Buffer.from('worker:pass').toString('base64')}`,
        );
      });

      it('says that a server cannot be reached', async () => {
        await proxy.close();
        const refusal = await refusalOf(open({ url: proxy.url, retry: QUICK }));
        expect([refusal.code, refusal.message]).to.deep.equal([
          'STORE',
          `the Elasticsearch server cannot be reached (for ${prefix}-meta)`,
        ]);
        proxy = await startMeddlingProxy(server.url);
      });
    });
  });
}

describe('roles and TLS on Elasticsearch 9.2.0', () => {
  let server: Elasticsearch;
  const users = [
    { name: 'setup', password: 'setup-password', roles: ['granska_setup'] },
    { name: 'worker', password: 'worker-password', roles: ['granska_worker'] },
    { name: 'reader', password: 'reader-password', roles: ['granska_reader'] },
    { name: 'both', password: 'both-password', roles: ['granska_reader', 'granska_reader_forbidden'] },
    { name: 'retrier', password: 'retrier-password', roles: ['granska_worker', 'granska_sealed_reader'] },
    { name: 'opener', password: 'opener-password', roles: ['granska_reader', 'granska_name_reader'] },
    { name: 'analyst', password: 'analyst-password', roles: ['granska_reader', 'granska_kibana'] },
    { name: 'viewer', password: 'viewer-password', roles: ['granska_kibana'] },
  ];
  const batch = aBatch({
    findings: [
      aFinding({ id: idOf(1), offset: 1 }),
      aFinding({ id: idOf(2), offset: 2, class: 'forbidden' }),
    ],
    usage: [
      { tenant: 'kommun', hourMs: 0, department: '', records: 5, bytes: 9, denied: 1, tunnels: 2, named: 3 },
    ],
    days: [{ tenant: 'kommun', day: '2026-10-01', kind: 'protected', count: 4 }],
    rejects: [{ stream: 'a', code: 'fields', count: 2, firstOffset: 3, file: 'one.age', rejectedMs: 5 }],
    names: [{ envelope: new Uint8Array([1, 2]), epoch: 2026, ids: ['u26-a'] }],
    versions: [{ kind: 'policy', hash: 'p', epoch: 2026, body: '{}' }],
    streams: [{ state: aStream(), marks: [{ end: 100, digest: new Uint8Array([7]) }] }],
  });

  before(async function () {
    const roles = readFileSync(join(import.meta.dirname, '../../config/elasticsearch/roles.yml'), 'utf8');
    server = await startFor(this, { version: '9.2.0', security: { roles, users } });
  });
  after(() => server?.stop());

  const open = async (
    name: string,
    mode: 'read' | 'write',
    changes: Partial<ElasticsearchStoreOptions> = {},
  ) =>
    asTransactions(
      await createElasticsearchStore({
        url: server.url,
        mode,
        auth: { kind: 'basic', username: name, password: `${name}-password` },
        ca: server.ca!,
        retry: QUICK,
        ...changes,
      }),
    );

  it('a worker cannot make the store; the role for that can', async () => {
    const refusal = await refusalOf(open('worker', 'write'));
    expect(refusal.message).to.contain('security_exception (403)');
    expect(refusal.hint).to.contain('roles.yml');
    await (await open('setup', 'write')).close();
  });

  it('a worker writes all that windows hold, keeps dead letters, and forgets what is sealed', async () => {
    const seal = async (plain: Uint8Array) => plain;
    const store = await open('worker', 'write', { seal });
    expect(await store.write(batch)).to.deep.equal({ added: 2, known: 0 });
    const bad = aFinding({ id: idOf(3), offset: 3, status: 'bad' as unknown as number });
    const settled = ['one.age'];
    const again = aBatch({ findings: [...batch.findings, bad], settled });
    expect(await store.write(again)).to.deep.equal({ added: 0, known: 3 });
    expect(await store.rejects()).to.deep.equal([]);
    const [letter] = await store.deadLetters();
    expect(letter).to.include({ what: 'findings', count: 1, firstOffset: 3 });
    await store.sealed.write('one.age', new Uint8Array([1]));
    await store.sealed.write('one.age', new Uint8Array([1]));
    expect(await store.streams('default', 'c'.repeat(64))).to.deep.equal([aStream()]);
    expect(await store.marks('a'.repeat(64))).to.have.length(1);
    expect(await store.knownNames(['u26-a', 'u26-b'])).to.deep.equal(new Set(['u26-a']));
    expect(await store.keptVersion('policy', 'p', 2026)).to.equal('{}');
    const late = Number.MAX_SAFE_INTEGER;
    expect(await store.forgetSealed(late)).to.deep.equal([letter!.file]);
    expect(await store.sealed.olderThan(late)).to.have.members(['one.age', letter!.file]);
    await store.sealed.remove([letter!.file]);
    expect(await store.sealed.olderThan(late)).to.deep.equal(['one.age']);
    await store.close();
  });

  it('§6.4 only the role for it reads sealed texts; with the role of a worker it retries dead letters', async () => {
    const worker = await open('worker', 'write');
    expect((await refusalOf(worker.sealed.read('one.age'))).message).to.contain('security_exception (403)');
    await worker.close();
    const retrier = await open('retrier', 'write');
    expect(await retrier.sealed.read('one.age')).to.deep.equal(new Uint8Array([1]));
    await retrier.sealed.remove(['one.age']);
    const letter = {
      stream: 'a'.repeat(64),
      what: 'findings',
      reason: 'document_parsing_exception',
      index: 'granska-findings-questionable-2026.10',
      id: idOf(4),
      document: toDocument(aFinding({ id: idOf(4), offset: 4 })),
    };
    expect(await retrier.retryDeadLetters([letter])).to.deep.equal([]);
    await retrier.settleDeadLetters(['gone.age']);
    expect(await retrier.finding(idOf(4))).to.not.equal(null);
    await retrier.close();
  });

  it('a worker cannot open a name, nor change or delete a finding', async () => {
    const store = await open('worker', 'write');
    expect((await refusalOf(store.sealedName('u26-a'))).message).to.contain('security_exception (403)');
    await store.close();
    const index = 'granska-findings-questionable-2026.10';
    const tries = [
      { method: 'PUT', path: `/${index}/_doc/${idOf(1)}`, body: {} },
      { method: 'POST', path: `/${index}/_update/${idOf(1)}`, body: { doc: {} } },
      { method: 'DELETE', path: `/${index}/_doc/${idOf(1)}` },
      { method: 'DELETE', path: `/${index}` },
      { method: 'GET', path: '/granska-names/_search' },
      { method: 'GET', path: '/granska-sealed/_search' },
      { method: 'PUT', path: '/somebody-elses/_doc/1?op_type=create', body: {} },
    ];
    for (const what of tries) {
      const { status } = await send(server.url, what, { ca: server.ca!, auth: 'worker:worker-password' });
      expect(status, `${what.method} ${what.path}`).to.equal(403);
    }
  });

  it('§6.5 a reader sees class questionable only, unless the other role is given too', async () => {
    const all = { method: 'POST', path: '/granska-*/_refresh' };
    await send(server.url, all, { ca: server.ca!, auth: `elastic:${server.password}` });
    const ids = async (name: string) => {
      const store = await open(name, 'read');
      const found = (await gather(store.search(EVERYTHING))).map(finding => finding.id);
      expect((await store.totals()).findings).to.equal(found.length);
      const classes = [...(await store.facet(EVERYTHING, 'class')).values()];
      expect(classes.reduce((sum, n) => sum + n, 0)).to.equal(found.length);
      await store.close();
      return found;
    };
    expect(await ids('reader')).to.deep.equal([idOf(1), idOf(4)]);
    expect(await ids('both')).to.deep.equal([idOf(1), idOf(2), idOf(4)]);
  });

  it('§6.5 nobody has subjects of class forbidden spelled out by a query that is only checked', async () => {
    const spelled = async (account: string, index: string) => {
      const query = { prefix: { 'granska.subject.id': { value: '', rewrite: 'top_terms_50' } } };
      const path = `/${index}/_validate/query?rewrite=true`;
      const auth = account === 'elastic' ? `elastic:${server.password}` : `${account}:${account}-password`;
      const what = { method: 'POST', path, body: { query } };
      const { status, body } = await send(server.url, what, { ca: server.ca!, auth });
      return status === 200 ? JSON.stringify(body) : status;
    };
    const index = 'granska-findings-forbidden-2026.10';
    expect(await spelled('elastic', index)).to.contain(batch.findings[1]!.subjectId!);
    for (const { name } of users) expect(await spelled(name, index), name).to.equal(403);
    // Who makes the store reads no finding at all.
    expect(await spelled('setup', 'granska-findings-questionable-2026.10')).to.equal(403);
    expect(await spelled('setup', 'granska-ledger')).to.equal(403);
  });

  it('what Kibana asks of the dashboard’s indices is answered, of the classes that the account reads', async () => {
    const indicesFor = async (name: string, path: string) => {
      const credentials = { ca: server.ca!, auth: `${name}:${name}-password` };
      return (await send(server.url, { method: 'GET', path }, credentials)).body.indices;
    };
    const fields = '/granska-findings-*questionable,granska-findings-*forbidden/_field_caps?fields=*';
    const [forbidden, questionable] = ['forbidden', 'questionable'].map(
      category => `granska-findings-${category}-2026.10`,
    );
    expect(await indicesFor('analyst', fields)).to.deep.equal([questionable]);
    expect(await indicesFor('both', fields)).to.deep.equal([forbidden, questionable]);
    const named = await indicesFor('analyst', '/_resolve/index/granska-findings*');
    expect(named.map(({ name }: { name: string }) => name)).to.deep.equal([questionable]);
  });

  it('a reader reads counts and sources, opens no name and writes nothing', async () => {
    const store = await open('reader', 'read');
    expect(await store.usage(0, Infinity)).to.deep.equal(batch.usage);
    expect(await store.days('0000', '9999')).to.deep.equal(batch.days);
    const source = { kind: 'field', field: 'source', values: ['default'], negated: false } as const;
    expect(await store.count({ ...EVERYTHING, terms: [source] })).to.equal(2);
    expect((await refusalOf(store.sealedName('u26-a'))).message).to.contain('403');
    await store.close();

    const opener = await open('opener', 'read');
    expect(await opener.sealedName('u26-a')).to.deep.equal(new Uint8Array([1, 2]));
    await opener.close();

    const writer = await open('reader', 'write');
    const refusal = await refusalOf(writer.write(aBatch({ days: batch.days })));
    expect(refusal.message).to.contain('security_exception (403)');
    await writer.close();
  });

  it('says that a password is wrong, and that a certificate is not trusted', async () => {
    const wrong = { kind: 'basic', username: 'worker', password: 'wrong' } as const;
    const refusal = await refusalOf(open('worker', 'write', { auth: wrong }));
    expect(refusal.message).to.contain('security_exception (401)');
    expect(`${refusal.message} ${refusal.hint}`).not.to.contain('wrong');
    const { ca: _, ...withoutCa } = { url: server.url, mode: 'read' as const, ca: '', retry: QUICK };
    const untrusted = await refusalOf(createElasticsearchStore(withoutCa));
    expect(untrusted.message).to.contain('certificate');
  });
});

async function checkAlike(
  [store, twin]: readonly [Store, Store],
  given: { findings: Parameters<typeof aFinding>[0][]; queries: (typeof EVERYTHING)[] },
): Promise<void> {
  const findings = given.findings.map(finding => aFinding(finding));
  const streams = [{ state: aStream({ source: 'proxy-2' }), marks: [] }];
  const batch = aBatch({ findings, streams });
  expect(await store.write(batch)).to.deep.equal(await twin.write(batch));
  for (const query of given.queries) {
    const asked = JSON.stringify(query);
    expect(await gather(store.search(query)), asked).to.deep.equal(await gather(twin.search(query)));
    expect(await store.count(query), asked).to.equal(await twin.count(query));
    for (const field of FACETS) {
      const [facet, expected] = [await store.facet(query, field), await twin.facet(query, field)];
      expect([...facet], asked).to.deep.equal([...expected]);
    }
  }
}

async function refusalOf(promise: Promise<unknown>): Promise<GranskaError> {
  const outcome = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  if (outcome instanceof GranskaError) return outcome;
  throw outcome ?? new Error('nothing was refused');
}
