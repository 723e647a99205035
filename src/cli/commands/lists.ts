// `granska lists compile` and `granska lists info`: lists become an image, and an image says what is in it.
import type { Image } from '../../category/image.ts';
import type { ImageList, Tally } from '../../category/layout.ts';
import { EXIT, type ExitCode, GranskaError } from '../../errors.ts';
import { type Io, write } from '../io.ts';
import { counted, formatCount } from '../numbers.ts';
import { alignTable } from '../table.ts';

export interface ListsCompileArgs {
  /** Folders of lists, lists, or files. */
  paths: readonly string[];
  /** Where the image goes. */
  out: string;
  /** Folder of overrides; none unless given. */
  overrides?: string | undefined;
  json: boolean;
}

export interface ListsDeps {
  /** Compiles lists into an image file, with the overrides of a folder where one is named. */
  compileLists(paths: readonly string[], out: string, overrides: string | null): Image;
  loadImage(path: string): Image;
}

/** Compiles lists into an image file and says on stderr what it holds, or with `json` on stdout. */
export async function runListsCompile(
  args: ListsCompileArgs,
  deps: Pick<ListsDeps, 'compileLists'>,
  io: Io,
): Promise<ExitCode> {
  if (args.paths.length === 0) {
    throw new GranskaError('USAGE', 'No folder of lists was given.', {
      hint: 'granska lists compile DIR… -o IMAGE',
    });
  }
  const image = deps.compileLists(args.paths, args.out, args.overrides ?? null);
  if (args.json) await write(io.stdout, `${JSON.stringify(imageJson(image))}\n`);
  else await write(io.stderr, `${imageText(image)}\n\nWritten to ${args.out}\n`);
  return EXIT.done;
}

/** Says what an image holds. */
export async function runListsInfo(
  args: { image: string; json: boolean },
  deps: Pick<ListsDeps, 'loadImage'>,
  io: Io,
): Promise<ExitCode> {
  const image = deps.loadImage(args.image);
  await write(io.stdout, args.json ? `${JSON.stringify(imageJson(image))}\n` : `${imageText(image)}\n`);
  return EXIT.done;
}

function imageJson(image: Image): Record<string, unknown> {
  return {
    schema: 'granska.lists/1',
    version: image.version,
    bytes: image.bytes.length,
    hosts: image.hosts,
    entries: image.entries,
    lists: image.lists,
  };
}

function imageText(image: Image): string {
  const size = `${(image.bytes.length / 1e6).toFixed(1)} MB`;
  const head = [
    `${counted(image.lists.length, 'list')}, ${counted(image.entries, 'entry', 'entries')}, ${size}`,
    `version ${image.version}`,
  ];
  const table = alignTable(
    [
      ['list', 'version', 'licence', 'entries', 'twice', 'cleaned', 'refused', 'expressions (off)'],
      ...image.lists.map(list => [
        list.name,
        list.version.slice(0, 12),
        list.licence === '' ? '-' : list.licence,
        formatCount(list.entries),
        formatCount(list.duplicates),
        formatCount(sum(list.cleaned)),
        formatCount(sum(list.refused)),
        formatCount(list.expressions),
      ]),
    ],
    { rightFrom: 3, indent: 2 },
  );
  const notes = image.lists.flatMap(notesOn);
  return [...head, '', table, ...(notes.length === 0 ? [] : ['', ...notes])].join('\n');
}

function notesOn(list: ImageList): string[] {
  return [
    ...overrideNotes(list),
    ...Object.entries(list.refused).map(([kind, tally]) => note(list, 'refused', { kind, tally })),
    ...Object.entries(list.cleaned).map(([kind, tally]) => note(list, 'cleaned', { kind, tally })),
  ];
}

/** Says what the installation itself has changed in a list. */
function overrideNotes({ name, overrides }: ImageList): string[] {
  if (overrides === undefined) return [];
  const { added, remove, removed, never } = overrides;
  const idle = remove.length > 0 && removed === 0 ? ', which it did not have' : '';
  const parts = [
    ...(added > 0 ? [`${counted(added, 'entry', 'entries')} added`] : []),
    ...(remove.length > 0 ? [`${counted(remove.length, 'entry', 'entries')} removed${idle}`] : []),
    ...(never.length > 0 ? [`${counted(never.length, 'host')} never matched`] : []),
  ];
  return [`${name}: own overrides: ${parts.join(', ')}`];
}

function note(list: ImageList, what: string, { kind, tally }: { kind: string; tally: Tally }): string {
  const meaning = MEANINGS[kind] ?? kind;
  const place = `${list.name}/${tally.file}, line ${tally.line}`;
  return `${list.name}: ${what} ${formatCount(tally.count)}, ${meaning} (${tally.count === 1 ? '' : 'first: '}${place})`;
}

/** Says in words what was cleaned or why something was refused. */
const MEANINGS: Readonly<Record<string, string>> = {
  'public-suffix': 'a bare public suffix, which would cover half a country',
  'not-a-host': 'no host',
  'other-syntax': 'a rule of another syntax (content blocker or resolver)',
  spaces: 'several words, but no hosts file line',
  'not-a-sink': 'a hosts file line whose address is a real one',
  'too-long': 'longer than an entry can be',
  'carriage-return': 'a carriage return at the end',
  'latin-1': 'Latin-1 instead of UTF-8',
  scheme: 'a scheme before the host',
  userinfo: 'a user before the host',
  port: 'a port after the host',
  wildcard: 'a wildcard label: an entry covers what is under it anyhow',
  'leading-dot': 'a leading dot',
  'trailing-dot': 'a trailing dot',
  'upper-case': 'upper case',
  'host-spelling': 'a host in another spelling',
  'path-spelling': 'a path in another spelling',
};

function sum(tallies: Readonly<Record<string, Tally>>): number {
  return Object.values(tallies).reduce((total, { count }) => total + count, 0);
}
