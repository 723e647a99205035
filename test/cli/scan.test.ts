import { expect } from 'chai';
import { countNaively, type NaiveRules } from './naive.ts';
import { type Json, makePlace, type Place, removePlaces } from './run.ts';
import { CASINO, type LineParts, logOf, MONDAY_MS, randomFrom, squidLine } from './squid-log.ts';
import { TOWN } from './town.ts';

const DAY_MS = 86_400_000;

/** Every key that `scan --json` prints, in order. */
const KEYS = [
  ...['schema', 'lines', 'records', 'rejected', 'skipped', 'pending', 'bytes', 'seconds', 'findings'],
  ...['verdicts', 'attempts', 'authChallenges', 'protected', 'unannounced', 'unreviewed', 'tooOld'],
  ...['subjects', 'categories', 'rejects', 'skips', 'firstRecord', 'lastRecord', 'versions'],
];

/** Holds a summary to what must be true of every one. */
function checkIdentities(summary: Json): void {
  expect(summary.lines).to.equal(summary.records + summary.rejected + summary.skipped);
  expect(summary.rejected).to.equal(sum(summary.rejects));
  expect(summary.skipped).to.equal(sum(summary.skips));
  expect(summary.records).to.equal(sum(summary.subjects));
  const findings = summary.findings.new + summary.findings.known;
  expect(findings).to.equal(summary.verdicts.examine + summary.verdicts.exempt + summary.attempts);
  expect(findings).to.equal(sum(summary.categories));
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

describe('granska scan', () => {
  let place: Place;
  afterEach(removePlaces);

  it('§2.0 §2.1 counts every kind of record once, in order, and prints exactly the documented keys', async () => {
    place = makePlace(TOWN, 'config');
    const laterMs = MONDAY_MS + 8 * DAY_MS;
    const lines: [kind: string, line: string][] = [
      ['clear', squidLine({ user: 'bo' })],
      ['examine', squidLine({ user: 'bo', url: CASINO })],
      ['exempt', squidLine({ user: 'PROVBY\\Cecilia', url: CASINO })],
      ['examine: the exemption is over', squidLine({ user: 'cecilia', url: CASINO, atMs: laterMs })],
      ['attempt', squidLine({ user: 'bo', url: CASINO, tag: 'TCP_DENIED/403', hierarchy: 'HIER_NONE/-' })],
      ['attempt', squidLine({ user: 'bo', url: CASINO, tag: 'NONE_NONE/403', hierarchy: 'HIER_NONE/-' })],
      ["examine: the site's own answer", squidLine({ user: 'bo', url: CASINO, tag: 'TCP_MISS/403' })],
      ['challenge', squidLine({ url: CASINO, tag: 'TCP_DENIED/407', hierarchy: 'HIER_NONE/-' })],
      [
        'challenge before protected',
        squidLine({
          url: 'halsa.example:443',
          method: 'CONNECT',
          tag: 'TCP_DENIED/407',
          hierarchy: 'HIER_NONE/-',
        }),
      ],
      ['protected', squidLine({ user: 'bo', url: 'http://www.halsa.example/' })],
      ['protected before unreviewed', squidLine({ user: 'disa', url: 'http://halsa.example/' })],
      [
        'protected: wrapped in a flagged address',
        squidLine({ user: 'bo', url: `${CASINO}?u=http%3A%2F%2Fhalsa.example%2F` }).replace(
          'casino.example/?u=',
          'web.archive.org/web/2020/http://halsa.example/?u=',
        ),
      ],
      ['unreviewed: elected', squidLine({ user: 'disa', url: CASINO })],
      ['unreviewed: a pupil', squidLine({ client: '10.30.4.5', url: CASINO })],
      ['unreviewed before unannounced', squidLine({ user: 'disa', url: 'http://drugs.example/' })],
      ['unannounced', squidLine({ user: 'bo', url: 'http://drugs.example/' })],
      ['examine: announced by then', squidLine({ user: 'bo', url: 'http://drugs.example/', atMs: laterMs })],
      ['two findings', squidLine({ client: '10.20.4.5', url: 'armoury.example:443', method: 'CONNECT' })],
      [
        'gambling exempt, weapons not',
        squidLine({ user: 'cecilia', url: 'armoury.example:443', method: 'CONNECT' }),
      ],
      ['examine: whom the directory does not know', squidLine({ user: 'stranger', url: CASINO })],
      ['examine: a path', squidLine({ user: 'bo', url: 'http://kiosk.example/odds/1?q=1' })],
      ['clear: another path', squidLine({ user: 'bo', url: 'http://kiosk.example/oddset' })],
      ['clear: a tunnel has no path', squidLine({ user: 'bo', url: 'kiosk.example:443', method: 'CONNECT' })],
      ['rejected', squidLine({ user: 'bo' }).slice(0, 41)],
      ['skipped', '# a comment'],
      ['skipped', ''],
      [
        'skipped',
        '2025-03-03 09:00:00 [7] Request(default/gambling/-) casino.example:443 192.0.2.7/- - CONNECT -',
      ],
    ];
    const path = place.write('access.log', logOf(...lines.map(([, line]) => line)));
    const summary = await place.json(['scan', path, '--json']);
    expect(Object.keys(summary)).to.deep.equal(KEYS);
    expect(summary).to.deep.include({
      schema: 'granska.scan/1',
      lines: lines.length,
      records: lines.length - 4,
      rejected: 1,
      skipped: 3,
      pending: 0,
      findings: { new: 13, known: 0 },
      verdicts: { examine: 9, exempt: 2 },
      attempts: 2,
      authChallenges: 2,
      protected: 3,
      unannounced: 1,
      unreviewed: 3,
      tooOld: 0,
      subjects: { user: 19, client: 3, none: 1 },
      categories: { drugs: 1, gambling: 10, weapons: 2 },
      rejects: { truncated: 1 },
      skips: { comment: 1, empty: 1, squidguard: 1 },
      firstRecord: new Date(MONDAY_MS - 120).toISOString(),
      lastRecord: new Date(laterMs - 120).toISOString(),
    });
    for (const hash of Object.values(summary.versions)) expect(hash).to.match(/^[0-9a-f]{64}$/);
    expect(Object.keys(summary.versions)).to.deep.equal(['lists', 'policy', 'directory']);
    checkIdentities(summary);
  });

  it('gives every key of an empty file as zero or null, and says so in words', async () => {
    place = makePlace();
    const path = place.write('empty.log', '');
    const { schema, versions, ...rest } = await place.json(['scan', path, '--json']);
    expect(schema).to.equal('granska.scan/1');
    expect(versions).to.deep.include({ directory: null });
    expect({ ...rest, seconds: 0 }).to.deep.equal({
      lines: 0,
      records: 0,
      rejected: 0,
      skipped: 0,
      pending: 0,
      bytes: 0,
      seconds: 0,
      findings: { new: 0, known: 0 },
      verdicts: { examine: 0, exempt: 0 },
      attempts: 0,
      authChallenges: 0,
      protected: 0,
      unannounced: 0,
      unreviewed: 0,
      tooOld: 0,
      subjects: { user: 0, client: 0, none: 0 },
      categories: {},
      rejects: {},
      skips: {},
      firstRecord: null,
      lastRecord: null,
    });
    expect((await place.run(['scan', path])).stdout).to.contain('Nothing to read');
  });

  it('§1.4 counts as too old what the retention has passed, and nothing while none is decided', async () => {
    const retention = `${TOWN['config/policy.yaml']}retention: { findings: { days: 30, decision: KS 2025/7 } }\n`;
    const log = logOf(
      squidLine({ user: 'bo', url: CASINO }),
      squidLine({ user: 'bo', url: 'http://halsa.example/' }),
      squidLine({ url: CASINO, tag: 'TCP_DENIED/407' }),
      squidLine({ atMs: Date.now() - DAY_MS, user: 'bo', url: CASINO }),
    );
    place = makePlace({ ...TOWN, 'config/policy.yaml': retention, 'access.log': log }, 'config');
    const summary = await place.json(['scan', 'access.log', '--json']);
    expect(summary).to.deep.include({ records: 4, tooOld: 3, authChallenges: 0, protected: 0 });
    expect(summary.findings).to.deep.equal({ new: 1, known: 0 });
    checkIdentities(summary);
  });

  it('tells a person what was found, exempt under which decision, protected, rejected, and where rejects are kept', async () => {
    const log = logOf(
      squidLine({ user: 'bo', url: CASINO }),
      squidLine({ user: 'cecilia', url: CASINO }),
      squidLine({ user: 'bo', url: 'http://halsa.example/' }),
      'no line of any proxy',
    );
    place = makePlace({ ...TOWN, 'access.log': log }, 'config');
    const { stdout, stderr, code } = await place.run(['scan', 'access.log']);
    expect(code).to.equal(0);
    expect(stdout).to.match(/4 lines read/);
    expect(stdout).to.match(/gambling +1 +1 +0/);
    expect(stdout).to.contain('SN 2025/1');
    expect(stdout).to.match(/protected +1 /);
    expect(stdout).to.match(/1 line could not be read: unknown-format 1/);
    expect(stdout).to.contain('data/rejects');
    expect(stderr).to.contain('access.log: format squid');
    expect(stdout + stderr).to.not.match(/halsa|cecilia/i);
  });

  it('agrees with a brute-force count over 100,000 random lines', async () => {
    place = makePlace(TOWN, 'config');
    const log = randomLog(100_000, 20_250_303);
    const expected = countNaively(log, TOWN_RULES);
    const path = place.write('random.log', log);
    const summary = await place.json(['scan', path, '--json']);
    const { findings, sent, usage, ...counts } = expected;
    expect(summary).to.deep.include(counts);
    expect(summary.findings).to.deep.equal({ new: findings, known: 0 });
    expect(findings).to.be.greaterThan(4_000);
    expect(counts.unannounced * counts.unreviewed * counts.protected * counts.attempts).to.be.greaterThan(0);
    expect(usage * sent).to.be.greaterThan(0);
    checkIdentities(summary);
  });
});

const DIRECTORY = new Map([
  ['bo', 'staff'],
  ['cecilia', 'staff'],
  ['disa', 'elected'],
  ['head', 'staff'],
]);

const TOWN_RULES: NaiveRules = {
  timeZone: 'Europe/Stockholm',
  lists: {
    gambling: ['casino.example', 'armoury.example', 'kiosk.example/odds'],
    weapons: ['weapons.example', 'armoury.example'],
    drugs: ['drugs.example'],
  },
  protectedHosts: ['halsa.example', 'xn--rddning-5wa.example'],
  announced: { gambling: '2020-01-01', weapons: '2020-01-01', drugs: '2025-03-10' },
  isReviewed: (user, client) =>
    user === '' ? !client.startsWith('10.30.') : DIRECTORY.get(user.toLowerCase()) !== 'elected',
  kindOf: (user, client) => (user !== '' ? 'user' : client.startsWith('10.30.') ? 'none' : 'client'),
  isExempt: ({ category, user, day }) =>
    category === 'gambling' && user.toLowerCase() === 'cecilia' && day <= '2025-03-05',
  latestMs: Date.UTC(2090, 0, 1),
};

/** Makes lines of everything: mostly work, some flagged, protected, denied, challenged, broken. */
function randomLog(count: number, seed: number): string {
  const random = randomFrom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const lines: string[] = [];
  let atMs = MONDAY_MS;
  for (let i = 0; i < count; i++) {
    atMs += Math.floor(random() * 12_000);
    const host = random() < 0.85 ? `${pick(['www', 'cdn', 'a.b'])}.site${i % 997}.example` : pick(HOSTS);
    const isTunnel = random() < 0.5;
    const path = pick(PATHS);
    const parts: Partial<LineParts> = {
      atMs,
      elapsedMs: Math.floor(random() ** 4 * 300_000),
      client: pick(CLIENTS),
      tag: isTunnel ? 'TCP_TUNNEL/200' : pick(TAGS),
      bytes: random() < 0.01 ? '-' : Math.floor(random() * 100_000),
      method: isTunnel ? 'CONNECT' : pick(['GET', 'GET', 'POST', 'HEAD']),
      url: isTunnel ? `${host}:443` : `http://${random() < 0.1 ? host.toUpperCase() : host}${path}`,
      user: pick(USERS),
    };
    const line = squidLine(parts);
    const chance = random();
    if (chance < 0.002) lines.push(line.slice(0, 20 + Math.floor(random() * 20)));
    else if (chance < 0.003) lines.push(line.replace(/^\d/, '9'));
    else if (chance < 0.004) lines.push('');
    else if (chance < 0.005) lines.push(`# ${line}`);
    else if (chance < 0.006) lines.push(line.replace('.example', '\0example'));
    else lines.push(line);
  }
  return logOf(...lines);
}

const HOSTS = [
  'casino.example',
  'www.casino.example',
  'notcasino.example',
  'armoury.example',
  'drugs.example',
  'x.y.drugs.example',
  'weapons.example',
  'kiosk.example',
  'halsa.example',
  'www.halsa.example',
  'xn--rddning-5wa.example',
  '198.51.100.7',
];
const PATHS = ['/', '/odds', '/odds/', '/odds/1?x=1', '/oddset', '/a/b.gif', ''];
const CLIENTS = ['192.0.2.7', '10.20.3.4', '10.30.3.4', '10.30.200.1', '2001:db8::7'];
const USERS = ['-', '-', 'bo', 'Bo', 'cecilia', 'CECILIA', 'disa', 'stranger', 'head'];
const TAGS = ['TCP_MISS/200', 'TCP_MISS/304', 'TCP_MISS/403', 'TCP_DENIED/403', 'TCP_DENIED/407', 'NONE/403'];
