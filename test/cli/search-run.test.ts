import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { makePlace, type Place, readNdjson, removePlaces } from './run.ts';
import { CASINO, logOf, squidLine } from './squid-log.ts';
import { TOWN } from './town.ts';

/** Midnight in Sweden between 3 and 4 March 2025. */
const MIDNIGHT_MS = Date.UTC(2025, 2, 3, 23);

const LOG = logOf(
  squidLine({ atMs: MIDNIGHT_MS - 1, elapsedMs: 0, user: 'bo', url: CASINO }),
  squidLine({ atMs: MIDNIGHT_MS, elapsedMs: 0, user: 'bo', url: 'http://www.casino.example/wheel?x=1' }),
  // Ended after midnight, but began before it: event.start decides (§1.1).
  squidLine({ atMs: MIDNIGHT_MS + 500, elapsedMs: 1000, user: 'cecilia', url: CASINO }),
  squidLine({ atMs: MIDNIGHT_MS + 9_000, user: 'bo', url: CASINO, tag: 'TCP_DENIED/403' }),
  squidLine({
    atMs: MIDNIGHT_MS + 10_000,
    client: '10.20.1.2',
    url: 'weapons.example:443',
    method: 'CONNECT',
  }),
);

describe('granska search', () => {
  let place: Place;
  before(async () => {
    place = makePlace({ ...TOWN, 'access.log': LOG }, 'config');
    expect((await place.json(['scan', 'access.log', '--json'])).findings.new).to.equal(5);
  });
  after(removePlaces);

  const found = async (...args: string[]) => {
    const { stdout, stderr, code } = await place.run(['search', ...args]);
    expect(code, stderr).to.equal(0);
    return readNdjson(stdout);
  };

  it('prints NDJSON where nobody looks at a terminal: no schema, nothing defanged, no query, no name', async () => {
    const all = await found();
    expect(all).to.have.length(5);
    for (const finding of all) expect(finding).to.not.have.property('schema');
    expect(all.map(finding => finding.url.domain)).to.include.members([
      'www.casino.example',
      'weapons.example',
    ]);
    expect(JSON.stringify(all)).to.not.match(/x=1|"bo"|cecilia|10\.20\.1\.2|\[\.\]/);
    expect(all.map(finding => finding.event.type)).to.include('denied');
    for (const { event, granska } of all) {
      expect(granska.verdict === undefined).to.equal(event.type === 'denied');
    }
  });

  it('§1.3 takes --from and --to as local days, both included, by the start of the request', async () => {
    const on = async (...args: string[]) => (await found(...args)).length;
    expect(await on('--to', '2025-03-03')).to.equal(2);
    expect(await on('--from', '2025-03-04')).to.equal(3);
    expect(await on('--from', '2025-03-03', '--to', '2025-03-04', '--limit', '4')).to.equal(4);
    expect(await on('--from', '2025-03-03T23:00:00Z', '--to', '2025-03-03T23:00:05Z')).to.equal(1);
  });

  it('takes negations as they are typed, words, quotes and both classes', async () => {
    expect(await found('category:gambling', '-verdict:exempt')).to.have.length(3);
    expect(await found('-verdict:exempt', '-type:denied', '--sort', '-start')).to.have.length(3);
    expect(await found('wheel')).to.have.length(1);
    expect(await found('class:forbidden')).to.have.length(1);
    expect(await found('verdict:exempt department:Social')).to.have.length(1);
    expect(await found('type:denied')).to.have.length(1);
    // A finding without the field is no finding with that value.
    expect(await found('-department:Bygg', '-exemption:E-1')).to.have.length(0);
    expect(await found('-role:counsellor')).to.have.length(4);
  });

  it('shows addresses defanged in tables and CSV', async () => {
    for (const format of ['table', 'csv']) {
      const { stdout } = await place.run(['search', '--format', format]);
      expect(stdout.trim().split('\n')).to.have.length(6);
      expect(stdout).to.contain('hxxp://www[.]casino[.]example/wheel');
      expect(stdout).to.not.match(/https?:\/\/|casino\.example/);
    }
  });

  it('§8.5 adds a line to the audit chain for every view, which verify finds whole until a byte is changed', async () => {
    const chain = join(place.dataDir, 'audit', 'chain.ndjson');
    const linesOf = () => readFileSync(chain, 'utf8').trim().split('\n').length;
    const before = linesOf();
    const [first] = await found('secretword', '-path:/hidden', 'verdict:examine', '--limit', '1');
    expect(first).to.equal(undefined);
    const id = (await found('--limit', '1'))[0].event.id;
    expect((await place.run(['explain', '--finding', id])).code).to.equal(0);
    expect(linesOf()).to.equal(before + 3);
    const text = readFileSync(chain, 'utf8');
    expect(text).to.contain('verdict:examine');
    expect(text).to.not.match(/secretword|hidden"/);
    const whole = await place.json(['audit', 'verify', '--json']);
    expect(whole).to.deep.include({ schema: 'granska.audit/1', intact: true, lines: before + 3 });

    const at = text.indexOf('verdict:examine');
    writeFileSync(chain, `${text.slice(0, at)}verdict:Examine${text.slice(at + 15)}`);
    const broken = await place.run(['audit', 'verify', '--json']);
    expect(broken.code).to.equal(4);
    expect(JSON.parse(broken.stdout)).to.deep.include({ intact: false });
    writeFileSync(chain, text.slice(0, text.lastIndexOf('{')));
    expect((await place.run(['audit', 'verify'])).code).to.equal(4);
    writeFileSync(chain, text);
    expect((await place.run(['audit', 'verify'])).code).to.equal(0);
  });
});
