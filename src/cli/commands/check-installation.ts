// `granska check` over a whole installation: what the files say, and the policy tests through the whole chain.
import { shownPath } from '../../config/locate.ts';
import type { ExitCode } from '../../errors.ts';
import { blankRecord, type LogRecord } from '../../model/record.ts';
import type { PolicyTest } from '../../policy/tests.ts';
import type { App } from '../app.ts';
import type { Io } from '../io.ts';
import { runCheck } from './check.ts';

/** Checks the configuration and runs its policy tests. */
export async function runCheckCommand(
  options: { json: boolean; strict: boolean },
  app: App,
  io: Io,
): Promise<ExitCode> {
  const { config, problems, tests, judge } = await app.check();
  const testsFile = config?.policyTestsFile ?? null;
  return runCheck(
    {
      problems,
      tests,
      testsFile: testsFile === null ? null : shownPath(testsFile, process.cwd()),
      judge: judge === null ? null : test => judge(recordOf(test)),
      ...options,
    },
    io,
  );
}

/** Makes the record that a log would have held of a test's visit. */
function recordOf(test: PolicyTest): LogRecord {
  const record = blankRecord();
  return Object.assign(record, {
    stampMs: test.atMs,
    startMs: test.atMs,
    endMs: test.atMs,
    client: test.client,
    user: test.user,
    method: test.method,
    url: test.url,
    status: test.status,
    access: test.denied ? ('denied' as const) : ('allowed' as const),
    outcome: 'success' as const,
    isAuthChallenge: test.status === 407,
    isTunnel: test.method === 'CONNECT',
  });
}
