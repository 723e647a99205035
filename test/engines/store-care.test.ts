// `granska store` over a real cluster with the shipped roles: who may make the store makes it, and after that a worker
// runs without that right.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { makePlace, type Place, removePlaces } from '../cli/run.ts';
import { CASINO, MONDAY_MS, squidLine } from '../cli/squid-log.ts';
import { TOWN } from '../cli/town.ts';
import type { Elasticsearch } from './elasticsearch.ts';
import { send } from './send.ts';
import { startFor } from './start-for.ts';

const ACCOUNTS = { setup: ['granska_setup'], worker: ['granska_worker'], reader: ['granska_reader'] };
type Account = keyof typeof ACCOUNTS;

/** Two findings, one line that is none. */
const LINES = [
  squidLine({ url: CASINO, client: '10.20.0.7', atMs: MONDAY_MS }),
  squidLine({ url: CASINO, client: '10.20.0.8', atMs: MONDAY_MS + 60_000 }),
  'no line of any log',
  '',
].join('\n');
const SOURCE = 'sources: [{ name: proxy, kind: files, paths: [../log/access.log], format: squid }]\n';
const QUIET = 'run: { listen: off }\nlog: { level: error }\n';

describe('granska store on Elasticsearch 9.2.0', function () {
  this.timeout(120_000);
  let server: Elasticsearch;
  let place: Place;

  before(async function () {
    const roles = readFileSync(join(import.meta.dirname, '../../config/elasticsearch/roles.yml'), 'utf8');
    const users = Object.entries(ACCOUNTS).map(([name, of]) => ({
      name,
      password: `${name}-password`,
      roles: of,
    }));
    server = await startFor(this, { version: '9.2.0', security: { roles, users } });
    place = makePlace(TOWN);
    place.write('ca.crt', server.ca!);
    place.write('log/access.log', LINES);
    for (const name of Object.keys(ACCOUNTS)) {
      place.write(`config/${name}.password`, `${name}-password`);
      const store = `store: { kind: elasticsearch, url: "${server.url}", username: ${name}, passwordFile: ${name}.password, caFile: ../ca.crt }`;
      place.write(`config/${name}.yaml`, `${TOWN['config/granska.yaml']}${store}\n${SOURCE}${QUIET}`);
    }
    place.write('config/embedded.yaml', `${TOWN['config/granska.yaml']}${SOURCE}${QUIET}`);
  });
  after(async () => {
    await server?.stop();
    removePlaces();
  });

  const as = (account: Account | 'embedded', ...args: string[]) =>
    place.run([...args, '--config', join(place.dir, 'config', `${account}.yaml`)]);
  async function setup(account: Account, ...flags: string[]) {
    const { code, stdout, stderr } = await as(account, 'store', 'setup', '--json', ...flags);
    const said = stdout === '' ? null : JSON.parse(stdout);
    const states: Record<string, number> = {};
    for (const { state } of said?.parts ?? []) states[state] = (states[state] ?? 0) + 1;
    return { code, states, stderr, said };
  }
  const status = async (account: Account | 'embedded') =>
    JSON.parse((await as(account, 'store', 'status', '--json')).stdout);

  it('--check says what is missing, and changes nothing', async () => {
    const first = await setup('setup', '--check');
    expect([first.code, first.states]).to.deep.equal([1, { missing: 34 }]);
    expect((await setup('setup', '--check')).states).to.deep.equal({ missing: 34 });
    expect(first.said).to.include({ schema: 'granska.store-setup/1', kind: 'elasticsearch', whole: false });
    expect(first.said.place).to.contain('granska-*').and.not.contain('password').and.not.contain('setup');
  });

  it('a worker is refused the making, and a store that is not there', async () => {
    const check = await setup('worker', '--check');
    expect([check.code, check.states]).to.deep.equal([1, { unseen: 33, missing: 1 }]);
    for (const { code, stderr } of [await setup('worker'), await as('worker', 'run', '--once')]) {
      expect(code).to.equal(3);
      expect(stderr).to.contain('security_exception (403)');
    }
    expect((await setup('setup', '--check')).states).to.deep.equal({ missing: 34 });
    expect((await as('reader', 'store', 'status')).stderr).to.contain('granska store setup');
  });

  it('makes the store, and finds it there a second time', async () => {
    const first = await setup('setup');
    expect([first.code, first.states, first.said.whole]).to.deep.equal([0, { made: 34 }, true]);
    const again = await setup('setup');
    expect([again.code, again.states]).to.deep.equal([0, { there: 34 }]);
  });

  it('lets a worker run with the role of a worker alone', async () => {
    const { code, stdout, stderr } = await as('worker', 'run', '--once');
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/^3 lines read: 2 records, 1 rejected, 0 skipped\n2 new findings,/);
    const check = await setup('worker', '--check');
    expect([check.code, check.states]).to.deep.equal([0, { unseen: 33, there: 1 }]);
    expect((await setup('worker')).code).to.equal(0);
    await send(
      server.url,
      { method: 'POST', path: '/granska-*/_refresh' },
      { ca: server.ca!, auth: `elastic:${server.password}` },
    );
  });

  it('status says the same as of the embedded store, in numbers only', async () => {
    expect((await as('embedded', 'run', '--once')).code).to.equal(0);
    const [cluster, embedded] = [await status('reader'), await status('embedded')];
    const alike = ({ findings, streams, newestHour, rejects, deadLetters }: typeof cluster) => ({
      ...{ findings, streams, newestHour, deadLetters },
      rejected: rejects.count,
    });
    expect(alike(cluster)).to.deep.equal(alike(embedded));
    expect(alike(cluster)).to.deep.include({ findings: { questionable: 2, forbidden: 0 }, rejected: 1 });
    expect(cluster.streams[0]).to.include({ source: 'proxy', position: LINES.length });
    expect(cluster.place).to.not.contain('reader');
    expect((await as('reader', 'store', 'status')).stdout).to.not.match(/10\.20\.0|casino|password/);
  });

  it('makes again what was removed, though the number of the schema is there', async () => {
    const auth = { ca: server.ca!, auth: `elastic:${server.password}` };
    await send(server.url, { method: 'DELETE', path: '/granska-days' }, auth);
    await send(server.url, { method: 'DELETE', path: '/_index_template/granska-days' }, auth);
    expect((await setup('setup', '--check')).states).to.deep.equal({ missing: 2, there: 32 });
    const mended = await setup('setup');
    expect([mended.code, mended.states]).to.deep.equal([0, { made: 2, there: 32 }]);
  });
});
