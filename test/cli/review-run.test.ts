// A review from its plan to its export, on a real store with real keys, each step by a process-like call of its own.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { storePath } from '../../src/adapters/store/sqlite/open-database.ts';
import { pdfText } from '../adapters/pdf/pdf-text.ts';
import { type Acted, runAs } from './as-account.ts';
import { type Json, makePlace, type Place, readNdjson, removePlaces, run } from './run.ts';
import { CASINO, logOf, MONDAY_MS, squidLine } from './squid-log.ts';
import { TOWN } from './town.ts';

const DAY_MS = 86_400_000;
const NOW_MS = MONDAY_MS + 40 * DAY_MS;

const peopleYaml = (keys: Readonly<Record<string, string>> = {}) => `version: 1
people:
  - { id: head, accounts: [head, head-adm], duties: [reviewer, signer]${keyOf(keys.head)} }
  - { id: bo, accounts: [bo], duties: [reviewer]${keyOf(keys.bo)} }
  - { id: cecilia, accounts: [cecilia], duties: [signer]${keyOf(keys.cecilia)} }
  - { id: disa, accounts: [disa], duties: [signer, reviewer]${keyOf(keys.disa)} }
`;
const keyOf = (key: string | undefined) => (key === undefined ? '' : `, publicKey: ${key}`);

const plan = (id: string, more: string) => `  - id: ${id}
    names: { sv: Månadens granskning, en: Monthly review }
    period: month
    schedule: 0 6 3 * *
    checklist:
      version: v1
      items:
        - { id: grade, sv: Är styrkan rimlig?, en: Is the grade reasonable? }
        - { id: listed, sv: Hör platsen hemma i listan?, en: Does the site belong in the list? }
    reviewers: [head, bo]
    signers: [head, disa]
${more}`;

const REVIEWS = `version: 1
plans:
${plan('monthly', '')}${plan('none', '    scope: { categories: [drugs] }\n')}${plan('sampled', '    sample: { kind: stratified, size: 2 }\n')}${plan('views', '    scope: { population: audit }\n')}`;

const line = (day: number, parts: Parameters<typeof squidLine>[0] = {}) =>
  squidLine({ atMs: MONDAY_MS + day * DAY_MS, user: 'bo', url: CASINO, ...parts });

const FILES = {
  ...TOWN,
  'config/granska.yaml': `${TOWN['config/granska.yaml']}people: people.yaml\nreviews: reviews.yaml\n`,
  'config/people.yaml': peopleYaml(),
  'config/reviews.yaml': REVIEWS,
  'access.log': logOf(
    line(0),
    line(1, { user: 'cecilia' }),
    line(5, { user: 'cecilia' }),
    line(5, { user: 'cecilia', url: 'http://halsa.example/' }),
    line(6, { user: 'stranger', url: 'http://armoury.example/' }),
    line(7, { url: 'http://armoury.example/' }),
    line(35, { user: '-', url: 'http://www.example.com/' }),
  ),
};

const ANSWERS = ['--answers', 'grade=yes,listed=yes'];

describe('granska review', () => {
  let place: Place;
  const as = (account: string, ...args: string[]): Promise<Acted> =>
    runAs(place, { account, nowMs: NOW_MS }, args);
  const ok = async (account: string, ...args: string[]): Promise<Acted> => {
    const ran = await as(account, ...args);
    expect(ran.code, `${args.join(' ')}: ${ran.stderr}`).to.equal(0);
    return ran;
  };
  const begin = (id = 'monthly', ...more: string[]) =>
    ok('operator', 'review', 'run', id, '--period', '2025-03', ...more);
  const items = async (id = 'monthly/2025-03'): Promise<Json[]> => {
    const [, ...shown] = readNdjson((await ok('head', 'review', 'show', id, '--json')).stdout);
    return shown;
  };
  const decide = (account: string, item: number, outcome = 'nothing', ...more: string[]) =>
    as(
      account,
      'review',
      'decide',
      'monthly/2025-03',
      '--item',
      String(item),
      '--outcome',
      outcome,
      ...ANSWERS,
      ...more,
    );
  const decideAll = async (id = 'monthly/2025-03') => {
    for (const { number } of await items(id)) {
      await ok('head', 'review', 'decide', id, '--item', String(number), '--outcome', 'nothing', ...ANSWERS);
    }
  };
  const signed = async (id = 'monthly/2025-03') => {
    await begin(id.slice(0, id.indexOf('/')));
    await decideAll(id);
    await ok('disa', 'review', 'sign', id, '--diary', 'KS 2025/77');
  };
  const refused = (ran: Acted, words: string) => {
    expect([ran.code, ran.stdout], ran.stderr).to.deep.equal([5, '']);
    expect(ran.stderr).to.contain('[REFUSED]').and.to.contain(words);
    const last = readNdjson(readFileSync(join(place.dataDir, 'audit/chain.ndjson'), 'utf8')).at(-1);
    expect(last.details.refused).to.contain(words);
  };
  const withDb = <T>(work: (db: DatabaseSync) => T): T => {
    const db = new DatabaseSync(storePath(place.dataDir));
    try {
      return work(db);
    } finally {
      db.close();
    }
  };
  const triggersOff = (work: (db: DatabaseSync) => void) =>
    withDb(db => {
      const triggers = db.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all();
      for (const trigger of triggers) db.exec(`DROP TRIGGER ${trigger.name}`);
      work(db);
      for (const trigger of triggers) db.exec(String(trigger.sql));
    });

  before(async () => {
    place = makePlace(FILES, 'config');
    await place.json(['scan', 'access.log', '--json']);
    const keys: Record<string, string> = {};
    for (const person of ['head', 'bo', 'cecilia', 'disa']) {
      const { stdout } = await ok(person, 'people', 'keygen', '--person', person);
      keys[person] = stdout.trim().replace('publicKey: ', '');
    }
    writeFileSync(join(place.dir, 'config/people.yaml'), peopleYaml(keys));
  });
  afterEach(() => triggersOff(db => db.exec('DELETE FROM ledger')));
  after(removePlaces);

  it('§8.3 freezes the visits to examine of a period, with their findings, and draws', async () => {
    const { stdout } = await begin();
    expect(stdout).to.contain('review monthly/2025-03: 6 visits frozen, 6 items drawn');
    const shown = await items();
    expect(shown.map(({ category, mayBeCase }) => [category, mayBeCase])).to.have.deep.members([
      ['gambling', true],
      ['gambling', true],
      ['weapons', true],
      ['gambling', true],
      ['gambling', false],
      ['weapons', false],
    ]);
    expect(shown.filter(one => one.department === 'Social')).to.have.length(1);
    expect(shown.map(one => one.number)).to.deep.equal(shown.map((_, at) => at + 1));
  });

  it('§8.3 is not begun before the period is complete, unless asked to (exit 1)', async () => {
    const early = await as('operator', 'review', 'run', 'monthly', '--period', '2025-04');
    expect([early.code, early.stdout]).to.deep.equal([1, '']);
    const allowed = await ok(
      'operator',
      'review',
      'run',
      'monthly',
      '--period',
      '2025-04',
      '--allow-incomplete',
    );
    expect(allowed.stdout).to.contain('0 visits frozen');
    const { stdout } = await ok(
      'head',
      'review',
      'protocol',
      'monthly/2025-04',
      '--format',
      'text',
      '--lang',
      'en',
    );
    expect(stdout).to.contain('before the log of the period was whole');
  });

  it('begins once: again it is the same, seed and all', async () => {
    const [first, second] = [await begin('sampled', '--json'), await begin('sampled', '--json')];
    expect(second.stdout).to.equal(first.stdout);
    expect(JSON.parse(first.stdout)).to.include({ items: 6, status: 'open', decided: 0 });
  });

  it('goes on after it broke off while it was being begun, by the seed that was recorded', async () => {
    const { seed } = JSON.parse((await begin('sampled', '--json')).stdout);
    // What a crash leaves: the first line, and a part of the population.
    triggersOff(db =>
      db.exec("DELETE FROM ledger WHERE key LIKE '%#sample%' OR (key NOT LIKE '%#%' AND seq > 1)"),
    );
    expect((await as('head', 'review', 'show', 'sampled/2025-03')).code).to.equal(2);
    const again = JSON.parse((await begin('sampled', '--json')).stdout);
    expect(again).to.include({ seed, items: 6, status: 'open' });
    expect(await items('sampled/2025-03')).to.have.length(again.drawn);
  });

  it('lists the others where one was changed in the store, and tells of that one at the end (§10.2, exit 4)', async () => {
    for (const id of ['monthly', 'none', 'sampled']) await begin(id);
    const before = (await ok('head', 'review', 'list')).stdout;
    for (const [id, change] of [
      ['none', "replace(body, 'Monthly', 'Weekly')"],
      ['sampled', "'null'"],
    ] as const) {
      triggersOff(db =>
        db.exec(`UPDATE ledger SET body = ${change} WHERE key = '${id}/2025-03' AND seq = 1`),
      );
    }
    const listed = await as('head', 'review', 'list');
    expect(listed.code, listed.stderr).to.equal(4);
    const rows = listed.stdout.trim().split('\n');
    expect(rows.map(row => row.split(/\s+/).slice(0, 2).join(' '))).to.deep.equal([
      'review status',
      'monthly/2025-03 open',
      'none/2025-03 damaged',
      'sampled/2025-03 damaged',
    ]);
    const whole = (text: string) => text.split('\n').find(row => row.startsWith('monthly'))!;
    expect(whole(listed.stdout).split(/\s+/)).to.deep.equal(whole(before).split(/\s+/));
    expect(listed.stderr).to.contain('review none/2025-03 does not fit').and.to.contain('1 more [DAMAGED]');
    const json = await as('head', 'review', 'list', '--json');
    expect([json.code, readNdjson(json.stdout).map(({ schema, status }) => [schema, status])]).to.deep.equal([
      4,
      [
        ['granska.review/1', 'open'],
        ['granska.review-damaged/1', 'damaged'],
        ['granska.review-damaged/1', 'damaged'],
      ],
    ]);
    expect((await as('head', 'review', 'show', 'sampled/2025-03')).code).to.equal(4);
  });

  it('§8.4 is decided by reviewers whom the plan names, by the whole checklist', async () => {
    await begin();
    refused(await decide('disa', 1), 'does not name you as reviewer');
    refused(await decide('cecilia', 1), 'duty reviewer');
    refused(await decide('nobody', 1), 'your account is nobody');
    const half = await as(
      'head',
      ...['review', 'decide', 'monthly/2025-03', '--item', '1', '--outcome', 'nothing'],
      '--answers',
      'grade=yes',
    );
    expect([half.code, half.stderr]).to.satisfy(
      () => half.code === 2 && half.stderr.includes('leaves out listed'),
    );
    expect((await decide('head', 99)).code).to.equal(2);
    expect((await decide('head', 1, 'explained')).code, 'without a remark').to.equal(2);
    const named = await decide('head', 1, 'explained', '--remark', 'cecilia told me');
    expect(named.stderr).to.contain('--remark names somebody').and.to.not.contain('--reason');
    const long = await decide('head', 1, 'explained', '--remark', 'x'.repeat(2001));
    expect([long.code, long.stderr]).to.satisfy(
      () => long.code === 2 && long.stderr.includes('--remark is empty, too long'),
    );
  });

  it('§8.4 is never decided by who it is about', async () => {
    await begin();
    const own = (await items()).filter(item => item.department === 'Bygg');
    expect(own.length).to.be.at.least(2);
    for (const { number } of own) refused(await decide('bo', number), 'is about yourself');
    const other = (await items()).find(item => item.department === 'Social');
    expect((await decide('bo', other.number)).code).to.equal(0);
  });

  it('§3.3 makes no case of somebody who is not known surely enough', async () => {
    await begin();
    const unknown = (await items()).find(item => !item.mayBeCase);
    const ran = await decide('head', unknown.number, 'case', '--remark', 'look closer');
    expect([ran.code, ran.stderr]).to.satisfy(
      () => ran.code === 2 && ran.stderr.includes('cannot be a case'),
    );
  });

  it('keeps every decision; the later one stands', async () => {
    await begin();
    await ok(
      'head',
      ...['review', 'decide', 'monthly/2025-03', '--item', '1', '--outcome', 'explained'],
      ...ANSWERS,
      '--remark',
      'an assignment',
    );
    expect((await decide('head', 1)).code).to.equal(0);
    expect((await items())[0].decision).to.include({ outcome: 'nothing', remark: '', reviewer: 'head' });
    const lines = withDb(db =>
      db.prepare("SELECT body FROM ledger WHERE key = 'monthly/2025-03' ORDER BY seq").all(),
    );
    expect(lines.map(row => JSON.parse(String(row.body)).outcome)).to.deep.equal([
      undefined,
      undefined,
      'explained',
      'nothing',
    ]);
  });

  it('§8.4 is signed by a second person only, under no account by one who decided', async () => {
    await begin();
    const early = await as('disa', 'review', 'sign', 'monthly/2025-03');
    expect([early.code, early.stderr]).to.satisfy(
      () => early.code === 1 && early.stderr.includes('not decided yet'),
    );
    await decideAll();
    refused(await as('head', 'review', 'sign', 'monthly/2025-03'), 'another person signs');
    refused(await as('head-adm', 'review', 'sign', 'monthly/2025-03'), 'another person signs');
    refused(await as('cecilia', 'review', 'sign', 'monthly/2025-03'), 'does not name you as signer');
    refused(await as('bo', 'review', 'sign', 'monthly/2025-03'), 'duty signer');
    await ok('disa', 'review', 'sign', 'monthly/2025-03');
    refused(await as('disa', 'review', 'sign', 'monthly/2025-03'), 'is signed');
    refused(await decide('head', 1), 'is signed');
  });

  it('§8.4 changes no more once it is signed: the database itself refuses', async () => {
    await signed();
    withDb(db => {
      const add = (key: string, seq: number, verb = 'INSERT') =>
        db.exec(`${verb} INTO ledger VALUES ('review', '${key}', ${seq}, 1, 'x', '{"step":"decided"}')`);
      for (const key of ['monthly/2025-03', 'monthly/2025-03#population-1', 'monthly/2025-03#sample-2']) {
        for (const seq of [99, 2])
          expect(() => add(key, seq), `${key} ${seq}`).to.satisfy((run: () => void) => isRefused(db, run));
        expect(() => add(key, 99, 'INSERT OR REPLACE')).to.throw('takes no more lines');
      }
      expect(() => db.exec("UPDATE ledger SET body = '{}' WHERE kind = 'review'")).to.throw('never changed');
      expect(() => db.exec("DELETE FROM ledger WHERE kind = 'review'")).to.throw('never removed');
      expect(() => add('monthly/2025-04', 1), 'another review').to.not.throw();
    });
  });

  it('exits 4 where somebody who owns the file changed what was decided', async () => {
    await signed();
    triggersOff(db =>
      db.exec(
        `UPDATE ledger SET body = replace(body, '"outcome":"nothing"', '"outcome":"case"') WHERE seq = 4`,
      ),
    );
    const { code, stderr } = await as('head', 'review', 'show', 'monthly/2025-03');
    expect([code, stderr]).to.satisfy(
      () => code === 4 && stderr.includes('line 4 of review monthly/2025-03'),
    );
  });

  it('§5.8 keeps the revisions that it saw, and marks what was judged again', async () => {
    await signed();
    const before = (await items()).map(({ rejudged, ...item }) => item);
    place.write('config/lists/casino/domains', 'armoury.example\n');
    const applied = await as(
      'head',
      'rejudge',
      '--from',
      '2025-03-01',
      '--to',
      '2025-03-31',
      '--apply',
      '--reason',
      'wrong entry',
    );
    expect(applied.code, applied.stderr).to.be.oneOf([0, 1]);
    const after = await items();
    expect(after.filter(item => item.rejudged)).to.have.length.greaterThan(0);
    expect(after.map(({ rejudged, ...item }) => item)).to.deep.equal(before);
    const { stdout } = await ok('head', 'review', 'show', 'monthly/2025-03');
    expect(stdout).to.contain('judged again since it was drawn');
    place.write('config/lists/casino/domains', TOWN['config/lists/casino/domains']!);
    await as(
      'head',
      'rejudge',
      '--from',
      '2025-03-01',
      '--to',
      '2025-03-31',
      '--apply',
      '--reason',
      'put back',
    );
  });

  it('§8.3 signs that nothing was found, and says what was looked at', async () => {
    const { stdout } = await begin('none');
    expect(stdout).to.contain('0 visits frozen').and.to.contain('nothing to decide');
    await ok('disa', 'review', 'sign', 'none/2025-03');
    const protocol = await ok('head', 'review', 'protocol', 'none/2025-03', '--format', 'text');
    expect(protocol.stdout)
      .to.contain('Det fanns inget att utreda')
      .and.to.contain('2025-03-31: hela perioden');
    const path = await exported('none/2025-03');
    expect((await verify(path)).code).to.equal(0);
  });

  it('§8.4 is not begun and signed by one person alone where there was nothing to decide', async () => {
    await ok('disa', 'review', 'run', 'none', '--period', '2025-03');
    refused(await as('disa', 'review', 'sign', 'none/2025-03'), 'you began this review');
    await ok('head', 'review', 'sign', 'none/2025-03');
  });

  it('calls nothing damaged where the id is that of what lies beside its lines', async () => {
    await begin();
    const ran = await as('head', 'review', 'show', 'monthly/2025-03#population-1');
    expect([ran.code, ran.stderr]).to.satisfy(() => ran.code === 1 && ran.stderr.includes('NOT_FOUND'));
  });

  it('reviews the audit chain: who viewed what, verified first, and never their own views', async () => {
    await runAs(place, { account: 'bo', nowMs: NOW_MS - 15 * DAY_MS }, ['search', 'user:cecilia']);
    await runAs(place, { account: 'bo', nowMs: MONDAY_MS + 20 * DAY_MS }, ['search', 'casino']);
    const { stdout } = await begin('views');
    expect(stdout).to.contain('audit chain: whole');
    const shown = await items('views/2025-03');
    expect(shown.map(item => [item.actor, item.action])).to.deep.include(['bo', 'search']);
    expect(JSON.stringify(shown)).to.not.contain('casino');
    const own = shown.find(item => item.actor === 'bo');
    const about = (account: string) =>
      as(
        account,
        'review',
        'decide',
        'views/2025-03',
        '--item',
        String(own.number),
        '--outcome',
        'nothing',
        ...ANSWERS,
      );
    refused(await about('bo'), 'is about yourself');
    expect((await about('head')).code).to.equal(0);
  });

  const exported = async (id = 'monthly/2025-03'): Promise<string> => {
    const path = join(place.dir, `export-${id.replace('/', '-')}.json`);
    rmSync(path, { force: true });
    await ok('head', 'review', 'export', id, '--out', path);
    return path;
  };
  /** In an empty folder, by a process that has no configuration, no store and no keys. */
  const verify = async (path: string) => {
    const empty = mkdtempSync(join(tmpdir(), 'granska-verify-'));
    try {
      return await run(['review', 'verify', path, '--json'], { cwd: empty, env: { HOME: empty } });
    } finally {
      rmSync(empty, { recursive: true });
    }
  };

  it('is verified on another machine from the export alone; what was altered is named (exit 4)', async () => {
    await signed();
    const path = await exported();
    const whole = await verify(path);
    expect(whole.code, whole.stdout).to.equal(0);
    expect(JSON.parse(whole.stdout)).to.deep.include({ intact: true, review: 'monthly/2025-03', faults: [] });
    const text = readFileSync(path, 'utf8');
    const altered = {
      '"grade":"A"': '"grade":"D"',
      '"outcome":"nothing"': '"outcome":"case"',
      '"seed":"': '"seed":"f',
    };
    const named: string[] = [];
    for (const [from, to] of Object.entries(altered)) {
      if (!text.includes(from)) continue;
      writeFileSync(path, text.replace(from, to));
      const ran = await verify(path);
      expect(ran.code).to.equal(4);
      named.push(JSON.parse(ran.stdout).faults[0].where);
    }
    expect(named).to.include.members(['line 1', 'line 3']);
  }).timeout(60_000);

  it('is told of an altered export without what a terminal would obey (exit 4)', async () => {
    await signed();
    const path = await exported();
    const open = JSON.parse(readFileSync(path, 'utf8'));
    open.population[0].items[0].id = '\u001b[2J';
    writeFileSync(path, JSON.stringify(open));
    const ran = await run(['review', 'verify', path], { cwd: place.dir });
    expect([ran.code, ran.stdout]).to.satisfy(() => ran.code === 4 && ran.stdout.includes('\ufffd[2J'));
    expect(ran.stdout).to.not.contain('\u001b');
  }).timeout(60_000);

  it('is not exported before it is signed', async () => {
    await begin();
    expect((await as('head', 'review', 'export', 'monthly/2025-03')).code).to.equal(2);
  });

  it('writes protocols in both languages that hold counts and no row about anybody (§8.1)', async () => {
    await begin();
    await decideAll();
    const shown = await items();
    await ok(
      'head',
      ...['review', 'decide', 'monthly/2025-03', '--item', '2', '--outcome', 'false-match'],
      ...ANSWERS,
      '--remark',
      'the site sells lamps, see http://lamps.example/a',
    );
    await ok('disa', 'review', 'sign', 'monthly/2025-03', '--diary', 'KS 2025/77');
    for (const format of ['text', 'html', 'json']) {
      for (const lang of ['sv', 'en']) {
        const { stdout } = await ok(
          'head',
          ...['review', 'protocol', 'monthly/2025-03'],
          '--format',
          format,
          '--lang',
          lang,
        );
        for (const word of ['KS 2025/77', 'the site sells lamps', 'disa'])
          expect(stdout, `${format} ${lang}`).to.contain(word);
        if (format !== 'json') expect(stdout).to.contain('hxxp://lamps[.]example/a');
        for (const { subjectId } of shown) expect(stdout).to.not.contain(subjectId);
        for (const secret of ['bo', 'cecilia', 'stranger', 'casino', 'Bygg', 'Social']) {
          expect(stdout.split(/[^\p{L}]+/u), `${format} ${lang} ${secret}`).to.not.include(secret);
        }
      }
    }
    const out = join(place.dir, 'protocol.pdf');
    await ok('head', ...['review', 'protocol', 'monthly/2025-03', '--format', 'pdf', '--out', out]);
    const said = pdfText(readFileSync(out)).join('\n');
    const words = said.split(/[^\p{L}]+/u);
    for (const word of ['lamps', 'disa', 'Granskning']) expect(words).to.include(word);
    for (const secret of ['bo', 'cecilia', 'stranger', 'casino', 'halsa', 'Bygg', 'Social'])
      expect(words).to.not.include(secret);
    for (const { subjectId } of shown) expect(said.replace(/\s+/g, '')).to.not.contain(subjectId);
  });

  it('shows no name of a subject anywhere: items, list, export, ledger and audit chain', async () => {
    await signed();
    const path = await exported();
    const outputs = [
      (await ok('head', 'review', 'list')).stdout,
      (await ok('head', 'review', 'show', 'monthly/2025-03')).stdout,
      (await ok('head', 'review', 'show', 'monthly/2025-03', '--json')).stdout,
      readFileSync(path, 'utf8').replace(/"(reviewers|signers)":\[[^\]]*\]/g, ''),
    ];
    for (const text of outputs) {
      const words = text.split(/[^\p{L}]+/u);
      for (const name of ['bo', 'cecilia', 'stranger']) expect(words).to.not.include(name);
    }
  });
});

/** Tells whether a line is refused aloud, or silently where one has its number: either way nothing changes. */
function isRefused(db: DatabaseSync, run: () => void): boolean {
  const count = () => JSON.stringify(db.prepare('SELECT * FROM ledger ORDER BY kind, key, seq').all());
  const before = count();
  try {
    run();
  } catch {
    // Said aloud.
  }
  return count() === before;
}
