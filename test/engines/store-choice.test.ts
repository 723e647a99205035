// The store that the configuration names: the commands that read say the same of a cluster as of the embedded store.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { openReadStore, openWriteStore, type WriteStore } from '../../src/compose/open-store.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig, requireConfig } from '../../src/config/load.ts';
import { GranskaError } from '../../src/errors.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { RejectBatch } from '../../src/ports/store.ts';
import { makePlace, type Place, removePlaces } from '../cli/run.ts';
import { VALID } from '../config/support.ts';
import { aStream } from '../contract/store.ts';
import { aFinding, idOf } from '../finding/arbitrary.ts';
import { type Elasticsearch, startElasticsearch } from './elasticsearch.ts';
import { areEnginesRequired } from './engines.ts';
import { send } from './send.ts';

const USER = { name: 'worker', password: 'a password of a test' };
const VERSIONS = { lists: '2'.repeat(64), policy: '3'.repeat(64), directory: null };
const FINDINGS: readonly Finding[] = [
  aFinding({ id: idOf(1), offset: 0 }),
  aFinding({
    id: idOf(2),
    offset: 100,
    startMs: Date.UTC(2026, 10, 2, 8),
    verdict: 'exempt',
    exemptions: ['E-1'],
  }),
  aFinding({ id: idOf(3), offset: 200, class: 'forbidden', category: 'weapons', domain: 'weapons.example' }),
];
const REJECT: RejectBatch = {
  stream: aStream().id,
  code: 'time-invalid',
  count: 2,
  firstOffset: 300,
  file: null,
  rejectedMs: Date.UTC(2026, 10, 2),
};

describe('the store that the configuration names', () => {
  let server: Elasticsearch;

  before(async function () {
    this.timeout(300_000);
    try {
      // A superuser: what each role may do is held beside the roles.
      const users = [{ ...USER, roles: ['superuser'] }];
      server = await startElasticsearch({ version: '9.2.0', security: { roles: '', users } });
    } catch (error) {
      if (areEnginesRequired()) throw error;
      process.stderr.write('Not run: Elasticsearch 9.2.0 could not be started here.\n');
      this.skip();
    }
  });
  after(() => server?.stop());
  afterEach(removePlaces);

  function placeWith(store: string): Place {
    const files = { ...VALID, 'granska.yaml': `${VALID['granska.yaml']}${store}` };
    return makePlace(
      { ...files, 'secrets/password': `${USER.password}\n`, 'ca.pem': server.ca! },
      'granska.yaml',
    );
  }

  const cluster = (more = 'passwordFile: secrets/password, caFile: ca.pem') =>
    placeWith(`store: { kind: elasticsearch, url: "${server.url}", username: ${USER.name}, ${more} }\n`);

  async function configOf({ dir, env }: Place): Promise<Config> {
    return requireConfig(await loadConfig({ flags: {}, env, cwd: dir, packageRoot: dir })).config;
  }

  /** Writes the same into whichever store a place has. */
  async function fill(place: Place): Promise<WriteStore['kind']> {
    const opened = await openWriteStore(await configOf(place), {
      seal: async plain => plain,
      signal: new AbortController().signal,
      patience: 'bounded',
      onEvent() {},
    });
    const state = aStream({ position: 400 });
    const content = { findings: FINDINGS, usage: [], days: [], rejects: [REJECT], settled: [] };
    if (opened.kind === 'transactions') {
      const batch = { ...content, streams: [{ state, marks: [] }], names: [], versions: [] };
      await opened.store.write(batch);
    } else {
      await opened.store.takeOver([state.id]);
      const pin = { end: 400, versions: VERSIONS, clockMs: Date.UTC(2026, 10, 3) };
      const windows = [{ ...content, from: 0, state, pin, marks: [] }];
      const written = await opened.store.writeWindows({ windows, names: [], versions: [] });
      expect(written).to.deep.equal({ added: 3, known: 0, fenced: [], refused: 0 });
      // Whoever reads asks for no refresh, and the cluster makes one only now and then.
      const credentials = { ca: server.ca!, auth: `elastic:${server.password!}` };
      await send(server.url, { method: 'POST', path: '/granska-*/_refresh' }, credentials);
    }
    await opened.store.close();
    return opened.kind;
  }

  it('answers every command that reads as the embedded store does', async () => {
    const [embedded, clustered] = [placeWith(''), cluster()];
    expect([await fill(embedded), await fill(clustered)]).to.deep.equal(['transactions', 'windows']);
    const commands = [
      ['search', '--format', 'ndjson'],
      ['search', '--format', 'table', 'verdict:exempt'],
      ['search', '--format', 'csv', '--sort', '-start', '--limit', '2'],
      ['explain', '--finding', idOf(2)],
      ['explain', '--finding', idOf(9)],
      ['rejects'],
    ];
    for (const command of commands) {
      const one = await embedded.run(command);
      expect(await clustered.run(command), command.join(' ')).to.deep.equal(one);
      expect(one.code, command.join(' ')).to.equal(command.includes(idOf(9)) ? 1 : 0);
    }
    const found = await clustered.run(commands[0]!);
    expect(found.stdout.trim().split('\n')).to.have.length(FINDINGS.length);
    expect(readFileSync(join(clustered.dataDir, 'audit', 'chain.ndjson'), 'utf8')).to.contain('search');
  }).timeout(240_000);

  it('§10.2 ends with exit 3, and without the password, where the authority or the password is another', async () => {
    const places = [
      cluster('passwordFile: secrets/password'),
      cluster('passwordFile: ca.pem, caFile: ca.pem'),
    ];
    const [untrusted, many] = [await places[0]!.run(['search']), await places[1]!.run(['search'])];
    expect([untrusted.code, many.code]).to.deep.equal([3, 2]);
    expect(untrusted.stderr).to.match(/certificate .* is not one that is trusted \[STORE\]/);
    expect(many.stderr).to.match(/store\.passwordFile names holds no secret of one line.*\[KEYS\]/);
    const wrong = cluster();
    wrong.write('secrets/password', 'not that one');
    const refused = await wrong.run(['search']);
    expect(refused.code).to.equal(3);
    expect(refused.stderr).to.match(/\(401\) \[STORE\]\n {2}the user name, password or API key is not right/);
    expect(refused.stderr).to.not.match(/not that one|a password/);
  }).timeout(240_000);

  it('says that there is no store under a prefix where nothing was written', async () => {
    const config = await configOf(cluster('passwordFile: secrets/password, caFile: ca.pem, prefix: other'));
    const refusal = await openReadStore(config).then(
      () => null,
      (error: unknown) => error,
    );
    expect(refusal).to.be.instanceOf(GranskaError).with.property('code', 'STORE');
  });
});
