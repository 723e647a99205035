// The command line: one table of commands. What was typed becomes plain arguments here; the commands see no commander.
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { readInstant } from '../calendar/instant.ts';
import { EXIT, type ExitCode, GranskaError } from '../errors.ts';
import { FORMATS, type Format } from '../format/formats.ts';
import type { App } from './app.ts';
import { runAuditVerify } from './commands/audit.ts';
import { type CheckArgs, runCheckCommand } from './commands/check-installation.ts';
import { type DeadLettersRetryArgs, runDeadLetters, runDeadLettersRetry } from './commands/deadletters.ts';
import { runDemo } from './commands/demo.ts';
import { runDoctor } from './commands/doctor.ts';
import { runExplainVisit } from './commands/explain.ts';
import { runExplainFinding } from './commands/explain-finding.ts';
import { runInit } from './commands/init.ts';
import { runListsCompile, runListsInfo } from './commands/lists.ts';
import { runLookup } from './commands/lookup.ts';
import { runParse } from './commands/parse.ts';
import { runRejects } from './commands/rejects.ts';
import { type RejectsRetryArgs, runRejectsRetry } from './commands/rejects-retry.ts';
import { runRun } from './commands/run.ts';
import { runScan } from './commands/scan.ts';
import { runSearch } from './commands/search.ts';
import { REJECT_MEANINGS } from './doctor/words.ts';
import type { Io } from './io.ts';
import { joinQuery } from './join-query.ts';
import type { LookUpOptions } from './look-up.ts';
import { moveNegations } from './move-negations.ts';
import { registerCases } from './register/cases.ts';
import { registerDirectory } from './register/directory.ts';
import { registerExemptions } from './register/exemptions.ts';
import { registerPeople } from './register/people.ts';
import { registerProof } from './register/proof.ts';
import { registerRejudge } from './register/rejudge.ts';
import { registerReport } from './register/report.ts';
import { registerReviews } from './register/reviews.ts';
import { registerSchedule } from './register/schedule.ts';
import { registerStore } from './register/store.ts';
import { registerVisits } from './register/visits.ts';
import { createReportMaker } from './report-maker.ts';
import { wholeNumber } from './whole-number.ts';

/** Places that can be named by flag on every command. */
export interface GlobalFlags {
  config?: string;
  dataDir?: string;
  keysDir?: string;
}

export interface ProgramDeps {
  version: string;
  io: Io;
  signal: AbortSignal;
  /** Calls a listener on SIGHUP; answers what ends that. */
  onHangup(listener: () => void): () => void;
  compose(flags: GlobalFlags): App;
}

/** Runs one command line and gives its exit code. Throws GranskaError for what a user can mend. */
export async function runProgram(argv: readonly string[], deps: ProgramDeps): Promise<ExitCode> {
  let exit: ExitCode = EXIT.done;
  const program = buildProgram(deps, code => {
    exit = code;
  });
  try {
    await program.parseAsync(
      moveNegations(argv, flag => takesValue(program, flag)),
      { from: 'user' },
    );
  } catch (error) {
    if (error instanceof CommanderError) return endOfParsing(error);
    throw error;
  }
  return exit;
}

function takesValue(program: Command, flag: string): boolean {
  return [program, ...program.commands].some(command =>
    command.options.some(option => option.required && (option.long === flag || option.short === flag)),
  );
}

/** Ends what commander ended: after help and version, or with what is wrong about the command line. */
function endOfParsing(error: CommanderError): ExitCode {
  if (error.exitCode === 0) return EXIT.done;
  // Help was written already.
  if (error.code === 'commander.help') return EXIT.usage;
  throw new GranskaError('USAGE', withoutValues(error.message), {
    hint: '"granska --help" tells what there is, "granska COMMAND --help" what a command takes',
  });
}

/** Leaves out what was typed: a value in the wrong place may be a name or an address. */
function withoutValues(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/argument '.*' is invalid/s, 'has a value that it cannot have')
    .replace(/^unknown option '(--[a-z-]*|-.).*'/is, "unknown option '$1'")
    .replace(/^unknown command '.*'/s, 'unknown command')
    .replace(/\n\((Did you mean [^)]*)\)$/, '. $1');
}

/** Builds the table of commands; `done` is told each command's exit code. */
export function buildProgram(deps: ProgramDeps, done: (exit: ExitCode) => void): Command {
  const { io, signal } = deps;
  const program = new Command('granska')
    .description("Reviews a web proxy's access log against an IT security policy.")
    .version(deps.version)
    .option('--config <path>', 'configuration: a folder with granska.yaml, or the file (GRANSKA_CONFIG)')
    .option('--data-dir <dir>', 'data folder (GRANSKA_DATA_DIR)')
    .option('--keys-dir <dir>', 'keys folder (GRANSKA_KEYS_DIR)')
    .configureOutput({
      writeOut: text => io.stdout.write(text),
      writeErr: text => io.stderr.write(text),
      // What is wrong is said once, as every error is.
      outputError: () => {},
    })
    .exitOverride();
  const app = () => deps.compose(program.opts<GlobalFlags>());
  const source = (files: readonly string[]) => ({
    source: app().readFiles(files),
    io,
    clock: app().clock,
    signal,
  });

  program
    .command('init [dir]')
    .description('write a commented configuration, empty lists and keys for an installation of your own')
    .action(async (dir: string | undefined) => {
      const made = app();
      done(await runInit({ dir: dir ?? '.', packageRoot: made.packageRoot, makeKeys: made.makeKeys }, io));
    });

  program
    .command('doctor <log...>')
    .description(
      'say what a log is, how much of it can be read, and how to get more out of the proxy; stores nothing',
    )
    .addOption(formatOption())
    .option('--json', 'print one JSON object')
    .action(async (files: string[], options: { format: Format | null; json?: boolean }) => {
      const { zone, maxLineBytes } = await app().config();
      done(
        await runDoctor(
          { format: options.format, json: options.json === true, maxLineBytes },
          { ...source(files), zone },
        ),
      );
    });

  program
    .command('scan <file...>')
    .description('read logs into findings; `-` is stdin; what was read before is passed over')
    .option('--source <name>', 'name of the source that the files belong to', 'default')
    .addOption(formatOption())
    .option('--again', 'read anew, without adding to counts or moving positions', false)
    .option('--final', 'take a last line without line feed as a line', false)
    .option('--json', 'print one JSON object', false)
    .action(async (files: string[], options: ScanOptions) => {
      done(await runScan({ files, ...options }, { app: app(), signal }, io));
    });

  program
    .command('run')
    .description('read the configured sources into the store, and go on until SIGINT or SIGTERM')
    .option('--once', 'end when all that is there was read', false)
    .action(async (options: { once: boolean }) => {
      const reports = createReportMaker(app);
      done(await runRun(options, { app: app(), reports, signal, onHangup: deps.onHangup }, io));
    });

  program
    .command('parse <file...>')
    .description('print every line as ECS JSON; stores nothing')
    .addOption(formatOption())
    .action(async (files: string[], options: { format: Format | null }) => {
      done(await runParse({ format: options.format }, source(files)));
    });

  program
    .command('lookup [url...]')
    .description('print the categories of addresses; without any, or with `-`, one a line from stdin')
    .option('--image <file>', 'ask this list image; then the answers are names of lists')
    .option('--json', 'print one JSON object an address', false)
    .action(async (inputs: string[], options: { image?: string; json: boolean }) => {
      done(await runLookup({ inputs, json: options.json }, await lookUpOptions(app(), options.image), io));
    });

  program
    .command('explain [url]')
    .description('tell the whole chain for a visit, or for a stored finding')
    .option('--user <name>', 'user as the log would have it', '')
    .option('--client <address>', "client's address", '')
    .option('--at <time>', 'local time such as 2026-10-05T14:30, or with an offset; now unless given')
    .option('--method <method>', 'HTTP method; CONNECT for host:port unless given', '')
    .option('--finding <id>', 'a stored finding by its event.id')
    .option('--exit-code', 'exit 1 where it cannot be confirmed that the finding holds', false)
    .action(async (url: string | undefined, options: ExplainOptions) => {
      done(await explain(url, options, { app: app(), io }));
    });

  program
    .command('search [query...]')
    .description('search findings, such as: category:gambling verdict:examine -department:IT casino')
    .option('--from <day>', 'first local day, or an instant')
    .option('--to <day>', 'last local day (inclusive), or an instant')
    .option('--limit <n>', 'at most so many', wholeNumber)
    .option(
      '--sort <field>',
      'start, category, domain, department, subject or bytes; `-` before it for descending',
    )
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'csv', 'ndjson']))
    .action(async (query: string[], options: SearchOptions) => {
      const made = app();
      const { zone } = await made.config();
      const hide = await made.textHider();
      done(await runSearch({ query: joinQuery(query), ...options }, { ...made, zone, hide }, io));
    });

  const lists = program.command('lists').description('category lists');
  lists
    .command('compile <dir...>')
    .description('compile folders of lists into one image')
    .requiredOption('-o, --out <image>', 'where the image goes')
    .option('--overrides <dir>', 'folder of corrections that win over the lists')
    .option('--json', 'print one JSON object', false)
    .action(async (paths: string[], options: { out: string; overrides?: string; json: boolean }) => {
      done(await runListsCompile({ paths, ...options }, app(), io));
    });
  lists
    .command('info <image>')
    .description('say what an image holds')
    .option('--json', 'print one JSON object', false)
    .action(async (image: string, options: { json: boolean }) => {
      done(await runListsInfo({ image, ...options }, app(), io));
    });

  const rejects = program.command('rejects').description('lines that could not be read');
  rejects
    .command('list', { isDefault: true })
    .description('tell which lines could not be read, and where their sealed texts are')
    .option('--json', 'print one JSON object', false)
    .action(async (options: { json: boolean }) => {
      const made = app();
      const { zone } = await made.config();
      const places = await made.sealedPlaces();
      done(await runRejects(options, { openStore: made.openStore, zone, places }, io));
    });
  rejects
    .command('retry')
    .description('read them again by the formats, lists and policy of today; takes the private sealing key')
    .addOption(identityOption())
    .addOption(
      new Option('--code <code>', 'only lines that were rejected under this code').choices(
        Object.keys(REJECT_MEANINGS),
      ),
    )
    .addOption(formatOption())
    .option('--dry-run', 'read and count, and store nothing', false)
    .option('--json', 'print one JSON object', false)
    .action(async (options: RejectsRetryArgs) => {
      done(await runRejectsRetry(options, { app: app(), signal }, io));
    });

  const deadLetters = program.command('deadletters').description('documents that the store refused for good');
  deadLetters
    .command('list', { isDefault: true })
    .description('tell which documents were refused, why, and where their sealed texts are')
    .option('--json', 'print one JSON object', false)
    .action(async (options: { json: boolean }) => {
      const made = app();
      const { zone } = await made.config();
      const places = await made.sealedPlaces();
      done(await runDeadLetters(options, { openStore: made.openStore, zone, places }, io));
    });
  deadLetters
    .command('retry')
    .description('give them to the store again; takes the private sealing key')
    .addOption(identityOption())
    .option('--json', 'print one JSON object', false)
    .action(async (options: DeadLettersRetryArgs) => {
      done(await runDeadLettersRetry(options, { app: app(), signal }, io));
    });

  program
    .command('check')
    .description('point at every mistake in the configuration, and run the policy tests')
    .option('--json', 'print one JSON object', false)
    .option('--strict', 'exit 1 for warnings too', false)
    .option('--coverage', 'also say what of the policy no policy test shows', false)
    .option('--exit-code', 'exit 1 where --coverage names anything', false)
    .option('--who <url>', 'in place of all that, say who could visit an address, by which decision')
    .option(
      '--at <time>',
      'with --who: local time such as 2026-10-05T14:30, or with an offset; now unless given',
    )
    .action(async (options: CheckArgs) => {
      done(await runCheckCommand(options, app(), io));
    });

  const context = { program, io, signal, app, done };
  registerVisits(context);
  registerCases(context);
  registerExemptions(context);
  registerDirectory(context);
  registerRejudge(context);
  registerProof(context);
  registerPeople(context);
  registerReport(context);
  registerReviews(context);
  registerSchedule(context);
  registerStore(context);

  const audit = program.command('audit').description('the audit chain: who viewed what');
  audit
    .command('verify')
    .description('verify that no line of the chain was changed, removed or put in')
    .option('--json', 'print one JSON object', false)
    .action(async (options: { json: boolean }) => {
      done(await runAuditVerify(options, await app().openAudit(), io));
    });

  program
    .command('demo')
    .description('scan the sample municipality (what `npm start` does)')
    .action(async () => {
      const made = app();
      const flags = program.opts<GlobalFlags>();
      const demo = deps.compose({ ...flags, config: `${made.packageRoot}/config/demo` });
      done(await runDemo({ app: demo, signal }, io));
    });

  return program;
}

interface ScanOptions {
  source: string;
  format: Format | null;
  again: boolean;
  final: boolean;
  json: boolean;
}

interface ExplainOptions {
  user: string;
  client: string;
  method: string;
  at?: string;
  finding?: string;
  exitCode: boolean;
}

interface SearchOptions {
  from?: string;
  to?: string;
  limit?: number;
  sort?: string;
  format?: 'table' | 'csv' | 'ndjson';
}

function identityOption(): Option {
  return new Option(
    '--identity <file>',
    'the private sealing key, where it is not private/seal.key of the keys',
  );
}

function formatOption(): Option {
  const names = ['auto', ...FORMATS.map(format => format.name)];
  return new Option('--format <format>', `log format: ${names.join(', ')}`)
    .default(null, 'auto')
    .argParser((name: string) => {
      if (name === 'auto') return null;
      const found = FORMATS.find(format => format.name === name);
      if (found === undefined) throw new InvalidArgumentError(`It is one of ${names.join(', ')}.`);
      return found;
    });
}

async function explain(
  url: string | undefined,
  options: ExplainOptions,
  { app, io }: { app: App; io: Io },
): Promise<ExitCode> {
  if (options.finding !== undefined) {
    const installation = await app.installation('look');
    const store = await app.openStore();
    try {
      const { openAudit, openJudging } = app;
      const deps = { ...installation, store, openAudit, openJudging };
      const holds = await runExplainFinding(options.finding, deps, io);
      return options.exitCode && holds !== 'holds' ? EXIT.condition : EXIT.done;
    } finally {
      await store.close();
    }
  }
  if (url === undefined) {
    throw new GranskaError('USAGE', 'nothing to explain', {
      hint: 'give an address and --user, or --finding with the id of a finding',
    });
  }
  const installation = await app.installation('look');
  const atMs = options.at === undefined ? app.clock.nowMs() : readInstant(options.at, installation.zone);
  if (Number.isNaN(atMs)) {
    throw new GranskaError('USAGE', '--at is no time', {
      hint: 'write 2026-10-05T14:30 by the local clock, or with an offset such as 2026-10-05T14:30+02:00; an hour that the clock skipped in spring is none',
    });
  }
  await runExplainVisit(
    { url, user: options.user, client: options.client, method: options.method, atMs },
    installation,
    io,
  );
  return EXIT.done;
}

async function lookUpOptions(app: App, imagePath: string | undefined): Promise<LookUpOptions> {
  if (imagePath !== undefined)
    return { image: app.loadImage(imagePath), listNames: null, categoriesOf: null };
  const { image, policy } = await app.installation('look');
  const protectedLists = new Set(policy.protectedLists);
  return {
    image,
    listNames: policy.mappedLists(),
    categoriesOf: list => (protectedLists.has(list) ? ['protected'] : policy.categoriesOf(list)),
  };
}
