// A list while it is being compiled: what it is called, which files it has, what was cleaned and refused.
import type { ImageList, Tally } from './layout.ts';
import type { ListOverrides } from './overrides.ts';

/** A running SHA-256. */
export interface ContentHash {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

/** What is known of a list beside its entries; `''` where it is not said. */
export interface ListAbout {
  licence: string;
  source: string;
  /** squidGuard's `usage` file, such as `black`. */
  usage: string;
}

/** Says how a file is read: as entries (`domains`, `urls`, plain and hosts files), or as expressions, which are off. */
export type ListFileKind = 'entries' | 'expressions';

/** A file of a list that is being read; `firstLine` counts through all files of the list. */
export interface ListFile {
  name: string;
  kind: ListFileKind;
  lines: number;
  firstLine: number;
  /** SHA-256 of its content, hex, once it has been read; `''` for entries of the installation's own. */
  digest: string;
}

/** A list while it is being read. */
export interface ListDraft {
  name: string;
  about: ListAbout;
  files: ListFile[];
  expressions: number;
  cleaned: Map<string, Tally>;
  refused: Map<string, Tally>;
  /** What the installation has changed in it; null where nothing. */
  overrides: ListOverrides | null;
  /** Entries that were left out because of it. */
  removed: number;
}

/** Counts one cleaning or refusal of the line that is being read, and keeps where the first one was. */
export function tally(tallies: Map<string, Tally>, kind: string, file: ListFile): void {
  const known = tallies.get(kind);
  if (known === undefined) tallies.set(kind, { count: 1, file: file.name, line: file.lines + 1 });
  else known.count++;
}

/** Writes bytes as lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}

/** Gives what the image says of a list, before its version is known and its entries are counted. */
export function describeList(draft: ListDraft): ImageList {
  return {
    name: draft.name,
    version: '',
    entries: 0,
    source: draft.about.source,
    licence: draft.about.licence,
    usage: draft.about.usage,
    files: draft.files.map(({ name, lines, firstLine }) => ({ name, lines, firstLine })),
    lines: draft.files.reduce((sum, file) => sum + file.lines, 0),
    duplicates: 0,
    expressions: draft.expressions,
    cleaned: sortedRecord(draft.cleaned),
    refused: sortedRecord(draft.refused),
    ...(draft.overrides === null ? {} : { overrides: describeOverrides(draft.overrides, draft.removed) }),
  };
}

function describeOverrides(
  { add, remove, never }: ListOverrides,
  removed: number,
): NonNullable<ImageList['overrides']> {
  return { added: add.length, remove: [...remove].sort(), removed, never: [...never].sort() };
}

function sortedRecord(tallies: Map<string, Tally>): Record<string, Tally> {
  return Object.fromEntries([...tallies].sort(([a], [b]) => (a < b ? -1 : 1)));
}
