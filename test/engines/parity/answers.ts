// What the command line answers over a store, in a form that two stores can be compared by.
// In: an installation; out: for each command its exit code and what it printed, without what rightly differs.
import { type Json, type Ran, readNdjson } from '../../cli/run.ts';
import type { Likeness } from './account.ts';
import type { Installation } from './installation.ts';

/** Commands that are answered from the store. Where lines are the same but not their ids, ties are in another order. */
const COMMANDS: readonly (readonly string[])[] = [
  ['search', '--format', 'ndjson'],
  ['search', 'category:gambling', 'verdict:exempt', '--format', 'ndjson'],
  ['search', 'verdict:attempt', '--format', 'table'],
  ['search', '-category:gambling', '--sort', '-bytes', '--format', 'csv'],
  ['search', 'casino', '--from', '2026-10-01', '--to', '2026-10-15', '--format', 'csv'],
  ['search', 'exemption:U-2026-019', '--sort', 'subject', '--format', 'ndjson'],
  ['search', 'kind:user', 'referrer:foreign', 'status:2xx', '--format', 'ndjson'],
  ['search', 'domain:example', 'role:librarian', '--format', 'table'],
  ['search', 'class:forbidden', '--format', 'csv'],
  ['search', 'category:none-of-these', '--format', 'ndjson'],
  ['search', 'nofield:x'],
  ['rejects', 'retry', '--dry-run', '--json'],
];

/** Commands whose answer depends on ids. */
const BY_ID: readonly (readonly string[])[] = [
  ['search', 'source:default', '--format', 'ndjson'],
  ['search', '--sort', '-bytes', '--limit', '25', '--format', 'csv'],
  ['search', '--sort', 'department', '--limit', '40', '--format', 'table'],
];

export interface Answer {
  command: string;
  code: number | null;
  stderr: string;
  /** What was printed, line by line. */
  stdout: string[];
}

/** Asks everything whose answers are to be alike. */
export async function answersOf(
  installation: Pick<Installation, 'run'>,
  likeness: Likeness,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const args of commandsOf(likeness))
    answers.push(answerOf(args, await installation.run(args), likeness));
  return answers;
}

/** Asks everything once, for both likenesses. */
export async function bothAnswersOf(
  installation: Pick<Installation, 'run'>,
): Promise<Record<Likeness, Answer[]>> {
  const rans = new Map<readonly string[], Ran>();
  for (const args of commandsOf('same streams')) rans.set(args, await installation.run(args));
  const alike = (likeness: Likeness) =>
    commandsOf(likeness).map(args => answerOf(args, rans.get(args)!, likeness));
  return { 'same streams': alike('same streams'), 'same lines': alike('same lines') };
}

function commandsOf(likeness: Likeness): readonly (readonly string[])[] {
  return likeness === 'same streams' ? [...COMMANDS, ...BY_ID] : COMMANDS;
}

function answerOf(args: readonly string[], ran: Ran, likeness: Likeness): Answer {
  const { code, stderr } = ran;
  return { command: args.join(' '), code, stderr, stdout: printed(args, ran, likeness) };
}

function printed(args: readonly string[], { stdout }: Ran, likeness: Likeness): string[] {
  if (args[0] === 'rejects') {
    const { lines, records, rejected, rejects, findings } = JSON.parse(stdout) as Json;
    return [JSON.stringify({ lines, records, rejected, rejects, findings })];
  }
  switch (args[args.indexOf('--format') + 1]) {
    case 'ndjson':
      return likeness === 'same streams'
        ? inOrder(readNdjson(stdout).map(found => JSON.stringify(withoutTimes(found))))
        : withoutIds(readNdjson(stdout), args.includes('--sort') ? 'any order' : 'by start');
    case 'csv':
      return likeness === 'same streams' ? inOrder(stdout.split('\n')) : withoutIdColumns(stdout);
    default:
      // The widths of a table follow from the rows that come first.
      return likeness === 'same streams'
        ? inOrder(stdout.split('\n'))
        : stdout.replace(/ +/g, ' ').split('\n');
  }
}

function inOrder(lines: readonly string[]): string[] {
  return lines.map((line, at) => `${at} ${line}`);
}

/** Findings that are alike in what they are sorted by may stand in any order; moments may not. */
function withoutIds(found: readonly Json[], order: 'by start' | 'any order'): string[] {
  const starts = order === 'by start' ? inOrder(found.map(({ event }) => event.start)) : [];
  return [...starts, ...found.map(one => JSON.stringify(withoutId(one)))];
}

function withoutTimes(found: Json): Json {
  const { ingested, ...event } = found.event;
  return { ...found, event };
}

function withoutId(found: Json): Json {
  const { id, ...event } = withoutTimes(found).event;
  const { log, ...rest } = found;
  const { record, stream, ...granska } = found.granska;
  return { ...rest, event, granska };
}

const ID_COLUMNS = new Set(['event.id', 'granska.record.id', 'log.file.path', 'log.offset']);

function withoutIdColumns(csv: string): string[] {
  const [titles = [], ...rows] = csv.trimEnd().split('\n').map(cellsOf);
  const kept = titles.flatMap((title, at) => (ID_COLUMNS.has(title) ? [] : [at]));
  return rows.map(row => JSON.stringify(kept.map(at => row[at])));
}

/** Cuts a line of CSV into its cells; none of them holds a line feed. */
function cellsOf(line: string): string[] {
  const cells = line.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? [];
  return cells.map(cell => cell.replace(/,$/, ''));
}
