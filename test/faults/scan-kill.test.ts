// §9.3: a scan that is killed at any moment, however often, leaves the store as an undisturbed one does: each line is
// read once, each finding is there once, each count is what it should be.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { createSqliteStore } from '../../src/adapters/store/sqlite/sqlite-store.ts';
import { makePlace, type Place, readNdjson, removePlaces } from '../cli/run.ts';
import { CASINO, logOf, MONDAY_MS, randomFrom, squidLine } from '../cli/squid-log.ts';
import { TOWN } from '../cli/town.ts';

const FILES = 12;
const LINES = 3_000;
const KILLS = 10;

describe('a scan that is stopped', () => {
  let place: Place;
  let parts: string[];
  before(() => {
    parts = makeParts();
  });
  beforeEach(() => {
    place = makePlace(TOWN, 'config');
  });
  afterEach(removePlaces);

  /** Scans everything at once into a store of its own, and gives what is in it then. */
  async function undisturbed(): Promise<unknown> {
    const dataDir = join(place.dir, 'undisturbed');
    for (const [index, part] of parts.entries()) place.write(nameOf(index), part);
    const summary = await place.json(['scan', 'part*.log', '--json', '--data-dir', dataDir]);
    expect(summary.lines).to.equal(FILES * LINES);
    return await contentOf(place, dataDir);
  }

  it('§9.3 by kill -9, at many moments, loses and doubles nothing', async () => {
    const random = randomFrom(93);
    const journal = join(place.dataDir, 'granska.db-wal');
    let killed = 0;
    for (let round = 0; round < FILES || killed < KILLS; round++) {
      expect(round, 'runs that ended before they were killed').to.be.lessThan(60);
      if (round < FILES) place.write(nameOf(round), parts[round]!);
      const before = sizeOf(journal);
      const { child, ended } = place.start(['scan', 'part*.log']);
      const hasEnded = ended.then(() => true);
      // Every other time in the middle of a transaction, else anywhere between the start and the end.
      if (round % 2 === 0) await wait(random() * 700);
      else while (sizeOf(journal) === before && !(await Promise.race([hasEnded, wait(1, false)])));
      await wait(random() * 20);
      child.kill('SIGKILL');
      const { code, stderr } = await ended;
      if (code === null) killed++;
      else expect(code, stderr).to.equal(0);
    }
    const last = await place.run(['scan', 'part*.log']);
    expect(last.code, last.stderr).to.equal(0);
    expect((await place.json(['scan', 'part*.log', '--json'])).lines).to.equal(0);
    expect(await contentOf(place, place.dataDir)).to.deep.equal(await undisturbed());
  }).timeout(120_000);

  it('§10.2 by an interrupt stores what was read, exits 130, and goes on from there', async () => {
    const whole = parts.join('');
    const half = whole.slice(0, whole.lastIndexOf('\n', whole.length * 0.8) - 40);
    const { child, ended } = place.start(['scan', '-', '--json'], { stdin: null });
    const hasBegun = new Promise<void>(done =>
      child.stderr.on('data', part => String(part).includes('format') && done()),
    );
    child.stdin.write(half);
    await hasBegun;
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect(code).to.equal(130);
    expect(stderr).to.contain('interrupted; what was read so far is stored');
    const first = JSON.parse(stdout);
    expect(first.lines).to.be.within(1, FILES * LINES * 0.8);
    const rest = await place.json(['scan', '-', '--json'], { stdin: whole });
    expect(rest.lines).to.equal(FILES * LINES - first.lines);

    const dataDir = join(place.dir, 'undisturbed');
    await place.json(['scan', '-', '--json', '--data-dir', dataDir], { stdin: whole });
    expect(await contentOf(place, place.dataDir)).to.deep.equal(await contentOf(place, dataDir));
  });
});

function nameOf(index: number): string {
  return `part${String(index).padStart(2, '0')}.log`;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Makes logs in which every second line is flagged, and some are protected, unreviewed, unannounced or rejected. */
function makeParts(): string[] {
  const random = randomFrom(7);
  return Array.from({ length: FILES }, (_, part) =>
    logOf(
      ...Array.from({ length: LINES }, (_, index) => {
        const chance = random();
        const host = HOSTS[Math.floor(chance * HOSTS.length)]!;
        const line = squidLine({
          atMs: MONDAY_MS + (part * LINES + index) * 1_700,
          client: `10.${random() < 0.1 ? 30 : 20}.4.${index % 250}`,
          user: random() < 0.3 ? ['bo', 'cecilia', 'disa'][index % 3]! : '-',
          url: host === CASINO ? CASINO : `http://${host}/${index}`,
        });
        return random() < 0.01 ? line.slice(0, 45) : line;
      }),
    ),
  );
}

const HOSTS = [CASINO, 'armoury.example', CASINO, 'drugs.example', 'halsa.example', 'a.example', 'b.example'];

/** Gives all that a store holds, but for the moment at which it was written. */
async function contentOf(place: Place, dataDir: string): Promise<unknown> {
  const found = await place.run(['search', '--format', 'ndjson', '--sort', 'start', '--data-dir', dataDir]);
  expect(found.code, found.stderr).to.equal(0);
  const findings = readNdjson(found.stdout).map(finding => {
    const { ingested, ...event } = finding.event;
    expect(ingested).to.be.a('string');
    return JSON.stringify({ ...finding, event });
  });
  expect(new Set(findings).size).to.equal(findings.length);
  const store = createSqliteStore({ path: join(dataDir, 'granska.db'), mode: 'read' });
  try {
    const rejects = await store.rejects();
    const sealed = new Set(rejects.map(reject => reject.file));
    // No sealed file is left over that no count belongs to, and none is missing.
    expect(readdirSync(join(dataDir, 'rejects')).sort()).to.deep.equal([...sealed].sort());
    return {
      findings: findings.sort(),
      usage: await store.usage(0, Number.MAX_SAFE_INTEGER),
      days: await store.days('0000-01-01', '9999-12-31'),
      rejected: rejects.reduce((sum, reject) => sum + reject.count, 0),
      totals: await store.totals(),
    };
  } finally {
    await store.close();
  }
}
