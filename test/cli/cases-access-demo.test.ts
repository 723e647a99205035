// The sample municipality: a name that a real scan has sealed, opened by two persons, and in no other output or file.
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { runAs } from './as-account.ts';
import { makePlace, type Place, ROOT, readNdjson, removePlaces } from './run.ts';

const NOW_MS = Date.parse('2026-11-27T10:00:00Z');
const DAY = ['--from', '2026-10-26', '--to', '2026-10-26'];

describe('a case of the sample municipality', () => {
  let place: Place;
  before(async () => {
    place = makePlace({}, 'config');
    cpSync(join(ROOT, 'config/demo'), join(place.dir, 'config'), { recursive: true });
    const settings = join(place.dir, 'config/granska.yaml');
    const moved = readFileSync(settings, 'utf8').replaceAll('../../categories', join(ROOT, 'categories'));
    writeFileSync(settings, moved);
    await place.json(['scan', 'config/access.log', '--json']);
  });
  after(removePlaces);

  const as = (account: string, ...args: string[]) => runAs(place, { account, nowMs: NOW_MS }, args);

  it('has one name, which the two persons of its people.yaml see and nothing else shows (§3.6, §8.4)', async () => {
    const file = join(place.dir, 'config/people.yaml');
    for (const person of ['sofia.hed', 'henrik.lind']) {
      const { stdout, stderr, code } = await as(person, 'people', 'keygen', '--person', person);
      expect(code, stderr).to.equal(0);
      const written = new RegExp(`(accounts: \\[${person}\\].*\\n)`);
      writeFileSync(file, readFileSync(file, 'utf8').replace(written, `$1${stdout}`));
    }
    const listed = await as('sofia.hed', 'cases', 'list', 'category:gambling', ...DAY, '--json');
    const { id } = readNdjson(listed.stdout).find(found => found.grades.A > 0);
    for (const ran of [
      await as('sofia.hed', 'cases', 'open', id, '--reason', 'A talk is due, KS 2026/88'),
      await as('henrik.lind', 'cases', 'grant', id),
    ]) {
      expect(ran.code, ran.stderr).to.equal(0);
    }
    const shown = await as('henrik.lind', 'cases', 'name', id);
    const name = /^name +(\S+)$/m.exec(shown.stdout)?.[1] ?? '';
    expect(readFileSync(join(place.dir, 'config/directory.csv'), 'utf8')).to.contain(`\n${name},`);
    expect(shown.stderr).to.not.contain(name);

    const outputs = [
      listed,
      await as('henrik.lind', 'cases', 'show', id),
      await as('henrik.lind', 'cases', 'show', id, '--json', '--lang', 'sv'),
      await as('henrik.lind', 'cases', 'requests'),
      await as('henrik.lind', 'cases', 'requests', '--json'),
      await as('henrik.lind', 'visits', ...DAY, '--json'),
      await as('henrik.lind', 'search', ...DAY, '--format', 'ndjson'),
    ].map(({ stdout, stderr }) => stdout + stderr);
    const stored = readdirSync(place.dataDir, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    expect(stored.length).to.be.greaterThan(2);
    for (const text of [...outputs, ...stored]) expect(text.toLowerCase().includes(name)).to.equal(false);
  });
}).timeout(120_000);
