// §3.6 §6.2 §6.4: names, client addresses, protected hosts and passwords go in by every way there is. Then every byte
// of the data folder (list images aside), its journals and everything that was said on stderr is searched for them.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { makePlace, type Place, type Ran, readNdjson, removePlaces } from '../cli/run.ts';
import { combinedLine, logOf, MONDAY_MS, squidLine, squidLongLine } from '../cli/squid-log.ts';
import { TOWN } from '../cli/town.ts';
import { findBytes, findTexts } from './find-bytes.ts';

const NAME = 'zebulonmarker';
const CHIEF = 'chiefmarker';
const UNKNOWN = 'strangermarker';
const V4 = '203.0.113.77';
const V6 = '2001:db8:dead:beef::77';
const PROTECTED = 'skyddadmarker.example';
const IDN = 'räddmarker.example';
const IDN_ASCII = 'xn--rddmarker-v2a.example';
const PASSWORD = 'Pa55wordMarker';
const PLAIN_SITE = 'plainmarker.example';
const QUERY = 'querymarker';

/** All that must be found nowhere. */
const MARKERS = [
  ...[NAME, CHIEF, UNKNOWN, V4, V6, PROTECTED, 'skyddadmarker', IDN, 'räddmarker', IDN_ASCII],
  ...[PASSWORD, 'cookiemarker', PLAIN_SITE, QUERY],
];

const CONFIG = {
  ...TOWN,
  'config/lists/protected/domains': `${PROTECTED}\n${IDN}\n`,
  'config/directory.csv': `user,roles,department,population,validFrom,validThrough
${NAME},,Bygg,staff,2020-01-01,
${CHIEF},,Social,staff,2020-01-01,
`,
  'config/policy.yaml': TOWN['config/policy.yaml']!.replace(
    'roles: [counsellor]',
    `users: [${NAME}]`,
  ).replace('approvers: [head]', `approvers: [${CHIEF}]`),
  'config/policy.tests.yaml': `version: 1
tests:
  - { user: ${NAME}, url: "http://casino.example/", at: 2025-03-05T12:00, expect: { verdict: exempt } }
`,
};

/** Every spelling of a name, as proxies log it. */
const NAMES = [NAME, NAME.toUpperCase(), `PROVBY\\\\${NAME}`, `OTHER\\${NAME}`, `${NAME}@provby.example`];
NAMES.push(`CN=${NAME},OU=Bygg`, `%7aebulonmarker`, CHIEF, UNKNOWN);

const CLIENTS = [V4, V6, `::ffff:${V4}`, V6.toUpperCase(), V4];

/** Every way to write a protected host. */
const HOSTS = [
  PROTECTED,
  PROTECTED.toUpperCase(),
  `www.${PROTECTED}`,
  `${PROTECTED}.`,
  '%73kyddadmarker.example',
];
HOSTS.push(
  IDN,
  IDN_ASCII,
  encodeURIComponent('räddmarker').concat('.example'),
  'skyddadmarker%E3%80%82example',
);

/** Addresses that are flagged and hold a marker, or that are or wrap a protected site. */
function addresses(name: string): string[] {
  const flagged = [
    `http://${name.replace(/[^\w.-]/g, '.')}.casino.example/`,
    `http://${name}:${PASSWORD}@casino.example/`,
    `http://casino.example/users/${name}/inbox?q=${QUERY}&user=${name}`,
    `http://casino.example/from/${V4}/to/${V6}`,
    `http://casino.example/?back=http://${PLAIN_SITE}/${QUERY}#${QUERY}`,
    `http://casino.example/login;user=${name}?password=${PASSWORD}`,
    `http://casino.example/%${hex(name.charCodeAt(0))}${name.slice(1)}`,
  ];
  const hidden = HOSTS.flatMap(host => [
    `http://${host}/${QUERY}`,
    `http://casino.example/redirect?to=http%3A%2F%2F${encodeURIComponent(host)}%2F`,
    `http://casino.example/go/http://${host}/x`,
    `http://casino.example/about/${host}.html`,
    `http://${host.replace(/\.$/, '')}.casino.example/`,
    `http://web.archive.org/web/2020/http://${host}/`,
    `http://translate.google.com/translate?u=http://${host}/`,
  ]);
  const translated = `http://${PROTECTED.replaceAll('.', '-')}.translate.goog/`;
  return [...flagged, ...hidden, translated, `http://${PLAIN_SITE}/${QUERY}`];
}

function hex(code: number): string {
  return code.toString(16).toUpperCase();
}

/** A log of native lines into which every marker goes by every column. */
function nativeLog(): string {
  const lines: string[] = [];
  let atMs = MONDAY_MS;
  for (const name of NAMES) {
    for (const url of addresses(name.replaceAll('\\', '%5C').replaceAll('@', '%40'))) {
      const client = CLIENTS[lines.length % CLIENTS.length]!;
      atMs += 997;
      const parts = { atMs, client, user: name.replaceAll(' ', '%20'), url };
      lines.push(squidLine(parts));
      lines.push(squidLine({ ...parts, tag: 'TCP_DENIED/403', hierarchy: 'HIER_NONE/-' }));
      lines.push(squidLine({ ...parts, tag: 'TCP_DENIED/407', hierarchy: 'HIER_NONE/-' }));
      lines.push(
        squidLongLine({ ...parts, referrer: `http://${PROTECTED}/${name}`, agent: `App/1 (${name})` }),
      );
    }
    const plain = { atMs, client: V4, user: name, url: 'http://casino.example/' };
    for (const host of HOSTS) {
      lines.push(squidLine({ ...plain, method: 'CONNECT', url: `${host}:443`, tag: 'TCP_TUNNEL/200' }));
      lines.push(
        squidLongLine({ ...plain, agent: `Bot/1 (+http://${host}/bot)`, referrer: `http://${host}/` }),
      );
      lines.push(squidLine({ ...plain, mime: `text/${host}` }));
    }
    lines.push(squidLine({ ...plain, method: name.replace(/[^a-z]/gi, '') }));
    lines.push(squidLine({ ...plain, mime: `text/${name}` }));
    lines.push(squidLine({ ...plain, tag: `TCP_${NAME.toUpperCase()}/200` }));
    lines.push(squidLine({ ...plain, hierarchy: `HIER_DIRECT/${PROTECTED}` }));
  }
  return logOf(...lines);
}

/** Lines that are rejected, for every reason that there is, with markers in them. */
function brokenLog(): string {
  const about = [NAME, V4, PROTECTED, IDN_ASCII].map(marker => `http://casino.example/${marker}`);
  const lines = about.flatMap(url => {
    const whole = squidLine({ user: NAME, client: V4, url });
    return [
      whole.slice(0, -40),
      whole.replace(/^\d+/, '99999999999'),
      whole.replace(/^\d{3}/, '9'.repeat(12)),
      whole.replace('TCP_MISS/200', 'TCP_MISS'),
      whole.replace('/200', '/20000'),
      whole.replace(' 5120 ', ' many '),
      whole.replace('   120', '  soon'),
      whole.replace(V4, `<${V4}>`),
      whole.replace('casino', 'cas\0ino'),
      whole.replace(url, url + 'x'.repeat(70_000)),
      `srcip=${V4} user=${NAME} url=${url} host=${PROTECTED} password=${PASSWORD}`,
      `${whole} [Authorization: Basic ${PASSWORD}\\r\\nCookie: sid=cookiemarker`,
      `2025-03-03 09:00:00 [7] Request(default/gambling/-) ${PROTECTED}:443 ${V4}/${V4} ${NAME} CONNECT -`,
      `# ${NAME} ${V4} ${PROTECTED}`,
    ];
  });
  return logOf(...lines, 'r\xe4ddmarker.example \xff\xfe', `${NAME}%2eexample`);
}

/** Lines of the other format, whole and broken. */
function combinedLog(): string {
  const lines = NAMES.flatMap(name =>
    addresses(name.replaceAll('\\', '%5C')).map(url =>
      combinedLine({
        client: V6,
        user: name,
        url,
        referrer: `http://${PROTECTED}/${QUERY}`,
        agent: `${name} from ${V4} at ${PROTECTED}`,
      }),
    ),
  );
  return logOf(...lines, ...lines.slice(0, 20).map(line => line.slice(0, -30)));
}

describe('nothing leaks:', () => {
  let place: Place;
  afterEach(removePlaces);

  it('a name, an address, a protected host and a password fed by every way are in no file and no message', async () => {
    place = makePlace(
      { ...CONFIG, 'native.log': nativeLog(), 'broken.log': brokenLog(), 'combined.log': combinedLog() },
      'config',
    );
    const said: Ran[] = [];
    const run = async (exit: number, ...args: string[]) => {
      const ran = await place.run(args);
      said.push(ran);
      expect(ran.code, `${args[0]}: ${ran.stderr}`).to.equal(exit);
      return ran;
    };

    const files = ['native.log', 'broken.log', 'combined.log'];
    const scanned = await run(0, 'scan', ...files, '--json');
    const summary = JSON.parse(scanned.stdout);
    // The markers did go in: as findings, attempts, challenges, protected records and rejects.
    expect(summary.findings.new).to.be.greaterThan(500);
    expect(summary.verdicts.exempt).to.be.greaterThan(50);
    for (const kind of ['attempts', 'authChallenges', 'protected', 'rejected']) {
      expect(summary[kind], kind).to.be.greaterThan(20);
    }
    expect(Object.keys(summary.rejects)).to.include.members([
      ...['truncated', 'time-future', 'time-invalid', 'fields', 'status', 'bytes', 'elapsed'],
      ...['nul-bytes', 'too-long', 'unknown-format'],
    ]);
    await run(0, 'scan', ...files, '--again');
    await run(0, 'doctor', ...files);
    await run(0, 'rejects');
    await run(0, 'check');
    await run(0, 'lookup', PROTECTED, `http://${NAME}:${PASSWORD}@casino.example/`);
    await run(
      0,
      'explain',
      `http://${PROTECTED}/`,
      '--user',
      NAME,
      '--client',
      V4,
      '--at',
      '2025-03-03T10:00',
    );
    await run(0, 'explain', 'http://casino.example/', '--user', NAME, '--client', V6);
    const found = readNdjson((await run(0, 'search', 'department:Bygg')).stdout);
    expect(findTexts(JSON.stringify(found), MARKERS)).to.deep.equal([]);
    await run(0, 'explain', '--finding', found[0].event.id);
    await run(0, 'search', NAME, `domain:${PROTECTED}`, '--format', 'table');
    await run(0, 'search', `"${V4}"`, `-path:/users/${NAME}`, `subject:${NAME}`, `entry:${PROTECTED}`);
    await run(0, 'search', `department:${NAME}`, `role:${NAME}`, `source:${NAME}`, '--format', 'csv');
    await run(0, 'audit', 'verify');

    // Mistakes of whoever types.
    await run(2, 'search', `user:${NAME}`);
    await run(2, 'search', `verdict:${NAME}`);
    await run(2, 'search', `domain:"http://${PROTECTED} ${NAME}/"`);
    await run(2, 'search', `${NAME}:x`);
    await run(2, 'search', '--from', NAME);
    await run(2, 'search', '--sort', NAME);
    await run(2, 'search', '--limit', NAME);
    await run(2, 'explain', `http://${PROTECTED}/`, '--user', NAME, '--at', NAME);
    await run(2, 'explain', `http://${PROTECTED}/`, NAME);
    await run(2, `--user=${NAME}`, 'explain', `http://${PROTECTED}/`);
    await run(2, `http://${PROTECTED}/`);
    await run(1, 'explain', '--finding', NAME);
    await run(2, 'scan', 'native.log', '--format', NAME);

    // Mistakes in the configuration, about people.
    place.write(
      'config/directory.csv',
      `user,roles,department,population,validFrom,validThrough\n${NAME},,,nobody,,\n${NAME},,,,2020-01-01,never\n`,
    );
    place.write('more.log', nativeLog().slice(0, 2_000));
    await run(2, 'scan', 'more.log');

    expect(findBytes(place.dataDir, MARKERS)).to.deep.equal([]);
    for (const { stderr } of said) expect(findTexts(stderr, MARKERS)).to.deep.equal([]);

    // The search itself works: it sees what is there, and a marker that is put there.
    expect(findBytes(place.dataDir, ['casino.example'])).to.not.deep.equal([]);
    mkdirSync(join(place.dataDir, 'planted'));
    writeFileSync(
      join(place.dataDir, 'planted', 'file'),
      Buffer.from(`\0\xff${NAME.toUpperCase()}\0`, 'latin1'),
    );
    expect(findBytes(place.dataDir, MARKERS)).to.have.length(1);
    expect(findTexts(`x ${IDN} y`, MARKERS)).to.deep.equal([IDN, 'räddmarker']);
  });

  it('not even in the journals of a scan that was killed while it wrote', async () => {
    place = makePlace({ ...CONFIG, 'many.log': nativeLog().repeat(8) + brokenLog() }, 'config');
    let killed = 0;
    for (let round = 0; round < 2; round++) {
      const dataDir = join(place.dir, `data${round}`);
      const journal = join(dataDir, 'granska.db-wal');
      const { child, ended } = place.start(['scan', 'many.log', '--data-dir', dataDir]);
      while (child.exitCode === null && sizeOf(journal) < JOURNAL_BYTES) await wait(2);
      child.kill('SIGKILL');
      const { stderr, code } = await ended;
      if (code === null) killed += Number(sizeOf(journal) > 0);
      else expect(code, stderr).to.equal(0);
      expect(findTexts(stderr, MARKERS)).to.deep.equal([]);
      expect(findBytes(dataDir, MARKERS)).to.deep.equal([]);
    }
    expect(killed).to.be.greaterThan(0);
  });
});

/** The journal holds this much only while findings are being written. */
const JOURNAL_BYTES = 300_000;

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
