// `granska check`: every mistake in the configuration by file, line, column and key, then the policy tests.
// In: what was loaded and a judge; out: lines (or one JSON object) on stdout, and the exit code (§10.2).
// Invariant: policy tests run only where there is no error, as a policy with errors judges nothing.
import { formatProblems, type Problem, sortProblems } from '../../config/problem.ts';
import { EXIT, type ExitCode } from '../../errors.ts';
import { type JudgeTest, type PolicyTest, runPolicyTests, type TestResult } from '../../policy/tests.ts';
import { type Io, write } from '../io.ts';

export interface CheckOptions {
  /** All problems found: of the configuration, the directory, the lists and the keys. */
  problems: readonly Problem[];
  /** Null where they could not be read. */
  tests: readonly PolicyTest[] | null;
  /** Where the policy tests stand, as it is shown; null where there are none. */
  testsFile: string | null;
  /** Judges a test through the whole chain; null where there is no policy to judge by. */
  judge: JudgeTest | null;
  /** Prints one JSON object instead of lines. */
  json?: boolean | undefined;
  /** Makes warnings count: exit 1. */
  strict?: boolean | undefined;
}

/** Holds what `check --json` prints. */
export interface CheckReport {
  schema: 'granska.check/1';
  errors: number;
  warnings: number;
  problems: readonly Problem[];
  tests: { passed: number; failed: number; results: readonly TestResult[] };
}

/** Checks a configuration and prints what was found; 2 for errors, 1 for a failed policy test, else 0. */
export async function runCheck(options: CheckOptions, io: Pick<Io, 'stdout'>): Promise<ExitCode> {
  const report = reportOf(options);
  await write(io.stdout, options.json === true ? `${JSON.stringify(report)}\n` : textOf(report, options));
  if (report.errors > 0) return EXIT.usage;
  if (report.tests.failed > 0) return EXIT.condition;
  return options.strict === true && report.warnings > 0 ? EXIT.condition : EXIT.done;
}

function reportOf({ problems, tests, judge }: CheckOptions): CheckReport {
  const errors = problems.filter(problem => problem.severity === 'error').length;
  const canRun = errors === 0 && tests !== null && judge !== null;
  const results = canRun ? runPolicyTests(tests, judge) : [];
  const passed = results.filter(result => result.passed).length;
  return {
    schema: 'granska.check/1',
    errors,
    warnings: problems.length - errors,
    problems: sortProblems(problems),
    tests: { passed, failed: results.length - passed, results },
  };
}

function textOf(report: CheckReport, { tests, testsFile }: CheckOptions): string {
  const lines: string[] = [];
  if (report.problems.length > 0) lines.push(formatProblems(report.problems));
  for (const result of report.tests.results) {
    if (!result.passed)
      lines.push(`${testsFile ?? 'tests'}:${result.line}: failed: ${result.name}: ${result.failure}`);
  }
  lines.push(summaryOf(report, tests?.length ?? 0));
  return `${lines.join('\n')}\n`;
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
