// The HR report of the sample municipality's October, on a real store, as a head of administration gets it.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { canonicalJson } from '../../src/policy/canonical-json.ts';
import { pdfSaid } from '../adapters/pdf/pdf-text.ts';
import { type BruteCell, bruteForce } from '../report/brute-force.ts';
import { HR_REPORT_SCHEMA } from '../report/hr-report-schema.ts';
import { type Acted, runAs } from './as-account.ts';
import { protectedHostsIn } from './protected-hosts.ts';
import { type Json, makePlace, type Place, ROOT, readNdjson, removePlaces } from './run.ts';
import { logOf, squidLine } from './squid-log.ts';

const DEMO = join(ROOT, 'config', 'demo');
const NOW_MS = Date.parse('2026-11-27T10:00:00Z');
const MONTH = ['--period', '2026-10'];
const FORMATS = ['html', 'json', 'csv', 'pdf'] as const;

const demoFiles = () => {
  const files: Record<string, Uint8Array> = {};
  for (const name of readdirSync(DEMO)) files[`config/demo/${name}`] = readFileSync(join(DEMO, name));
  return files;
};

const peopleYaml = (keys: Readonly<Record<string, string>> = {}) => `version: 1
people:
  - { id: leila.ås, accounts: [leila], duties: [analyst]${key(keys.leila)} }
  - { id: sofia.hed, accounts: [sofia], duties: [granter]${key(keys.sofia)} }
`;
const key = (publicKey: string | undefined) => (publicKey === undefined ? '' : `, publicKey: ${publicKey}`);
const IDS = { leila: 'leila.ås', sofia: 'sofia.hed' };

const NOTHING = { persons: 0, visits: 0, records: 0, grades: { A: 0, B: 0, C: 0, D: 0 } };

/** Tells whether the whole organisation's decisions of a category are shown. */
function isTold(content: Json, category: string): boolean {
  const cell = content.cells.find((one: Json) => one.unit === 't' && one.category === category);
  return cell.decisions !== null;
}

describe('granska report hr', () => {
  let place: Place;
  before(async () => {
    place = makePlace(demoFiles(), 'config/demo');
    const yaml = readFileSync(join(place.dir, 'config/demo/granska.yaml'), 'utf8');
    const own = yaml
      .replace(/^(people|reviews):.*\n/gm, '')
      .replaceAll('../../categories', join(ROOT, 'categories'));
    place.write('config/demo/granska.yaml', `${own}people: people.yaml\n`);
    place.write('config/demo/people.yaml', peopleYaml());
    await place.json(['scan', 'config/demo/access.log', '--json']);
    const keys: Record<string, string> = {};
    for (const [account, id] of Object.entries(IDS)) {
      const { stdout, stderr, code } = await as(account, 'people', 'keygen', '--person', id);
      expect(code, stderr).to.equal(0);
      keys[account] = stdout.trim().replace('publicKey: ', '');
    }
    place.write('config/demo/people.yaml', peopleYaml(keys));
  });
  after(removePlaces);

  const as = (account: string, ...args: string[]): Promise<Acted> =>
    runAs(place, { account, nowMs: NOW_MS }, args);
  const report = (...args: string[]) => as('hr', 'report', 'hr', ...MONTH, ...args);
  const json = async (...args: string[]): Promise<Json> => {
    const { stdout, stderr, code } = await report('--format', 'json', ...args);
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout);
  };
  const audited = (): Json[] => readNdjson(readFileSync(join(place.dataDir, 'audit/chain.ndjson'), 'utf8'));

  it('is refused before the month is complete (exit 1), and nothing is issued by that (§8.3)', async () => {
    const { code, stdout, stderr } = await report();
    expect([code, stdout], stderr).to.deep.equal([1, '']);
    expect(stderr).to.contain('2026-10-29').and.to.contain('--allow-incomplete');
    place.write(
      'late.log',
      logOf(
        squidLine({
          atMs: Date.parse('2026-11-02T09:00:00Z'),
          user: 'nils.ek',
          url: 'http://skola.example/',
        }),
      ),
    );
    await place.json(['scan', 'late.log', '--json']);
    expect((await json()).issue).to.include({ number: 1, corrects: null });
  });

  it('is made of figures that another report issued too early once these are corrected, and says how (§8.2, §8.3)', async () => {
    const early = makePlace(demoFiles(), 'config/demo');
    const yaml = readFileSync(join(early.dir, 'config/demo/granska.yaml'), 'utf8');
    const own = yaml
      .replace(/^(people|reviews):.*\n/gm, '')
      .replaceAll('../../categories', join(ROOT, 'categories'));
    early.write('config/demo/granska.yaml', own);
    const ask = (...args: string[]) => runAs(early, { account: 'hr', nowMs: NOW_MS }, args);
    await early.json(['scan', 'config/demo/access.log', '--json']);
    expect((await ask('report', 'statistics', ...MONTH, '--allow-incomplete')).code).to.equal(0);
    // Nothing but time has passed: there is nothing to correct, and the month is not complete.
    expect((await ask('report', 'hr', ...MONTH)).stderr).to.contain('2026-10-29');
    const toCorrect = [...MONTH, '--allow-incomplete', '--correct', '--reason', 'too early'];
    for (const kind of ['hr', 'statistics']) {
      const { code, stdout, stderr } = await ask('report', kind, ...toCorrect);
      expect([code, stdout], stderr).to.deep.equal([5, '']);
      expect(stderr).to.contain('[REFUSED]').and.to.contain('after 2026-10-31');
    }
    const at = { atMs: Date.parse('2026-11-02T09:00:00Z'), user: 'nils.ek', url: 'http://skola.example/' };
    early.write('late.log', logOf(squidLine(at)));
    await early.json(['scan', 'late.log', '--json']);
    for (const kind of ['hr', 'statistics']) {
      const { code, stderr } = await ask('report', kind, ...MONTH);
      expect(code, kind).to.equal(1);
      expect(stderr, kind).to.contain('issued before it was complete').and.to.contain('--correct --reason');
    }
    const why = ['--correct', '--reason', 'the month is complete'];
    const { code, stdout, stderr } = await ask('report', 'hr', ...MONTH, ...why, '--format', 'json');
    expect(code, stderr).to.equal(0);
    const { issue, report: content } = JSON.parse(stdout) as Json;
    expect([issue.number, content.coverage.isComplete]).to.deep.equal([1, true]);
    expect((await ask('report', 'hr', ...MONTH, '--department', 'IT')).code).to.equal(0);
    expect((await ask('report', 'statistics', ...MONTH, ...why)).code).to.equal(0);
    // Figures that somebody changed in the store are given to nobody, in a report that was not issued yet either.
    const db = new DatabaseSync(join(early.dataDir, 'granska.db'));
    try {
      const triggers = db.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all();
      for (const { name } of triggers) db.exec(`DROP TRIGGER ${String(name)}`);
      db.exec("UPDATE ledger SET body = replace(body, 'visits', 'Visits') WHERE key LIKE 'figures/%'");
    } finally {
      db.close();
    }
    expect((await ask('report', 'hr', ...MONTH, '--department', 'Kultur och fritid')).code).to.equal(4);
  }).timeout(120_000);

  it('is refused for a department that there is none of (exit 2), with the nearest, and issues nothing', async () => {
    const { code, stderr } = await report('--department', 'Samhallsbyggnad');
    expect(code).to.equal(2);
    expect(stderr).to.contain('Samhällsbyggnad').and.to.contain('[USAGE]');
    // Too small to be counted by itself: its figures are in the one above.
    expect((await report('--department', 'Överförmyndarkansliet')).code).to.equal(2);
  });

  it('is, figure by figure, a brute-force count over the raw log and the configuration, and the sum of its days (§7.1, §8.2)', async () => {
    const { report: content } = await json();
    const lists = join(ROOT, 'categories');
    const slow = bruteForce(DEMO, lists, { from: '2026-10-01', through: '2026-10-31' });
    const byDay = Array.from({ length: 31 }, (_, index) => {
      const day = `2026-10-${String(index + 1).padStart(2, '0')}`;
      return bruteForce(DEMO, lists, { from: day, through: day }).cells;
    }).flat();
    const compared = { examine: 0, exempt: 0, attempts: 0 };
    for (const cell of content.cells.filter((one: Json) => !one.unit.startsWith('o:'))) {
      const department = cell.unit.replace(/^d:|^t$/, '');
      for (const kind of ['examine', 'exempt', 'attempts'] as const) {
        if (cell[kind] === null) continue;
        const isOwn = (one: BruteCell) =>
          one.department === department && one.category === cell.category && one.kind === kind;
        const { persons, visits, records, grades } = slow.cells.find(isOwn) ?? NOTHING;
        expect(cell[kind], `${cell.unit} ${cell.category} ${kind}`).to.deep.equal({
          ...{ persons, visits, records, grades },
        });
        const days = byDay.filter(isOwn).map(one => [one.visits, one.records]);
        const sums = days.reduce((sum, one) => sum.map((count, at) => count + one[at]!), [0, 0]);
        expect(sums).to.deep.equal([visits, records]);
        compared[kind] += visits + records > 0 ? 1 : 0;
      }
    }
    expect(compared.examine, JSON.stringify(compared)).to.be.greaterThan(5);
    const whole = slow.decisions.filter(({ department }) => department === '');
    for (const { id, visits } of content.decisions) {
      const own = whole.filter(
        ({ ids, category }) => ids.split(/[^\w-]+/).includes(id) && isTold(content, category),
      );
      expect(
        own.reduce((sum, one) => sum + one.visits, 0),
        id,
      ).to.equal(visits);
    }
  }).timeout(120_000);

  it('gives no group of 1 to k−1 away, in itself or by a parent less its parts (§8.2)', async () => {
    const whole = (await json()).report;
    const departments = whole.units.filter((unit: Json) => unit.id.startsWith('d:'));
    // The last is first asked for later, when more has arrived.
    for (const { name } of departments.filter((unit: Json) => unit.name !== 'Kultur och fritid')) {
      const own = (await json('--department', name)).report;
      // One suppression: a department's report says of each cell what the whole one says.
      const ids = new Set(own.units.map((unit: Json) => unit.id));
      expect(own.cells).to.deep.equal(whole.cells.filter((cell: Json) => ids.has(cell.unit)));
    }
    let remainders = 0;
    for (const parent of whole.units) {
      const parts = whole.units.filter((unit: Json) => unit.parent === parent.id);
      for (const { name: category } of whole.categories) {
        for (const kind of ['examine', 'exempt', 'attempts']) {
          const of = (unit: Json) => {
            const cell = whole.cells.find((one: Json) => one.unit === unit.id && one.category === category);
            return cell === undefined ? 0 : (cell[kind]?.persons ?? null);
          };
          const total = of(parent);
          if (total === null) continue;
          expect(total === 0 || total >= 5, `${parent.id} ${category} ${kind}`).to.equal(true);
          if (parts.length === 0) continue;
          const rest = parts.reduce((left: number, part: Json) => left - (of(part) ?? 0), total);
          expect(rest === 0 || rest >= 5, `${parent.id} ${category} ${kind}: ${rest}`).to.equal(true);
          if (rest > 0) remainders++;
        }
      }
    }
    expect(remainders).to.be.greaterThan(0);
  });

  it('holds nothing of other departments in the report of one (§8.1)', async () => {
    for (const format of ['html', 'json', 'csv']) {
      const { stdout, code } = await report('--department', 'IT', '--format', format);
      expect(code).to.equal(0);
      for (const other of [
        'Socialförvaltningen',
        'Barn och utbildning',
        'Kultur och fritid',
        'Samhällsbyggnad',
      ]) {
        expect(stdout.includes(other), `${format}: ${other}`).to.equal(false);
      }
    }
  });

  it('is the same bytes when it is asked for again, in every form and language, whatever arrived since (§8.2)', async () => {
    const forms = FORMATS.flatMap(format => ['sv', 'en'].map(lang => ['--format', format, '--lang', lang]));
    const ask = async () => {
      const all: Buffer[] = [];
      for (const [index, form] of forms.entries()) {
        const out = join(place.dir, `out-${index}`);
        const { code, stderr } = await report('--department', 'Socialförvaltningen', ...form, '--out', out);
        expect(code, stderr).to.equal(0);
        all.push(readFileSync(out));
      }
      return all;
    };
    const first = await ask();
    const people = [
      'anna.berg',
      'per.strand',
      'sara.hed',
      'olof.lind',
      'eva.kvist',
      'karl.gren',
      'sven.ås',
      'anna.kvist',
    ];
    const more = people.map((user, index) =>
      squidLine({
        atMs: Date.parse('2026-10-20T08:00:00Z') + index * 60_000,
        user: encodeURIComponent(user),
        url: 'http://casino.example/',
      }),
    );
    place.write('more.log', logOf(...more));
    expect((await place.json(['scan', 'more.log', '--json'])).findings.new).to.equal(8);
    const second = await ask();
    second.forEach((bytes, index) => {
      expect(bytes.equals(first[index]!), forms[index]!.join(' ')).to.equal(true);
    });
    const { stderr } = await report('--department', 'Socialförvaltningen');
    expect(stderr).to.contain('has changed since').and.to.contain('--correct');
    // A report that is first made now is of the figures that were issued, and says that there are others today.
    const late = await report('--department', 'Kultur och fritid', '--format', 'json');
    expect(late.stderr).to.contain('has changed since');
    const whole = (await json()).report.cells.filter((cell: Json) => cell.unit === 'd:Kultur och fritid');
    expect(JSON.parse(late.stdout).report.cells).to.deep.equal(whole);
    // Nothing of it is in this department, and its report says so.
    expect((await report('--department', 'IT')).stderr).to.contain('as it was issued\n');
  }).timeout(120_000);

  it('is corrected by a new number that names what it corrects and why; another department stays as issued', async () => {
    const asked = ['--department', 'Socialförvaltningen'];
    const before = await json(...asked);
    expect((await report(...asked, '--correct')).code).to.equal(2);
    expect((await report(...asked, '--correct', '--reason', 'anna.berg asked')).code).to.equal(2);
    const after = await json(...asked, '--correct', '--reason', 'late lines of 20 October');
    expect(after.issue.corrects).to.deep.equal({
      number: 1,
      sha256: before.issue.sha256,
      reason: 'late lines of 20 October',
    });
    const gambling = ({ report: content }: Json) =>
      content.cells.find(
        (cell: Json) => cell.unit === 'd:Socialförvaltningen' && cell.category === 'gambling',
      ).examine.visits;
    expect([after.issue.number, gambling(after) - gambling(before)]).to.deep.equal([2, 7]);
    const page = (await report(...asked)).stdout;
    expect(page).to.contain('Utgåvan rättar utgåva 1').and.to.contain('late lines of 20 October');
    expect((await report(...asked, '--correct', '--reason', 'once more')).stderr).to.contain(
      'would say the same',
    );
    expect((await report('--department', 'IT', '--correct', '--reason', 'why not')).code).to.equal(2);
  });

  it('names the hash of its content in every form, and the hash is right', async () => {
    const printed = await json();
    const { sha256 } = printed.issue;
    expect(createHash('sha256').update(canonicalJson(printed.report)).digest('hex')).to.equal(sha256);
    for (const format of ['html', 'csv'])
      expect((await report('--format', format)).stdout).to.contain(sha256);
  });

  it('is what its schema says', async () => {
    for (const args of [[], ['--department', 'Kommunledning']]) {
      expect(HR_REPORT_SCHEMA.safeParse(await json(...args)).error?.issues ?? []).to.deep.equal([]);
    }
    const odd = await json();
    odd.report.units[0].user = 'somebody';
    expect(HR_REPORT_SCHEMA.safeParse(odd).success).to.equal(false);
  });

  it('shows a row for a case only once two people have opened it, without grades C and D, site or name (§8.1)', async () => {
    const cases = readNdjson(
      (
        await place.run([
          'cases',
          'list',
          'category:gambling department:Samhällsbyggnad',
          '--from',
          '2026-10-26',
          '--to',
          '2026-10-26',
          '--json',
        ])
      ).stdout,
    );
    const found = cases.find(one => one.grades.A > 0);
    const asked = ['--department', 'Samhällsbyggnad'];
    expect((await json(...asked)).report.cases).to.deep.equal([]);
    expect((await as('leila', 'cases', 'open', found.id, '--reason', 'a talk is due')).code).to.equal(0);
    expect((await report(...asked)).stderr).to.not.contain('has changed');
    const granted = await as('sofia', 'cases', 'grant', found.id);
    expect(granted.code, granted.stderr).to.equal(0);
    expect((await report(...asked)).stderr).to.contain('has changed since');
    const { report: content } = await json(...asked, '--correct', '--reason', 'a case was opened');
    expect(content.cases.map((one: Json) => [one.id, one.category, one.day, one.departments])).to.deep.equal([
      [found.id, 'gambling', '2026-10-26', ['Samhällsbyggnad']],
    ]);
    expect(content.cases[0].visits.map((visit: Json) => visit.grade)).to.deep.equal(
      Array(found.grades.A + found.grades.B).fill(found.grades.A > 0 ? 'A' : 'B'),
    );
    const { stdout: page } = await report(...asked, '--lang', 'en');
    expect(page).to.contain(`Case ${found.id}`).and.to.contain('a page was shown');
    for (const site of found.sites)
      expect(page).to.not.contain(site.replace('.', '[.]')).and.to.not.contain(site);
    expect((await json('--department', 'IT')).report.cases).to.deep.equal([]);
  });

  it('names nobody, in any form: no name of the directory, plain or encoded, and no account (§8.1, §3.6)', async () => {
    const users = readFileSync(join(DEMO, 'directory.csv'), 'utf8')
      .split('\n')
      .slice(1)
      .map(line => line.split(',')[0]!)
      .filter(user => user !== '');
    expect(users.length).to.be.greaterThan(100);
    for (const department of [null, 'Samhällsbyggnad', 'Socialförvaltningen']) {
      for (const format of ['html', 'json', 'csv']) {
        for (const lang of ['sv', 'en']) {
          const where = department === null ? [] : ['--department', department];
          const { stdout } = await report('--format', format, '--lang', lang, ...where);
          const plain = stdout.normalize('NFC').toLowerCase();
          expect(
            users.filter(
              user => plain.includes(user) || plain.includes(encodeURIComponent(user).toLowerCase()),
            ),
          ).to.deep.equal([]);
        }
      }
    }
    for (const where of [[], ['--department', 'Samhällsbyggnad']]) {
      const out = join(place.dir, 'names.pdf');
      expect((await report('--format', 'pdf', '--lang', 'en', ...where, '--out', out)).code).to.equal(0);
      const said = pdfSaid(readFileSync(out)).normalize('NFC').toLowerCase();
      const { report: content } = await json(...where);
      expect(said).to.contain('gambling').and.to.contain('exempelbykommun');
      for (const { id } of content.cases) expect(said).to.contain(id.toLowerCase());
      const forms = (user: string) => [user, encodeURIComponent(user).toLowerCase()];
      expect(users.filter(user => forms(user).some(form => said.includes(form)))).to.deep.equal([]);
      expect(protectedHostsIn(said)).to.deep.equal([]);
    }
    const ledger = readFileSync(join(place.dataDir, 'audit/chain.ndjson'), 'utf8');
    expect(users.filter(user => ledger.includes(`${user}"`))).to.deep.equal([]);
  }).timeout(120_000);

  it('is noted in the audit chain, with how much it shows, before it is shown (§8.5)', async () => {
    const printed = await json('--department', 'Samhällsbyggnad');
    const last = audited().at(-1);
    expect(last.action).to.equal('report hr');
    expect(last.details).to.include({
      department: 'Samhällsbyggnad',
      month: '2026-10',
      hash: printed.issue.sha256,
    });
    const lines = audited().length;
    const { code } = await report('--out', join(place.dir, 'no', 'such', 'folder.html'));
    expect([code, audited().length]).to.deep.equal([2, lines + 1]);
  });

  it('takes a policy that is in force, from the first day of the month on', async () => {
    const file = join(place.dir, 'config/demo/policy.yaml');
    const policy = readFileSync(file, 'utf8');
    const tryWith = async (changed: string) => {
      expect(changed).to.not.equal(policy);
      writeFileSync(file, changed);
      const { code, stdout, stderr } = await report();
      expect([code, stdout], stderr).to.deep.equal([2, '']);
      return stderr;
    };
    expect(await tryWith(policy.replace(/^live:(\n .*)+\n/m, ''))).to.contain('on trial');
    expect(await tryWith(policy.replace('from: 2024-02-01', 'from: 2026-10-02'))).to.contain('2026-10-02');
    writeFileSync(file, policy);
  });
});
