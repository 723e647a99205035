// What the command line has of people: their keys, and a case that two of them open.
import { InvalidArgumentError, Option } from 'commander';
import { createIdentity } from '../../subject/identity.ts';
import type { Lang } from '../../text/lang.ts';
import type { App } from '../app.ts';
import type { AccessDeps } from '../case-access.ts';
import { type AnswerOptions, runCasesAnswer, runCasesOpen } from '../commands/cases-access.ts';
import { runCasesName } from '../commands/cases-name.ts';
import { runCasesRequests } from '../commands/cases-requests.ts';
import { type PeopleDeps, runPeopleKeygen, runPeopleList } from '../commands/people.ts';
import type { ProgramContext } from './program-context.ts';

/** Adds `people keygen | list`, and `cases open | requests | grant | refuse | name`. */
export function registerPeople({ program, io, app, done }: ProgramContext): void {
  const people = program.command('people').description('people who act: accounts, duties and keys');
  people
    .command('list', { isDefault: true })
    .description('tell who acts, by which accounts, with which duties')
    .action(async () => {
      done(await runPeopleList({ people: await app().people() }, io));
    });
  people
    .command('keygen')
    .description('make your private key, and print the line with its public half for people.yaml')
    .requiredOption('--person <id>', 'your user name in the directory')
    .action(async (options: { person: string }) => {
      done(await runPeopleKeygen(options, await peopleDeps(app()), io));
    });

  const cases = program.commands.find(command => command.name() === 'cases');
  if (cases === undefined) return;
  cases
    .command('open <id>')
    .description('ask to open a case, so that its name can be seen; takes the duty analyst')
    .requiredOption('--reason <text>', 'why, without any name')
    .action(async (id: string, { reason }: { reason: string }) => {
      done(await runCasesOpen({ id, reason }, await accessDeps(app()), io));
    });
  cases
    .command('requests')
    .description('list what was asked, who answered and how it stands')
    .option('--json', 'print one JSON object a request', false)
    .action(async (options: { json: boolean }) => {
      done(await runCasesRequests(options, await accessDeps(app()), io));
    });
  cases
    .command('grant <id>')
    .description('grant what another person asked, for 24 hours; takes the duty granter')
    .option('--reason <text>', 'why, without any name')
    .addOption(requestOption())
    .action(async (id: string, { reason = null, request = null }: AnswerFlags) => {
      const options: AnswerOptions = { id, kind: 'case-grant', reason, request };
      done(await runCasesAnswer(options, await accessDeps(app()), io));
    });
  cases
    .command('refuse <id>')
    .description('refuse what another person asked; takes the duty granter')
    .requiredOption('--reason <text>', 'why, without any name')
    .addOption(requestOption())
    .action(async (id: string, { reason = null, request = null }: AnswerFlags) => {
      const options: AnswerOptions = { id, kind: 'case-refusal', reason, request };
      done(await runCasesAnswer(options, await accessDeps(app()), io));
    });
  cases
    .command('name <id>')
    .description(
      'show the name in a case that is open, to the two who opened it; takes the private sealing key',
    )
    .option('--identity <file>', 'the private sealing key, where it is not private/seal.key of the keys')
    .addOption(new Option('--lang <lang>', 'language').choices(['sv', 'en']).default('en'))
    .action(async (id: string, { identity = null, lang }: { identity?: string | null; lang: Lang }) => {
      const made = app();
      const deps = { ...(await accessDeps(made)), openName: made.openName };
      done(await runCasesName({ id, identity, lang }, deps, io));
    });
}

interface AnswerFlags {
  reason?: string | null;
  request?: number | null;
}

function requestOption(): Option {
  return new Option('--request <number>', 'number of the request, where several wait').argParser(text => {
    if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It is the number of a request.');
    return Number(text);
  });
}

async function accessDeps(app: App): Promise<AccessDeps> {
  const { policy, zone } = await app.installation('look');
  const { openDesk, openAudit, textHider } = app;
  return {
    ...{ openDesk, openAudit, textHider, policy, zone },
    ...(await app.decider()),
    people: await app.people(),
    signing: await app.signing(),
    ownership: await app.ownership(),
  };
}

async function peopleDeps(app: App): Promise<PeopleDeps> {
  const { identity } = await app.config();
  const { account } = await app.decider();
  const { makePersonKey } = app;
  return { people: await app.people(), account, canonicalName: createIdentity(identity), makePersonKey };
}
