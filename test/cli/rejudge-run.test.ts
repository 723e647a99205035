// `granska rejudge` and `explain --finding` as a user runs them: what they refuse, note, show and write.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { type Json, makePlace, type Place, readNdjson, removePlaces } from './run.ts';
import { CASINO, type LineParts, logOf, MONDAY_MS, squidLine } from './squid-log.ts';
import { TOWN } from './town.ts';

const DAY_MS = 86_400_000;
const RANGE = ['--from', '2025-03-01', '--to', '2025-03-31'];
const LINES: Partial<LineParts>[] = [
  { user: 'cecilia', url: CASINO },
  // After the last day of her exemption.
  { user: 'cecilia', url: CASINO, atMs: MONDAY_MS + 3 * DAY_MS },
  { user: 'bo', url: CASINO },
  { user: 'bo', url: 'http://armoury.example/' },
  { user: 'bo', url: 'http://weapons.example/', tag: 'TCP_DENIED/403' },
];

describe('granska rejudge', () => {
  let place: Place;
  beforeEach(async () => {
    place = makePlace(TOWN, 'config');
    place.write('access.log', logOf(...LINES.map(squidLine)));
    await place.json(['scan', 'access.log', '--json']);
  });
  afterEach(removePlaces);

  function change(file: string, from: string, to: string): void {
    const path = join(place.dir, 'config', file);
    const text = readFileSync(path, 'utf8');
    expect(text).to.contain(from);
    writeFileSync(path, text.replaceAll(from, to));
  }

  const prolong = () => {
    change('policy.yaml', 'validThrough: 2025-03-05', 'validThrough: 2025-03-31');
    change(
      'policy.tests.yaml',
      'at: 2025-03-06T00:00, expect: { verdict: examine }',
      'at: 2025-04-06T00:00, expect: { verdict: examine }',
    );
  };
  const auditOf = (): Json[] =>
    readNdjson(readFileSync(join(place.dataDir, 'audit', 'chain.ndjson'), 'utf8'));
  const search = async (query: string): Promise<Json[]> =>
    readNdjson((await place.run(['search', query, '--format', 'ndjson'])).stdout);
  const rejudge = (...args: string[]) => place.json(['rejudge', ...RANGE, '--json', ...args]);
  const apply = (...args: string[]) => rejudge('--apply', '--reason', 'SN 2025/9', ...args);

  it('§5.8 only shows until --apply; then search shows the later judgement, and a second time nothing differs', async () => {
    prolong();
    const looked = await rejudge();
    expect(looked.schema).to.equal('granska.rejudge/1');
    expect(looked.transitions).to.deep.equal([{ from: 'examine', to: 'exempt', findings: 1 }]);
    expect(looked.applied).to.equal(null);
    expect(await search('verdict:exempt')).to.have.length(1);

    const applied = await apply();
    expect(applied.applied).to.deep.equal({ revised: 1, added: 0, known: 0, overtaken: [] });
    expect(await search('verdict:exempt')).to.have.length(2);
    expect((await apply()).applied).to.deep.equal({ revised: 0, added: 0, known: 0, overtaken: [] });
  });

  it('§8.2 tells no number of people below the small group, and none is hidden where there are none', async () => {
    prolong();
    const { total, categories, departments } = await rejudge();
    expect(total).to.deep.equal({ new: 0, gone: 0, changed: 1, people: '<5' });
    expect(categories).to.deep.equal([{ name: 'gambling', ...total }]);
    expect(departments).to.deep.equal([{ name: 'Social', ...total }]);
    // A policy that is tried out does not lower it.
    const own = readFileSync(join(place.dir, 'config/policy.yaml'), 'utf8');
    place.write('own.yaml', own.replace('reviewed: [staff]', 'reviewed: [elected]\nsmallGroup: 2'));
    expect((await rejudge('--policy', 'own.yaml')).total.people).to.equal('<5');
  });

  it('§8.5 notes who looks and who changes before it is shown, the reason hidden', async () => {
    await rejudge('domain:casino.example');
    await place.run(['rejudge', ...RANGE, '--apply', '--reason', 'SN 2025/9']);
    const [looked, applied] = auditOf().filter(line => line.action === 'rejudge');
    expect(looked).to.deep.include({ shown: 3 });
    expect(looked.details).to.deep.include({ apply: false, from: '2025-02-28T23:00:00.000Z' });
    expect(applied).to.deep.include({ shown: 6 });
    expect(applied.details.apply).to.equal(true);
    expect(applied.details.reason).to.match(/^hidden-/);
  });

  it('§3.6 stores no reason that names somebody, as no decision on a case does', async () => {
    prolong();
    const { code, stderr } = await place.run(['rejudge', ...RANGE, '--apply', '--reason', 'about Bo']);
    expect([code, stderr]).to.satisfy(
      ([exit, text]: [number, string]) => exit === 2 && text.includes('--reason names somebody'),
    );
    expect(await search('verdict:exempt')).to.have.length(1);
  });

  it('§5.8 judges nobody of an organization that the directory has nobody of, such as one with a new name', async () => {
    const path = join(place.dir, 'config/granska.yaml');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace(/^organization: (.*)$/m, 'organization: $1 stad'));
    const { findings, unjudged, total } = await rejudge();
    expect({ findings, unjudged }).to.deep.equal({
      findings: 0,
      unjudged: { keyDestroyed: 0, notKept: 0, unknownTenant: 6 },
    });
    expect(total.changed + total.gone).to.equal(0);
  });

  it('judges only what the query asks for, by all that is stored of the record', async () => {
    change('lists/casino/domains', 'casino.example', 'casino.invalid.example');
    expect((await rejudge('domain:armoury.example')).total.gone).to.equal(0);
    const { total } = await rejudge('department:Social');
    expect(total.gone).to.equal(2);
    expect((await apply('department:Social')).applied.revised).to.equal(2);
    expect(await search('verdict:withdrawn')).to.have.length(2);
    expect((await rejudge()).total.gone).to.equal(1);
  });

  describe('§6.2 a site that becomes protected', () => {
    const [protectedFile, casino] = ['lists/protected/domains', 'casino.example\n'];
    const protect = () => change(protectedFile, 'halsa.example\n', `halsa.example\n${casino}`);
    const unprotect = () => change(protectedFile, casino, '');
    const textOf = async (...args: string[]) => {
      const { stdout, stderr } = await place.run(args);
      return `${stdout}\n${stderr}`;
    };

    it('is in no reading any more, whatever is asked, and no count tells it apart', async () => {
      const { id } = (await search('domain:casino.example'))[0].event;
      protect();
      const looked = await rejudge();
      expect(looked.total).to.include({ gone: 3, new: 0 });
      expect(looked.gone).to.deep.equal({ lists: 3, announcement: 0, population: 0 });
      const words = ['examine → withdrawn', 'exempt → withdrawn'];
      expect(looked.transitions.map((one: Json) => `${one.from} → ${one.to}`)).to.deep.equal(words);
      expect((await apply()).applied).to.deep.equal({ revised: 3, added: 0, known: 0, overtaken: [] });

      for (const query of ['verdict:withdrawn', 'domain:casino.example', `id:${id}`]) {
        expect(await textOf('search', query), query).to.not.match(/casino\[?\.\]?example\/|withdrawn {2}/);
        expect(await search(query), query).to.have.length(0);
      }
      for (const format of ['table', 'csv', 'ndjson']) {
        const text = await textOf('search', '', '--format', format);
        expect(text, format).to.not.match(/casino\[?\.\]?example|withdrawn/);
      }
      expect(await search('')).to.have.length(3);
      for (const args of [['visits', '--json'], ['visits'], ['cases', 'list', '--json'], ['cases', 'list']]) {
        expect(await textOf(...args), args.join(' ')).to.not.match(/casino\[?\.\]?example|withdrawn/);
      }
      // A query that names it learns from judging again no more than from a search.
      const asked = await rejudge('domain:casino.example');
      expect({ records: asked.records, findings: asked.findings }).to.deep.equal({ records: 0, findings: 0 });
      expect((await apply()).applied).to.deep.equal({ revised: 0, added: 0, known: 0, overtaken: [] });
      const explained = await textOf('explain', '--finding', id);
      expect(explained).to.contain('nothing more of it is shown (§6.2)').and.to.not.contain('casino');
      const proof = await place.json(['proof', '--format', 'json']);
      expect(proof.stored).to.deep.include({ findings: 6, withdrawn: 3 });
    });

    it('goes out of sight with all of the record, though only a part of it was asked for', async () => {
      change(protectedFile, 'halsa.example\n', 'halsa.example\narmoury.example\n');
      expect((await rejudge('category:weapons', 'domain:armoury.example')).total.gone).to.equal(1);
      const { applied } = await apply('category:weapons');
      expect(applied).to.deep.include({ revised: 1, overtaken: [] });
      expect(await search('domain:armoury.example')).to.have.length(0);
      expect(await search('verdict:withdrawn')).to.have.length(0);
    });

    it('goes out of sight where it was withdrawn before, by the very versions too', async () => {
      protect();
      await apply();
      const db = new DatabaseSync(join(place.dataDir, 'granska.db'));
      // As an earlier Granska wrote it.
      db.exec("UPDATE finding SET verdict = 'withdrawn' WHERE verdict = 'protected'");
      db.close();
      expect(await search('verdict:withdrawn')).to.have.length(3);
      expect((await rejudge()).transitions).to.deep.equal([]);
      expect((await apply()).applied).to.deep.include({ revised: 0, overtaken: [] });
      expect(await search('verdict:withdrawn')).to.have.length(0);
    });

    it('comes back with its verdict once it is protected no more, and by no list that is only tried out', async () => {
      const before = await search('');
      protect();
      await apply();
      const own = readFileSync(join(place.dir, 'config/policy.yaml'), 'utf8');
      place.write('own.yaml', own.replace('protected: { lists: [protected] }', 'protected: { lists: [] }'));
      const tried = await rejudge('--policy', 'own.yaml');
      expect(tried.transitions).to.deep.equal([]);
      expect(tried.findings).to.equal(3);
      unprotect();
      expect((await rejudge()).total).to.include({ new: 3, gone: 0 });
      expect((await apply()).applied).to.deep.include({ revised: 3 });
      const told = (rows: Json[]) => rows.map(({ event, granska }) => [event.id, granska.verdict]);
      expect(told(await search(''))).to.deep.equal(told(before));
    });
  });

  it('§5.8 takes no verdict without a reason, nor by a policy that is on trial; looking is always possible', async () => {
    for (const args of [['--apply'], ['--reason', 'x'], ['--apply', '--reason', ' ']]) {
      const { code, stderr } = await place.run(['rejudge', ...RANGE, ...args]);
      expect(code).to.equal(2);
      expect(stderr).to.contain('--apply and --reason go together');
    }
    change('policy.yaml', 'live:\n', 'live: null\n#');
    const own = readFileSync(join(place.dir, 'config/policy.yaml'), 'utf8');
    writeFileSync(
      join(place.dir, 'config/policy.yaml'),
      own.replace(/^ {2}(from|notice|negotiation): .*\n/gm, ''),
    );
    const { code, stderr } = await place.run(['rejudge', ...RANGE, '--apply', '--reason', 'x']);
    expect(stderr).to.contain('on trial');
    expect(code).to.equal(2);
    expect((await rejudge()).findings).to.equal(6);
  });

  it('needs both ends of the time, and says that only stored records were judged', async () => {
    expect((await place.run(['rejudge', '--from', '2025-03-01'])).code).to.equal(2);
    expect((await place.run(['rejudge', '--from', '2025-03-01', '--to', ''])).stderr).to.contain(
      'a range of days',
    );
    const { stdout } = await place.run(['rejudge', ...RANGE]);
    expect(stdout).to.contain('Nothing differs.');
    expect(stdout).to.contain('what a new list would newly flag must be scanned');
  });

  it('refuses to judge by another key than the one that made the ids: by it nobody would be exempt', async () => {
    prolong();
    rmSync(place.keysDir, { recursive: true });
    const { code, stderr } = await place.run(['rejudge', ...RANGE]);
    expect(stderr).to.contain('the key of the epoch 2025 is not the one');
    expect(code).to.equal(2);
  });
});

describe('granska explain --finding', () => {
  let place: Place;
  let id = '';
  beforeEach(async () => {
    place = makePlace(TOWN, 'config');
    place.write('access.log', logOf(squidLine({ user: 'cecilia', url: CASINO })));
    await place.json(['scan', 'access.log', '--json']);
    const { stdout } = await place.run(['search', 'verdict:exempt', '--format', 'ndjson']);
    id = JSON.parse(stdout).event.id;
  });
  afterEach(removePlaces);

  const explain = () => place.run(['explain', '--finding', id, '--exit-code']);
  const edit = (file: string, edited: (text: string) => string) => {
    const path = join(place.dir, 'config', file);
    writeFileSync(path, edited(readFileSync(path, 'utf8')));
  };

  it('§5.7 recomputes from the stored versions, and says what those of today would', async () => {
    const before = await explain();
    expect(before.stdout).to.contain('recomputed the stored versions give the same verdict\n');
    expect(before.stdout).to.contain('today      the same: nothing that judges has changed\n');
    expect(before.code).to.equal(0);

    edit('directory.csv', text => text.replace('cecilia,counsellor', 'cecilia,'));
    const after = await explain();
    expect(after.stdout).to.contain('recomputed the stored versions give the same verdict\n');
    expect(after.stdout).to.contain('today      examine\n');

    await place.run(['rejudge', '--from', '2025-03-01', '--to', '2025-03-31', '--apply', '--reason', 'SN 9']);
    edit('directory.csv', text => text.replace('cecilia,', 'cecilia,counsellor'));
    const later = await explain();
    expect(later.stdout).to.contain('verdict    examine');
    expect(later.stdout).to.contain('recomputed the stored versions give the same verdict\n');
    expect(later.stdout).to.match(/^judgements 0, .* by scan: exempt under E-1 \(first judgement\)$/m);
    expect(later.stdout).to.match(/^ {11}1, .*: examine \(SN 9\)$/m);
    expect(later.stdout).to.contain('today      exempt under E-1\n');
  });

  it('§5.7 says what cannot be recomputed where the list image is gone', async () => {
    edit('lists/casino/domains', text => `${text}another.example\n`);
    rmSync(join(place.dataDir, 'lists'), { recursive: true });
    const { stdout, code } = await explain();
    expect(stdout).to.contain('the stored versions give the same verdict (what matched as it was stored');
    expect(code).to.equal(0);
  });

  it('§5.7 a verdict whose policy is not kept any more is not confirmed, and nobody is judged by ids of unknown make', async () => {
    const db = new DatabaseSync(join(place.dataDir, 'granska.db'));
    db.exec("DELETE FROM kept_version WHERE kind = 'policy'");
    db.close();
    edit('directory.csv', text => text.replace('cecilia,counsellor', 'cecilia,'));
    const { stdout, code } = await explain();
    expect(stdout).to.contain('recomputed not: the store keeps nothing of the policy or the directory');
    expect(stdout).to.contain('today      cannot be told: the store does not keep what judged it');
    expect(code).to.equal(1);
    const { unjudged, findings } = await place.json([
      'rejudge',
      '--from',
      '2025-03-01',
      '--to',
      '2025-03-31',
      '--json',
    ]);
    expect({ unjudged, findings }).to.deep.equal({
      unjudged: { keyDestroyed: 0, notKept: 1, unknownTenant: 0 },
      findings: 0,
    });
  });

  it('§3.5 a year whose key was destroyed is recomputed from what is kept, and by nothing of today', async () => {
    writeFileSync(join(place.keysDir, 'epochs', '2025.destroyed'), '');
    rmSync(join(place.keysDir, 'epochs', '2025.key'));
    edit('directory.csv', text => text.replace('cecilia,counsellor', 'cecilia,'));
    const { stdout, code } = await explain();
    expect(stdout).to.contain('recomputed the stored versions give the same verdict\n');
    expect(stdout).to.contain('today      cannot be told: the key of its year was destroyed');
    expect(code).to.equal(0);
    const ran = await place.run(['rejudge', '--from', '2025-03-01', '--to', '2025-03-31']);
    expect(ran.stdout).to.contain('Not judged: 1 finding; the key of their year was destroyed');
  });

  it('§6.2 shows nothing more of a finding whose site is protected today', async () => {
    edit('lists/protected/domains', text => `${text}casino.example\n`);
    const { stdout } = await explain();
    expect(stdout).to.equal(
      `finding    ${id}\ntarget     a protected site, which leaves no trace: nothing more of it is shown (§6.2)\n`,
    );
    await place.run(['rejudge', '--from', '2025-03-01', '--to', '2025-03-31', '--apply', '--reason', 'SN 9']);
    expect((await explain()).stdout).to.equal(stdout);
  });
});
