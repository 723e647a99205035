import { expect } from 'chai';
import type { Judgement } from '../../src/model/verdict.ts';
import type { Expectation, PolicyTest, RecordOutcome, TestOutcome } from '../../src/policy/policy-test.ts';
import { testResults } from '../../src/policy/tests.ts';

function test(expectation: Partial<Expectation>): PolicyTest {
  return {
    ...{ name: 'a test', user: 'anna', client: '192.0.2.1', url: 'https://casino.example/', atMs: 0 },
    ...{ elapsedMs: null, method: 'GET', status: 200, denied: false, bytes: null, mime: null },
    ...{ referrer: 'notLogged', agent: null, records: 1, gapMs: 0, line: 7, table: null, row: null },
    expect: {
      ...{ verdict: 'examine', category: null, exemption: null, kind: null, confidence: null },
      ...{ population: null, department: null, grade: null, case: null },
      ...expectation,
    },
  };
}

function judged(over: Partial<Judgement> = {}): Judgement {
  const blank = { category: 'gambling', class: 'questionable' as const, statutes: [], otherExemptions: [] };
  return { ...blank, verdict: 'examine', exemptions: [], ...over };
}

const SUBJECT = { kind: 'user', confidence: 'lease', population: 'staff', department: 'Omsorg' } as const;

function counted(kind: RecordOutcome['kind']): TestOutcome {
  return { records: [{ kind, decision: null, subject: SUBJECT }], visits: [], cases: [] };
}

function flagged(judgements: Judgement[], unannounced: string[] = []): TestOutcome {
  const decision = { judgements, unannounced };
  return { records: [{ kind: 'flagged', decision, subject: SUBJECT }], visits: [], cases: [] };
}

const exempt = judged({ verdict: 'exempt', exemptions: ['E-1', 'E-2'] });
const attempt = judged({ verdict: null });

const cases: [string, Partial<Expectation>, TestOutcome, string][] = [
  ['passes an expected examine', {}, flagged([judged()]), ''],
  ['passes an expected attempt', { verdict: 'attempt' }, flagged([attempt]), ''],
  ['passes an expected exemption', { verdict: 'exempt', exemption: 'E-1' }, flagged([exempt]), ''],
  ['passes an expected none', { verdict: 'none' }, counted('clear'), ''],
  ['passes an expected protected', { verdict: 'protected' }, counted('protected'), ''],
  ['passes an expected unreviewed', { verdict: 'unreviewed' }, counted('unreviewed'), ''],
  ['passes an expected unannounced', { verdict: 'unannounced' }, flagged([], ['gambling']), ''],
  [
    'asks only for the category that is named',
    { verdict: 'exempt', category: 'gambling' },
    flagged([exempt, judged({ category: 'drugs' })]),
    '',
  ],
  [
    'asks for every category where none is named',
    { verdict: 'exempt' },
    flagged([exempt, judged({ category: 'drugs' })]),
    'expected exempt; came exempt under E-1 in gambling (§5.4), examine in drugs (no exemption fits, §5.3)',
  ],
  [
    'says which exemption is shown instead',
    { verdict: 'exempt', exemption: 'E-2', category: 'gambling' },
    flagged([exempt]),
    'expected exempt under E-2 in gambling; came exempt under E-1 in gambling (§5.4; E-2 fits too, but is not shown)',
  ],
  [
    'says that it came to an attempt',
    {},
    flagged([attempt]),
    'expected examine; came attempt in gambling (§2.4)',
  ],
  [
    'says that a category was not announced',
    { category: 'gambling' },
    flagged([], ['gambling']),
    'expected examine in gambling; came unannounced in gambling (§5.6)',
  ],
  [
    'says that no list covers the target',
    {},
    counted('clear'),
    'expected examine; came none: no mapped list covers the target (§4.1)',
  ],
  [
    'says that the record is too old',
    {},
    counted('tooOld'),
    'expected examine; came tooOld: the record is older than the retention, or its key is gone (§1.4, §3.5)',
  ],
  [
    'says that the site is protected',
    { verdict: 'none' },
    counted('protected'),
    'expected none; came protected: a protected list covers the target or one wrapped in it (§6.2)',
  ],
  [
    'says that the population is not reviewed',
    {},
    counted('unreviewed'),
    'expected examine; came unreviewed: the population is not reviewed by the policy (§3.3)',
  ],
  [
    'takes a judged category as not unannounced',
    { verdict: 'unannounced' },
    flagged([judged()], ['drugs']),
    'expected unannounced; came examine in gambling (no exemption fits, §5.3), unannounced in drugs (§5.6)',
  ],
  ['passes an expected challenge', { verdict: 'authChallenge' }, counted('authChallenge'), ''],
  ['passes an expected tooOld', { verdict: 'tooOld' }, counted('tooOld'), ''],
  ['passes what is expected of the subject', { ...SUBJECT }, flagged([judged()]), ''],
  [
    '§3.2 says how surely the subject is known, where that is asked',
    { confidence: 'authenticated', kind: 'user' },
    flagged([judged()]),
    'expected examine, kind user, confidence authenticated; came examine in gambling (no exemption fits, §5.3), kind user, confidence lease',
  ],
  [
    '§3.3 says another department',
    { department: 'Bygg' },
    flagged([judged()]),
    'expected examine, department Bygg; came examine in gambling (no exemption fits, §5.3), department Omsorg',
  ],
  [
    '§7.3 passes the grade of every visit of the category',
    { grade: 'B', category: 'gambling' },
    {
      ...flagged([judged()]),
      visits: [
        { category: 'gambling', grade: 'B' },
        { category: 'drugs', grade: 'D' },
      ],
    },
    '',
  ],
  [
    '§7.3 says every grade that came',
    { grade: 'B' },
    {
      ...flagged([judged()]),
      visits: [
        { category: 'gambling', grade: 'B' },
        { category: 'gambling', grade: 'C' },
      ],
    },
    'expected grade B; came grade B in gambling, grade C in gambling (§7.3)',
  ],
  [
    '§7.1 says that no visit came',
    { grade: 'C' },
    flagged([judged()]),
    'expected grade C; came no visit (§7.1)',
  ],
  ['§3.2 passes a case', { case: 'yes' }, { ...flagged([judged()]), cases: ['gambling'] }, ''],
  [
    '§3.2 passes no case in this category',
    { case: 'no', category: 'gambling' },
    { ...flagged([judged()]), cases: ['drugs'] },
    '',
  ],
  [
    '§3.2 says that it may come to a case',
    { case: 'no' },
    { ...flagged([judged()]), cases: ['gambling'] },
    'expected no case; it may come to one (§3.2)',
  ],
  [
    '§3.2 says that it cannot',
    { case: 'yes' },
    flagged([judged()]),
    'expected a case; it cannot come to one (§3.2)',
  ],
  [
    'asks every record of a test',
    { verdict: 'exempt' },
    { ...flagged([exempt]), records: [...flagged([exempt]).records, ...flagged([judged()]).records] },
    'expected exempt; came examine in gambling (no exemption fits, §5.3)',
  ],
];

describe('policy/tests', () => {
  for (const [name, expectation, outcome, failure] of cases) {
    it(name, () => {
      const [result] = testResults([test(expectation)], [outcome]);
      expect(result).to.deep.equal({
        ...{ name: 'a test', table: null, row: null, line: 7, passed: failure === '', failure },
      });
    });
  }

  it('names the table and the row', () => {
    const row = { ...test({}), name: 'edges, row 3', table: 'edges', row: 3 };
    const [result] = testResults([row], [counted('clear')]);
    expect(result).to.include({ name: 'edges, row 3', table: 'edges', row: 3, passed: false });
    expect(result!.failure).to.not.contain('anna').and.not.contain('casino');
  });
});
