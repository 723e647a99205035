// What the command line has of exemptions.
import { type Command, InvalidArgumentError } from 'commander';
import { runExemptionsExpiring, runExemptionsHistory, runExemptionsList } from '../commands/exemptions.ts';
import {
  type ChangeArgs,
  type EndArgs,
  type GrantArgs,
  runExemptionsChange,
  runExemptionsEnd,
  runExemptionsGrant,
} from '../commands/exemptions-decide.ts';
import { runExemptionsUsed, type UsedArgs } from '../commands/exemptions-used.ts';
import type { ProgramContext } from './program-context.ts';

/** Adds `granska exemptions …`. */
export function registerExemptions(context: ProgramContext): void {
  const exemptions = context.program.command('exemptions').description('the decisions that exempt');
  registerViews(exemptions, context);
  registerDecisions(exemptions, context);
}

function registerViews(exemptions: Command, { app, io, done }: ProgramContext): void {
  exemptions
    .command('list', { isDefault: true })
    .description('list those in force today, and where each stands')
    .option('--all', 'also those that have ended or are to come', false)
    .option('--json', 'print one JSON object', false)
    .action(async (options: { all: boolean; json: boolean }) => {
      done(await runExemptionsList(options, app(), io));
    });
  exemptions
    .command('expiring')
    .description('list those whose last day is near')
    .option('--within <days>', 'days from today', days, 30)
    .option('--exit-code', 'exit 1 if there is any', false)
    .option('--json', 'print one JSON object', false)
    .action(async (options: { within: number; exitCode: boolean; json: boolean }) => {
      done(await runExemptionsExpiring(options, app(), io));
    });
  exemptions
    .command('used')
    .description('tell how many visits each covered, and which nobody used')
    .option('--from <day>', 'first local day, or an instant')
    .option('--to <day>', 'last local day (inclusive), or an instant')
    .option('--json', 'print one JSON object', false)
    .action(async (options: UsedArgs) => {
      done(await runExemptionsUsed(options, app(), io));
    });
  exemptions
    .command('history <id>')
    .description('tell every decision about one exemption')
    .option('--json', 'print one JSON object', false)
    .action(async (id: string, options: { json: boolean }) => {
      done(await runExemptionsHistory({ id, ...options }, app(), io));
    });
}

function registerDecisions(exemptions: Command, { app, io, done }: ProgramContext): void {
  exemptions
    .command('grant')
    .description('grant an exemption; it covers visits from today on unless it is retroactive')
    .option('--file <yaml>', 'one exemption, with the keys that it would have in policy.yaml')
    .option('--id <id>', 'shown wherever the exemption is')
    .option('--tenant <name>', 'organization that it holds for')
    .option('--category <name...>', 'categories that it covers')
    .option('--user <name...>', 'users whom it covers')
    .option('--role <name...>', 'roles whose holders it covers')
    .option('--department <name...>', 'departments whose people and networks it covers')
    .option('--site <host...>', 'hosts that it is limited to')
    .option('--weekday <day...>', 'weekdays that it is limited to')
    .option('--hours <hours>', 'clock hours that it is limited to, such as 08:00-17:00')
    .option('--reason <text>', 'why the duties need it')
    .option('--case <number>', 'number of the case that the decision stands in')
    .option('--approver <name...>', 'users who approved it')
    .option('--from <day>', 'first day on which it holds')
    .option('--through <day>', 'last day on which it holds (t.o.m.)')
    .option('--retroactive-reason <text>', 'why visits before today are covered')
    .option('--retroactive-approver <name...>', 'users who approved that')
    .option('--json', 'print one JSON object', false)
    .action(async (options: GrantArgs) => {
      done(await runExemptionsGrant(options, { app: app(), io }));
    });
  exemptions
    .command('change <id>')
    .description('change one that was granted here; to make it last longer, name who approved that')
    .option('--through <day>', 'new last day (t.o.m.), not before today')
    .option('--reason <text>', 'reason as it should read')
    .option('--case <number>', 'case number as it should read')
    .option('--approver <name...>', 'users who approved the change')
    .option('--json', 'print one JSON object', false)
    .action(async (id: string, options: Omit<ChangeArgs, 'id'>) => {
      done(await runExemptionsChange({ id, ...options }, { app: app(), io }));
    });
  exemptions
    .command('end <id>')
    .description('end one that was granted here')
    .option('--through <day>', 'last day on which it holds (t.o.m.), not before today')
    .option('--reason <text>', 'why it ends')
    .option('--json', 'print one JSON object', false)
    .action(async (id: string, options: Omit<EndArgs, 'id'>) => {
      done(await runExemptionsEnd({ id, ...options }, { app: app(), io }));
    });
}

function days(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('It is a whole number of days.');
  return Number(text);
}
