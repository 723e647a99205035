// What the command line has of cases, and of the corrections that a false match proposes.
import { InvalidArgumentError, Option } from 'commander';
import type { CaseOutcome } from '../../model/case.ts';
import type { Lang } from '../../text/lang.ts';
import type { App } from '../app.ts';
import { type CaseDeps, runCasesList, runCasesShow } from '../commands/cases.ts';
import { runCasesDecide } from '../commands/cases-decide.ts';
import {
  type OverrideDecision,
  type OverridesDeps,
  runListsDecide,
  runListsOverrides,
} from '../commands/lists-overrides.ts';
import type { Decider } from '../decider.ts';
import { joinQuery } from '../join-query.ts';
import type { ProgramContext } from './program-context.ts';

/** Adds `cases …`, and `lists overrides | approve | reject`. */
export function registerCases({ program, io, app, done }: ProgramContext): void {
  const cases = program.command('cases').description('cases: one subject, one category, one local day');
  cases
    .command('list [query...]', { isDefault: true })
    .description('list cases, such as: category:gambling department:Social')
    .option('--from <day>', 'first local day')
    .option('--to <day>', 'last local day (inclusive)')
    .option(
      '--status <statuses>',
      'open, confirmed, explained, false-match, dismissed, reopened, withdrawn; several with commas',
    )
    .option('--json', 'print one JSON object a case', false)
    .action(
      async (query: string[], options: { from?: string; to?: string; status?: string; json: boolean }) => {
        done(await runCasesList({ ...options, query: joinQuery(query) }, await caseDeps(app()), io));
      },
    );
  cases
    .command('show <id>')
    .description('show a case: its visits, what else could explain them, and what was decided')
    .addOption(new Option('--lang <lang>', 'language').choices(['sv', 'en']).default('en'))
    .option('--json', 'print one JSON object', false)
    .action(async (id: string, options: { lang: Lang; json: boolean }) => {
      done(await runCasesShow({ id, ...options }, await caseDeps(app()), io));
    });
  cases
    .command('decide <id>')
    .description('decide a case; takes a policy that is in force')
    .addOption(
      new Option('--outcome <outcome>', 'what it is').choices(Object.keys(OUTCOMES)).makeOptionMandatory(),
    )
    .requiredOption('--reason <text>', 'why, without any name')
    .option('--seen <digest>', 'beginning of the digest that "cases show" told: refuse if it has changed')
    .option('--after <number>', 'decide anew after the decision of this number', decisionNumber)
    .action(
      async (id: string, options: { outcome: string; reason: string; seen?: string; after?: number }) => {
        const { seen = null, after = null, reason } = options;
        const made = app();
        const deps = { ...(await caseDeps(made)), ...(await made.decider()) };
        done(
          await runCasesDecide({ id, outcome: OUTCOMES[options.outcome]!, reason, seen, after }, deps, io),
        );
      },
    );

  const lists = program.commands.find(command => command.name() === 'lists');
  if (lists === undefined) return;
  lists
    .command('overrides')
    .description('list the corrections that false matches have proposed')
    .option('--json', 'print one JSON object a proposal', false)
    .action(async (options: { json: boolean }) => {
      done(await runListsOverrides(options, await overridesDeps(app()), io));
    });
  const decide = (name: string, decision: OverrideDecision, description: string) =>
    lists
      .command(`${name} <id>`)
      .description(description)
      .requiredOption('--reason <text>', 'why, without any name')
      .action(async (id: string, { reason }: { reason: string }) => {
        const made = app();
        const deps: OverridesDeps & Decider = { ...(await overridesDeps(made)), ...(await made.decider()) };
        done(await runListsDecide({ id, decision, reason }, deps, io));
      });
  decide('approve', 'approved', 'approve a correction that another person proposed');
  decide('reject', 'rejected', 'reject a proposed correction');
}

/** Outcomes as they are typed. */
const OUTCOMES: Readonly<Record<string, CaseOutcome>> = {
  confirmed: 'confirmed',
  explained: 'explained',
  'false-match': 'falseMatch',
  dismissed: 'dismissed',
};

function decisionNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It is the number of a decision.');
  return Number(text);
}

async function caseDeps(app: App): Promise<CaseDeps> {
  const { policy, zone } = await app.installation('look');
  return { openDesk: app.openDesk, openAudit: app.openAudit, policy, zone, textHider: app.textHider };
}

async function overridesDeps(app: App): Promise<OverridesDeps> {
  const { openDesk, openAudit } = app;
  return { openDesk, openAudit, place: await app.overridesPlace(), people: await app.people() };
}
