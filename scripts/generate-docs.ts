#!/usr/bin/env node
// The reference pages, made from the tables that the program itself goes by, so that they cannot say anything else.
// Run with `npm run docs`; `npm run docs:check` names each page that is not what the tables say, and exits 1.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Argument, Command, Option } from 'commander';
import { REJECT_MEANINGS } from '../src/cli/doctor/words.ts';
import { buildProgram } from '../src/cli/program.ts';
import { documentConfig } from '../src/config/document.ts';
import { ERRORS, EXIT } from '../src/errors.ts';
import { FORMATS, type Format, type FormatName } from '../src/format/formats.ts';
import type { SkipCode } from '../src/model/record.ts';
import { FIELDS, type FieldRule } from '../src/search/fields.ts';

/** One generated page; its path is relative to the project. */
export interface Page {
  path: string;
  text: string;
}

/** Makes all reference pages. */
export function makePages(): Page[] {
  return [
    { path: 'docs/reference/cli.md', text: cliPage() },
    { path: 'docs/reference/config.md', text: documentConfig() },
    { path: 'docs/reference/errors.md', text: errorsPage() },
    { path: 'docs/reference/formats.md', text: formatsPage() },
    { path: 'docs/reference/query.md', text: queryPage() },
  ];
}

/** Tells which pages are missing or are not what the tables say. */
export function stalePages(root: string): string[] {
  return makePages()
    .filter(page => readOrNull(join(root, page.path)) !== page.text)
    .map(page => page.path);
}

/** Gives every command that can be run, by its full name without `granska`: `lists compile`. */
export function commandNames(): string[] {
  return runnable(program()).map(command => nameOf(command));
}

/** Lines in the likeness of real ones, one or more for each format; a test holds that each is a record of its format. */
export const EXAMPLE_LINES: Readonly<Record<FormatName, readonly string[]>> = {
  squid: [
    '1790000000.123    106 192.0.2.7 TCP_MISS/200 38470 GET http://www.example.com/ anna HIER_DIRECT/198.51.100.9 text/html',
    '1790000003.001  60412 192.0.2.7 TCP_TUNNEL/200 9021 CONNECT www.example.com:443 anna HIER_DIRECT/198.51.100.9 -',
    '1790000004.700    106 192.0.2.7 TCP_MISS/200 38470 GET http://www.example.com/ anna HIER_DIRECT/198.51.100.9 text/html "-" "Mozilla/5.0"',
  ],
  common: [
    '192.0.2.7 - anna [21/Sep/2026:15:33:20 +0200] "GET http://www.example.com/ HTTP/1.1" 200 38470 TCP_MISS:HIER_DIRECT',
  ],
  combined: [
    '192.0.2.7 - anna [21/Sep/2026:15:33:20 +0200] "GET http://www.example.com/ HTTP/1.1" 200 38470 "-" "Mozilla/5.0" TCP_MISS:HIER_DIRECT',
  ],
};

const SKIP_MEANINGS: Readonly<Record<SkipCode, string>> = {
  empty: 'a line with nothing in it',
  comment: 'a line that begins with `#`',
  squidguard: 'a line that squidGuard wrote',
};

const AUDITED: Readonly<Record<FieldRule['vocabulary'], string>> = {
  closed: 'as typed',
  open: 'as typed where a finding has it, else a keyed hash',
  free: 'a keyed hash',
};

const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: 'done; rejected lines alone are no failure',
  condition: 'a condition that was asked for: a failed policy test, `--strict`, nothing with that id',
  usage: 'the command line or the configuration is not right',
  unreachable: 'a log or the store cannot be reached; what could be read was read',
  damaged: 'a file is damaged, or a verification failed; what came before is kept',
  refused: 'the rules do not allow it',
};

function cliPage(): string {
  const root = program();
  const blocks = [
    title('Commands', 'the command table in `src/cli/program.ts`'),
    'Data goes to stdout, everything else to stderr. Exit codes: [errors.md](errors.md). JSON: [json.md](json.md).',
    '## On every command',
    'Given before or after the command’s name. A flag wins over the environment, the environment over the file.',
    optionTable(root.options),
    ...runnable(root).map(commandBlock),
  ];
  return page(blocks);
}

function commandBlock(command: Command): string {
  const parts = [
    `## granska ${nameOf(command)}`,
    `${capital(command.description())}.`,
    `\`\`\`\ngranska ${nameOf(command)} ${command.usage()}`.trimEnd().concat('\n```'),
  ];
  const described = command.registeredArguments.filter(argument => argument.description !== '');
  if (described.length > 0) parts.push(argumentTable(described));
  if (command.options.length > 0) parts.push(optionTable(command.options));
  return parts.join('\n\n');
}

function argumentTable(described: readonly Argument[]): string {
  return table(
    ['argument', 'meaning'],
    described.map(one => [`\`${one.name()}\``, one.description]),
  );
}

function optionTable(options: readonly Option[]): string {
  return table(
    ['option', 'default', 'meaning'],
    options.map(option => [`\`${option.flags}\``, defaultOf(option), meaningOf(option)]),
  );
}

function defaultOf(option: Option): string {
  if (option.mandatory) return 'required';
  const shown = option.defaultValueDescription ?? option.defaultValue;
  if (shown === undefined || shown === false || shown === '') return '';
  return `\`${String(shown)}\``;
}

function meaningOf(option: Option): string {
  if (option.argChoices === undefined) return option.description;
  return `${option.description}: ${option.argChoices.map(choice => `\`${choice}\``).join(', ')}`;
}

function errorsPage(): string {
  const blocks = [
    title('Errors and codes', '`src/errors.ts` and the tables of codes'),
    'An error is one line on stderr with its code in brackets, and a line that says what to do next:',
    '```\ngranska: no finding has that id [NOT_FOUND]\n  ids are event.id in "granska search --format ndjson", …\n```',
    'No error holds a user name, a client’s address or a full URL.',
    '## Exit codes',
    table(
      ['exit', 'meaning'],
      [
        ...entries(EXIT).map(([name, code]) => [String(code), EXIT_MEANINGS[name]]),
        ['70', 'an error of the program itself: please report it'],
        ['130, 143', 'interrupted (Ctrl-C, SIGTERM); what was read so far is stored'],
      ],
    ),
    '## Errors',
    table(
      ['code', 'exit', 'worth trying again', 'meaning'],
      entries(ERRORS).map(([code, kind]) => [
        `\`${code}\``,
        String(kind.exit),
        kind.retriable ? 'yes' : 'no',
        kind.meaning,
      ]),
    ),
    '## Why a line is rejected',
    'A rejected line counts under one of these codes; its text is kept sealed for some days. See [scanning](../guide/scanning.md).',
    table(
      ['code', 'meaning'],
      entries(REJECT_MEANINGS).map(([code, meaning]) => [`\`${code}\``, meaning]),
    ),
    '## Why a line is skipped',
    'A skipped line is of a known kind that is no access record. It is counted and not kept.',
    table(
      ['code', 'meaning'],
      entries(SKIP_MEANINGS).map(([code, meaning]) => [`\`${code}\``, meaning]),
    ),
  ];
  return page(blocks);
}

function formatsPage(): string {
  const blocks = [
    title('Log formats', 'the table in `src/format/formats.ts`'),
    '`--format auto` (the default) goes by the first lines of each file, says what it chose and how sure it is, and never refuses: where nothing fits it takes `squid` and says “not sure”. `granska doctor LOG` says more.',
    table(
      [
        'name',
        'what it is',
        'stamp marks',
        'user',
        'referrer',
        'user agent',
        'mime type',
        'elapsed time',
        'denials',
      ],
      FORMATS.map(formatRow),
    ),
    'A column says what the built-in columns of a format hold. Squid’s native format can be given two more, `"%{Referer}>h" "%{User-Agent}>h"`, at its end: they are read. Request headers in brackets at the end of a line (`log_mime_hdrs on`) are passed over. Denials are told from the proxy’s own word (`TCP_DENIED`, or `NONE` with 403), never from a status alone.',
    ...FORMATS.map(
      format =>
        `## ${format.name}\n\n${format.title}.\n\n\`\`\`\n${EXAMPLE_LINES[format.name].join('\n')}\n\`\`\``,
    ),
  ];
  return page(blocks);
}

function formatRow({ name, title: text, stamp, logs }: Format): string[] {
  const has = (isLogged: boolean) => (isLogged ? 'yes' : 'no');
  const columns = [logs.user, logs.referrer, logs.userAgent, logs.mime, logs.elapsed, logs.denial];
  return [`\`${name}\``, text, `the ${stamp}`, ...columns.map(has)];
}

function queryPage(): string {
  const blocks = [
    title('Fields of a query', 'the table in `src/search/fields.ts`'),
    'How queries are written: [searching](../guide/searching.md). The last column says how a value that was asked for stands in the audit chain.',
    table(
      ['field', 'looks at', 'values', 'in the audit chain'],
      entries(FIELDS).map(([field, rule]) => [
        `\`${field}\``,
        rule.meaning,
        rule.known === undefined ? rule.form : rule.known.map(value => `\`${value}\``).join(', '),
        AUDITED[rule.vocabulary],
      ]),
    ),
  ];
  return page(blocks);
}

/** The command table; nothing of it is run. */
function program(): Command {
  const never = () => {
    throw new Error('the reference pages are made without running a command');
  };
  const silent = { write: () => true } as unknown as NodeJS.WriteStream;
  const io = {
    stdin: process.stdin,
    stdout: silent,
    stderr: silent,
    isTerminal: false,
    isErrorTerminal: false,
    columns: 100,
  };
  return buildProgram(
    { version: '', io, signal: new AbortController().signal, onHangup: never, compose: never },
    never,
  );
}

function runnable(command: Command): Command[] {
  return command.commands.flatMap(child => (child.commands.length > 0 ? runnable(child) : [child]));
}

function nameOf(command: Command): string {
  const parent = command.parent;
  return parent === null || parent.parent === null ? command.name() : `${nameOf(parent)} ${command.name()}`;
}

function title(text: string, source: string): string {
  return `# ${text}\n\nMade from ${source} by \`npm run docs\`; do not edit by hand.`;
}

function page(blocks: readonly string[]): string {
  return `${blocks.join('\n\n')}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function entries<K extends string, V>(object: Readonly<Record<K, V>>): [K, V][] {
  return Object.entries(object) as [K, V][];
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function main(argv: readonly string[]): void {
  const root = join(import.meta.dirname, '..');
  if (argv.includes('--check')) {
    const stale = stalePages(root);
    for (const path of stale) process.stderr.write(`${path} is not what the tables say: run npm run docs\n`);
    process.exitCode = stale.length > 0 ? 1 : 0;
    return;
  }
  for (const { path, text } of makePages()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    process.stdout.write(`${path}\n`);
  }
}

if (import.meta.main) main(process.argv.slice(2));
