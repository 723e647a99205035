// Policy tests: "this user, this URL, this time: expect this verdict, this exemption, this grade".
// In: the tests of `policy.tests.yaml`, and for each what the whole chain said of its records; out: whether it passed and,
// where it did not, what was expected, what came and which rule that is. Nothing is judged here.
// Invariant: a failure text names the test by its own name or place, never a user, a client or a URL.
import type { Judgement } from '../model/verdict.ts';
import type { Decision } from './decide.ts';
import type { Expectation, PolicyTest, RecordOutcome, TestOutcome } from './policy-test.ts';
import { cameText, expectedText } from './test-words.ts';

/** Says what became of one test. */
export interface TestResult {
  name: string;
  table: string | null;
  row: number | null;
  line: number;
  passed: boolean;
  /** `''` where the test passed. */
  failure: string;
}

/** Says of each policy test whether what came is what it expects; the outcomes stand in the order of the tests. */
export function testResults(tests: readonly PolicyTest[], outcomes: readonly TestOutcome[]): TestResult[] {
  return tests.map((test, index) => {
    const failure = failureOf(test, outcomes[index]!);
    const { name, table, row, line } = test;
    return { name, table, row, line, passed: failure === '', failure };
  });
}

function failureOf(test: PolicyTest, outcome: TestOutcome): string {
  const wrong = outcome.records.find(record => !isAsExpected(test.expect, record));
  if (wrong !== undefined)
    return `expected ${expectedText(test.expect)}; came ${cameText(test.expect, wrong)}`;
  return gradeFailure(test.expect, outcome) ?? caseFailure(test.expect, outcome) ?? '';
}

function isAsExpected(expect: Expectation, record: RecordOutcome): boolean {
  const { subject } = record;
  for (const key of ['kind', 'confidence', 'population', 'department'] as const) {
    if (expect[key] !== null && expect[key] !== subject[key]) return false;
  }
  return isVerdict(expect, record);
}

function isVerdict(expect: Expectation, outcome: RecordOutcome): boolean {
  switch (expect.verdict) {
    case 'none':
      return outcome.kind === 'clear';
    case 'protected':
    case 'unreviewed':
    case 'authChallenge':
    case 'tooOld':
      return outcome.kind === expect.verdict;
    case 'unannounced':
      return isUnannounced(outcome.decision, expect.category);
    case 'examine':
    case 'exempt':
    case 'attempt':
      return isJudged(expect, outcome.decision);
    default:
      return expect.verdict satisfies never;
  }
}

function isUnannounced(decision: Decision | null, category: string | null): boolean {
  if (decision === null) return false;
  if (category !== null) return decision.unannounced.includes(category);
  return decision.unannounced.length > 0 && decision.judgements.length === 0;
}

/** Without a category, all judgements of the record must be as expected. */
function isJudged(expect: Expectation, decision: Decision | null): boolean {
  const asked = (decision?.judgements ?? []).filter(({ category }) => isAsked(expect, category));
  return asked.length > 0 && asked.every(judgement => isJudgement(expect, judgement));
}

function isJudgement(expect: Expectation, judgement: Judgement): boolean {
  if ((judgement.verdict ?? 'attempt') !== expect.verdict) return false;
  return expect.exemption === null || judgement.exemptions[0] === expect.exemption;
}

/** Every visit must have the grade, and there must be one. */
function gradeFailure(expect: Expectation, { visits }: TestOutcome): string | null {
  if (expect.grade === null) return null;
  const asked = visits.filter(({ category }) => isAsked(expect, category));
  if (asked.length > 0 && asked.every(visit => visit.grade === expect.grade)) return null;
  const came = asked.map(visit => `grade ${visit.grade} in ${visit.category}`).join(', ');
  return `expected grade ${expect.grade}; came ${came === '' ? 'no visit (§7.1)' : `${came} (§7.3)`}`;
}

function caseFailure(expect: Expectation, { cases }: TestOutcome): string | null {
  if (expect.case === null) return null;
  const may = cases.some(category => isAsked(expect, category));
  if (may === (expect.case === 'yes')) return null;
  return may
    ? 'expected no case; it may come to one (§3.2)'
    : 'expected a case; it cannot come to one (§3.2)';
}

function isAsked(expect: Expectation, category: string): boolean {
  return expect.category === null || expect.category === category;
}
