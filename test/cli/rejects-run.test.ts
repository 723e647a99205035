// `granska rejects retry` as whoever holds the private key runs it: on real files, with a real key, killed at any moment.
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { makePlace, type Place, readNdjson, removePlaces } from './run.ts';
import { CASINO, combinedLine, logOf, MONDAY_MS, randomFrom, squidLine } from './squid-log.ts';
import { TOWN } from './town.ts';

/** A log of squid's own lines, into which somebody has put lines of `logformat combined`. */
const MIXED = logOf(
  ...Array.from({ length: 12 }, (_, n) =>
    squidLine({ atMs: MONDAY_MS + n * 1_000, client: '10.20.4.1', user: 'bo', url: `http://a.example/${n}` }),
  ),
  combinedLine({ atMs: MONDAY_MS + 60_000, client: '10.20.4.1', user: 'bo', url: CASINO }),
  combinedLine({ atMs: MONDAY_MS + 61_000, client: '10.20.4.1', user: 'bo', url: 'http://b.example/' }),
  'half a li',
);

describe('granska rejects retry', () => {
  let place: Place;
  beforeEach(() => {
    place = makePlace({ ...TOWN, 'access.log': MIXED }, 'config');
  });
  afterEach(removePlaces);

  const sealedNames = () => readdirSync(join(place.dataDir, 'rejects'));
  const findings = async () => readNdjson((await place.run(['search', '--format', 'ndjson'])).stdout);
  const moveKey = () => {
    const away = join(place.dir, 'safe');
    renameSync(join(place.keysDir, 'private'), away);
    return join(away, 'seal.key');
  };

  it('reads them by the format that is asked for, stores what comes of it, and keeps what still fails', async () => {
    await place.json(['scan', 'access.log', '--json']);
    const [before] = sealedNames();
    const { code, stdout, stderr } = await place.run(['rejects', 'retry', '--format', 'combined']);
    expect([code, stderr]).to.deep.equal([0, '']);
    expect(stdout).to.equal(
      [
        '3 rejected lines of 1 sealed text read again',
        '  2 records, 1 rejected, 0 skipped',
        '',
        '1 new finding',
        '  to examine 1, exempt 0, attempts 0',
        '',
        'Still rejected, and kept sealed in data/rejects no longer than before',
        '  unknown-format  1',
        '',
      ].join('\n'),
    );
    expect(sealedNames()).to.deep.equal([before!.replace('.age', '-2.age')]);
    const [finding] = await findings();
    expect(finding.url.domain).to.equal('casino.example');
    expect(finding.log).to.deep.include({ offset: MIXED.indexOf('10.20.4.1 - bo') });
    // A scan of the same log, or another retry, finds nothing more to do.
    expect((await place.json(['scan', 'access.log', '--json'])).lines).to.equal(0);
    expect(await place.json(['rejects', 'retry', '--json'])).to.include({
      lines: 1,
      rejected: 1,
      records: 0,
    });
    expect(await findings()).to.have.length(1);
    expect((await place.json(['rejects', '--json'])).lines).to.equal(1);
  });

  it('§2.1 §10.1 prints one JSON object whose lines are records + rejected + skipped', async () => {
    await place.json(['scan', 'access.log', '--json']);
    const trial = await place.json(['rejects', 'retry', '--format', 'combined', '--dry-run', '--json']);
    expect(trial).to.include({
      schema: 'granska.rejects-retry/1',
      dryRun: true,
      files: 1,
      lines: 3,
      untried: 0,
    });
    expect(trial.lines).to.equal(trial.records + trial.rejected + trial.skipped);
    expect(trial.findings).to.deep.equal({ new: 1, known: 0 });
    expect(await findings()).to.deep.equal([]);
    expect(sealedNames()).to.have.length(1);
    const done = await place.json(['rejects', 'retry', '--format', 'combined', '--json']);
    expect({ ...done, dryRun: true }).to.deep.equal(trial);
  });

  it('§3.6 needs the private key, wherever its holder keeps it', async () => {
    await place.json(['scan', 'access.log', '--json']);
    const identity = moveKey();
    const without = await place.run(['rejects', 'retry']);
    expect([without.code, without.stdout]).to.deep.equal([2, '']);
    expect(without.stderr).to.contain('[KEYS]').and.contain('--identity FILE');
    const done = await place.run(['rejects', 'retry', '--identity', identity, '--format', 'combined']);
    expect([done.code, done.stderr]).to.deep.equal([0, '']);
    expect(existsSync(join(place.keysDir, 'private'))).to.equal(false);
  });

  it('§10.2 tells texts of another key (2) from damaged ones (4), and leaves both as they are', async () => {
    await place.json(['scan', 'access.log', '--json']);
    const other = makePlace(TOWN, 'config');
    other.write('access.log', MIXED);
    await other.json(['scan', 'access.log', '--json']);
    const stranger = join(other.keysDir, 'private', 'seal.key');
    const [name] = sealedNames();
    const path = join(place.dataDir, 'rejects', name!);
    const wrong = await place.run(['rejects', 'retry', '--identity', stranger]);
    expect([wrong.code, wrong.stdout]).to.deep.equal([2, 'No rejected line was read again.\n']);
    expect(wrong.stderr).to.contain(`${name} was left as it is: it is sealed for another key`);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.length - 1));
    const damaged = await place.run(['rejects', 'retry', '--json']);
    expect(damaged.code).to.equal(4);
    expect(JSON.parse(damaged.stdout).left).to.deep.equal([{ file: name, because: 'damaged' }]);
    rmSync(path);
    expect((await place.run(['rejects', 'retry'])).code).to.equal(3);
  });

  it('§8.5 notes in the audit chain that texts were opened, a trial too, and opens none where it cannot', async () => {
    await place.json(['scan', 'access.log', '--json']);
    await place.json(['rejects', 'retry', '--dry-run', '--code', 'unknown-format', '--json']);
    const chain = join(place.dataDir, 'audit', 'chain.ndjson');
    const [line] = readNdjson(readFileSync(chain, 'utf8'));
    expect(line).to.deep.include({
      action: 'rejects-retry',
      details: { files: 1, lines: 3, code: 'unknown-format', format: null, dryRun: true },
    });
    rmSync(join(place.dataDir, 'audit'), { recursive: true });
    writeFileSync(join(place.dataDir, 'audit'), 'a file where the folder should be');
    const refused = await place.run(['rejects', 'retry', '--format', 'combined']);
    expect([refused.code, refused.stdout]).to.deep.equal([3, '']);
    expect((await place.json(['rejects', '--json'])).lines).to.equal(3);
  });

  it('makes no store where there is none, and says so', async () => {
    // The keys are there by then.
    await place.json(['scan', 'access.log', '--json']);
    rmSync(place.dataDir, { recursive: true });
    const { code, stderr } = await place.run(['rejects', 'retry']);
    expect(code).to.equal(3);
    expect(stderr).to.contain('there is no store');
    expect(existsSync(join(place.dataDir, 'granska.db'))).to.equal(false);
  });

  it('refuses a code that there is none of, and tells those that there are', async () => {
    const { code, stderr } = await place.run(['rejects', 'retry', '--code', 'bo']);
    expect(code).to.equal(2);
    expect(stderr).to.contain('truncated').and.not.contain("'bo'");
  });

  it('says of dead letters that the embedded store has none', async () => {
    await place.json(['scan', 'access.log', '--json']);
    for (const args of [['deadletters'], ['deadletters', 'list'], ['deadletters', 'retry']]) {
      const { code, stdout } = await place.run(args);
      expect([code, stdout], args.join(' ')).to.deep.equal([
        0,
        'The embedded store refuses nothing for good: it has no dead letters.\n',
      ]);
    }
    expect(await place.json(['deadletters', '--json'])).to.deep.include({ documents: 0, letters: [] });
  });

  it('§9.3 by kill -9, at many moments, loses and doubles nothing', async () => {
    const lines = Array.from({ length: 3_000 }, (_, n) =>
      (n % 3 === 0 ? squidLine : combinedLine)({
        ...{ atMs: MONDAY_MS + n * 1_000, client: '10.20.4.1', user: 'bo' },
        url: n % 2 === 0 ? CASINO : `http://a.example/${n}`,
      }),
    );
    // Five logs, so that there are five sealed texts.
    const names = Array.from({ length: 5 }, (_, part) => `part${part}.log`);
    for (const [part, name] of names.entries()) {
      place.write(name, logOf(...lines.slice(part * 600, (part + 1) * 600)));
      await place.json(['scan', name, '--format', 'squid', '--json']);
    }
    const copy = join(place.dir, 'undisturbed');
    cpSync(place.dataDir, copy, { recursive: true });
    const retry = ['rejects', 'retry', '--format', 'combined', '--json'];
    const whole = await place.json([...retry, '--data-dir', copy]);
    expect(whole).to.include({ files: 5, records: 2_000, rejected: 0 });

    const random = randomFrom(41);
    const journal = join(place.dataDir, 'granska.db-wal');
    const looks = [() => timeOf(journal), () => sealedNames().join()];
    let killed = 0;
    // By what the store says: a kill right behind a transaction leaves its text, which nothing names any more (§6.4).
    const linesLeft = async () => (await place.json(['rejects', '--json'])).lines;
    for (let round = 0; (await linesLeft()) > 0; round++) {
      expect(round, 'rounds').to.be.lessThan(20);
      const look = looks[round % 2]!;
      const before = look();
      const { child, ended } = place.start(retry);
      const hasEnded = ended.then(() => true);
      // In the middle of a transaction, or right after one; else once it has gone on to the next.
      while (look() === before && !(await Promise.race([hasEnded, wait(1, false)])));
      await wait(random() * 10);
      child.kill('SIGKILL');
      const { code, stderr } = await ended;
      if (code === null) killed++;
      else expect(code, stderr).to.equal(0);
    }
    expect(killed).to.be.at.least(2);
    expect((await place.run(retry)).code).to.equal(0);
    const search = ['search', '--format', 'ndjson', '--sort', 'start'];
    const idsIn = async (dataDir: string) =>
      readNdjson((await place.run([...search, '--data-dir', dataDir])).stdout).map(
        finding => finding.event.id,
      );
    expect(await idsIn(place.dataDir)).to.deep.equal(await idsIn(copy));
    expect(await linesLeft()).to.equal(0);
  });
}).timeout(180_000);

function timeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
