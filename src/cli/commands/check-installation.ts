// `granska check` over a whole installation: what the files say, and the policy tests through the whole chain.
import { shownPath } from '../../config/locate.ts';
import { type ExitCode, GranskaError } from '../../errors.ts';
import type { App } from '../app.ts';
import type { Io } from '../io.ts';
import { judgePolicyTest } from '../judge-policy-test.ts';
import { runCheck } from './check.ts';
import { runCheckWho } from './check-who.ts';

/** What was typed. */
export interface CheckArgs {
  json: boolean;
  strict: boolean;
  coverage: boolean;
  exitCode: boolean;
  /** An address: who could visit it, in place of the tests. */
  who?: string;
  at?: string;
}

/** Checks the configuration and runs its policy tests, or says who could visit an address. */
export async function runCheckCommand(args: CheckArgs, app: App, io: Io): Promise<ExitCode> {
  if (args.at !== undefined && args.who === undefined) {
    throw new GranskaError('USAGE', '--at goes with --who', { hint: 'name the address that is asked about' });
  }
  const checked = await app.check();
  if (args.who !== undefined) {
    return await runCheckWho(
      { url: args.who, at: args.at, json: args.json },
      { checked, clock: app.clock },
      io,
    );
  }
  const { config, problems, tests, policy, judge } = checked;
  const testsFile = config?.policyTestsFile ?? null;
  return await runCheck(
    {
      problems,
      tests,
      testsFile: testsFile === null ? null : shownPath(testsFile, process.cwd()),
      judge: judge === null || policy === null ? null : test => judgePolicyTest(test, { policy, judge }),
      covered: args.coverage ? policy : null,
      ...args,
    },
    io,
  );
}
