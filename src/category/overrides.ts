// overrides: what the installation itself says against its feeds (§4.3): entries to add to a list, entries to remove from it,
// hosts that it shall never match.
// In: the text of the files `add`, `remove` and `never`, a line each: `LIST,ENTRY`, with `#` before a comment; out: what each
// list is to have changed, in the spelling of the image.
// Invariant: they are applied last, `never` over `remove` over `add`; a line that cannot be read is a mistake and not passed
// over: a correction that does not count accuses somebody.
// Example: `remove`: `gambling,chess.example   # chess is no gambling`.
import { blankReading, type EntryRules, readListLine } from './list-line.ts';

/** Names of the files, in the order in which they count, the strongest last. */
export const OVERRIDE_FILES = ['add', 'remove', 'never'] as const;
export type OverrideFile = (typeof OVERRIDE_FILES)[number];

/** What one list is to have changed. Keys are host and path together, as the image has them. */
export interface ListOverrides {
  /** Entries to add, with the line of the file `add`. */
  add: { host: string; path: string; line: number }[];
  remove: Set<string>;
  /** Hosts that are never matched, with all under them. */
  never: Set<string>;
}

/** Overrides by list. */
export type Overrides = ReadonlyMap<string, ListOverrides>;

/** A line that cannot be used. */
export interface OverrideMistake {
  file: OverrideFile;
  line: number;
  what: 'no-list' | 'unknown-list' | 'no-entry' | 'path';
}

/** Reads the files of overrides; `lists` names the lists that there are. */
export function readOverrides(
  texts: Readonly<Record<OverrideFile, string>>,
  lists: readonly string[],
  rules: EntryRules,
): { overrides: Overrides; mistakes: OverrideMistake[] } {
  const overrides = new Map<string, ListOverrides>();
  const mistakes: OverrideMistake[] = [];
  for (const file of OVERRIDE_FILES) {
    for (const [index, text] of texts[file].split('\n').entries()) {
      const line = index + 1;
      const read = readLine(text, rules);
      if (read === null) continue;
      const what = typeof read === 'string' ? read : mistakeOf(file, read, lists);
      if (typeof read === 'string' || what !== null) {
        mistakes.push({ file, line, what: what! });
        continue;
      }
      const of = overrides.get(read.list) ?? { add: [], remove: new Set(), never: new Set() };
      overrides.set(read.list, of);
      const { host, path } = read;
      switch (file) {
        case 'add':
          of.add.push({ host, path, line });
          break;
        case 'remove':
          of.remove.add(host + path);
          break;
        case 'never':
          of.never.add(host);
          break;
        default:
          file satisfies never;
      }
    }
  }
  return { overrides, mistakes };
}

interface OverrideLine {
  list: string;
  host: string;
  path: string;
}

/** Reads one line; null where nothing stands in it. A list's name may hold blanks, but no comma. */
function readLine(text: string, rules: EntryRules): OverrideLine | 'no-list' | 'no-entry' | null {
  const bare = text.replace(/(^|\s)#.*$/, '').trim();
  if (bare === '') return null;
  const comma = bare.indexOf(',');
  if (comma <= 0) return 'no-list';
  const reading = blankReading();
  readListLine(bare.slice(comma + 1).trim(), rules, reading);
  const [entry] = reading.entries;
  if (entry === undefined || reading.entries.length > 1) return 'no-entry';
  return { list: bare.slice(0, comma).trim(), ...entry };
}

function mistakeOf(
  file: OverrideFile,
  { list, path }: OverrideLine,
  lists: readonly string[],
): OverrideMistake['what'] | null {
  if (!lists.includes(list)) return 'unknown-list';
  return file === 'never' && path !== '' ? 'path' : null;
}
