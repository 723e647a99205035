// A case opened by two persons, on a real store with real keys and a really sealed name.
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { createPeople } from '../../src/adapters/people/people.ts';
import { storePath } from '../../src/adapters/store/sqlite/open-database.ts';
import { createSqliteDesk } from '../../src/adapters/store/sqlite/sqlite-desk.ts';
import { createFileVault } from '../../src/adapters/vault/file-vault.ts';
import type { Person } from '../../src/model/person.ts';
import { openedCases } from '../../src/pipeline/opened-cases.ts';
import { type Acted, runAs } from './as-account.ts';
import { type Json, makePlace, type Place, readNdjson, removePlaces } from './run.ts';
import { CASINO, logOf, MONDAY_MS, squidLine } from './squid-log.ts';
import { TOWN } from './town.ts';

const HOUR_MS = 3_600_000;
const NOW_MS = MONDAY_MS + 26 * HOUR_MS;

/** Everybody of the town who acts; the keys stand for what each has made. */
const peopleYaml = (keys: Readonly<Record<string, string>> = {}) => `version: 1
people:
  - { id: cecilia, accounts: [cecilia, cecilia-adm], duties: [analyst, granter]${key(keys.cecilia)} }
  - { id: 'PROVBY\\Head', accounts: [head], duties: [granter]${key(keys.head)} }
  - { id: bo, accounts: [bo], duties: [analyst, granter]${key(keys.bo)} }
  - { id: disa, accounts: [disa], duties: [analyst]${key(keys.disa)} }
`;
const key = (publicKey: string | undefined) => (publicKey === undefined ? '' : `, publicKey: ${publicKey}`);

const FILES = {
  ...TOWN,
  'config/granska.yaml': `${TOWN['config/granska.yaml']}overrides: overrides\npeople: people.yaml\n`,
  'config/people.yaml': peopleYaml(),
  'access.log': logOf(
    squidLine({ atMs: MONDAY_MS, user: 'PROVBY\\BO', url: CASINO }),
    squidLine({ atMs: MONDAY_MS + 24 * HOUR_MS, user: 'bo', url: CASINO }),
  ),
};

describe('a case that two persons open', () => {
  let place: Place;
  let id: string;
  before(async () => {
    place = makePlace(FILES, 'config');
    await place.json(['scan', 'access.log', '--json']);
    const keys: Record<string, string> = {};
    for (const person of ['cecilia', 'head', 'bo', 'disa']) {
      const { stdout, stderr, code } = await as(person, NOW_MS, 'people', 'keygen', '--person', person);
      expect(code, stderr).to.equal(0);
      keys[person] = stdout.trim().replace('publicKey: ', '');
    }
    writeFileSync(join(place.dir, 'config/people.yaml'), peopleYaml(keys));
    [{ id }] = readNdjson((await place.run(['cases', 'list', '--json'])).stdout) as [Json];
  });
  beforeEach(() => emptyLedger());
  after(removePlaces);

  const as = (account: string, nowMs: number, ...args: string[]): Promise<Acted> =>
    runAs(place, { account, nowMs }, args);
  const ask = (account = 'cecilia', nowMs = NOW_MS) =>
    as(account, nowMs, 'cases', 'open', id, '--reason', 'a talk is due');
  const grant = (account = 'head', nowMs = NOW_MS + HOUR_MS, ...more: string[]) =>
    as(account, nowMs, 'cases', 'grant', id, ...more);
  const name = (account: string, nowMs = NOW_MS + 2 * HOUR_MS, ...more: string[]) =>
    as(account, nowMs, 'cases', 'name', id, ...more);
  const withDb = <T>(run: (db: DatabaseSync) => T): T => {
    const db = new DatabaseSync(storePath(place.dataDir));
    try {
      return run(db);
    } finally {
      db.close();
    }
  };
  /** Does what the product never does, and whoever owns the file can. */
  const asOwner = (run: (db: DatabaseSync) => void) =>
    withDb(db => {
      const triggers = db
        .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger'")
        .all();
      for (const trigger of triggers) db.exec(`DROP TRIGGER ${trigger.name}`);
      run(db);
      for (const trigger of triggers) db.exec(String(trigger.sql));
    });
  const emptyLedger = () => asOwner(db => db.exec('DELETE FROM ledger'));
  const tamper = (seq: number, change: (body: Json) => void) =>
    asOwner(db => {
      const body = JSON.parse(String(db.prepare('SELECT body FROM ledger WHERE seq = ?').get(seq)?.body));
      change(body);
      db.prepare('UPDATE ledger SET body = ? WHERE seq = ?').run(JSON.stringify(body), seq);
    });
  const audited = (): Json[] => readNdjson(readFileSync(join(place.dataDir, 'audit/chain.ndjson'), 'utf8'));
  const refused = (ran: Acted, words: string) => {
    expect([ran.code, ran.stdout], ran.stderr).to.deep.equal([5, '']);
    expect(ran.stderr).to.contain('[REFUSED]').and.to.contain(words);
    const last = audited().at(-1);
    expect(last.shown).to.equal(0);
    expect(last.details.refused, JSON.stringify(last)).to.contain(words);
  };

  it('gives its name to the two, for 24 hours from the grant, and each view is noted before (§8.4, §8.5)', async () => {
    expect((await ask()).stdout).to.contain(`case ${id}: asked as request 1`);
    const granted = await grant('head', NOW_MS + HOUR_MS, '--reason', 'agreed');
    expect(granted.code, granted.stderr).to.equal(0);
    expect(granted.stdout).to.contain('request 1 is granted; until 2025-03-05 12:00');
    for (const account of ['cecilia', 'cecilia-adm', 'head']) {
      const shown = await name(account);
      expect(shown.code, shown.stderr).to.equal(0);
      expect(shown.stdout)
        .to.match(/^name +bo$/m)
        .and.to.contain(id);
      expect(audited().at(-1)).to.deep.include({ action: 'cases name', shown: 1, actor: account });
    }
    const untilMs = NOW_MS + 25 * HOUR_MS;
    expect((await name('cecilia', untilMs - 1)).stdout).to.match(/^name +bo$/m);
    refused(await name('cecilia', untilMs), 'its 24 hours are over');
    expect((await name('cecilia', NOW_MS + 2 * HOUR_MS, '--lang', 'sv')).stdout).to.match(/^namn +bo$/m);
  });

  it('stays closed until another person has granted it, and for everybody else', async () => {
    refused(await name('cecilia'), 'neither who asked');
    await ask();
    refused(await name('cecilia'), 'nobody has granted it yet');
    await grant();
    refused(await name('disa'), 'neither who asked');
    refused(await name('nobody-known'), "your account is nobody's");
  });

  it('is not granted by whoever asked, under any account of theirs (§8.4)', async () => {
    await ask('cecilia');
    refused(await grant('cecilia'), 'whoever asked cannot answer');
    refused(await grant('cecilia-adm'), 'whoever asked cannot answer');
    refused(await name('cecilia-adm'), 'nobody has granted it yet');
  });

  it('is neither asked for nor answered without the duty, or by an account that is nobody’s', async () => {
    refused(await ask('head'), 'the duty analyst');
    await ask();
    refused(await grant('disa'), 'the duty granter');
    refused(await ask('root'), "your account is nobody's");
    refused(await as('disa', NOW_MS, 'cases', 'refuse', id, '--reason', 'no'), 'the duty granter');
  });

  it('is neither asked for nor answered by its subject (§8.4)', async () => {
    refused(await ask('bo'), 'of their own');
    await ask();
    refused(await grant('bo'), 'of their own');
    refused(await as('bo', NOW_MS, 'cases', 'refuse', id, '--reason', 'no'), 'of their own');
    refused(await name('bo'), 'neither who asked');
  });

  it('is refused where the key of the year is not there, and none is made (§3.5)', async () => {
    const bare = join(place.dir, 'bare');
    const ran = await runAs(place, { account: 'cecilia', nowMs: NOW_MS, keysDir: bare }, [
      ...['cases', 'open', id, '--reason', 'a talk is due'],
    ]);
    refused(ran, 'cannot be told');
    expect(statSync(join(bare, 'epochs'), { throwIfNoEntry: false })).to.equal(undefined);
  });

  it('is not signed for without a key, or with one that people.yaml does not name', async () => {
    const file = join(place.dir, 'config/people.yaml');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, peopleYaml());
    refused(await ask(), 'no public key of yours');
    const other = before.match(/bo\], .*publicKey: (\S+)/)![1]!;
    writeFileSync(file, peopleYaml({ cecilia: other }));
    refused(await ask(), 'not the one that people.yaml names');
    writeFileSync(file, before);
    const bare = join(place.dir, 'no-people');
    place.write('no-people/epochs/2025.key', readFileSync(join(place.keysDir, 'epochs/2025.key')));
    chmodSync(join(bare, 'epochs/2025.key'), 0o600);
    const args = ['cases', 'open', id, '--reason', 'a talk is due'];
    refused(
      await runAs(place, { account: 'cecilia', nowMs: NOW_MS, keysDir: bare }, args),
      'no private key here',
    );
  });

  it('is not granted where the request was altered, is foreign or is not signed', async () => {
    await ask();
    tamper(1, body => {
      body.body.reason = 'another reason';
    });
    refused(await grant(), 'no request that can be answered waits');
    const { stdout } = await as('head', NOW_MS, 'cases', 'requests', '--json');
    expect(readNdjson(stdout)).to.deep.equal([
      { schema: 'granska.case-request/1', case: id, number: 1, state: 'void', because: 'not-signed-so' },
    ]);
    emptyLedger();
    await ask();
    tamper(1, body => {
      body.person = 'disa';
    });
    refused(await grant(), 'no request that can be answered waits');
    emptyLedger();
    await ask();
    tamper(1, body => {
      delete body.signature;
    });
    refused(await grant(), 'no request that can be answered waits');
  });

  it('is not open by a grant that was altered, or that answers another request', async () => {
    await ask();
    await grant();
    tamper(2, body => {
      body.atMs += HOUR_MS;
    });
    refused(await name('cecilia'), 'nobody has granted it yet');
    emptyLedger();
    await ask();
    await grant();
    tamper(1, body => {
      body.body.reason = 'another reason';
    });
    refused(await name('cecilia'), 'neither who asked');
    refused(await name('head'), 'neither who asked');
  });

  it('stays closed where it was refused, and can be asked for anew', async () => {
    await ask();
    refused(await ask(), 'asked to open this case already');
    const no = await as('head', NOW_MS, 'cases', 'refuse', id, '--reason', 'not needed');
    expect([no.code, no.stdout]).to.satisfy(
      () => no.code === 0 && no.stdout.includes('request 1 is refused'),
    );
    refused(await name('cecilia'), 'refused');
    refused(await grant(), 'no request that can be answered waits');
    await ask();
    expect((await grant()).stdout).to.contain('request 3 is granted');
    const list = readNdjson((await as('head', NOW_MS + 2 * HOUR_MS, 'cases', 'requests', '--json')).stdout);
    expect(list.map(one => [one.number, one.state, one.because, one.answer.outcome])).to.deep.equal([
      [1, 'ended', 'refused', 'refused'],
      [3, 'granted', null, 'granted'],
    ]);
  });

  it('is asked for by two, and each waits for an answer of their own', async () => {
    await ask('cecilia');
    await ask('disa');
    const several = await grant();
    expect([several.code, several.stderr]).to.satisfy(
      () => several.code === 2 && several.stderr.includes('--request: 1, 2'),
    );
    expect((await grant('cecilia', NOW_MS + HOUR_MS, '--request', '2')).code).to.equal(0);
    expect((await name('disa')).stdout).to.match(/^name +bo$/m);
    refused(await grant('cecilia', NOW_MS, '--request', '1'), 'whoever asked cannot answer');
  });

  it('is not opened under a policy on trial, nor for what was before it came into force', async () => {
    const policy = TOWN['config/policy.yaml']!;
    await ask();
    await grant();
    place.write('config/policy.yaml', policy.replace(/^live:(\n .*)+\n/m, ''));
    refused(await name('cecilia'), 'on trial');
    refused(await ask('disa'), 'on trial');
    const other = ['cases', 'open', '20250303-ffff', '--reason', 'a talk is due'];
    refused(await as('disa', NOW_MS, ...other), 'on trial');
    place.write(
      'config/policy.yaml',
      policy.replace('from: 2020-01-01\n  notice', 'from: 2025-03-04\n  notice'),
    );
    refused(await name('cecilia'), 'not in force before');
    place.write('config/policy.yaml', policy);
  });

  it('is closed where the population is reviewed no more: the case is gone', async () => {
    await ask();
    await grant();
    const policy = TOWN['config/policy.yaml']!;
    place.write('config/policy.yaml', policy.replace('reviewed: [staff]', 'reviewed: [elected]'));
    const ran = await name('cecilia');
    expect([ran.code, ran.stdout], ran.stderr).to.deep.equal([1, '']);
    place.write('config/policy.yaml', policy);
  });

  it('shows no name that is not behind its pseudonym: exit 4', async () => {
    await ask();
    await grant();
    const vault = createFileVault({ keysDir: place.keysDir, dataDir: place.dataDir, nowMs: () => NOW_MS });
    const [{ subject }] = readNdjson((await place.run(['cases', 'list', '--json'])).stdout) as [Json];
    const forged = await vault.seal(Buffer.from(JSON.stringify({ [subject.id]: 'disa' })));
    const before = withDb(db => db.prepare('SELECT no, body FROM name_envelope').all());
    withDb(db => db.prepare('UPDATE name_envelope SET body = ?').run(forged));
    const ran = await name('cecilia');
    expect([ran.code, ran.stdout]).to.deep.equal([4, '']);
    expect(ran.stderr).to.contain('not that of this pseudonym').and.to.not.contain('disa');
    withDb(db => {
      const put = db.prepare('UPDATE name_envelope SET body = ? WHERE no = ?');
      for (const { body, no } of before) put.run(body!, no!);
    });
  });

  it('takes the private sealing key, from where it is said to be (§3.6)', async () => {
    await ask();
    await grant();
    mkdirSync(join(place.dir, 'safe'), { recursive: true });
    renameSync(join(place.keysDir, 'private/seal.key'), join(place.dir, 'safe/seal.key'));
    const without = await name('cecilia');
    expect([without.code, without.stdout]).to.deep.equal([2, '']);
    const named = await name('cecilia', NOW_MS + 2 * HOUR_MS, '--identity', join(place.dir, 'safe/seal.key'));
    expect(named.stdout).to.match(/^name +bo$/m);
    renameSync(join(place.dir, 'safe/seal.key'), join(place.keysDir, 'private/seal.key'));
  });

  it('has its name in that one answer and nowhere else: no other output, file or line has it (§3.6)', async () => {
    await ask();
    await grant();
    expect((await name('cecilia')).stdout).to.match(/\bbo\b/);
    const outputs = [
      await as('cecilia', NOW_MS, 'cases', 'list'),
      await as('cecilia', NOW_MS, 'cases', 'list', '--json'),
      await as('cecilia', NOW_MS, 'cases', 'show', id),
      await as('cecilia', NOW_MS, 'cases', 'show', id, '--json'),
      await as('head', NOW_MS, 'cases', 'requests'),
      await as('head', NOW_MS, 'cases', 'requests', '--json'),
      await as('head', NOW_MS, 'search'),
      await as('head', NOW_MS, 'audit', 'verify'),
      await name('cecilia', NOW_MS + 100 * HOUR_MS),
    ];
    for (const { stdout, stderr } of outputs) expect(stdout + stderr).to.not.match(/\bbo\b/i);
    const ledger = withDb(db => JSON.stringify(db.prepare('SELECT * FROM ledger').all()));
    const chain = readFileSync(join(place.dataDir, 'audit/chain.ndjson'), 'utf8');
    // The subject has acted as themselves elsewhere in this chain: those lines are of an actor.
    const ofOthers = chain.split('\n').filter(line => !line.includes('"actor":"bo"'));
    for (const text of [ledger, ofOthers.join('\n')]) expect(text).to.not.match(/\bbo\b|casino/i);
    expect(ledger).to.contain('cecilia').and.to.contain('case-grant');
  });

  it('is told to reports as opened by two, and not as long as one alone has asked (§8.1)', async () => {
    const persons: Person[] = readPersons();
    const desk = createSqliteDesk({ path: storePath(place.dataDir) });
    const found: Json = readNdjson((await place.run(['cases', 'list', '--json'])).stdout)[0];
    const identity = {
      id,
      tenant: 'Provby',
      subjectId: found.subject.id,
      category: 'gambling',
      day: found.day,
    };
    const opened = async () => openedCases(desk, createPeople(persons));
    try {
      await ask();
      expect((await opened()).has(identity)).to.equal(false);
      await grant();
      expect((await opened()).has(identity)).to.equal(true);
      expect((await opened()).has({ ...identity, category: 'weapons' })).to.equal(false);
      expect((await opened()).ids()).to.deep.equal([id]);
      const gone = persons.filter(person => person.id !== 'head');
      expect((await openedCases(desk, createPeople(gone))).ids()).to.deep.equal([]);
    } finally {
      await desk.close();
    }
  });

  const readPersons = (): Person[] =>
    [
      ...readFileSync(join(place.dir, 'config/people.yaml'), 'utf8').matchAll(
        /id: (?:'PROVBY\\)?(\w+).*duties: \[(.*?)\], publicKey: (\S+)/g,
      ),
    ].map(([, who, duties, publicKey]) => ({
      id: who!.toLowerCase(),
      accounts: [],
      duties: duties!.split(', ') as Person['duties'],
      publicKey: publicKey!,
    }));

  it('is a key of one’s own: made once, private to its owner, and by nobody else', async () => {
    const again = await as('cecilia', NOW_MS, 'people', 'keygen', '--person', 'cecilia');
    expect([again.code, again.stdout]).to.deep.equal([5, '']);
    const foreign = await as('head', NOW_MS, 'people', 'keygen', '--person', 'cecilia');
    expect([foreign.code, foreign.stdout]).to.deep.equal([5, '']);
    expect(again.stderr).to.contain('has a private key already');
    expect(foreign.stderr).to.contain('your account is not one of this person');
    expect((await as('head', NOW_MS, 'people', 'keygen', '--person', 'nobody')).code).to.equal(2);
    const folder = join(place.keysDir, 'people');
    expect(readdirSync(folder).sort()).to.deep.equal(['bo.key', 'cecilia.key', 'disa.key', 'head.key']);
    for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o777).to.equal(0o600);
    const { stdout } = await as('head', NOW_MS, 'people', 'list');
    expect(stdout)
      .to.match(/^head +head +granter +yes$/m)
      .and.to.match(/^cecilia +cecilia, cecilia-adm /m);
  });

  it('is one person for a correction of a list too: the proposer’s other account does not approve it (§4.3, §8.4)', async () => {
    const args = ['cases', 'decide', id, '--outcome', 'false-match', '--reason', 'a card club'];
    expect((await as('cecilia', NOW_MS, ...args)).code).to.equal(0);
    const [{ id: proposal }] = readNdjson((await place.run(['lists', 'overrides', '--json'])).stdout) as [
      Json,
    ];
    const approve = (account: string) =>
      as(account, NOW_MS, 'lists', 'approve', proposal, '--reason', 'looked at it');
    expect((await approve('cecilia-adm')).code).to.equal(5);
    expect((await approve('head')).code).to.equal(0);
  });

  it('cannot be somebody else’s by what is typed or set: the account alone tells who acts', async () => {
    const ran = await place.run(['cases', 'open', id, '--reason', 'a talk is due'], {
      env: { USER: 'cecilia', LOGNAME: 'cecilia', USERNAME: 'cecilia', GRANSKA_ACCOUNT: 'cecilia' },
    });
    expect([ran.code, ran.stdout]).to.deep.equal([5, '']);
  });
}).timeout(120_000);
