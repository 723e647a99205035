import { expect } from 'chai';
import { requireConfig } from '../../src/config/load.ts';
import type { Directory } from '../../src/ports/directory.ts';
import { load, removeFolders, VALID } from './support.ts';

const KEY = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
const key = (hex: string) => Buffer.from(hex, 'hex').toString('base64');

const files = (people: string) => ({
  'granska.yaml': `${VALID['granska.yaml']}people: people.yaml\nidentity: { stripDomains: [KOMMUN], sharedAccounts: [reception] }\n`,
  'people.yaml': `version: 1\npeople:\n${people}`,
});

/** Two who can answer and sign, so that only what a test plants is told of. */
const TWO = `  - { id: anna, accounts: [anna, anna-adm], duties: [analyst, granter, signer] }
  - { id: bo, accounts: [bo], duties: [granter, signer], publicKey: ${key(KEY)} }
`;

const problemsOf = async (people: string) =>
  (await load(files(people))).problems.map(
    ({ line, severity, key, message }) => `${line} ${severity} ${key}: ${message}`,
  );

describe('people.yaml', () => {
  after(removeFolders);

  it('says who acts, under the name that the directory has (§3.4, §8.4)', async () => {
    const { persons } = requireConfig(await load(files(TWO.replace('id: anna', "id: 'KOMMUN\\ANNA'"))));
    expect(persons).to.deep.equal([
      {
        id: 'anna',
        accounts: ['anna', 'anna-adm'],
        duties: ['analyst', 'granter', 'signer'],
        publicKey: null,
      },
      { id: 'bo', accounts: ['bo'], duties: ['granter', 'signer'], publicKey: key(KEY) },
    ]);
  });

  it('may name one account of a person in two spellings (§8.4)', async () => {
    const twice = TWO.replace('anna-adm', "anna-adm, 'KOMMUN\\anna-adm'");
    expect(await problemsOf(twice)).to.deep.equal([]);
  });

  it('is nobody where it is not named, and a mistake where it is named and not there', async () => {
    expect(requireConfig(await load()).persons).to.deep.equal([]);
    const { persons, problems } = await load({ 'granska.yaml': files('')['granska.yaml'] });
    expect([persons, problems.map(problem => problem.message)]).to.deep.equal([
      null,
      ['there is no such file'],
    ]);
  });

  const mistakes: [string, string, string[]][] = [
    [
      'a person who stands there twice, in two spellings',
      `${TWO}  - { id: 'KOMMUN\\Bo', accounts: [other], duties: [dpo] }\n`,
      ['5 error people[2].id: is the same person as another one'],
    ],
    [
      'an account of two persons, upper case or lower',
      `${TWO}  - { id: cilla, accounts: [Anna-ADM], duties: [dpo] }\n`,
      ['5 error people[2].accounts[0]: stands here twice: an account belongs to one person'],
    ],
    [
      'an account that is the id of another person',
      `${TWO}  - { id: cilla, accounts: ['KOMMUN\\bo'], duties: [dpo] }\n`,
      ['5 error people[2].accounts[0]: is the id of another person'],
    ],
    [
      'an account that the identity rules take for one of another person (§8.4)',
      `${TWO}  - { id: cilla, accounts: ['KOMMUN\\anna-adm'], duties: [dpo] }\n`,
      ['5 error people[2].accounts[0]: is an account of another person, by the identity rules'],
    ],
    [
      'accounts that several people use',
      `${TWO}  - { id: reception, accounts: [x], duties: [dpo] }\n  - { id: cilla, accounts: [Reception], duties: [dpo] }\n`,
      [
        '5 error people[2].id: is an account that several people use',
        '6 error people[3].accounts[0]: is an account that several people use',
      ],
    ],
    [
      'a name that stands for nobody',
      `${TWO}  - { id: '-', accounts: [x], duties: [dpo] }\n`,
      ['5 error people[2].id: stands for nobody by the identity rules'],
    ],
    [
      'a key of two persons',
      `${TWO}  - { id: cilla, accounts: [], duties: [dpo], publicKey: ${key(KEY)} }\n`,
      ['5 error people[2].publicKey: is the key of another person too'],
    ],
    ...[
      ['that is cut off', key(KEY).slice(0, -4)],
      ['in another spelling', key(KEY).replace('=', '')],
      ['with which anything fits', key(`01${'00'.repeat(31)}`)],
      ['with which anything fits, with its sign bit set', key(`ec${'ff'.repeat(31)}`)],
    ].map(([what, text]): [string, string, string[]] => [
      `a key ${what}`,
      `${TWO}  - { id: cilla, accounts: [], duties: [dpo], publicKey: ${JSON.stringify(text)} }\n`,
      ['5 error people[2].publicKey: is no public key: copy the line that `granska people keygen` printed'],
    ]),
    [
      'a duty that there is none of',
      `${TWO}  - { id: cilla, accounts: [], duties: [granting] }\n`,
      ['5 error people[2].duties[0]: is not one of the known values'],
    ],
  ];
  for (const [what, people, expected] of mistakes) {
    it(`has its mistake pointed at: ${what}`, async () => {
      expect(await problemsOf(people)).to.deep.equal(expected);
      expect((await load(files(people))).persons).to.equal(null);
    });
  }

  it('has a warning where a second person is missing', async () => {
    const one = '  - { id: anna, accounts: [anna], duties: [analyst, granter] }\n';
    expect(await problemsOf(one)).to.deep.equal([
      '3 warning people: only one person has the duty granter',
      '3 warning people: nobody has the duty signer',
    ]);
    const left = TWO.replace('accounts: [bo]', 'accounts: []');
    expect((await problemsOf(left)).map(text => text.slice(2))).to.deep.equal([
      'warning people: only one person has the duty granter',
      'warning people: only one person has the duty signer',
    ]);
  });

  it('has a warning for whom the directory does not know', async () => {
    const directory = {
      entries: (_tenant: string, user: string) =>
        user === 'anna' ? [{ roles: [], department: 'IT', population: 'staff', fromMs: 0, toMs: 1 }] : [],
      departments: () => [],
      size: () => 9,
    } as Directory;
    const { problems } = await load(files(TWO), { directory, problems: [] });
    const told = problems.filter(problem => problem.file.endsWith('people.yaml'));
    expect(told.map(({ key, severity }) => [key, severity])).to.deep.equal([['people[1].id', 'warning']]);
    expect(JSON.stringify(told)).to.not.match(/\bbo\b/);
  });
});
