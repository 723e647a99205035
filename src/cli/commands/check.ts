// `granska check`: every mistake in the configuration by file, line, column and key, then the policy tests, and on demand
// what no test shows. In: what was loaded and a judge; out: lines (or one JSON object) on stdout, and the exit code (§10.2).
// Invariant: policy tests run only where there is no error, as a policy with errors judges nothing.
import { formatProblems, type Problem, sortProblems } from '../../config/problem.ts';
import { EXIT, type ExitCode } from '../../errors.ts';
import { type CoverageItem, coverageOf } from '../../policy/coverage.ts';
import type { Policy } from '../../policy/policy.ts';
import type { PolicyTest, TestOutcome } from '../../policy/policy-test.ts';
import { type TestResult, testResults } from '../../policy/tests.ts';
import { type Io, write } from '../io.ts';

export interface CheckOptions {
  /** All problems found: of the configuration, the directory, the lists and the keys. */
  problems: readonly Problem[];
  /** Null where they could not be read. */
  tests: readonly PolicyTest[] | null;
  /** Where the policy tests stand, as it is shown; null where there are none. */
  testsFile: string | null;
  /** Judges a test through the whole chain; null where there is no policy to judge by. */
  judge: ((test: PolicyTest) => Promise<TestOutcome>) | null;
  /** Also says what of this policy no test shows; null where that is not asked for. */
  covered?: Policy | null | undefined;
  /** Prints one JSON object instead of lines. */
  json?: boolean | undefined;
  /** Makes warnings count: exit 1. */
  strict?: boolean | undefined;
  /** Makes count what no test shows: exit 1. */
  exitCode?: boolean | undefined;
}

/** Holds what `check --json` prints. */
export interface CheckReport {
  schema: 'granska.check/1';
  errors: number;
  warnings: number;
  problems: readonly Problem[];
  tests: { passed: number; failed: number; results: readonly TestResult[] };
  /** Where it was asked for, and the tests ran. */
  coverage?: { wanted: number; shown: number; missing: readonly Omit<CoverageItem, 'wanted'>[] };
}

/** Checks a configuration and prints what was found; 2 for errors, 1 for what was asked to count, else 0. */
export async function runCheck(options: CheckOptions, io: Pick<Io, 'stdout'>): Promise<ExitCode> {
  const report = await reportOf(options);
  await write(io.stdout, options.json === true ? `${JSON.stringify(report)}\n` : textOf(report, options));
  if (report.errors > 0) return EXIT.usage;
  if (report.tests.failed > 0) return EXIT.condition;
  if (options.exitCode === true && (report.coverage?.missing.length ?? 0) > 0) return EXIT.condition;
  return options.strict === true && report.warnings > 0 ? EXIT.condition : EXIT.done;
}

async function reportOf({ problems, tests, judge, covered }: CheckOptions): Promise<CheckReport> {
  const errors = problems.filter(problem => problem.severity === 'error').length;
  const outcomes: TestOutcome[] = [];
  const run = errors === 0 && tests !== null && judge !== null ? tests : [];
  for (const test of run) outcomes.push(await judge!(test));
  const results = testResults(run, outcomes);
  const passed = results.filter(result => result.passed).length;
  const isCovered = errors === 0 && covered !== undefined && covered !== null;
  return {
    schema: 'granska.check/1',
    errors,
    warnings: problems.length - errors,
    problems: sortProblems(problems),
    tests: { passed, failed: results.length - passed, results },
    ...(isCovered ? { coverage: summedUp(coverageOf(covered, { outcomes, results })) } : {}),
  };
}

function summedUp(items: readonly CoverageItem[]): NonNullable<CheckReport['coverage']> {
  const wanted = items.reduce((sum, item) => sum + item.wanted.length, 0);
  const missing = items.filter(item => item.missing.length > 0);
  const lacking = missing.reduce((sum, item) => sum + item.missing.length, 0);
  return {
    wanted,
    shown: wanted - lacking,
    missing: missing.map(({ kind, name, missing: things }) => ({ kind, name, missing: things })),
  };
}

function textOf(report: CheckReport, { tests, testsFile }: CheckOptions): string {
  const lines: string[] = [];
  if (report.problems.length > 0) lines.push(formatProblems(report.problems));
  for (const result of report.tests.results) {
    if (!result.passed)
      lines.push(`${testsFile ?? 'tests'}:${result.line}: failed: ${result.name}: ${result.failure}`);
  }
  lines.push(...(report.coverage?.missing ?? []).map(missingText));
  lines.push(summaryOf(report, tests?.length ?? 0));
  if (report.coverage !== undefined) {
    const { shown, wanted } = report.coverage;
    lines.push(`The policy tests show ${shown} of ${wanted} things that the policy can come to.`);
  }
  return `${lines.join('\n')}\n`;
}

function missingText({ kind, name, missing }: Omit<CoverageItem, 'wanted'>): string {
  switch (kind) {
    case 'category':
      return `no passing test: category ${name}: ${missing.join(', ')}`;
    case 'exemption':
      return `no passing test: exemption ${name} is shown by none`;
    case 'population':
      return `no passing test: population ${name} is judged in none`;
    case 'protected':
      return 'no passing test: a protected site';
    default:
      return kind satisfies never;
  }
}

function summaryOf({ errors, warnings, tests }: CheckReport, written: number): string {
  const found =
    errors + warnings === 0
      ? 'No mistakes found'
      : `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
  if (tests.results.length > 0)
    return `${found}; policy tests: ${tests.passed} passed, ${tests.failed} failed.`;
  return written > 0 || errors > 0
    ? `${found}; policy tests were not run.`
    : `${found}; there are no policy tests.`;
}

function counted(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
