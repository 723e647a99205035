// Policy tests: "this user, this URL, this time: expect this verdict, this exemption".
// In: the tests of `policy.tests.yaml` and a function that judges one of them through the whole chain;
// out: for each test whether it passed and, where it did not, what was expected, what came and which rule that is.
// Invariant: a failure text names the test by its own name or place, never a user, a client or a URL.
import type { Judgement } from '../model/verdict.ts';
import type { Decision } from './decide.ts';

/** What a test can expect of a visit. */
export const EXPECTED = [
  'examine',
  'exempt',
  'attempt',
  'none',
  'protected',
  'unreviewed',
  'unannounced',
] as const;

export type ExpectedVerdict = (typeof EXPECTED)[number];

/** Holds one policy test, validated. */
export interface PolicyTest {
  /** The name given, or `test 3`. */
  name: string;
  /** As a log would have it; `''` for none. */
  user: string;
  client: string;
  url: string;
  atMs: number;
  method: string;
  status: number;
  /** True where the proxy denied the request. */
  denied: boolean;
  expect: { verdict: ExpectedVerdict; category: string | null; exemption: string | null };
  /** Line of the test in its file. */
  line: number;
}

/** What the whole chain said of one test; the pipeline's answer to a record has this shape. */
export interface TestOutcome {
  kind: 'tooOld' | 'authChallenge' | 'protected' | 'unreviewed' | 'clear' | 'flagged';
  /** Null unless `flagged`. */
  decision: Decision | null;
}

/** Judges a test as a record would be judged. */
export type JudgeTest = (test: PolicyTest) => TestOutcome;

export interface TestResult {
  name: string;
  line: number;
  passed: boolean;
  /** `''` where the test passed. */
  failure: string;
}

/** Runs policy tests in order. */
export function runPolicyTests(tests: readonly PolicyTest[], judge: JudgeTest): TestResult[] {
  return tests.map(test => {
    const failure = failureOf(test, judge(test));
    return { name: test.name, line: test.line, passed: failure === '', failure };
  });
}

function failureOf(test: PolicyTest, outcome: TestOutcome): string {
  if (isAsExpected(test, outcome)) return '';
  return `expected ${expectedText(test)}; came ${cameText(test, outcome)}`;
}

function isAsExpected({ expect }: PolicyTest, outcome: TestOutcome): boolean {
  switch (expect.verdict) {
    case 'none':
      return outcome.kind === 'clear';
    case 'protected':
    case 'unreviewed':
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
function isJudged(expect: PolicyTest['expect'], decision: Decision | null): boolean {
  const asked = (decision?.judgements ?? []).filter(
    judgement => expect.category === null || judgement.category === expect.category,
  );
  return asked.length > 0 && asked.every(judgement => isJudgement(expect, judgement));
}

function isJudgement(expect: PolicyTest['expect'], judgement: Judgement): boolean {
  if ((judgement.verdict ?? 'attempt') !== expect.verdict) return false;
  return expect.exemption === null || judgement.exemptions[0] === expect.exemption;
}

function expectedText({ expect }: PolicyTest): string {
  const exemption = expect.exemption === null ? '' : ` under ${expect.exemption}`;
  const category = expect.category === null ? '' : ` in ${expect.category}`;
  return `${expect.verdict}${exemption}${category}`;
}

function cameText(test: PolicyTest, { kind, decision }: TestOutcome): string {
  switch (kind) {
    case 'tooOld':
      return 'tooOld: the record is older than the retention, or its key is gone (§1.4, §3.5)';
    case 'authChallenge':
      return 'an authentication challenge, which is only counted (§2.3)';
    case 'protected':
      return 'protected: a protected list covers the target or one wrapped in it (§6.2)';
    case 'unreviewed':
      return 'unreviewed: the population is not reviewed by the policy (§3.3)';
    case 'clear':
      return 'none: no mapped list covers the target (§4.1)';
    case 'flagged':
      return decisionText(test, decision ?? { judgements: [], unannounced: [] });
    default:
      return kind satisfies never;
  }
}

function decisionText({ expect }: PolicyTest, decision: Decision): string {
  const judged = decision.judgements.map(judgement => judgementText(judgement, expect.exemption));
  const untold = decision.unannounced.map(name => `unannounced in ${name} (§5.6)`);
  return [...judged, ...untold].join(', ');
}

function judgementText(judgement: Judgement, expected: string | null): string {
  const { category, verdict, exemptions } = judgement;
  if (verdict === null) return `attempt in ${category} (§2.4)`;
  if (verdict === 'examine') return `examine in ${category} (no exemption fits, §5.3)`;
  const also =
    expected !== null && exemptions.includes(expected) ? `; ${expected} fits too, but is not shown` : '';
  return `exempt under ${exemptions[0]} in ${category} (§5.4${also})`;
}
