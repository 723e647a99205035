import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { addOverride, hasOverride } from '../../src/adapters/lists/override-files.ts';
import { storePath } from '../../src/adapters/store/sqlite/open-database.ts';
import { createSqliteDesk } from '../../src/adapters/store/sqlite/sqlite-desk.ts';
import { runListsDecide } from '../../src/cli/commands/lists-overrides.ts';
import { anOffice } from './commands/cases-support.ts';
import { type Json, makePlace, type Place, readNdjson, removePlaces } from './run.ts';
import { CASINO, logOf, MONDAY_MS, squidLine } from './squid-log.ts';
import { TOWN } from './town.ts';

const TOWN_WITH_OVERRIDES = {
  ...TOWN,
  'config/granska.yaml': `${TOWN['config/granska.yaml']}overrides: overrides\n`,
};

const line = (minutes: number, parts: Parameters<typeof squidLine>[0] = {}) =>
  squidLine({ atMs: MONDAY_MS + minutes * 60_000, user: 'bo', url: CASINO, ...parts });

const LOG = logOf(
  line(0),
  line(1, { url: 'http://armoury.example/' }),
  line(2, { user: 'cecilia' }),
  line(3, { tag: 'TCP_DENIED/403' }),
  line(4, { user: 'stranger' }),
  line(60, { user: 'PROVBY\\BO', url: 'http://www.casino.example/wheel' }),
);

/** Takes out what was done before the policy came into force. */
function onTrial(policy: string): string {
  const trial = policy.replace(/^live:(\n .*)+\n/m, '');
  expect(trial).to.not.equal(policy);
  return trial;
}

describe('granska cases', () => {
  let place: Place;
  beforeEach(async () => {
    place = makePlace({ ...TOWN_WITH_OVERRIDES, 'access.log': LOG }, 'config');
    await place.json(['scan', 'access.log', '--json']);
  });
  after(removePlaces);

  const list = async (...args: string[]): Promise<Json[]> => {
    const { stdout, stderr, code } = await place.run(['cases', 'list', '--json', ...args]);
    expect(code, stderr).to.equal(0);
    return readNdjson(stdout);
  };
  const decide = (id: string, outcome: string, ...more: string[]) =>
    place.run(['cases', 'decide', id, '--outcome', outcome, '--reason', 'asked at the meeting', ...more]);

  it('are made of visits that are to be examined: of bo alone, one a category (§2.4, §3.3, §5.4)', async () => {
    const cases = await list();
    expect(cases.map(one => [one.category, one.class, one.visits, one.records])).to.deep.equal([
      ['gambling', 'questionable', 3, 3],
      ['weapons', 'forbidden', 1, 1],
    ]);
    expect(new Set(cases.map(one => one.subject.id)).size).to.equal(1);
  }).timeout(60_000);

  it('open again when a late line arrives, and keep what was decided', async () => {
    const [{ id }] = await list('category:gambling');
    expect((await decide(id, 'explained')).code).to.equal(0);
    expect((await list('--status', 'explained')).map(one => one.id)).to.deep.equal([id]);
    place.write('late.log', logOf(line(61, { url: 'http://casino.example/late' })));
    await place.json(['scan', 'late.log', '--json']);
    const [found] = await list('--status', 'reopened');
    expect([found.id, found.records, found.decisions[0].records]).to.deep.equal([id, 4, 3]);
    const { stdout } = await place.run(['cases', 'show', id.slice(0, 15)]);
    expect(stdout)
      .to.contain('then 3 visits, 3 records, now 3 visits, 4 records')
      .and.to.contain('asked at the meeting');
  }).timeout(60_000);

  it('tell the second of two people that the first has decided (exit 1)', async () => {
    const [{ id }] = await list('category:gambling');
    const both = await Promise.all([decide(id, 'explained'), decide(id, 'confirmed')]);
    expect(both.map(ran => ran.code).sort()).to.deep.equal([0, 1]);
    expect(both.map(ran => ran.stderr).join()).to.contain('[OVERTAKEN]');
    expect((await list('category:gambling'))[0].decisions).to.have.length(1);
  }).timeout(60_000);

  it('are decided by a policy in force only', async () => {
    const [{ id }] = await list('category:gambling');
    place.write('config/policy.yaml', onTrial(TOWN['config/policy.yaml']!));
    const { code, stderr } = await decide(id, 'explained');
    expect([code, stderr]).to.satisfy(() => code === 2 && stderr.includes('on trial'));
  }).timeout(60_000);

  it('hold no name, in the ledger, the audit chain or on the screen (§3.6)', async () => {
    const [{ id }] = await list('category:gambling');
    for (const reason of ['cecilia was asked', 'it was PROVBY\\Bo', 'Head, by phone']) {
      const { code, stderr } = await place.run([
        'cases',
        'decide',
        id,
        '--outcome',
        'explained',
        '--reason',
        reason,
      ]);
      expect([code, stderr]).to.satisfy(() => code === 2 && !/cecilia|PROVBY|phone/i.test(stderr));
    }
    expect((await decide(id, 'false-match')).code).to.equal(0);
    const shown = await place.run(['cases', 'show', id]);
    const files = readdirSync(place.dataDir, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && !entry.name.endsWith('.image'))
      .map(entry => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
    for (const text of [shown.stdout, ...files]) expect(text).to.not.match(/cecilia|provby\\|by phone/i);
  }).timeout(60_000);

  it('have nothing of a host that a list must never match; it is counted like any other (§4.3, §6.1)', async () => {
    const corrected = makePlace(
      {
        ...TOWN_WITH_OVERRIDES,
        'config/overrides/never': 'casino,www.casino.example   # a card club\n',
        'access.log': LOG,
      },
      'config',
    );
    const scanned = await corrected.json(['scan', 'access.log', '--json']);
    expect(scanned).to.include({ records: 6, rejected: 0 });
    const { stdout } = await corrected.run(['cases', 'list', 'category:gambling', '--json']);
    expect(readNdjson(stdout).map(one => [one.visits, one.records])).to.deep.equal([[2, 2]]);
  }).timeout(60_000);

  it('are corrected by two people where a list was wrong, and the feed stays as it is (§4.3)', async () => {
    const [{ id }] = await list('category:gambling');
    expect((await decide(id, 'false-match')).stdout).to.contain(
      'remove casino[.]example from the list casino',
    );
    const proposals = readNdjson((await place.run(['lists', 'overrides', '--json'])).stdout);
    const proposal = proposals.find(one => one.what === 'casino.example');
    const own = await place.run(['lists', 'approve', proposal.id, '--reason', 'looked at it']);
    expect([own.code, (await place.run(['lookup', CASINO])).stdout]).to.deep.equal([
      5,
      `${CASINO}\tgambling\n`,
    ]);

    const folder = join(place.dir, 'config/overrides');
    const feed = join(place.dir, 'config/lists/casino/domains');
    const before = readFileSync(feed, 'utf8');
    const office = await anOffice([]);
    await office.ran(io =>
      runListsDecide(
        { id: proposal.id, decision: 'approved', reason: 'looked at it' },
        {
          ...office.deps('another'),
          openDesk: async () => createSqliteDesk({ path: storePath(place.dataDir) }),
          place: {
            has: override => hasOverride(folder, override),
            add: (override, remark) => addOverride(folder, override, remark),
          },
        },
        io,
      ),
    );
    expect((await place.run(['lookup', CASINO])).stdout).to.equal(`${CASINO}\t-\n`);
    expect((await place.run(['lookup', 'http://armoury.example/'])).stdout).to.contain('gambling');
    expect(readFileSync(feed, 'utf8')).to.equal(before);
    const { stdout } = await place.run(['lists', 'overrides']);
    expect(stdout).to.contain(`${proposal.id}  applied by another`);
    place.write('later.log', logOf(line(70, { url: 'http://casino.example/later' })));
    expect((await place.json(['scan', 'later.log', '--json'])).findings.new).to.equal(0);
    const days = ['--from', '2025-03-03', '--to', '2025-03-03'];
    const { code, stderr } = await place.run(['rejudge', ...days, '--apply', '--reason', 'a correction']);
    expect(code, stderr).to.equal(0);
    // What armoury.example is listed for is left of the case.
    const [found] = await list('category:gambling');
    expect([found.status, found.records, found.sites]).to.deep.equal(['reopened', 1, ['armoury.example']]);
  }).timeout(60_000);
});
