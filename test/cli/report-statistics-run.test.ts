// `granska report statistics` over the sample municipality: frozen, the same again, corrected, and without any name.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { pdfSaid } from '../adapters/pdf/pdf-text.ts';
import { protectedHostsIn } from './protected-hosts.ts';
import { type Json, makePlace, type Place, ROOT, removePlaces } from './run.ts';

const DEMO = join(ROOT, 'config', 'demo');
const PSEUDONYM = /[uc]\d\d(\d{4})?-[a-z2-7]{10}/;
const FORMS = ['html sv', 'json sv', 'csv en', 'text en'] as const;

/** Lines as the sample log has them. */
function lineAt(atMs: number, user: string, url: string): string {
  const stamp = `${Math.floor(atMs / 1000)}.${String(atMs % 1000).padStart(3, '0')}`;
  return `${stamp}    100 10.20.1.29 TCP_MISS/200 38470 GET ${url} ${user} HIER_DIRECT/192.0.2.11 text/html "-" "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"\n`;
}

describe('granska report statistics', () => {
  let place: Place;
  const report = (...args: string[]) =>
    place.run(['report', 'statistics', '--period', '2026-10', '--config', DEMO, ...args]);
  const json = async (...args: string[]): Promise<Json> => {
    const { stdout, stderr, code } = await report('--format', 'json', ...args);
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout);
  };
  const scan = (name: string, log: string) =>
    place.json(['scan', place.write(name, log), '--source', name, '--json', '--config', DEMO]);

  const ledgerLines = () => {
    const db = new DatabaseSync(join(place.dataDir, 'granska.db'), { readOnly: true });
    try {
      return Number(db.prepare('SELECT count(*) AS n FROM ledger').get()!.n);
    } finally {
      db.close();
    }
  };

  before(async () => {
    place = makePlace({}, null);
    await scan('demo', readFileSync(join(DEMO, 'access.log'), 'latin1'));
  });
  after(removePlaces);

  it('is refused with exit 1 before the month is complete, and issues nothing (§8.3, §10.2)', async () => {
    const { code, stdout, stderr } = await report();
    expect([code, stdout]).to.deep.equal([1, '']);
    expect(stderr).to.contain('2026-10-29').and.to.contain('--allow-incomplete');
    const correction = await report('--correct', '--reason', 'none');
    expect([correction.code, correction.stdout]).to.deep.equal([1, '']);
    expect(correction.stderr).to.contain('after 2026-10-31').and.to.not.contain('--allow-incomplete');
  });

  it('refuses a period that is no month, another organisation, and a correction without reason, with exit 2', async () => {
    expect(
      (await place.run(['report', 'statistics', '--period', '2026-13', '--config', DEMO])).code,
    ).to.equal(2);
    expect((await report('--organization', 'Annanby')).code).to.equal(2);
    expect((await report('--correct')).code).to.equal(2);
  });

  it('is the same bytes again though findings arrived, says so, and is corrected once the month is complete (§8.2)', async () => {
    const first = await json('--allow-incomplete');
    expect(first.schema).to.equal('granska.statistics-issue/1');
    expect(first.issue).to.deep.include({ number: 1, corrects: null });
    expect(first.statistics.coverage.isComplete).to.equal(false);
    const forms = new Map<string, string>();
    for (const form of FORMS) {
      const [format, lang] = form.split(' ') as [string, string];
      const { stdout } = await report('--allow-incomplete', '--format', format, '--lang', lang);
      expect(stdout, form).to.contain(first.issue.sha256);
      forms.set(form, stdout);
    }
    const more = [0, 1, 2, 3, 4, 5, 6].map(n =>
      lineAt(
        Date.UTC(2026, 9, 30, 9, n),
        `${'anna.lund erik.dahl maria.björk lars.holm karin.kvist johan.ek eva.hed'.split(' ')[n]}`,
        'http://casino.example/',
      ),
    );
    await scan('more', more.join(''));
    const linesBefore = ledgerLines();
    const early = await report('--allow-incomplete', '--correct', '--reason', 'lines came later');
    expect([early.code, early.stdout], early.stderr).to.deep.equal([5, '']);
    expect(early.stderr).to.contain('[REFUSED]').and.to.contain('after 2026-10-31');
    expect(ledgerLines()).to.equal(linesBefore);
    await scan('later', lineAt(Date.UTC(2026, 10, 2, 9), 'anna.lund', 'http://dagbladet.example/'));
    for (const [form, before] of forms) {
      const [format, lang] = form.split(' ') as [string, string];
      const { stdout, stderr } = await report('--allow-incomplete', '--format', format, '--lang', lang);
      expect(stdout === before, form).to.equal(true);
      expect(stderr).to.contain('once a line of a day after 2026-10-31 was read, --correct --reason');
    }

    expect((await report('--correct', '--reason', 'asked by anna.lund')).code).to.equal(2);
    const second = await json('--correct', '--reason', 'lines of the last days came later');
    expect(second.issue).to.deep.include({
      number: 2,
      corrects: { number: 1, reason: 'lines of the last days came later' },
    });
    expect(second.statistics.coverage).to.deep.include({ isComplete: true, completeThrough: '2026-10-31' });
    const gambling = (issue: Json) =>
      issue.statistics.figures.cells.find((cell: Json) => cell.unit === 't' && cell.category === 'gambling')
        .examine;
    expect(gambling(second).visits).to.equal(gambling(first).visits + 7);
    expect(await json()).to.deep.equal(second);
    expect((await report('--correct', '--reason', 'again')).code).to.equal(2);
  }).timeout(240_000);

  it('names nobody in any form, and each view is a line of the audit chain (§8.2, §8.5)', async () => {
    const names = readFileSync(join(DEMO, 'directory.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map(row => row.split(',')[0]!);
    const lines = () =>
      readFileSync(join(place.dataDir, 'audit', 'chain.ndjson'), 'utf8')
        .trim()
        .split('\n');
    for (const form of FORMS) {
      const before = lines().length;
      const { stdout } = await report('--format', form.split(' ')[0]!);
      expect(names.filter(name => stdout.toLowerCase().includes(name))).to.deep.equal([]);
      expect(stdout).to.not.match(PSEUDONYM);
      const added = lines().slice(before);
      expect(added.map(line => JSON.parse(line).action)).to.deep.equal(['report statistics']);
    }
    const out = join(place.dir, 'names.pdf');
    expect((await report('--format', 'pdf', '--lang', 'en', '--out', out)).code).to.equal(0);
    const said = pdfSaid(readFileSync(out)).normalize('NFC').toLowerCase();
    expect(said).to.contain('gambling').and.to.contain('socialförvaltningen');
    expect(names.filter(name => said.includes(name))).to.deep.equal([]);
    expect(said).to.not.match(PSEUDONYM);
    expect(protectedHostsIn(said)).to.deep.equal([]);
  }).timeout(120_000);
});
