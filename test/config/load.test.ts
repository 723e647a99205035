import { expect } from 'chai';
import { requireConfig } from '../../src/config/load.ts';
import type { Problem } from '../../src/config/problem.ts';
import { formatProblems } from '../../src/config/problem.ts';
import type { Directory, DirectoryEntry } from '../../src/ports/directory.ts';
import { load, policyWith, removeFolders, VALID } from './support.ts';

/** Writes a problem as `file:line:column severity key: message`, without its hint. */
function short({ file, line, column, severity, key, message }: Problem): string {
  return `${file}:${line}:${column} ${severity} ${key}: ${message}`;
}

async function problemsOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<string[]> {
  return (await load(files)).problems.map(short);
}

async function hintsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  return (await load(files)).problems
    .filter(problem => problem.severity === 'error')
    .map(problem => problem.hint);
}

const policy = (change: (text: string) => string) => ({ 'policy.yaml': change(VALID['policy.yaml']!) });
const exempting = (over: Readonly<Record<string, string | null>>) => ({ 'policy.yaml': policyWith(over) });

/** The warning that comes with every exemption while there is no directory. */
const BY_NAME =
  'policy.yaml:8:1 warning exemptions: there is no directory: approvers were compared with the named users only';

const mistakes: [string, Readonly<Record<string, string | Uint8Array>>, string[]][] = [
  [
    'an unknown key',
    { 'granska.yaml': `${VALID['granska.yaml']}organisation: x\n` },
    ['granska.yaml:7:1 error organisation: is not a known key'],
  ],
  [
    'an unknown zone, a missing folder and a wrong type, all at once',
    {
      'granska.yaml':
        'version: 1\ntimezone: Europe/Nowhere\npolicyTests: policy.tests.yaml\nlists: [lists, none]\ntaxonomy: taxonomy.yaml\nsource: { maxLineBytes: many }\n',
    },
    [
      'granska.yaml:2:11 error timezone: is not a known time zone',
      'granska.yaml:4:16 error lists[1]: there is no such folder',
      'granska.yaml:6:25 error source.maxLineBytes: must be a number',
    ],
  ],
  [
    'a file of another version',
    policy(text => text.replace('version: 1', 'version: 2')),
    ['policy.yaml:1:10 error version: must be 1'],
  ],
  ['an empty file', { 'policy.yaml': '' }, ['policy.yaml:1:1 error : must be a map of keys']],
  [
    'a tab',
    policy(text => `${text}thresholds:\n\trecords: 3\n`),
    ['policy.yaml:9:1 error : a tab is used as indentation'],
  ],
  [
    'a key that stands there twice',
    policy(text => `${text}smallGroup: 5\nsmallGroup: 6\n`),
    ['policy.yaml:9:1 error smallGroup: the key stands here twice'],
  ],
  [
    'text that is not UTF-8',
    { 'policy.yaml': Buffer.concat([Buffer.from(`${VALID['policy.yaml']}# `), Buffer.from([0xe5, 0x0a])]) },
    ['policy.yaml:8:1 error : the line is not UTF-8 text'],
  ],
  [
    'a category that the taxonomy does not have',
    policy(text => text.replace('gambling:', 'gamling:')),
    [
      'policy.tests.yaml:3:98 error tests[0].expect.category: the policy has no such category',
      'policy.yaml:3:3 error categories.gamling: the category is not in the taxonomy',
    ],
  ],
  [
    'a list that is not there, and one that feeds nothing',
    policy(text => text.replace('[casino]', '[casinos]')),
    [
      'policy.yaml:2:1 warning categories: the list casino feeds no category',
      'policy.yaml:3:23 error categories.gambling.lists[0]: there is no list of that name',
    ],
  ],
  [
    'a list that is protected as well',
    policy(text => text.replace('[casino]', '[casino, protected]')),
    [
      'policy.yaml:3:31 warning categories.gambling.lists[1]: the list is also protected, and protected sites win: it feeds nothing here',
    ],
  ],
  [
    'a population and a day that are none',
    policy(text => text.replace('elected: 2026-03-01', 'electd: 2026-03-01, pupil: 2026-02-30')),
    [
      'policy.yaml:4:68 error categories.weapons.announcedFrom.electd: is not a known key',
      'policy.yaml:4:95 error categories.weapons.announcedFrom.pupil: must be a day such as 2026-03-31',
    ],
  ],
  [
    '§1.4 a retention without a decision',
    policy(text => `${text}retention: { findings: { days: 730 } }\n`),
    ['policy.yaml:8:14 error retention.findings.decision: is missing'],
  ],
  [
    '§5.3 an exemption without an end',
    exempting({ validThrough: null }),
    [BY_NAME, 'policy.yaml:9:5 error exemptions[0].validThrough: is missing'],
  ],
  [
    '§1.3 an exemption with `from` and `to`',
    exempting({ validFrom: null, validThrough: null, from: '2026-01-01', to: '2026-12-31' }),
    [
      BY_NAME,
      'policy.yaml:9:5 error exemptions[0].validFrom: is missing',
      'policy.yaml:9:5 error exemptions[0].validThrough: is missing',
      'policy.yaml:15:5 error exemptions[0].from: is not a known key',
      'policy.yaml:16:5 error exemptions[0].to: is not a known key',
    ],
  ],
  [
    'an exemption that ends before it begins',
    exempting({ validThrough: '2025-12-31' }),
    [BY_NAME, 'policy.yaml:16:19 error exemptions[0].validThrough: lies before validFrom'],
  ],
  [
    '§5.3 an exemption that covers nobody',
    exempting({ users: null }),
    [BY_NAME, 'policy.yaml:9:5 error exemptions[0]: covers nobody'],
  ],
  [
    '§5.3 class forbidden with one approver',
    exempting({ categories: '[weapons]' }),
    [
      BY_NAME,
      'policy.yaml:14:16 error exemptions[0].approvers: the category weapons is of class forbidden: two different approvers are needed',
    ],
  ],
  [
    '§5.3 two approvers who are one person',
    exempting({ categories: '[weapons]', approvers: '[chief, CHIEF]' }),
    [
      BY_NAME,
      'policy.yaml:14:16 error exemptions[0].approvers: the category weapons is of class forbidden: two different approvers are needed',
      'policy.yaml:14:24 error exemptions[0].approvers[1]: is the same person as another approver',
    ],
  ],
  [
    '§5.3 an approver whom it covers by name, in another spelling',
    exempting({ approvers: '[Anna]' }),
    [
      BY_NAME,
      'policy.yaml:14:17 error exemptions[0].approvers[0]: is covered by the exemption by name at some time of its validity',
    ],
  ],
  [
    'unknown names and impossible limits, even where another key is wrong',
    exempting({
      categories: '[gamblin]',
      roles: '[investigater]',
      sites: '[se, "https://a.example/"]',
      weekdays: '[mon]',
      hours: '"8-17"',
    }),
    [
      BY_NAME,
      'policy.yaml:10:18 error exemptions[0].categories[0]: the policy has no such category',
      'policy.yaml:17:5 warning exemptions[0].roles: roles come from the directory, and there is none: nobody has them',
      'policy.yaml:17:13 error exemptions[0].roles[0]: the policy has no such role',
      'policy.yaml:18:13 error exemptions[0].sites[0]: is a public suffix: it would cover every site under it',
      'policy.yaml:18:17 error exemptions[0].sites[1]: is not a host or an address',
      'policy.yaml:19:16 error exemptions[0].weekdays[0]: is not one of the known values',
      'policy.yaml:20:12 error exemptions[0].hours: must be clock hours such as "08:00-17:00" or "22:00-06:00"',
    ],
  ],
  [
    'two exemptions with one id',
    { 'policy.yaml': `${policyWith({})}${policyWith({}).split('exemptions:\n')[1]}` },
    [BY_NAME, 'policy.yaml:17:9 error exemptions[1].id: another exemption has this id'],
  ],
  [
    'an exemption that covers visits from before its decision',
    exempting({ decided: '2026-02-01' }),
    [
      BY_NAME,
      'policy.yaml:15:16 warning exemptions[0].validFrom: lies before the decision: visits before that are not covered unless it is retroactive',
    ],
  ],
  [
    'an exemption that ended before it was decided',
    exempting({ decided: '2027-02-01' }),
    [
      BY_NAME,
      'policy.yaml:16:19 warning exemptions[0].validThrough: lies before the decision: it covers nothing unless it is retroactive',
    ],
  ],
  [
    'a decision that is retroactive without need',
    exempting({ decided: '2026-01-01', retroactive: '{ reason: late, approvers: [chief] }' }),
    [
      BY_NAME,
      'policy.yaml:18:5 warning exemptions[0].retroactive: has no effect: the exemption does not begin before its decision',
    ],
  ],
  [
    'a decision that is retroactive without a day of decision',
    exempting({ retroactive: '{ reason: late, approvers: [chief] }' }),
    [
      BY_NAME,
      'policy.yaml:17:5 warning exemptions[0].retroactive: has no effect: the exemption does not begin before its decision',
    ],
  ],
  [
    '§5.3 nothing but that, where it is retroactive and approved as that',
    exempting({ decided: '2026-02-01', retroactive: '{ reason: late, approvers: [chief] }' }),
    [BY_NAME],
  ],
  [
    '§5.3 a retroactive decision on class forbidden that one person approved',
    exempting({
      ...{ categories: '[weapons]', approvers: '[chief, deputy]', decided: '2026-02-01' },
      retroactive: '{ reason: late, approvers: [chief] }',
    }),
    [
      BY_NAME,
      'policy.yaml:18:45 error exemptions[0].retroactive.approvers: the category weapons is of class forbidden: two different approvers are needed',
    ],
  ],
  [
    '§5.3 a retroactive decision that whom it covers approved, or one person twice',
    exempting({ decided: '2026-02-01', retroactive: '{ reason: late, approvers: [ANNA, chief, CHIEF] }' }),
    [
      BY_NAME,
      'policy.yaml:18:46 error exemptions[0].retroactive.approvers[0]: is covered by the exemption by name at some time of its validity',
      'policy.yaml:18:59 error exemptions[0].retroactive.approvers[2]: is the same person as another approver',
    ],
  ],
  [
    'a retroactive decision without a reason',
    exempting({ decided: '2026-02-01', retroactive: '{ approvers: [chief] }' }),
    [BY_NAME, 'policy.yaml:18:5 error exemptions[0].retroactive.reason: is missing'],
  ],
  [
    'a key without a value',
    exempting({ users: '' }),
    [BY_NAME, 'policy.yaml:11:5 error exemptions[0].users: must be a list'],
  ],
  [
    'a number where a text is wanted',
    exempting({ caseNumber: '14' }),
    [BY_NAME, 'policy.yaml:13:17 error exemptions[0].caseNumber: must be a text'],
  ],
  [
    'a test at a time that the clock skipped, of an exemption that is not there',
    {
      'policy.tests.yaml':
        'version: 1\ntests:\n  - url: http://a.example/\n    at: 2026-03-29T02:30\n    expect: { verdict: exempt, exemption: E-1 }\n',
    },
    [
      'policy.tests.yaml:4:9 error tests[0].at: is no time of the configured time zone',
      'policy.tests.yaml:5:43 error tests[0].expect.exemption: the policy has no such exemption',
    ],
  ],
];

const hints: [string, Readonly<Record<string, string>>, string][] = [
  [
    'to',
    exempting({ validThrough: null, to: '2026-12-31' }),
    'write validThrough: the last day that counts, itself included (t.o.m.)',
  ],
  ['from', exempting({ validFrom: null, from: '2026-12-31' }), 'write validFrom: the first day that counts'],
  ['aprovers', exempting({ aprovers: '[x]' }), 'did you mean approvers?'],
  ['a number', exempting({ caseNumber: '14' }), 'put it in quotes'],
  ['porn-like prefixes', policy(text => text.replace('gambling:', 'gamb:')), 'did you mean gambling?'],
];

describe('config/load', () => {
  afterEach(removeFolders);

  it('§10.1 loads a valid configuration without a problem', async () => {
    const loaded = await load();
    expect(formatProblems(loaded.problems)).to.equal('');
    const { config, policy: made, tests } = requireConfig(loaded);
    expect(config.organization).to.equal('kommun');
    expect(made.categoriesOf('casino')).to.deep.equal(['gambling']);
    expect(made.hash).to.match(/^[0-9a-f]{64}$/);
    expect(tests.map(test => [test.name, test.line, test.method, test.status])).to.deep.equal([
      ['test 1', 3, 'GET', 200],
    ]);
  });

  for (const [name, files, expected] of mistakes) {
    it(`§10.1 points at ${name}`, async () => {
      expect(await problemsOf(files)).to.deep.equal(expected);
    });
  }

  for (const [name, files, expected] of hints) {
    it(`says what to write instead of ${name}`, async () => {
      expect(await hintsOf(files)).to.include(expected);
    });
  }

  it('has no policy to go on with where there is an error, and says all errors', async () => {
    const loaded = await load(exempting({ validThrough: null, caseNumber: '14' }));
    expect(loaded.policy).to.equal(null);
    expect(() => requireConfig(loaded))
      .to.throw(/validThrough: is missing[\s\S]*caseNumber: must be a text/)
      .with.property('code', 'CONFIG');
  });

  it('names no user in any problem', async () => {
    const { problems } = await load(exempting({ approvers: '[anna, anna]', users: '[anna, anna]' }));
    expect(problems.length).to.be.greaterThan(2);
    expect(formatProblems(problems)).to.not.match(/anna/i);
  });
});

describe('config/load with a directory', () => {
  afterEach(removeFolders);

  const everAfter = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
  const clerk: DirectoryEntry = { roles: [], department: 'Skola', population: 'staff', ...everAfter };
  const people: Record<string, DirectoryEntry[]> = {
    anna: [{ ...clerk, department: 'Omsorg', roles: ['investigator'] }],
    chief: [
      { ...clerk, toMs: Date.parse('2026-05-31T22:00:00Z') },
      { ...clerk, department: 'Omsorg', roles: ['investigator'], fromMs: Date.parse('2026-05-31T22:00:00Z') },
    ],
  };
  const directory: Directory = {
    entries: (tenant, user) => (tenant === 'kommun' ? (people[user] ?? []) : []),
    departments: () => [
      { department: 'Omsorg', parent: null, tenant: 'kommun' },
      { department: 'Hemtjänst', parent: 'Omsorg', tenant: 'kommun' },
      { department: 'Skola', parent: null, tenant: 'kommun' },
    ],
    size: () => 10,
  };
  const cases: [string, Readonly<Record<string, string | null>>, string[]][] = [
    ['nothing wrong with a user and an approver who are in it', { users: '[ANNA]' }, []],
    [
      '§5.3 an approver who has the role at some time of it',
      { users: null, roles: '[investigator]' },
      [
        'policy.yaml:13:17 error exemptions[0].approvers[0]: is covered by the exemption by role at some time of its validity',
      ],
    ],
    [
      '§5.3 an approver of its being retroactive who has the role at some time of it',
      {
        ...{ users: null, roles: '[investigator]', approvers: '[other]', decided: '2026-02-01' },
        retroactive: '{ reason: late, approvers: [chief] }',
      },
      [
        'policy.yaml:13:17 warning exemptions[0].approvers[0]: is not in the directory: roles and department could not be compared',
        'policy.yaml:18:46 error exemptions[0].retroactive.approvers[0]: is covered by the exemption by role at some time of its validity',
      ],
    ],
    [
      '§5.3 an approver who has the role only after it has ended as fit',
      { users: null, roles: '[investigator]', validThrough: '2026-05-31' },
      [],
    ],
    [
      '§5.3 an approver in the department',
      { users: null, departments: '[Omsorg, Hemtjänst]' },
      [
        'policy.yaml:13:17 error exemptions[0].approvers[0]: is covered by the exemption by department at some time of its validity',
      ],
    ],
    [
      'an approver who is not in it',
      { approvers: '[mayor]' },
      [
        'policy.yaml:14:17 warning exemptions[0].approvers[0]: is not in the directory: roles and department could not be compared',
      ],
    ],
    [
      'a user who is not in it',
      { users: '[ana]' },
      ['policy.yaml:11:13 warning exemptions[0].users[0]: the directory has no such user in that time'],
    ],
    [
      'a department that there is not',
      { departments: '[Skolan]' },
      ['policy.yaml:17:19 error exemptions[0].departments[0]: there is no such department'],
    ],
    [
      'a department with others below it',
      { departments: '[Omsorg]', validThrough: '2026-05-31' },
      ['policy.yaml:17:19 warning exemptions[0].departments[0]: does not cover the departments below it'],
    ],
    [
      'an organization that there is not',
      { tenant: 'kommunen' },
      ['policy.yaml:17:13 error exemptions[0].tenant: there is no such organization'],
    ],
  ];
  for (const [name, over, expected] of cases) {
    it(`finds ${name}`, async () => {
      const loaded = await load(exempting(over), { directory, problems: [] });
      expect(loaded.problems.map(short)).to.deep.equal(expected);
    });
  }

  it('asks which organization is meant where there is more than one', async () => {
    const loaded = await load(exempting({}), { directory, tenants: ['region'], problems: [] });
    expect(loaded.problems.map(short)).to.deep.equal([
      'policy.yaml:11:5 warning exemptions[0].users: there is more than one organization, and a name may be used in each',
    ]);
  });

  it('passes on what the directory itself had to tell', async () => {
    const problem: Problem = {
      file: 'directory.csv',
      line: 2,
      column: 1,
      key: 'user',
      message: 'is empty',
      hint: '',
      severity: 'error',
    };
    const loaded = await load({}, { directory: null, problems: [problem] });
    expect(loaded.problems).to.deep.equal([problem]);
    expect(() => requireConfig(loaded)).to.throw('is empty');
  });
});
