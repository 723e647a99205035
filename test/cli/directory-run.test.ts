// Who is who, from the command line: deliveries of the directory, and leases in a scan.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { makePlace, type Place, readNdjson, removePlaces } from './run.ts';
import { CASINO, logOf, squidLine } from './squid-log.ts';
import { TOWN } from './town.ts';

const COLUMNS = 'user,roles,department,population\n';
const REST = 'disa,,Nämnden,elected\nhead,,Social,staff\n';

describe('granska directory', () => {
  let place: Place;
  beforeEach(() => {
    place = makePlace(TOWN, 'config');
  });
  afterEach(removePlaces);
  const directory = () => readFileSync(join(place.dir, 'config/directory.csv'), 'utf8');

  it('§5.3 imports a delivery: what a visit then was stays as it was', async () => {
    const file = place.write('hr.csv', `${COLUMNS}bo,counsellor,Bygg,staff\ncecilia,,Social,staff\n${REST}`);
    const tried = await place.run(['directory', 'import', file, '--as-of', '2025-03-01', '--dry-run']);
    expect(tried.code, tried.stderr).to.equal(0);
    expect(tried.stdout)
      .to.contain('nothing was written')
      .and.to.match(/^ +2 {2}changed$/m);
    expect(directory()).to.equal(TOWN['config/directory.csv']);
    const report = await place.json(['directory', 'import', file, '--as-of', '2025-03-01', '--json']);
    expect(report).to.deep.equal({
      schema: 'granska.directory-import/1',
      asOf: '2025-03-01',
      counts: { unchanged: 2, changed: 2, arrived: 0, vanished: 0, notNamed: 0 },
      ...{ before: 4, after: 4, vanishedShare: 0, maxVanished: 0.1, written: true, needsConfirmation: false },
    });
    const explain = async (user: string, at: string) => {
      const { stdout } = await place.run(['explain', CASINO, '--user', user, '--at', at]);
      return /\b(?:exempt|examine)\b/.exec(stdout)?.[0];
    };
    expect(await explain('cecilia', '2025-02-28T12:00')).to.equal('exempt');
    expect(await explain('cecilia', '2025-03-01T12:00')).to.equal('examine');
    expect(await explain('bo', '2025-02-28T12:00')).to.equal('examine');
    expect(await explain('bo', '2025-03-01T12:00')).to.equal('exempt');
  });

  it('§3.3 refuses a delivery in which too many vanish, until it is confirmed', async () => {
    const file = place.write('hr.csv', `${COLUMNS}bo,,Bygg,staff\n${REST}`);
    const refused = await place.run(['directory', 'import', file]);
    expect(refused.code).to.equal(5);
    expect(refused.stderr).to.contain('1 of 4 people (25 %) would vanish').and.to.contain('--confirm');
    expect(refused.stderr + refused.stdout).not.to.contain('cecilia');
    expect(directory()).to.equal(TOWN['config/directory.csv']);
    const tried = await place.run(['directory', 'import', file, '--dry-run']);
    expect(tried.code).to.equal(5);
    expect(tried.stdout).to.contain('it needs --confirm');
    expect((await place.run(['directory', 'import', file, '--confirm'])).code).to.equal(0);
    const status = await place.json(['directory', 'status', '--json']);
    expect(status).to.deep.include({ schema: 'granska.directory-status/1', inForce: 3, changedSince: false });
    expect(status.last).to.include({ confirmed: true });
  });

  it('§3.3 warns of an old delivery, by check and by status', async () => {
    expect((await place.run(['directory', 'status'])).stdout).to.contain('No delivery was ever imported');
    const file = place.write('hr.csv', `${COLUMNS}bo,,Bygg,staff\ncecilia,counsellor,Social,staff\n${REST}`);
    expect((await place.run(['directory', 'import', file, '--as-of', '2025-01-15'])).code).to.equal(0);
    const checked = await place.run(['check']);
    expect(checked.code, checked.stdout).to.equal(0);
    expect(checked.stdout).to.match(
      /directory\.csv: warning: its last delivery is \d+ days old, more than 35/,
    );
    expect((await place.run(['directory', 'status'])).stdout).to.match(
      /as of 2025-01-15 \(\d+ days, OLDER than/,
    );
    expect((await place.run(['directory', 'import', file])).code).to.equal(0);
    expect((await place.run(['check'])).stdout).not.to.contain('days old');
  });

  it('says what is wrong with the command line', async () => {
    for (const args of [
      ['import'],
      ['import', 'x.csv', '--as-of', 'yesterday'],
      ['import', 'x.csv', '--confirm', '--dry-run'],
      ['frobnicate'],
    ]) {
      const { code, stderr } = await place.run(['directory', ...args]);
      expect(code, `${args}: ${stderr}`).to.equal(2);
    }
    expect((await place.run(['directory', 'import', 'none.csv'])).code).to.equal(3);
  });
});

describe('a scan with leases', () => {
  let place: Place;
  afterEach(removePlaces);
  const HEADER = 'user,client,start,end\n';

  function town(leases: Record<string, string>, more = ''): Place {
    const names = Object.keys(leases);
    const files = Object.fromEntries(names.map(name => [`config/${name}`, leases[name]!]));
    const main = `${TOWN['config/granska.yaml']!.trimEnd()}\nintervals: [${names.join(', ')}]\n`;
    const settings = main.replace('  stripDomains: [PROVBY]\n', `  stripDomains: [PROVBY]\n${more}`);
    return makePlace({ ...TOWN, ...files, 'config/granska.yaml': settings }, 'config');
  }
  /** 2025-03-04, noon and later, in seconds; in Sweden an hour on. */
  const NOON = Date.parse('2025-03-04T12:00:00Z') / 1000;
  const line = (user: string, client: string, seconds: number) =>
    squidLine({ url: CASINO, user, client, atMs: (NOON + seconds) * 1000 + 120 });

  it('§3.2 names by a lease whom it covers, and says that it was a lease', async () => {
    place = town({
      'leases.csv': `${HEADER}PROVBY\\bo,10.20.0.7,2025-03-04T13:00,2025-03-04T14:00\ncecilia,10.20.0.8,2025-03-04T13:00,2025-03-04T14:00\n`,
      'logons.jsonl':
        '{"user.name":"bo","source.ip":"10.20.0.8","event.start":"2025-03-04T12:30:00Z","event.end":"2025-03-04T12:40:00Z"}\n',
    });
    place.write(
      'access.log',
      logOf(
        line('-', '10.20.0.7', 0),
        line('-', '10.20.0.7', 3_600),
        line('-', '10.20.0.8', 60),
        line('-', '10.20.0.8', 1_860),
        line('bo', '10.20.0.8', 120),
      ),
    );
    expect((await place.run(['check'])).code).to.equal(0);
    const summary = await place.json(['scan', 'access.log', '--json']);
    expect(summary.subjects).to.deep.equal({ user: 3, client: 2, none: 0 });
    const found = readNdjson((await place.run(['search', '', '--sort', 'start'])).stdout);
    const byOffset = found
      .map(one => [one['log.offset'] ?? one.log?.offset, one.granska ?? one])
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([, granska]) => `${granska.subject_kind} ${granska.confidence} ${granska.verdict}`);
    expect(byOffset).to.deep.equal([
      'user lease examine',
      'client none examine',
      'user lease exempt',
      'client none examine',
      'user authenticated examine',
    ]);
  });

  it('§3.4 seals and shows nobody for an account that several people use', async () => {
    place = town(
      { 'leases.csv': `${HEADER}kassa,10.20.0.7,2025-03-04T13:00,2025-03-04T14:00\n` },
      '  sharedAccounts: [kassa]\n',
    );
    place.write('access.log', logOf(line('PROVBY\\Kassa', '10.20.0.9', 0), line('-', '10.20.0.7', 0)));
    const summary = await place.json(['scan', 'access.log', '--json']);
    expect(summary.subjects).to.deep.equal({ user: 0, client: 0, none: 2 });
    const { stdout } = await place.run(['search', '']);
    expect(stdout).not.to.match(/kassa/i);
    expect(stdout).not.to.contain('"id":"u');
  });

  it('points at a mistake in a lease, and does not begin', async () => {
    place = town({ 'leases.csv': `${HEADER}bo,10.20.0.7,2025-03-04,2025-03-04T14:00\n` });
    place.write('access.log', logOf(line('-', '10.20.0.7', 0)));
    const checked = await place.run(['check']);
    expect(checked.code).to.equal(2);
    expect(checked.stdout).to.match(/leases\.csv:2:\d+: error: start: is no instant/);
    const scanned = await place.run(['scan', 'access.log']);
    expect(scanned.code).to.equal(2);
    expect(scanned.stderr).not.to.match(/\bbo\b|10\.20/);
    rmSync(join(place.dir, 'config/leases.csv'));
    const gone = await place.run(['check']);
    expect(gone.code).to.equal(2);
    expect(gone.stdout).to.match(/granska\.yaml:\d+:\d+: error: intervals\[0\]: there is no such file/);
  });
});
