import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { type CheckOptions, runCheck } from '../../../src/cli/commands/check.ts';
import { runInit } from '../../../src/cli/commands/init.ts';
import { loadConfig } from '../../../src/config/load.ts';
import type { Problem } from '../../../src/config/problem.ts';
import type { PolicyTest, RecordOutcome, TestOutcome } from '../../../src/policy/policy-test.ts';
import { makeFolder, removeFolders } from '../../config/support.ts';

const packageRoot = resolve(import.meta.dirname, '../../..');

/** Runs a command and gives what it wrote and how it ended. */
async function run(
  command: (io: { stdout: PassThrough }) => Promise<number>,
): Promise<[exit: number, text: string]> {
  const stdout = new PassThrough();
  const exit = await command({ stdout });
  return [exit, String(stdout.read() ?? '')];
}

const problem: Problem = {
  file: 'policy.yaml',
  line: 3,
  column: 5,
  key: 'roles',
  message: 'must be a list',
  hint: '',
  severity: 'error',
};
const warning: Problem = { ...problem, line: 1, severity: 'warning' };
const test: PolicyTest = {
  ...{ name: 'casino is flagged', user: 'anna', client: '', url: 'http://casino.example/', atMs: 0 },
  ...{ elapsedMs: null, method: 'GET', status: 200, denied: false, bytes: null, mime: null },
  ...{ referrer: 'notLogged', agent: null, records: 1, gapMs: 0, line: 4, table: null, row: null },
  expect: {
    ...{ verdict: 'none', category: null, exemption: null, kind: null, confidence: null },
    ...{ population: null, department: null, grade: null, case: null },
  },
};
const counted = (kind: RecordOutcome['kind']): TestOutcome => {
  const subject = { kind: 'user', confidence: 'authenticated', population: 'staff', department: '' } as const;
  return { records: [{ kind, decision: null, subject }], visits: [], cases: [] };
};
const check = (over: Partial<CheckOptions>) =>
  run(io =>
    runCheck(
      {
        problems: [],
        tests: [test],
        testsFile: 'policy.tests.yaml',
        judge: async () => counted('clear'),
        ...over,
      },
      io,
    ),
  );

describe('cli/check', () => {
  it('§10.2 exits 0 where nothing is wrong', async () => {
    expect(await check({})).to.deep.equal([0, 'No mistakes found; policy tests: 1 passed, 0 failed.\n']);
    expect(await check({ tests: [] })).to.deep.equal([0, 'No mistakes found; there are no policy tests.\n']);
  });

  it('§10.2 exits 2 on errors and does not run the tests', async () => {
    expect(await check({ problems: [problem, warning] })).to.deep.equal([
      2,
      'policy.yaml:1:5: warning: roles: must be a list\npolicy.yaml:3:5: error: roles: must be a list\n' +
        '1 error, 1 warning; policy tests were not run.\n',
    ]);
  });

  it('§10.2 exits 1 on a failed test, and says what came, but not for whom', async () => {
    const [exit, text] = await check({ judge: async () => counted('protected') });
    expect(exit).to.equal(1);
    expect(text).to.equal(
      'policy.tests.yaml:4: failed: casino is flagged: expected none; came protected: a protected list covers the target or one wrapped in it (§6.2)\n' +
        'No mistakes found; policy tests: 0 passed, 1 failed.\n',
    );
    expect(text).to.not.contain('anna');
  });

  it('exits 1 on warnings with --strict only', async () => {
    expect((await check({ problems: [warning] }))[0]).to.equal(0);
    expect((await check({ problems: [warning], strict: true }))[0]).to.equal(1);
  });

  it('§10.1 prints one JSON object with its schema', async () => {
    const [exit, text] = await check({ problems: [warning], json: true });
    expect(exit).to.equal(0);
    expect(JSON.parse(text)).to.deep.equal({
      schema: 'granska.check/1',
      errors: 0,
      warnings: 1,
      problems: [warning],
      tests: {
        ...{ passed: 1, failed: 0 },
        results: [{ name: test.name, table: null, row: null, line: 4, passed: true, failure: '' }],
      },
    });
  });
});

describe('the shipped configuration', () => {
  it('has no mistake, no warning, no exemption and no retention, and maps every list', async () => {
    const loaded = await loadConfig({ flags: {}, env: {}, cwd: packageRoot, packageRoot });
    expect(loaded.problems).to.deep.equal([]);
    const { policy } = loaded;
    expect([...policy!.exemptions.keys()]).to.deep.equal([]);
    expect(policy!.retention).to.equal(null);
    const lists = readdirSync(join(packageRoot, 'categories'), { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(entry => entry.name);
    expect(policy!.mappedLists()).to.deep.equal(lists.sort());
    for (const category of policy!.categories.values()) {
      expect(category.announced.get('staff')).to.be.at.most(0);
    }
  });
});

describe('cli/init', () => {
  afterEach(removeFolders);

  it('makes a configuration in which check finds no mistake, with keys and data of its own', async () => {
    const dir = join(makeFolder({}), 'own');
    const keys: string[] = [];
    const makeKeys = (keysDir: string) => {
      keys.push(keysDir);
    };
    const [exit, text] = await run(io => runInit({ dir, packageRoot, makeKeys }, io));
    expect(exit).to.equal(0);
    expect(text).to.contain(`granska check --config ${dir}`);
    expect(keys).to.deep.equal([join(dir, 'keys')]);
    const loaded = await loadConfig({ flags: { config: dir }, env: {}, cwd: packageRoot, packageRoot });
    expect(loaded.problems).to.deep.equal([]);
    expect(loaded.config).to.include({
      dataDir: join(dir, 'data'),
      keysDir: join(dir, 'keys'),
      directoryFile: null,
    });
    expect(readFileSync(join(dir, '.gitignore'), 'utf8')).to.match(/^\/keys\/$/m);
    expect(readFileSync(join(dir, 'categories/gambling/domains'), 'utf8')).to.equal('');
    expect(readFileSync(join(dir, 'granska.yaml'), 'utf8')).to.not.contain('..');
  });

  it('makes a file of people that can be named as it is: nobody acts yet (§8.4)', async () => {
    const dir = join(makeFolder({}), 'own');
    await run(io => runInit({ dir, packageRoot, makeKeys: () => undefined }, io));
    const settings = join(dir, 'granska.yaml');
    const named = readFileSync(settings, 'utf8').replace('# people: people.yaml', 'people: people.yaml');
    writeFileSync(settings, named);
    const loaded = await loadConfig({ flags: { config: dir }, env: {}, cwd: packageRoot, packageRoot });
    expect(loaded.persons).to.deep.equal([]);
    expect(loaded.problems.map(problem => [problem.severity, problem.message])).to.deep.equal([
      ['warning', 'nobody has the duty granter'],
      ['warning', 'nobody has the duty signer'],
    ]);
  });

  it('overwrites nothing, and says which file is in the way', async () => {
    const dir = makeFolder({ 'policy.yaml': 'mine' });
    const failure = await run(io => runInit({ dir, packageRoot, makeKeys: () => undefined }, io)).catch(
      error => error,
    );
    expect(failure).to.include({ code: 'USAGE', exit: 2 });
    expect(failure.message).to.contain('policy.yaml exists already');
    expect(readFileSync(join(dir, 'policy.yaml'), 'utf8')).to.equal('mine');
    expect(existsSync(join(dir, 'granska.yaml'))).to.equal(false);
  });
});
