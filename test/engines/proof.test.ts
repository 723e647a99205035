// A proof says the same of a cluster as of the embedded store, from the roles that people have.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ProofCheck } from '../../src/model/proof.ts';
import { type Json, makePlace, type Place, removePlaces } from '../cli/run.ts';
import { CASINO, logOf, squidLine } from '../cli/squid-log.ts';
import { TOWN } from '../cli/town.ts';
import type { Elasticsearch } from './elasticsearch.ts';
import { send } from './send.ts';
import { startFor } from './start-for.ts';

const PASSWORD = 'a password of a test';
const USERS = [
  { name: 'worker', password: PASSWORD, roles: ['granska_setup', 'granska_worker'] },
  { name: 'officer', password: PASSWORD, roles: ['granska_reader', 'granska_reader_forbidden'] },
];
const LOG = logOf(
  squidLine({ url: CASINO, user: 'bo', client: '10.20.0.7' }),
  squidLine({ url: 'http://weapons.example/', user: 'bo', client: '10.20.0.7' }),
  squidLine({ url: CASINO, user: 'cecilia', client: '10.20.0.8' }),
  squidLine({ url: CASINO, user: 'disa', client: '10.20.0.7' }),
  squidLine({ url: 'http://halsa.example/', user: 'bo', client: '10.20.0.7' }),
  squidLine({ url: 'http://www.example.com/', user: 'bo', client: '10.20.0.7' }),
  'broken',
);

describe('granska proof on a cluster', () => {
  let server: Elasticsearch;
  let place: Place;

  before(async function () {
    const roles = readFileSync(join(import.meta.dirname, '../../config/elasticsearch/roles.yml'), 'utf8');
    server = await startFor(this, { version: '9.2.0', security: { roles, users: USERS } });
    place = makePlace(
      { ...TOWN, 'config/ca.pem': server.ca!, 'config/password': PASSWORD, 'a.log': LOG },
      'config',
    );
    use('worker');
    await place.json(['scan', 'a.log', '--json']);
    use('officer');
  });
  after(async () => {
    await server?.stop();
    removePlaces();
  });

  function use(username: string): void {
    const store = `store: { kind: elasticsearch, url: "${server.url}", username: ${username}, passwordFile: password, caFile: ca.pem }\n`;
    place.write('config/granska.yaml', TOWN['config/granska.yaml']! + store);
  }

  it('says of the same log what it says of the embedded store', async () => {
    const here = makePlace({ ...TOWN, 'a.log': LOG }, 'config');
    await here.json(['scan', 'a.log', '--json']);
    const embedded = await here.json(['proof', '--format', 'json']);
    const cluster = await place.json(['proof', '--format', 'json']);
    expect(embedded.stored.findings).to.equal(3);
    expect(cluster.access.store).to.equal('elasticsearch');
    const told = ({ stored, checks, dropped, categories, policy }: Json) => ({
      ...{ stored, checks, dropped, categories, policy },
    });
    // The chains of the two places have seen as much as each other: nothing.
    expect(told(cluster)).to.deep.equal(told(embedded));
  }).timeout(120_000);

  it('§10.2 ends with 4 where a query string was planted, and does not quote it', async () => {
    const credentials = { ca: server.ca!, auth: `elastic:${server.password}` };
    const index = '/granska-findings-questionable-*';
    const found = await send(server.url, { method: 'GET', path: `${index}/_search?size=1` }, credentials);
    const [hit] = found.body.hits.hits;
    const path = `/${hit._index}/_update/${hit._id}?refresh=true`;
    const body = { doc: { url: { path: '/odds?q=hemligt' } } };
    const changed = await send(server.url, { method: 'POST', path, body }, credentials);
    expect(changed.body, JSON.stringify(changed.body)).to.deep.include({ result: 'updated' });
    const { code, stdout } = await place.run(['proof', '--format', 'json']);
    expect(code).to.equal(4);
    const failed = JSON.parse(stdout).checks.filter((check: ProofCheck) => check.failed > 0);
    expect(failed).to.deep.equal([{ check: 'no-query', examined: 3, failed: 1, unclear: 0 }]);
    expect(stdout).to.not.include('hemligt');
  }).timeout(120_000);
});
