// §5.6 §3.3 §6.1–6.4 §8.2: announced-from, populations, protected sites, the cutting of queries and small groups are
// enforced in one place. Here lines try to get around each, through every entry: all formats, packed, from stdin, read
// again, rejected and retried, followed by a worker. Each entry must come to the same, and the same must be found nowhere.
// What a store refuses (dead letters), and messages of Kafka, are held to it on real servers: test/engines/leak.test.ts.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { openReadStore } from '../../src/compose/open-store.ts';
import { loadConfig, requireConfig } from '../../src/config/load.ts';
import { type Json, makePlace, type Place, readNdjson, removePlaces } from '../cli/run.ts';
import { combinedLine, commonLine, logOf, MONDAY_MS, squidLine, squidLongLine } from '../cli/squid-log.ts';
import { endWorkers, startWorker } from '../engines/run/worker.ts';
import { findBytes, findEncoded, findTexts } from './find-bytes.ts';
import { HIDDEN, HIDDEN_WORDS, ONE_PLACE_TOWN, onePlace, STORED } from './one-place-log.ts';
import { openSealed } from './open-sealed.ts';

const { lines, expected } = onePlace();
const FORMATS = {
  squid: squidLine,
  'squid, long': squidLongLine,
  common: commonLine,
  combined: combinedLine,
};
const logBy = (line: (parts: (typeof lines)[number]) => string) => logOf(...lines.map(line));

describe('one place enforces:', function () {
  this.timeout(120_000);
  let place: Place;
  beforeEach(() => {
    place = makePlace(ONE_PLACE_TOWN, 'config');
  });
  afterEach(async () => {
    await endWorkers();
    removePlaces();
  });

  for (const [name, line] of Object.entries(FORMATS)) {
    it(`lines of the format ${name} come to what the rules say, and nothing else is left of them`, async () => {
      place.write('access.log', logBy(line));
      isAsExpected(await place.json(['scan', 'access.log', '--json']));
      await holdsNothingHidden(place);
      const relations = (await findings(place)).map(({ granska }) => granska.referrer);
      const logged = name === 'squid, long' || name === 'combined';
      expect(new Set(relations)).to.deep.equal(
        new Set(logged ? ['none', 'foreign', 'protected'] : ['notLogged']),
      );
      if (name === 'squid, long') await showsNothingHidden(place);
    });
  }

  it('packed lines, lines from stdin and lines that are read again come to the same', async () => {
    const log = logBy(squidLine);
    place.write('access.log.gz', gzipSync(log));
    isAsExpected(await place.json(['scan', 'access.log.gz', '--json']));
    const again = await place.json(['scan', 'access.log.gz', '--again', '--json']);
    expect(again.findings).to.deep.equal({ new: 0, known: expected.findings });
    const other = makePlace(ONE_PLACE_TOWN, 'config');
    isAsExpected(await other.json(['scan', '-', '--json'], { stdin: log }));
    for (const each of [place, other]) await holdsNothingHidden(each);
  });

  it('§6.4 rejected lines keep no protected site, and those that are retried come to the same', async () => {
    place.write('access.log', logBy(combinedLine));
    const first = await place.json(['scan', 'access.log', '--format', 'squid', '--json']);
    expect([first.rejected, first.records]).to.deep.equal([lines.length, 0]);
    expect(findBytes(place.dataDir, HIDDEN_WORDS)).to.deep.equal([]);
    const sealed = (await openSealed(place)).rejects;
    expect(findEncoded(sealed, [HIDDEN.protected])).to.deep.equal([]);
    expect(findTexts(sealed, [HIDDEN.pupil])).to.deep.equal([HIDDEN.pupil]);
    const { stdout } = await place.run(['rejects', 'retry', '--format', 'combined', '--json']);
    const retried = JSON.parse(stdout);
    // What held a protected site has no text any more: it stays rejected, be it the target or the referrer.
    const referred = lines.filter(({ referrer }) => referrer?.includes(HIDDEN.protected)).length;
    expect([retried.findings.new, referred]).to.deep.equal([expected.findings - referred, 2]);
    expect(retried).to.include({ unreviewed: expected.unreviewed, unannounced: expected.unannounced });
    await holdsNothingHidden(place);
  });

  it('followed lines come to the same in the log, the numbers and the signs of life of a worker', async () => {
    place.write(
      'config/granska.yaml',
      `${ONE_PLACE_TOWN['config/granska.yaml']}sources:
  - { name: live, kind: files, paths: ["../log/*.log"], format: squid }
run: { listen: "127.0.0.1:0", flushSeconds: 1, reloadSeconds: 0 }
log: { level: debug, format: json }
`,
    );
    place.write('log/access.log', logBy(squidLongLine));
    const worker = startWorker(place);
    await worker.untilStored(lines.length);
    const said = [];
    for (const path of ['/metrics', '/readyz', '/healthz']) said.push((await worker.ask(path)).text);
    const { stdout, stderr } = await worker.end('SIGTERM');
    for (const text of [...said, stdout, stderr]) expect(findEncoded(text, HIDDEN_WORDS)).to.deep.equal([]);
    expect(findTexts(said.join(), ['granska_lines_total'])).to.have.length(1);
    expect(await findings(place)).to.have.length(expected.findings);
    await holdsNothingHidden(place);
  });

  it('§8.2 counts of a department below k go to the tenant, through every format', async () => {
    for (const [name, line] of Object.entries(FORMATS)) place.write(`${name}.log`, logBy(line));
    await place.json(['scan', ...Object.keys(FORMATS).map(name => `${name}.log`), '--json']);
    const departments = await usageDepartments(place);
    expect(departments).to.include('Bygg').and.not.include('Social').and.not.include('Nämnden');
    // The same people are counted by themselves where the policy says that two are enough.
    const other = makePlace(ONE_PLACE_TOWN, 'config');
    other.write('config/policy.yaml', `${ONE_PLACE_TOWN['config/policy.yaml']}smallGroup: 2\n`);
    other.write('access.log', logBy(squidLine));
    await other.json(['scan', 'access.log', '--json']);
    expect(await usageDepartments(other)).to.include('Social');
  });

  it('§5.6 a category that is announced in the meantime is judged from its day on, whatever the entry', async () => {
    const atMs = MONDAY_MS + 7 * 86_400_000;
    const drugs = { user: 'bo', client: '10.20.4.1', url: 'http://drugs.example/' };
    for (const [name, line] of Object.entries(FORMATS)) {
      place.write(
        `${name}.log`,
        logOf(line({ ...drugs, atMs: atMs - 36_000_000 - 1000 }), line({ ...drugs, atMs })),
      );
      const { findings: found, unannounced } = await place.json(['scan', `${name}.log`, '--json']);
      expect([name, found.new, unannounced]).to.deep.equal([name, 1, 1]);
    }
  });

  it('what is told of addresses keeps no query, and of a protected site only that it is one', async () => {
    const asked = `http://${HIDDEN.secret}:x@casino.example/p?${HIDDEN.query}#${HIDDEN.fragment}`;
    for (const args of [
      ['explain', asked, '--user', 'bo', '--at', '2025-03-03T10:00'],
      ['check', '--who', asked, '--at', '2025-03-03T10:00'],
    ]) {
      const { stdout, stderr, code } = await place.run(args);
      expect(code, stderr).to.equal(0);
      expect(stdout).to.contain('casino[.]example');
      expect(findTexts(stdout + stderr, HIDDEN_WORDS), args[0]).to.deep.equal([]);
    }
    const shut = `https://www.${HIDDEN.protected}.example/`;
    const { stdout } = await place.run(['check', '--who', shut]);
    expect(findTexts(stdout, HIDDEN_WORDS)).to.deep.equal([]);
    for (const args of [
      ['explain', shut, '--user', 'bo', '--at', HIDDEN.query],
      ['check', '--who', shut, '--at', HIDDEN.query],
      ['scan', shut],
      ['search', `domain:"${shut}`],
    ]) {
      const { stderr, code } = await place.run(args);
      expect(code).to.be.greaterThan(0);
      if (args[0] !== 'scan') expect(findTexts(stderr, HIDDEN_WORDS), args[0]).to.deep.equal([]);
    }
  });

  it('sees what is planted: the search for hidden words is a search', async () => {
    place.write('access.log', logBy(squidLine));
    await place.json(['scan', 'access.log', '--json']);
    mkdirSync(join(place.dataDir, 'planted'));
    writeFileSync(join(place.dataDir, 'planted', 'file'), `\0${HIDDEN.elected.toUpperCase()}\0`);
    expect(findBytes(place.dataDir, HIDDEN_WORDS)).to.have.length(1);
  });
});

function isAsExpected(summary: Json): void {
  expect({
    findings: summary.findings.new,
    exempt: summary.verdicts.exempt,
    protected: summary.protected,
    unreviewed: summary.unreviewed,
    unannounced: summary.unannounced,
  }).to.deep.equal(expected);
  expect(summary.lines).to.equal(lines.length);
}

async function findings(place: Place): Promise<Json[]> {
  return readNdjson((await place.run(['search', '--limit', '100000'])).stdout);
}

/** Looks through the data folder, and through every view that there is of what was stored. */
async function holdsNothingHidden(place: Place): Promise<void> {
  expect(findBytes(place.dataDir, HIDDEN_WORDS)).to.deep.equal([]);
  const found = await findings(place);
  expect(JSON.stringify(found)).to.contain(STORED);
  expect(found.filter(({ url }) => /[?#]/.test(url.path))).to.deep.equal([]);
  expect(new Set(found.map(({ granska }) => granska.population))).to.deep.equal(new Set(['staff']));
  expect(new Set(found.map(({ granska }) => granska.category))).to.deep.equal(new Set(['gambling']));
}

/** Looks at every view that there is of what was stored, and then again at what the looking left behind. */
async function showsNothingHidden(place: Place): Promise<void> {
  const [first] = await findings(place);
  const views = [
    ['search', '--format', 'table'],
    ['search', '--format', 'csv'],
    ['explain', '--finding', first.event.id],
    ['visits', '--json'],
    ['visits', '--facts'],
    ['cases', 'list'],
    ['exemptions', 'used', '--from', '2025-03-01', '--to', '2025-03-31'],
    ['proof', '--lang', 'en'],
    ['rejects'],
    ['audit', 'verify'],
  ];
  for (const args of views) {
    const { stdout, stderr, code } = await place.run(args);
    expect(code, `${args.join(' ')}: ${stderr}`).to.equal(0);
    expect(findEncoded(stdout + stderr, HIDDEN_WORDS), args.join(' ')).to.deep.equal([]);
  }
  expect(findBytes(place.dataDir, HIDDEN_WORDS)).to.deep.equal([]);
}

/** Names the departments that traffic is counted under. */
async function usageDepartments(place: Place): Promise<string[]> {
  const where = { flags: {}, env: place.env, cwd: place.dir, packageRoot: place.dir };
  const store = await openReadStore(requireConfig(await loadConfig(where)).config);
  try {
    const usage = await store.usage(MONDAY_MS - 86_400_000, MONDAY_MS + 86_400_000);
    return [...new Set(usage.map(({ department }) => department))];
  } finally {
    await store.close();
  }
}
