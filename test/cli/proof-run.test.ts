// `granska proof` and `granska notice` as a data protection officer runs them: on a store as it should be, and on copies of
// it into which one thing was planted that must not be there.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { makePlace, type Place, readNdjson, removePlaces } from './run.ts';
import { CASINO, logOf, squidLine } from './squid-log.ts';
import { TOWN } from './town.ts';

const LOG = logOf(
  squidLine({ url: CASINO, user: 'bo', client: '10.20.0.7' }),
  squidLine({ url: 'http://kiosk.example/odds?q=hemligt', user: 'cecilia', client: '10.20.0.8' }),
  squidLine({ url: 'http://weapons.example/', user: 'bo', client: '10.20.0.7' }),
  squidLine({ url: CASINO, client: '10.20.0.9' }),
  squidLine({ url: CASINO, user: 'disa', client: '10.20.0.7' }),
  squidLine({ url: 'http://drugs.example/', user: 'bo', client: '10.20.0.7' }),
  squidLine({ url: 'http://halsa.example/', user: 'bo', client: '10.20.0.7' }),
  squidLine({ url: 'http://www.example.com/', user: 'bo', client: '10.20.0.7' }),
  'broken',
);

/** Something that must not be there; what of it must never be shown; and the check that must find it. */
interface Planted {
  name: string;
  check: string;
  secret: string;
  plant(place: Place): void;
}

const inDatabase =
  (...statements: string[]) =>
  (place: Place): void => {
    const db = new DatabaseSync(join(place.dataDir, 'granska.db'));
    for (const statement of statements) {
      expect(Number(db.prepare(statement).run().changes), statement).to.be.greaterThan(0);
    }
    db.close();
  };
const FIRST = 'WHERE no = (SELECT min(no) FROM finding)';

const PLANTED: Planted[] = [
  {
    name: '§6.3 a query string in a path',
    check: 'no-query',
    secret: 'hemligt',
    plant: inDatabase(`UPDATE finding SET path = '/odds?q=hemligt' ${FIRST}`),
  },
  {
    name: '§3.5 an address in place of its pseudonym',
    check: 'pseudonyms',
    secret: '10.20.0.7',
    plant: inDatabase(`UPDATE finding SET client = '10.20.0.7' ${FIRST}`),
  },
  {
    name: '§3.6 a log that is named after somebody',
    check: 'no-names',
    secret: '/home/cecilia',
    plant: inDatabase(
      "INSERT INTO text (value) VALUES ('/home/cecilia/access.log')",
      `UPDATE finding SET file = (SELECT no FROM text WHERE value LIKE '/home/%') ${FIRST}`,
    ),
  },
  {
    name: '§6.5 a finding of class forbidden among the others',
    check: 'class-apart',
    secret: 'weapons.example',
    plant: inDatabase(
      'UPDATE finding_forbidden SET no = 1000',
      'INSERT INTO finding SELECT * FROM finding_forbidden',
      'DELETE FROM finding_forbidden',
    ),
  },
  {
    name: '§3.3 a finding about somebody who is not reviewed',
    check: 'reviewed-only',
    secret: 'casino.example',
    plant: inDatabase(`UPDATE finding SET population = 'pupil' ${FIRST}`),
  },
  {
    name: '§5.6 a finding in a category from before its announcement',
    check: 'announced-only',
    secret: 'drugs.example',
    plant: inDatabase(`UPDATE finding SET category = 'drugs' ${FIRST}`),
  },
  {
    name: '§6.2 a finding on a protected site',
    check: 'protected-sites',
    secret: 'halsa',
    plant: inDatabase(`UPDATE finding SET domain = 'www.halsa.example' ${FIRST}`),
  },
  {
    name: '§5.7 a version that nobody kept',
    check: 'versions-known',
    secret: 'casino.example',
    plant: inDatabase(
      `INSERT INTO text (value) VALUES ('${'f'.repeat(64)}')`,
      `UPDATE finding SET policy = (SELECT no FROM text WHERE value LIKE 'ffff%') ${FIRST}`,
    ),
  },
  {
    name: '§5.7 a name in a kept version',
    check: 'kept-without-names',
    secret: 'huvudperson',
    plant: inDatabase(
      `UPDATE kept_version SET body = json_set(body, '$.content.rules.exemptions[0].approvers[0]', 'huvudperson')
       WHERE kind = 'policy'`,
    ),
  },
  {
    name: '§8.2 a small department that is counted by itself',
    check: 'small-departments',
    secret: 'Bygg',
    plant: inDatabase("UPDATE usage SET department = 'Bygg' WHERE department = ''"),
  },
  {
    name: '§8.5 a line of the audit chain that was changed',
    check: 'audit-intact',
    secret: 'casino.example',
    plant(place) {
      const chain = join(place.dataDir, 'audit', 'chain.ndjson');
      const text = readFileSync(chain, 'utf8');
      const changed = text.replace('"action":"search"', '"action":"parse"');
      expect(changed).to.not.equal(text);
      writeFileSync(chain, changed);
    },
  },
];

describe('cli: granska proof', () => {
  let place: Place;
  before(async () => {
    place = makePlace({ ...TOWN, 'a.log': LOG }, 'config');
    await place.json(['scan', 'a.log', '--json']);
    await place.run(['search', '--limit', '1']);
    await place.run(['search', '--limit', '1']);
    cpSync(place.dataDir, `${place.dataDir}-kept`, { recursive: true });
  });
  beforeEach(() => {
    rmSync(place.dataDir, { recursive: true });
    cpSync(`${place.dataDir}-kept`, place.dataDir, { recursive: true });
  });
  after(removePlaces);

  it('§10.2 finds a store as it should be, and says of everything how many were looked at', async () => {
    const proof = await place.json(['proof', '--format', 'json']);
    expect(proof.schema).to.equal('granska.proof/1');
    for (const check of proof.checks) {
      expect(check, check.check).to.deep.include({ failed: 0, unclear: 0 });
      // No department of the town is big enough to be counted by itself.
      if (check.check !== 'small-departments') expect(check.examined, check.check).to.be.greaterThan(0);
    }
    expect(proof.stored).to.deep.include({ findings: 4, examine: 3, exempt: 1, forbidden: 1, requests: 7 });
    expect(proof.dropped.days).to.deep.include({ protected: 1, unreviewed: 1, unannounced: 1 });
    expect(proof.dropped).to.deep.include({ rejectedLines: 1, rejectedWithoutText: 0 });
    expect(proof.policy).to.deep.include({ standing: 'live', from: '2020-01-01' });
    expect(proof.reidentify.epochs).to.deep.equal([{ epoch: 2025, key: 'there', findings: 4 }]);
    expect(proof.reidentify.privateKey).to.equal('there');
    expect(proof.reidentify.directory.users).to.equal(4);
  });

  for (const { name, check, secret, plant } of PLANTED) {
    it(`§10.2 ends with 4 and names the check for ${name}`, async () => {
      plant(place);
      const { code, stdout, stderr } = await place.run(['proof', '--format', 'json']);
      expect(code, stderr).to.equal(4);
      const failed = JSON.parse(stdout).checks.filter((item: { failed: number }) => item.failed > 0);
      expect(failed.map((item: { check: string }) => item.check)).to.deep.equal([check]);
      expect(failed[0].failed).to.equal(1);
      expect(stderr).to.include(check);
      expect(stdout + stderr).to.not.include(secret);
      const page = await place.run(['proof']);
      expect(page.code).to.equal(4);
      expect(page.stdout).to.match(new RegExp(`^\\*\\*\\* .*${check}`, 'm'));
      expect(page.stdout).to.not.include(secret);
    });
  }

  it('§1.4 tells of findings whose time is over, and fails nothing for it', async () => {
    const kept = TOWN['config/policy.yaml']!;
    place.write('config/policy.yaml', `${kept}retention: { findings: { days: 30, decision: PS 2025/9 } }\n`);
    const { code, stdout } = await place.run(['proof', '--lang', 'en']);
    place.write('config/policy.yaml', kept);
    expect(code).to.equal(0);
    expect(stdout).to.match(/Findings +30 days +PS 2025\/9/);
    expect(stdout).to.include('Findings that are older than the decision allows: 4.');
  });

  it('§6.2 §5.8 remarks on a site that was protected later, and fails nothing for it', async () => {
    const list = 'config/lists/protected/domains';
    place.write(list, `${TOWN[list]}kiosk.example\n`);
    const proof = await place.json(['proof', '--format', 'json']);
    place.write(list, TOWN[list]!);
    expect(proof.checks.find((item: { check: string }) => item.check === 'protected-sites')).to.deep.equal({
      ...{ check: 'protected-sites', examined: 4, failed: 0, unclear: 1 },
    });
  });

  it('§3.5 tells that a key was destroyed, and that the private one was moved away', async () => {
    const epoch = join(place.keysDir, 'epochs', '2024.destroyed');
    writeFileSync(epoch, '');
    const own = join(place.keysDir, 'private');
    cpSync(own, `${own}-kept`, { recursive: true });
    rmSync(own, { recursive: true });
    const { reidentify } = await place.json(['proof', '--format', 'json']);
    cpSync(`${own}-kept`, own, { recursive: true });
    rmSync(`${own}-kept`, { recursive: true });
    rmSync(epoch);
    expect(reidentify.epochs[0]).to.deep.equal({ epoch: 2024, key: 'destroyed', findings: 0 });
    expect(reidentify.privateKey).to.equal('not-there');
  });

  it('§8.5 is a line in the audit chain, whatever it found', async () => {
    await place.run(['proof', '--format', 'html', '--lang', 'en']);
    const lines = readNdjson(readFileSync(join(place.dataDir, 'audit', 'chain.ndjson'), 'utf8'));
    expect(lines.at(-1)).to.deep.include({ action: 'proof', shown: 0 });
    expect(lines.at(-1).details).to.deep.equal({ lang: 'en', format: 'html', failed: [] });
  });

  it('prints one HTML file without a script, in the language that was asked for', async () => {
    const { code, stdout } = await place.run(['proof', '--format', 'html']);
    expect(code).to.equal(0);
    expect(stdout).to.match(/^<!doctype html>\n<html lang="sv">/);
    expect(stdout).to.not.match(/<script|<link|<img/);
    expect(stdout.trimEnd().endsWith('</html>')).to.equal(true);
  });

  it('prints a PDF, in the language that was asked for, and the notice too', async () => {
    for (const command of ['proof', 'notice']) {
      const { code, stdout, stderr } = await place.run([command, '--format', 'pdf', '--lang', 'en']);
      expect([code, stderr]).to.deep.equal([0, '']);
      expect(stdout.slice(0, 8)).to.equal('%PDF-1.7');
      expect(stdout).to.include('/Lang (en)');
      expect(stdout.trimEnd().slice(-5)).to.equal('%%EOF');
    }
  });

  it('§10.2 tells a wrong language from a store that is not there', async () => {
    expect((await place.run(['proof', '--lang', 'de'])).code).to.equal(2);
    const nowhere = await place.run(['proof', '--data-dir', join(place.dir, 'none')]);
    expect([nowhere.code, nowhere.stdout]).to.deep.equal([3, '']);
  });
});

describe('cli: granska notice', () => {
  afterEach(removePlaces);

  it('is whole where the policy is in force, and asks for no store', async () => {
    const place = makePlace(TOWN, 'config');
    const { code, stdout } = await place.run(['notice']);
    expect(code).to.equal(0);
    expect(stdout).to.include('Denna information: PS 2019/2, 2019-12-02.');
    expect(stdout).to.not.include('UTKAST');
    // What nobody can know but the municipality is left open.
    expect(stdout.match(/\[[^\]]+: fyll i\]/g)).to.have.length(3);
  });

  it('is a draft, and no failure, while the policy is on trial', async () => {
    const { code, stdout } = await makePlace().run(['notice', '--lang', 'en', '--format', 'html']);
    expect(code).to.equal(0);
    expect(stdout).to.include('<p class="banner">DRAFT. The policy is on trial');
  });
});

describe('cli: a policy on trial', () => {
  afterEach(removePlaces);

  it('is told of after a scan, and by check with the keys that are missing', async () => {
    const trial = TOWN['config/policy.yaml']!.replace(/live:\n( .*\n)+/, '');
    const place = makePlace({ ...TOWN, 'config/policy.yaml': trial, 'a.log': LOG }, 'config');
    expect((await place.run(['scan', 'a.log'])).stdout).to.include('The policy is on trial:');
    const { code, stdout } = await place.run(['check', '--strict']);
    expect(code).to.equal(1);
    expect(stdout).to.match(/policy\.yaml: warning: live: the policy is on trial.*live\.from.*MBL/);
    place.write('config/policy.yaml', TOWN['config/policy.yaml']!);
    expect((await place.run(['check', '--strict'])).code).to.equal(0);
    expect((await place.run(['scan', 'a.log', '--again'])).stdout).to.not.include('on trial');
  });

  it('warns of a first day that lies ahead', async () => {
    const later = TOWN['config/policy.yaml']!.replace('from: 2020-01-01', 'from: 2999-01-01');
    const { stdout } = await makePlace({ ...TOWN, 'config/policy.yaml': later }, 'config').run(['check']);
    expect(stdout).to.match(/warning: live\.from: lies ahead/);
  });
});
