// The policy in time: test/policy/in-time holds a whole configuration and its policy tests, one row for each edge of the
// rules. Here they run as a user runs them; then the policy is changed a little, many times, and each time rows must fail.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import type { Checked } from '../../src/cli/app.ts';
import { judgePolicyTest } from '../../src/cli/judge-policy-test.ts';
import { compose } from '../../src/compose.ts';
import { testResults } from '../../src/policy/tests.ts';
import { ROOT, run } from '../cli/run.ts';
import { PLANTED, REFUSED } from './in-time-faults.ts';

const TABLE = join(ROOT, 'test', 'policy', 'in-time');

describe('the policy in time', function () {
  this.timeout(120_000);
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'granska-in-time-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const check = (config: string, ...args: string[]) =>
    run([
      'check',
      '--config',
      config,
      '--data-dir',
      join(dir, 'data'),
      '--keys-dir',
      join(dir, 'keys'),
      ...args,
    ]);

  it('§5.3 answers every row of the tables, and they show all that the policy can come to', async () => {
    const { stdout, stderr, code } = await check(TABLE, '--coverage', '--exit-code', '--json');
    expect(code, stdout + stderr).to.equal(0);
    const { tests, coverage, errors } = JSON.parse(stdout);
    expect({ errors, failed: tests.failed, missing: coverage.missing }).to.deep.equal({
      ...{ errors: 0, failed: 0, missing: [] },
    });
    expect(tests.passed).to.be.at.least(80);
    expect(new Set(tests.results.map(({ name }: { name: string }) => name)).size).to.equal(tests.passed);
  });

  it('§1.2 answers them by the clock of another organisation', async () => {
    const { stdout, code } = await check(join(TABLE, 'utc'));
    expect(code, stdout).to.equal(0);
    expect(stdout).to.match(/policy tests: \d\d passed, 0 failed/);
  });

  it('§5.3 has rows that fail for each exemption that begins a day later, ends a day earlier, or is not there', async () => {
    const { ids, alter } = exemptions();
    expect(ids.length).to.be.greaterThan(15);
    const unseen: string[] = [];
    for (const id of ids) {
      for (const change of ['validFrom', 'validThrough', 'gone'] as const) {
        if ((await failing(dir, { 'policy.yaml': alter(id, change) })).length === 0)
          unseen.push(`${id} ${change}`);
      }
    }
    // Its first day decides nothing: it was decided later, and is not retroactive.
    expect(unseen).to.deep.equal(['E-LATE validFrom']);
  });

  for (const [name, file, from, to] of PLANTED) {
    it(`has rows that fail where ${name}`, async () => {
      const text = readFileSync(join(TABLE, file), 'utf8');
      expect(text, `${file} no longer says so`).to.contain(from);
      expect(await failing(dir, { [file]: text.replaceAll(from, to) })).to.not.be.empty;
    });
  }

  it('§5.3 an unchanged copy fails in none', async () => {
    expect(await failing(dir, {})).to.deep.equal([]);
  });

  for (const [name, from, to, key, message] of REFUSED) {
    it(`${name}: an error at the line of it`, async () => {
      const text = readFileSync(join(TABLE, 'policy.yaml'), 'utf8');
      expect(text).to.contain(from);
      const { problems } = await checked(dir, { 'policy.yaml': text.replace(from, to) });
      const errors = problems.filter(({ severity }) => severity === 'error');
      expect(errors.map(problem => [problem.key, problem.message])).to.deep.equal([[key, message]]);
      const first = text.slice(0, text.indexOf(from)).split('\n').length;
      expect(errors[0]!.line).to.be.within(first, first + to.split('\n').length - 1);
    });
  }
});

/** Copies the tables' configuration, with some files changed. */
function copy(dir: string, files: Readonly<Record<string, string>>): string {
  const config = mkdtempSync(join(dir, 'config-'));
  cpSync(TABLE, config, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(config, name), text);
  return config;
}

/** Checks a copy with some files changed, in this process. */
function checked(dir: string, files: Readonly<Record<string, string>>): Promise<Checked> {
  return compose({
    flags: { config: copy(dir, files), dataDir: join(dir, 'data'), keysDir: join(dir, 'keys') },
    ...{ env: {}, cwd: dir, packageRoot: ROOT, stderr: new PassThrough(), tell: () => {} },
    clock: { nowMs: () => Date.UTC(2026, 11, 31) },
  }).check();
}

/** Gives the names of the rows that fail in a copy with some files changed; throws where that cannot be judged. */
async function failing(dir: string, files: Readonly<Record<string, string>>): Promise<string[]> {
  const { tests, judge, policy, problems } = await checked(dir, files);
  if (tests === null || judge === null || policy === null) {
    throw new Error(problems.map(problem => `${problem.key}: ${problem.message}`).join('\n'));
  }
  const outcomes = [];
  for (const test of tests) outcomes.push(await judgePolicyTest(test, { policy, judge }));
  return testResults(tests, outcomes)
    .filter(result => !result.passed)
    .map(result => result.name);
}

type Change = 'validFrom' | 'validThrough' | 'gone';

/** Reads the ids of the policy's exemptions, and gives what writes the policy with one of them changed. */
function exemptions(): { ids: string[]; alter(id: string, change: Change): string } {
  const text = readFileSync(join(TABLE, 'policy.yaml'), 'utf8');
  const [head, ...parts] = text.split(/^(?= {2}- id: )/m);
  const idOf = (part: string) => /id: (\S+)/.exec(part)![1]!;
  return {
    ids: parts.map(idOf),
    alter: (id, change) =>
      head + parts.map(part => (idOf(part) === id ? changed(part, change) : part)).join(''),
  };
}

/** Moves the first day on or the last day back, both where they are one. What is gone keeps its id, which rows name. */
function changed(exemption: string, change: Change): string {
  const [, from, through] = /validFrom: (\S+)\s+validThrough: (\S+)/.exec(exemption)!;
  const later = Number(change === 'validFrom');
  const earlier = -Number(change === 'validThrough');
  const [first, last] = from === through ? [later + earlier, later + earlier] : [later, earlier];
  const days =
    change === 'gone' ? ['2001-01-01', '2001-01-01'] : [moved(from!, first), moved(through!, last)];
  return exemption
    .replace(/validFrom: \S+/, `validFrom: ${days[0]}`)
    .replace(/validThrough: \S+/, `validThrough: ${days[1]}`);
}

function moved(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}
