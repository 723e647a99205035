import { expect } from 'chai';
import { coverageOf } from '../../src/policy/coverage.ts';
import type { RecordOutcome, TestOutcome } from '../../src/policy/policy-test.ts';
import { exemption, policy } from './support.ts';

const SUBJECT = {
  kind: 'user',
  confidence: 'authenticated',
  population: 'staff',
  department: 'Omsorg',
} as const;

function outcome(over: Partial<RecordOutcome>): TestOutcome {
  return { records: [{ kind: 'flagged', decision: null, subject: SUBJECT, ...over }], visits: [], cases: [] };
}

function judged(
  category: string,
  verdict: 'examine' | 'exempt' | null,
  ...exemptions: string[]
): TestOutcome {
  const rest = { class: 'questionable', statutes: [], otherExemptions: [] } as const;
  return outcome({
    decision: { judgements: [{ category, verdict, exemptions, ...rest }], unannounced: [] },
  });
}

const tested = policy({
  categories: {
    gambling: { lists: ['casino'], announcedFrom: '2026-01-01' },
    drugs: { lists: ['drugs'] },
  },
  exemptions: [exemption(), exemption({ id: 'E-2' })],
});

/** Gives what no test shows, as text. */
function missing(outcomes: TestOutcome[], passed = true): string[] {
  const results = outcomes.map(() => ({ passed }));
  return coverageOf(tested, { outcomes, results })
    .filter(item => item.missing.length > 0)
    .map(({ kind, name, missing: things }) => `${kind} ${name}: ${things.join(' ')}`);
}

const ALL = [
  'category gambling: examine exempt attempt unannounced',
  'category drugs: unannounced',
  'exemption E-1: shown',
  'exemption E-2: shown',
  'population staff: judged',
  'population unknown: judged',
  'protected : protected',
];

describe('policy/coverage', () => {
  it('misses everything where there is no test', () => {
    expect(missing([])).to.deep.equal(ALL);
  });

  it('misses everything where no test passed', () => {
    expect(missing([judged('gambling', 'examine')], false)).to.deep.equal(ALL);
  });

  it('§5.4 counts the exemption that is shown, and not those that fit beside it', () => {
    expect(missing([judged('gambling', 'exempt', 'E-2', 'E-1')])).to.deep.equal([
      'category gambling: examine attempt unannounced',
      ...ALL.slice(1, 3),
      ...ALL.slice(5),
    ]);
  });

  it('misses nothing where each was shown', () => {
    const unannounced = { judgements: [], unannounced: ['gambling', 'drugs'] };
    const unknown = judged('gambling', null);
    expect(
      missing([
        judged('gambling', 'examine'),
        judged('gambling', 'exempt', 'E-1'),
        judged('gambling', 'exempt', 'E-2'),
        outcome({ decision: unannounced }),
        outcome({ kind: 'protected' }),
        outcome({ ...unknown.records[0], subject: { ...SUBJECT, population: 'unknown' } }),
      ]),
    ).to.deep.equal([]);
  });

  it('§5.6 wants no more of a category that nobody reviewed was told of', () => {
    const pupils = policy({
      categories: { drugs: { lists: ['drugs'], announcedFrom: { pupil: '2026-01-01' } } },
    });
    const items = coverageOf(pupils, { outcomes: [], results: [] });
    expect(items.find(({ name }) => name === 'drugs')!.wanted).to.deep.equal(['unannounced']);
  });
});
