import { expect } from 'chai';
import type { Judgement } from '../../src/model/verdict.ts';
import { type PolicyTest, runPolicyTests, type TestOutcome } from '../../src/policy/tests.ts';

function test(expectation: Partial<PolicyTest['expect']>): PolicyTest {
  return {
    name: 'a test',
    user: 'anna',
    client: '192.0.2.1',
    url: 'https://casino.example/',
    atMs: 0,
    method: 'GET',
    status: 200,
    denied: false,
    expect: { verdict: 'examine', category: null, exemption: null, ...expectation },
    line: 7,
  };
}

function judged(over: Partial<Judgement> = {}): Judgement {
  const blank = { category: 'gambling', class: 'questionable' as const, statutes: [], otherExemptions: [] };
  return { ...blank, verdict: 'examine', exemptions: [], ...over };
}

function flagged(judgements: Judgement[], unannounced: string[] = []): TestOutcome {
  return { kind: 'flagged', decision: { judgements, unannounced } };
}

const exempt = judged({ verdict: 'exempt', exemptions: ['E-1', 'E-2'] });
const attempt = judged({ verdict: null });

const cases: [string, Partial<PolicyTest['expect']>, TestOutcome, string][] = [
  ['passes an expected examine', {}, flagged([judged()]), ''],
  ['passes an expected attempt', { verdict: 'attempt' }, flagged([attempt]), ''],
  ['passes an expected exemption', { verdict: 'exempt', exemption: 'E-1' }, flagged([exempt]), ''],
  ['passes an expected none', { verdict: 'none' }, { kind: 'clear', decision: null }, ''],
  ['passes an expected protected', { verdict: 'protected' }, { kind: 'protected', decision: null }, ''],
  ['passes an expected unreviewed', { verdict: 'unreviewed' }, { kind: 'unreviewed', decision: null }, ''],
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
    { kind: 'clear', decision: null },
    'expected examine; came none: no mapped list covers the target (§4.1)',
  ],
  [
    'says that the record is too old',
    {},
    { kind: 'tooOld', decision: null },
    'expected examine; came tooOld: the record is older than the retention, or its key is gone (§1.4, §3.5)',
  ],
  [
    'says that the site is protected',
    { verdict: 'none' },
    { kind: 'protected', decision: null },
    'expected none; came protected: a protected list covers the target or one wrapped in it (§6.2)',
  ],
  [
    'says that the population is not reviewed',
    {},
    { kind: 'unreviewed', decision: null },
    'expected examine; came unreviewed: the population is not reviewed by the policy (§3.3)',
  ],
  [
    'takes a judged category as not unannounced',
    { verdict: 'unannounced' },
    flagged([judged()], ['drugs']),
    'expected unannounced; came examine in gambling (no exemption fits, §5.3), unannounced in drugs (§5.6)',
  ],
];

describe('policy/tests', () => {
  for (const [name, expectation, outcome, failure] of cases) {
    it(name, () => {
      const [result] = runPolicyTests([test(expectation)], () => outcome);
      expect(result).to.deep.equal({ name: 'a test', line: 7, passed: failure === '', failure });
    });
  }
});
