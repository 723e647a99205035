// Both retries against a real server: rejected lines as windows of their own, and documents that it refused.
import { expect } from 'chai';
import { makePlace, type Place, readNdjson, removePlaces } from '../cli/run.ts';
import { CASINO, combinedLine, logOf, MONDAY_MS, squidLine } from '../cli/squid-log.ts';
import { TOWN } from '../cli/town.ts';
import type { Elasticsearch } from './elasticsearch.ts';
import { removeStore, send } from './send.ts';
import { startFor } from './start-for.ts';

const PREFIX = 'retry';
const OUR = { client: '10.20.4.1', user: 'bo' };
const LOG = logOf(
  ...Array.from({ length: 12 }, (_, n) =>
    squidLine({ ...OUR, atMs: MONDAY_MS + n * 1_000, url: `http://a.example/${n}` }),
  ),
  combinedLine({ ...OUR, atMs: MONDAY_MS + 60_000, url: CASINO }),
  combinedLine({ ...OUR, atMs: MONDAY_MS + 61_000, url: 'http://b.example/' }),
  'half a li',
);

describe('retries into Elasticsearch', () => {
  let server: Elasticsearch;

  before(async function () {
    server = await startFor(this, { version: '9.2.0' });
  });
  after(() => server?.stop());
  afterEach(async () => {
    removePlaces();
    await removeStore(server.url, PREFIX);
  });

  const placeOf = (log: string, store = '') =>
    makePlace(
      { ...TOWN, 'config/granska.yaml': `${TOWN['config/granska.yaml']}${store}`, 'access.log': log },
      'config',
    );
  const inCluster = (log: string) =>
    placeOf(log, `store: { kind: elasticsearch, url: "${server.url}", prefix: ${PREFIX} }\n`);

  /** All that people see of findings, but for when they were stored, and the key of each place's pseudonyms. */
  const findings = async (place: Place) => {
    const { stdout } = await place.run(['search', '--format', 'ndjson']);
    return readNdjson(stdout).map(({ event, url, log, rule }) => [
      event.id,
      url.domain,
      log.offset,
      rule.name,
    ]);
  };

  it('§9.5 rejected lines come to the same as with the embedded store, and once only', async () => {
    const [cluster, embedded] = [inCluster(LOG), placeOf(LOG)];
    const retry = ['rejects', 'retry', '--format', 'combined', '--json'];
    for (const place of [cluster, embedded]) await place.json(['scan', 'access.log', '--json']);
    const listed = await cluster.json(['rejects', '--json']);
    expect(listed.lines).to.equal(3);
    const [done, expected] = [await cluster.json(retry), await embedded.json(retry)];
    expect(expected).to.include({ lines: 3, records: 2, rejected: 1 });
    const { versions: _, ...counts } = expected;
    expect(done).to.deep.include(counts);
    expect(await findings(cluster)).to.deep.equal(await findings(embedded));
    expect(await findings(cluster)).to.have.length(1);

    const again = await cluster.json(retry);
    expect(again).to.include({ lines: 1, records: 0, rejected: 1 });
    expect((await cluster.json(['rejects', '--json'])).lines).to.equal(1);
    const usage = await send(server.url, {
      ...{ method: 'POST', path: `/${PREFIX}-usage/_search` },
      body: { size: 0, aggs: { records: { sum: { field: 'records' } } } },
    });
    expect(
      (usage.body as { aggregations: { records: { value: number } } }).aggregations.records.value,
    ).to.equal(14);
    const sealed = await send(server.url, { method: 'GET', path: `/${PREFIX}-sealed/_count` });
    expect((sealed.body as { count: number }).count).to.equal(1);
  }).timeout(300_000);

  it('§9.7 documents that it refused are told of, and taken once that is mended', async () => {
    const place = inCluster(
      logOf(squidLine({ ...OUR, url: CASINO }), squidLine({ ...OUR, url: 'http://b.example/' })),
    );
    const month = `${PREFIX}-findings-questionable-2025.03`;
    await send(server.url, {
      ...{ method: 'PUT', path: `/${month}` },
      body: { mappings: { properties: { url: { properties: { path: { type: 'date' } } } } } },
    });
    await place.json(['scan', 'access.log', '--json']);
    expect(await findings(place)).to.deep.equal([]);
    const listed = await place.json(['deadletters', '--json']);
    expect(listed.documents).to.equal(1);
    expect(listed.letters[0]).to.include({
      what: 'findings',
      reason: 'document_parsing_exception',
      count: 1,
    });
    const text = await place.run(['deadletters', 'list']);
    expect(text.stdout)
      .to.match(/^1 document refused by the store/)
      .and.not.contain('casino');
    const refused = await place.json(['deadletters', 'retry', '--json']);
    expect([refused.taken, refused.refused.length]).to.deep.equal([0, 1]);

    await send(server.url, { method: 'DELETE', path: `/${month}` });
    expect(await place.json(['deadletters', 'retry', '--json'])).to.include({ files: 1, taken: 1 });
    // A store that only reads sees what was written after the server's next refresh.
    await send(server.url, { method: 'POST', path: '/_refresh' });
    expect(await findings(place)).to.have.length(1);
    expect((await place.json(['deadletters', '--json'])).documents).to.equal(0);
    expect((await place.run(['deadletters', 'retry'])).stdout).to.equal(
      'No document was given to the store again.\n',
    );
  }).timeout(300_000);
});
