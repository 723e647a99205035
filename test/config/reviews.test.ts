import { expect } from 'chai';
import { requireConfig } from '../../src/config/load.ts';
import { load, removeFolders, VALID } from './support.ts';

const PEOPLE = `version: 1
people:
  - { id: rut, accounts: [rut], duties: [reviewer, granter] }
  - { id: Siv, accounts: [siv], duties: [signer, reviewer, granter] }
  - { id: sara, accounts: [sara], duties: [signer] }
`;

const PLAN: Readonly<Record<string, string>> = {
  id: 'monthly',
  names: '{ sv: Månad, en: Month }',
  period: 'month',
  schedule: '0 6 2 * *',
  checklist: '{ version: "1", items: [{ id: work, sv: Arbete?, en: Work? }] }',
  reviewers: '[rut]',
  signers: '[siv]',
};

const DELIVERY: Readonly<Record<string, string>> = {
  id: 'heads',
  report: 'hr',
  schedule: '0 7 2 * *',
  formats: '[html]',
  folder: 'hr',
};

type Changes = Readonly<Record<string, string | null>>;

function item(base: Readonly<Record<string, string>>, changes: Changes): string {
  const keys = Object.entries({ ...base, ...changes }).filter(([, value]) => value !== null);
  return keys.map(([key, value], index) => `${index === 0 ? '  - ' : '    '}${key}: ${value}\n`).join('');
}

function loadWith(plans: readonly Changes[], deliveries: readonly Changes[] = []) {
  return load({
    'granska.yaml': `${VALID['granska.yaml']}people: people.yaml\nreviews: reviews.yaml\n`,
    'people.yaml': PEOPLE,
    'reviews.yaml': `version: 1\nplans:${plans.length === 0 ? ' []' : ''}\n${plans.map(plan => item(PLAN, plan)).join('')}deliveries:${deliveries.length === 0 ? ' []' : ''}\n${deliveries.map(changes => item(DELIVERY, changes)).join('')}`,
  });
}

async function problemsOf(plans: readonly Changes[], deliveries: readonly Changes[] = []): Promise<string[]> {
  const { problems } = await loadWith(plans, deliveries);
  return problems
    .filter(problem => problem.file === 'reviews.yaml')
    .map(
      ({ line, column, severity, key, message, hint }) =>
        `${line}:${column} ${severity} ${key}: ${message} (${hint})`,
    );
}

describe('the file of review plans and deliveries', () => {
  afterEach(removeFolders);

  it('gives plans with people under their one canonical name, and what shows least unless said', async () => {
    const { plans } = requireConfig(
      await loadWith([{ signers: '[SIV]' }], [{}, { id: 'board', report: 'statistics', folder: 'board' }]),
    );
    expect(plans.reviews[0]).to.deep.include({
      ...{
        kind: 'review',
        id: 'monthly',
        signers: ['siv'],
        validFrom: null,
        dueDays: 30,
        sample: { kind: 'all' },
      },
      scope: { tenant: null, departments: null, categories: null, class: null, population: 'findings' },
    });
    expect(plans.deliveries.map(({ split, lang }) => `${split} ${lang}`)).to.deep.equal([
      'departments sv',
      'whole sv',
    ]);
  });

  it('need not be there', async () => {
    expect(requireConfig(await load({})).plans).to.deep.equal({ reviews: [], deliveries: [] });
  });

  const mistakes: [string, Changes[], Changes[], RegExp[]][] = [
    [
      'an unknown key',
      [{ reviewer: '[rut]' }],
      [],
      [/^10:5 error plans\[0\]\.reviewer: is not a known key \(did you mean reviewers\?\)/],
    ],
    [
      'a schedule that cannot be read, with the field',
      [{ schedule: '0 25 2 * *' }],
      [],
      [/^6:15 error plans\[0\]\.schedule: the hour cannot be read/],
    ],
    ['a schedule that never comes', [{ schedule: '0 6 31 2 *' }], [], [/never comes/]],
    ['a schedule that comes all the time', [{ schedule: '"*/5 6 2 * *"' }], [], [/more than once an hour/]],
    [
      'a schedule that leaves months out',
      [{ schedule: '0 6 2 */2 *' }],
      [],
      [/^6:15 warning plans\[0\]\.schedule: leaves periods out, such as \d{4}-\d{2}/],
    ],
    [
      'a reviewer who is nobody',
      [{ reviewers: '[ruth]' }],
      [],
      [/^8:17 error plans\[0\]\.reviewers\[0\]: is nobody of the file of people/],
    ],
    [
      '§8.4 a reviewer without the duty',
      [{ reviewers: '[rut, sara]' }],
      [],
      [/reviewers\[1\]: has not the duty reviewer/],
    ],
    [
      '§8.4 a signer without the duty',
      [{ signers: '[rut]', reviewers: '[siv]' }],
      [],
      [/signers\[0\]: has not the duty signer/],
    ],
    [
      '§8.4 a signer who is the only reviewer',
      [{ reviewers: '[siv]' }],
      [],
      [/signers\[0\]: is the only reviewer too/],
    ],
    [
      '§8.4 one person under two spellings',
      [{ reviewers: '[siv, SIV]', signers: '[sara]' }],
      [],
      [/reviewers\[1\]: is the same person/],
    ],
    [
      'a category that there is none of',
      [{ scope: '{ categories: [gamling] }' }],
      [],
      [/categories\[0\]: the policy has no such category \(did you mean gambling\?\)/],
    ],
    [
      'an organization that there is none of',
      [{ scope: '{ tenant: komun }' }],
      [],
      [/tenant: is no organization of this installation \(did you mean kommun\?\)/],
    ],
    [
      'a category for the audit chain',
      [{ scope: '{ population: audit, categories: [gambling] }' }],
      [],
      [/categories: goes with findings/],
    ],
    ['one id for two', [{ id: 'heads' }], [{}], [/deliveries\[0\]\.id: stands here twice/]],
    [
      'one folder for two',
      [],
      [{}, { id: 'b', folder: 'HR' }],
      [/deliveries\[1\]\.folder: is the folder of another delivery/],
    ],
    ['a folder outside', [], [{ folder: '../x' }], [/folder: must be a folder inside the folder of reports/]],
    ['an absolute folder', [], [{ folder: '/srv/x' }], [/folder: must be a folder inside/]],
    [
      '§8.2 statistics by department',
      [],
      [{ report: 'statistics', perDepartment: 'yes' }],
      [/perDepartment: statistics come on one fixed lattice/],
    ],
    [
      'departments of a whole report',
      [],
      [{ perDepartment: 'no', departments: '[Vård]' }],
      [/departments: goes with perDepartment: yes/],
    ],
  ];
  for (const [name, plans, deliveries, expected] of mistakes) {
    it(`points at ${name}`, async () => {
      const problems = await problemsOf(plans, deliveries);
      expect(problems, problems.join('\n')).to.have.length(expected.length);
      for (const [index, pattern] of expected.entries()) expect(problems[index]).to.match(pattern);
    });
  }

  it('never repeats a person’s name in a mistake', async () => {
    const problems = await problemsOf([{ reviewers: '[nemo.nobody, sara]', signers: '[rut]' }]);
    expect(problems).to.have.length(3);
    expect(problems.join('\n')).not.to.match(/nemo|sara|rut/);
  });
});
