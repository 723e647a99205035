import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { makePlace, type Place, readNdjson, removePlaces } from './run.ts';
import { CASINO, logOf, MONDAY_MS, squidLongLine } from './squid-log.ts';
import { TOWN } from './town.ts';

const MINUTE_MS = 60_000;

const page = (minute: number, user: string, referrer = '-') =>
  squidLongLine({ atMs: MONDAY_MS + minute * MINUTE_MS, elapsedMs: 0, user, url: CASINO, referrer });

const LOG = logOf(
  page(0, 'bo'),
  page(10, 'bo', 'http://casino.example/lobby'),
  page(12, 'cecilia'),
  page(50, 'bo', 'http://news.example/'),
  squidLongLine({ atMs: MONDAY_MS + 51 * MINUTE_MS, user: 'bo', url: CASINO, tag: 'TCP_DENIED/403' }),
  squidLongLine({
    ...{ atMs: MONDAY_MS + 52 * MINUTE_MS, elapsedMs: 0, client: '10.20.1.2', method: 'CONNECT' },
    ...{ url: 'weapons.example:443', tag: 'TCP_TUNNEL/200', mime: '-' },
  }),
);

describe('granska visits, as it is typed', () => {
  let place: Place;
  before(async () => {
    place = makePlace({ ...TOWN, 'access.log': LOG }, 'config');
    expect((await place.json(['scan', 'access.log', '--json'])).findings.new).to.equal(6);
  });
  after(removePlaces);

  const visits = async (...args: string[]) => {
    const { stdout, stderr, code } = await place.run(['visits', ...args]);
    expect(code, stderr).to.equal(0);
    return { rows: readNdjson(stdout), stderr };
  };

  it('§7.1 §7.3 gathers a scanned log into graded visits', async () => {
    const { rows, stderr } = await visits('--json');
    expect(rows.map(({ site, records, grade, verdict }) => [site, records, grade, verdict])).to.deep.equal([
      ['casino.example', 2, 'A', 'examine'],
      ['casino.example', 1, 'A', 'exempt'],
      ['casino.example', 1, 'D', 'examine'],
      ['weapons.example', 1, 'C', 'examine'],
    ]);
    expect(stderr).to.contain(
      '4 visits: to examine A 1, B 0, C 1, D 1; exempt 1\nfindings in no visit: 1 attempt\n',
    );
    expect(JSON.stringify(rows)).to.not.match(/"bo"|cecilia|10\.20\.1\.2/);
  });

  it('takes a query with negations, days, a limit and a language', async () => {
    const { rows } = await visits(
      'department:Bygg',
      '-grade:D',
      '-class:forbidden',
      '--lang',
      'sv',
      '--to',
      '2025-03-03',
    );
    expect(rows).to.have.length(1);
    expect(rows[0].facts[0].text).to.contain('en sida visades: 2 HTML-dokument');
    expect((await visits('--limit', '1')).stderr).to.contain('1 of 4 visits');
    expect((await visits('--from', '2025-03-04')).rows).to.deep.equal([]);
  });

  it('§10.2 refuses a term that would cut visits with exit 2', async () => {
    const { stdout, stderr, code } = await place.run(['visits', 'casino']);
    expect([stdout, code]).to.deep.equal(['', 2]);
    expect(stderr).to.contain('[QUERY]');
  });

  it('§8.5 is a line in the audit chain, without what somebody typed', async () => {
    const shown = await place.run(['visits', 'site:casino.example', 'grade:A', '--format', 'table']);
    expect(shown.stdout).to.contain('casino[.]example');
    const last = readFileSync(join(place.dataDir, 'audit', 'chain.ndjson'), 'utf8')
      .trim()
      .split('\n')
      .at(-1)!;
    expect(JSON.parse(last)).to.deep.include({ action: 'visits', shown: 3 });
    expect(JSON.parse(last).details).to.deep.include({ grades: ['A'], visits: 2, format: 'table' });
    expect(last).to.not.contain('casino');
  });
});
