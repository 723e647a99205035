// What the command line has of rejudging (§5.8).
import { runRejudge } from '../commands/rejudge.ts';
import { joinQuery } from '../join-query.ts';
import type { ProgramContext } from './program-context.ts';

export function registerRejudge({ program, io, signal, app, done }: ProgramContext): void {
  program
    .command('rejudge [query...]')
    .description(
      'judge stored findings by the lists, policy and directory of today, or by others; only shows',
    )
    .requiredOption('--from <day>', 'first local day, or an instant')
    .requiredOption('--to <day>', 'last local day (inclusive), or an instant')
    .option('--policy <file>', 'by this policy in place of the configured one')
    .option('--lists <image>', 'by this list image')
    .option('--directory <file>', 'by this directory')
    .option(
      '--apply',
      'add the judgements to the findings; takes a reason and a policy that is in force',
      false,
    )
    .option('--reason <text>', 'why, such as the number of the decision; no name in it')
    .option('--json', 'print one JSON object', false)
    .action(async (query: string[], options: RejudgeOptions) => {
      const made = app();
      const { zone } = await made.config();
      const hide = await made.textHider();
      const deps = { app: made, zone, hide, signal, decider: made.decider };
      done(await runRejudge({ query: joinQuery(query), ...options }, deps, io));
    });
}

interface RejudgeOptions {
  from: string;
  to: string;
  policy?: string;
  lists?: string;
  directory?: string;
  apply: boolean;
  reason?: string;
  json: boolean;
}
