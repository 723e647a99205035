// Decisions made in the product, as part of the configuration: held to the same rules as `policy.yaml`, with their lines.
import { expect } from 'chai';
import type { OpenedDecisions } from '../../src/config/check-decisions.ts';
import { DECISION_SCHEMA } from '../../src/config/decision-schema.ts';
import { loadConfig } from '../../src/config/load.ts';
import { sortProblems } from '../../src/config/problem.ts';
import { changeOf, endOf, exemptionOf, readExemption } from '../../src/config/read-decision.ts';
import { makeFolder, policyWith, removeFolders, VALID } from './support.ts';

const EXEMPTION = {
  ...{ id: 'B-1', categories: ['gambling'], users: ['anna'], reason: 'duties', caseNumber: 'KS 2' },
  ...{ approvers: ['chief'], decided: '2026-02-01', validFrom: '2026-02-01', validThrough: '2026-12-31' },
};
const BY_NAME = 'there is no directory: approvers were compared with the named users only';

/** Numbers lines as the file has them. */
function linesOf(...made: Record<string, unknown>[]): unknown[] {
  return made.map((body, index) => ({
    ...{ schema: DECISION_SCHEMA, seq: index + 1, day: '2026-02-01', at: '2026-02-01T10:00:00.000Z' },
    ...{ by: 'root', prev: '', hash: '', ...body },
  }));
}

function load(decided: Partial<OpenedDecisions> | null, files: Readonly<Record<string, string>> = {}) {
  const cwd = makeFolder({
    ...VALID,
    'granska.yaml': `${VALID['granska.yaml']}exemptions: e.ndjson\n`,
    ...files,
  });
  return loadConfig({
    ...{ flags: { config: cwd }, env: {}, cwd, packageRoot: cwd },
    openDecisions: () =>
      decided === null ? null : { file: 'e.ndjson', lines: [], damage: null, isTorn: false, ...decided },
  });
}

const grant = (over: object = {}) => ({ kind: 'grant', exemption: { ...EXEMPTION, ...over } });

describe('config: decisions', () => {
  afterEach(removeFolders);

  it('§5.3 are part of the policy, behind those of its file', async () => {
    const { policy, exemptions, problems } = await load(
      { lines: linesOf(grant()) },
      { 'policy.yaml': policyWith({}) },
    );
    expect(problems.filter(problem => problem.severity === 'error')).to.deep.equal([]);
    expect([...policy!.exemptions.keys()]).to.deep.equal(['E-1', 'B-1']);
    expect(
      exemptions!.all.map(item => [item.exemption.id, item.file, item.line, item.decision]),
    ).to.deep.equal([
      ['E-1', 'policy.yaml', 9, null],
      ['B-1', 'e.ndjson', 1, 1],
    ]);
  });

  it('§5.7 give the policy another hash, and none where there are none', async () => {
    const without = (await load(null)).policy!.hash;
    expect((await load({})).policy!.hash).to.equal(without);
    const hash = (await load({ lines: linesOf(grant()) })).policy!.hash;
    expect(hash).to.not.equal(without);
    const ended = { kind: 'end', id: 'B-1', validThrough: '2026-03-31', reason: 'over' };
    expect((await load({ lines: linesOf(grant(), ended) })).policy!.hash).to.not.equal(hash);
  });

  it('are no part of the policy where they were ended before they began', async () => {
    const ended = { kind: 'end', id: 'B-1', validThrough: '2026-02-01', reason: 'not needed' };
    const { policy, exemptions, problems } = await load({
      lines: linesOf(grant({ validFrom: '2026-06-01' }), ended),
    });
    expect(problems.map(problem => problem.message)).to.deep.equal([BY_NAME]);
    expect(policy!.exemptions.size).to.equal(0);
    expect(exemptions!.all.map(item => item.isVoid)).to.deep.equal([true]);
  });

  it('can be named by policy tests', async () => {
    const { problems } = await load(
      { lines: linesOf(grant()) },
      {
        'policy.tests.yaml':
          'version: 1\ntests:\n  - { url: "http://casino.example/", at: 2026-10-05T10:00, user: anna, expect: { verdict: exempt, exemption: B-1 } }\n',
      },
    );
    expect(problems.filter(problem => problem.severity === 'error')).to.deep.equal([]);
  });

  const change = (over: object) => ({ kind: 'change', id: 'B-1', ...over });
  const mistakes: [string, unknown[], string[]][] = [
    [
      'an approver whom the decision covers',
      linesOf(grant({ approvers: ['ANNA'] })),
      ['1 error approvers[0]: is covered by the exemption by name at some time of its validity'],
    ],
    [
      'an approver whom a change added, at the line of the change',
      linesOf(grant(), change({ approvers: ['anna'] })),
      ['2 error approvers[1]: is covered by the exemption by name at some time of its validity'],
    ],
    [
      'class forbidden with one approver',
      linesOf(grant({ categories: ['weapons'] })),
      ['1 error approvers: the category weapons is of class forbidden: two different approvers are needed'],
    ],
    [
      'class forbidden that lasts longer by the word of one person under two spellings',
      linesOf(
        grant({ categories: ['weapons'], approvers: ['chief', 'deputy'] }),
        change({ validThrough: '2027-01-31', approvers: ['chief', 'CHIEF'] }),
      ),
      [
        '2 error approvers: the category weapons is of class forbidden: two different approvers are needed to make it last longer',
      ],
    ],
    [
      'a category that is not there',
      linesOf(grant({ categories: ['gamblin'] })),
      ['1 error categories[0]: the policy has no such category'],
    ],
    [
      'an end in the past',
      linesOf(grant(), { kind: 'end', id: 'B-1', validThrough: '2026-01-31', reason: 'over' }),
      ['2 error validThrough: lies before the day of the decision'],
    ],
    [
      'a change that ends it before it begins',
      linesOf(grant({ validFrom: '2026-06-01' }), change({ validThrough: '2026-05-01' })),
      ['2 error validThrough: lies before validFrom'],
    ],
    [
      'a line of another form',
      linesOf(grant(), { kind: 'grant', exemption: { ...EXEMPTION, id: 'B-2', validThrough: null } }),
      ['2 error exemption.validThrough: the decision cannot be read'],
    ],
    [
      'a line of another schema',
      linesOf({ ...grant(), schema: 'granska.decision/2' }),
      ['1 error schema: the decision cannot be read'],
    ],
  ];
  for (const [name, lines, expected] of mistakes) {
    it(`§5.3 points at ${name}`, async () => {
      const { policy, problems } = await load({ lines, isMaking: true });
      expect(policy).to.equal(null);
      expect(described(problems)).to.deep.equal(expected);
    });
  }

  const misfits: [string, object, string][] = [
    [
      'a category that the policy has no more',
      { categories: ['gamblin'] },
      'categories[0]: the policy has no such category',
    ],
    ['a role that is gone', { roles: ['clerk'] }, 'roles[0]: the policy has no such role'],
  ];
  for (const [name, over, expected] of misfits) {
    it(`§5.3 only warn of ${name}: what was decided cannot be rewritten, and nothing else stops for it`, async () => {
      const lines = linesOf(grant(over));
      const stands = await load({ lines });
      expect(described(stands.problems)).to.include(`1 warning ${expected}`);
      expect(stands.policy!.exemptions.size).to.equal(1);
      const isMade = await load({ lines, isMaking: true });
      expect(described(isMade.problems)).to.include(`1 error ${expected}`);
      expect(isMade.policy).to.equal(null);
    });
  }

  it('§5.3 points at an id that stands in the policy file too', async () => {
    const { problems } = await load(
      { lines: linesOf(grant({ id: 'E-1' })) },
      { 'policy.yaml': policyWith({}) },
    );
    expect(described(problems)).to.include('1 error id: another exemption has this id');
  });

  it('§10.2 point at the line at which the file is broken, and leave no policy', async () => {
    const { policy, problems } = await load({
      ...{ lines: linesOf(grant()), damage: { line: 2, message: 'it was changed' } },
    });
    expect(policy).to.equal(null);
    expect(described(problems)).to.deep.equal(['2 error : the file of decisions is broken: it was changed']);
  });

  it('only warn of half a line that was never confirmed', async () => {
    const { policy, problems } = await load({ lines: linesOf(grant()), isTorn: true });
    expect(policy!.exemptions.size).to.equal(1);
    expect(described(problems)).to.deep.equal([
      '2 warning : half a line, of a decision that was never confirmed: it counts for nothing',
    ]);
  });

  it('name no user in any problem', async () => {
    const { problems } = await load({
      lines: linesOf(grant({ approvers: ['anna', 'anna'], users: ['anna', 'anna'] })),
    });
    expect(problems.length).to.be.greaterThan(0);
    expect(JSON.stringify(problems)).to.not.match(/anna/i);
  });

  function described(problems: Parameters<typeof sortProblems>[0]): string[] {
    return sortProblems(problems)
      .filter(problem => problem.file === 'e.ndjson' && problem.message !== BY_NAME)
      .map(({ line, severity, key, message }) => `${line} ${severity} ${key}: ${message}`);
  }
});

describe('config/read-decision', () => {
  it('takes an exemption from flags and from YAML alike', () => {
    const yaml = Object.entries(EXEMPTION).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
    const bytes = new TextEncoder().encode(yaml.join('\n'));
    expect(readExemption(bytes, 'b.yaml')).to.deep.equal({ value: EXEMPTION });
    expect(exemptionOf({ ...EXEMPTION, roles: undefined })).to.deep.equal({ value: EXEMPTION });
  });

  it('§10.1 points at mistakes by file and line, or by key alone', () => {
    const bytes = new TextEncoder().encode('id: B-1\nuser: [anna]\n');
    const read = readExemption(bytes, 'b.yaml');
    const places = 'problems' in read ? read.problems.map(item => [item.file, item.line, item.key]) : [];
    expect(places).to.deep.include.members([
      ['b.yaml', 2, 'user'],
      ['b.yaml', 1, 'validThrough'],
    ]);
    const flags = exemptionOf({ ...EXEMPTION, hours: 'noon' });
    expect('problems' in flags && flags.problems.map(item => item.key)).to.deep.equal(['hours']);
  });

  it('takes changes and ends, and refuses days that are none', () => {
    expect(changeOf({ id: 'B-1', caseNumber: 'KS 3' })).to.deep.equal({
      value: { kind: 'change', id: 'B-1', caseNumber: 'KS 3' },
    });
    expect(endOf({ id: 'B-1', validThrough: '2026-02-30', reason: 'x' })).to.have.property('problems');
    expect(endOf({ id: 'B-1', validThrough: '2026-02-28' })).to.have.property('problems');
  });
});
