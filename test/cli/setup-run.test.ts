// `init`, `check`, `explain` and `rejects`: what somebody does who sets up an installation of their own.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { unseal } from '../adapters/vault/unseal.ts';
import { makePlace, type Place, readNdjson, removePlaces, run } from './run.ts';
import { CASINO, logOf, squidLine } from './squid-log.ts';
import { TOWN } from './town.ts';

describe('an installation of one’s own', () => {
  let place: Place;
  afterEach(removePlaces);

  it('is made by init without a mistake, and scans by what is put into it', async () => {
    place = makePlace({ 'access.log': logOf(squidLine({ url: CASINO }), 'broken') });
    const here = (...args: string[]) => run(args, { cwd: place.dir });
    const made = await here('init', 'own');
    expect(made.code, made.stderr).to.equal(0);
    expect(statSync(join(place.dir, 'own/keys/private')).mode & 0o777).to.equal(0o700);
    const checked = await here('check', '--config', 'own');
    expect(checked.code).to.equal(0);
    expect(checked.stdout).to.match(/granska\.yaml: warning: lists: .*0 errors, 2 warnings/s);
    expect(checked.stdout).to.match(/policy\.yaml: warning: live: the policy is on trial/);
    place.write('own/categories/gambling/domains', 'casino.example\n');
    const strict = await here('check', '--config', 'own', '--strict');
    expect([strict.code, strict.stdout]).to.satisfy(
      ([code, text]: [number, string]) => code === 1 && text.includes('0 errors, 1 warning;'),
    );
    const scanned = await here('scan', 'access.log', '--json', '--config', 'own');
    expect(JSON.parse(scanned.stdout)).to.deep.include({ categories: { gambling: 1 }, rejected: 1 });
    expect(readdirSync(place.dir).sort()).to.deep.equal(['access.log', 'own']);
    const again = await here('init', 'own');
    expect(again.code).to.equal(2);
    expect(readFileSync(join(place.dir, 'own/categories/gambling/domains'), 'utf8')).to.equal(
      'casino.example\n',
    );
  });

  it('is told every mistake by file, line, column and key, and the nearest word', async () => {
    const mistakes = {
      ...TOWN,
      'config/granska.yaml': TOWN['config/granska.yaml']!.replace('timezone:', 'timezoen:'),
      'config/policy.yaml': TOWN['config/policy.yaml']!.replace('validThrough: 2025-03-05', 'to: 2025-03-05')
        .replace('lists: [casino]', 'lists: [kasino]')
        .replace('approvers: [head]', 'approvers: [cecilia]'),
    };
    place = makePlace(mistakes, 'config');
    const { stdout, code } = await place.run(['check']);
    expect(code).to.equal(2);
    const at = (file: keyof typeof mistakes, text: string) =>
      mistakes[file].slice(0, mistakes[file].indexOf(text)).split('\n').length;
    expect(stdout).to.match(
      new RegExp(
        `granska\\.yaml:${at('config/granska.yaml', 'timezoen')}:1: error: timezoen: .*timezone`,
        's',
      ),
    );
    expect(stdout).to.match(
      new RegExp(`policy\\.yaml:${at('config/policy.yaml', 'to: 2025')}:\\d+: error: .*validThrough`, 's'),
    );
    const report = JSON.parse((await place.run(['check', '--json'])).stdout);
    expect(report.schema).to.equal('granska.check/1');
    for (const problem of report.problems)
      expect(problem).to.include.all.keys('file', 'line', 'column', 'key');
    const scan = await place.run(['scan', place.write('a.log', '')]);
    expect(scan.code).to.equal(2);
    expect(scan.stderr).to.contain('[CONFIG]');
  });

  it('§5.3 is told of an approver whom the exemption covers, and of a policy test that fails', async () => {
    const covered = TOWN['config/policy.yaml']!.replace('approvers: [head]', 'approvers: [cecilia]');
    place = makePlace({ ...TOWN, 'config/policy.yaml': covered }, 'config');
    const refused = await place.run(['check']);
    expect(refused.code).to.equal(2);
    expect(refused.stdout).to.match(/policy\.yaml:\d+:\d+: error: .*approvers/);
    expect(refused.stdout).to.not.contain('cecilia');
    place.write('config/policy.yaml', TOWN['config/policy.yaml']!);
    expect((await place.run(['check', '--strict'])).code).to.equal(0);
    place.write(
      'config/policy.tests.yaml',
      TOWN['config/policy.tests.yaml']!.replace('verdict: examine', 'verdict: none'),
    );
    const failed = await place.run(['check']);
    expect(failed.code).to.equal(1);
    expect(failed.stdout).to.match(/policy\.tests\.yaml:4: failed/);
  });

  it('explains a visit: target, match, subject, exemptions and why, verdict', async () => {
    place = makePlace(TOWN, 'config');
    const explain = async (...args: string[]) => {
      const { stdout, stderr, code } = await place.run(['explain', ...args]);
      expect(code, stderr).to.equal(0);
      expect(stdout).to.not.match(/https?:\/\/|cecilia/);
      return stdout;
    };
    const exempt = await explain(CASINO, '--user', 'PROVBY\\cecilia', '--at', '2025-03-05T23:59');
    expect(exempt).to.match(/hxxp:\/\/casino\[\.\]example\//);
    expect(exempt).to.match(/casino\/domains line 1/);
    expect(exempt).to.contain('department Social');
    expect(exempt).to.match(/E-1 \(case SN 2025\/1\) applies/);
    expect(exempt).to.match(/exempt under E-1/);
    const late = await explain(CASINO, '--user', 'cecilia', '--at', '2025-03-06T00:00');
    expect(late).to.match(/E-1 .* does not apply: .*no longer valid/);
    expect(await explain(CASINO, '--user', 'disa', '--at', '2025-03-05')).to.contain('elected');
    expect(await explain('halsa.example', '--user', 'bo')).to.not.contain('halsa');
    expect(await explain('http://nothing.example/', '--client', '10.20.0.1')).to.contain('none');
    const stored = place.write('a.log', logOf(squidLine({ user: 'cecilia', url: CASINO })));
    await place.json(['scan', stored, '--json']);
    const [finding] = readNdjson((await place.run(['search'])).stdout);
    const told = await explain('--finding', finding.event.id);
    expect(told).to.contain('exempt under E-1').and.to.contain('today the same');
    place.write('config/lists/casino/domains', 'casino.example\n');
    expect(await explain('--finding', finding.event.id)).to.contain('today another one');
  });

  it('§6.4 keeps rejects sealed: whoever has the private key reads them, a protected site is in none', async () => {
    const lines = [
      'broken one by bo',
      'http://www.halsa.example/ broken',
      squidLine({ user: 'bo' }).slice(0, 40),
    ];
    place = makePlace({ ...TOWN, 'a.log': logOf(...lines) }, 'config');
    await place.json(['scan', 'a.log', '--json']);
    const report = await place.json(['rejects', '--json']);
    expect(report).to.deep.include({
      schema: 'granska.rejects/1',
      lines: 3,
      reasons: { truncated: { count: 1, dropped: 0 }, 'unknown-format': { count: 2, dropped: 1 } },
    });
    const { stdout } = await place.run(['rejects']);
    expect(stdout)
      .to.match(/truncated +1/)
      .and.to.contain('age -d -i');
    const [sealed, ...more] = readdirSync(join(place.dataDir, 'rejects'));
    expect(more).to.deep.equal([]);
    const identity = /AGE-SECRET-KEY-\S+/.exec(
      readFileSync(join(place.keysDir, 'private/seal.key'), 'utf8'),
    )![0];
    const opened = await unseal(readFileSync(join(place.dataDir, 'rejects', sealed!)), identity);
    expect(readNdjson(opened).map(({ offset, code, text }) => [offset, code, text])).to.deep.equal([
      [0, 'unknown-format', lines[0]],
      [lines[0]!.length + lines[1]!.length + 2, 'truncated', lines[2]],
    ]);
  });
});
