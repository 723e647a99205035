// Lists as folders, the way squidGuard keeps them.
//
// In: paths. Out: which lists lie there, with their files. Each path is one of:
//   a folder that holds `domains`, `urls`, `expressions` or `hosts`   one list, named like the folder
//   another folder                        each such folder in it is a list; so is each loose file NAME.txt, NAME.hosts,
//                                         NAME.list, NAME.domains, NAME.urls in it, named NAME
//   a file                                one list, named like the file without its ending
// In a list's folder the files `domains`, `urls`, `hosts`, `expressions` are read, and those with the endings above.
// Their syntax is told line by line (plain names, urls, hosts file). `licence.txt` (`licence: …`, `source: …`) and
// `usage` describe a list; a `licence.txt` in the folder above speaks for those that have none. Links are followed.
import { closeSync, type Dirent, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { ListAbout, ListFileKind } from '../../category/list-draft.ts';
import { GranskaError } from '../../errors.ts';

/** One list as it lies on the disk. */
export interface ListFolder {
  name: string;
  about: ListAbout;
  /** In order of name. */
  files: readonly { name: string; path: string; kind: ListFileKind; bytes: number }[];
}

/** Finds the lists under some paths. Throws GranskaError LISTS where a path holds none or two lists have one name. */
export function findLists(paths: readonly string[]): ListFolder[] {
  const lists = paths.flatMap(findUnder);
  const places = new Map<string, number>();
  for (const { name } of lists) {
    if (!NAME.test(name)) {
      throw new GranskaError('LISTS', `The list name ${JSON.stringify(name)} cannot be used.`, {
        hint: 'Rename the folder: no commas, no control characters, no blanks at either end.',
      });
    }
    if (places.has(name)) {
      throw new GranskaError('LISTS', `Two lists are called “${name}”.`, {
        hint: 'A list is called like its folder or file: rename one of the two, or leave one out.',
      });
    }
    places.set(name, 1);
  }
  return lists;
}

/** Reads a file from beginning to end through one buffer and hands on each piece. */
export function readPieces(path: string, buffer: Uint8Array, take: (bytes: number) => void): void {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    throw unreadable(path, cause);
  }
  try {
    for (;;) {
      const bytes = readSync(file, buffer, 0, buffer.length, null);
      if (bytes === 0) return;
      take(bytes);
    }
  } catch (cause) {
    throw cause instanceof GranskaError ? cause : unreadable(path, cause);
  } finally {
    closeSync(file);
  }
}

const NAME = /^[^\s,\p{Cc}]([^,\p{Cc}]*[^\s,\p{Cc}])?$/u;
const LIST_NAMES = new Set(['domains', 'urls', 'hosts', 'expressions']);
const LIST_ENDING = /\.(txt|hosts|list|domains|urls)$/i;
const NO_LIST = /^(licen[cs]e|copying|read[-_]?me|notice|changelog|usage)\b/i;

function findUnder(path: string): ListFolder[] {
  if (!statOf(path).isDirectory()) return [oneFile(path, aboutIn([]))];
  const entries = entriesOf(path);
  if (entries.some(({ name, isFolder }) => !isFolder && LIST_NAMES.has(name))) {
    return [listIn(path, entries, aboutIn([path]))];
  }
  const lists: ListFolder[] = [];
  for (const entry of entries) {
    if (!entry.isFolder) {
      if (isLooseList(entry.name)) lists.push(oneFile(entry.path, aboutIn([path])));
      continue;
    }
    const inside = entriesOf(entry.path);
    if (inside.some(isListFile)) lists.push(listIn(entry.path, inside, aboutIn([entry.path, path])));
  }
  if (lists.length > 0) return lists;
  throw new GranskaError('LISTS', `There is no list in ${path}.`, {
    hint: 'It should hold one folder a list, each with a file `domains` or `urls`, or be such a folder itself.',
  });
}

interface Found {
  name: string;
  path: string;
  isFolder: boolean;
  bytes: number;
}

/** Lists a folder in order of name (of code units, so that it is the same everywhere); links that lead nowhere are left out. */
function entriesOf(folder: string): Found[] {
  let names: Dirent[];
  try {
    names = readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    throw unreadable(folder, cause);
  }
  return names
    .filter(({ name }) => !name.startsWith('.'))
    .map(({ name }) => ({
      name,
      path: join(folder, name),
      stat: statSync(join(folder, name), { throwIfNoEntry: false }),
    }))
    .flatMap(({ name, path, stat }) =>
      stat !== undefined && (stat.isDirectory() || stat.isFile())
        ? [{ name, path, isFolder: stat.isDirectory(), bytes: stat.size }]
        : [],
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isLooseList(name: string): boolean {
  return LIST_ENDING.test(name) && !NO_LIST.test(name);
}

function isListFile(found: Found): boolean {
  return !found.isFolder && (LIST_NAMES.has(found.name) || isLooseList(found.name));
}

function listIn(folder: string, entries: readonly Found[], about: ListAbout): ListFolder {
  const files = entries.filter(isListFile).map(({ name, path, bytes }) => ({
    name,
    path,
    kind: name === 'expressions' ? ('expressions' as const) : ('entries' as const),
    bytes,
  }));
  return { name: basename(resolve(folder)), about, files };
}

function oneFile(path: string, about: ListAbout): ListFolder {
  const name = basename(path);
  return {
    name: name.replace(LIST_ENDING, ''),
    about,
    files: [
      { name, path, kind: name === 'expressions' ? 'expressions' : 'entries', bytes: statOf(path).size },
    ],
  };
}

/** Reads what describes a list, from the first of the folders that says it. `usage` counts in the list's own alone. */
function aboutIn(folders: readonly string[]): ListAbout {
  const texts = folders.map(
    folder => textOf(join(folder, 'licence.txt')) || textOf(join(folder, 'license.txt')),
  );
  const field = (name: RegExp): string =>
    texts.map(text => name.exec(text)?.[1]?.trim() ?? '').find(value => value !== '') ?? '';
  const usage = folders[0] === undefined ? '' : textOf(join(folders[0], 'usage'));
  return {
    licence: field(/^[ \t]*licen[cs]e:[ \t]*(.*)$/im),
    source: field(/^[ \t]*source:[ \t]*(.*)$/im),
    usage: usage
      .split('\n')
      .map(line => line.trim())
      .filter(line => line !== '' && !line.startsWith('#'))
      .join(', '),
  };
}

function textOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile() || stat.size > 65536) return '';
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function statOf(path: string): { isDirectory(): boolean; size: number } {
  try {
    return statSync(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): GranskaError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
  return new GranskaError('LISTS', `${path} cannot be read (${code}).`, {
    hint: 'Check that it is there and that this account may read it.',
    cause,
  });
}
