// §3.6 §6.2 §6.4: names, client addresses, protected hosts and passwords go in by every way there is. Then every byte
// of the data folder (list images aside), its journals and everything that was said on stderr is searched for them.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { makePlace, type Place, type Ran, readNdjson, removePlaces } from '../cli/run.ts';
import { findBytes, findTexts } from './find-bytes.ts';
import {
  brokenLog,
  CONFIG,
  combinedLog,
  IDN,
  MARKERS,
  NAME,
  nativeLog,
  PASSWORD,
  PROTECTED,
  V4,
  V6,
} from './leak-material.ts';

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
