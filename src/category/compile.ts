// Many lists become one image.
//
// In: lists, each a row of files, each a row of chunks of bytes cut anywhere. Out: the bytes of the image.
// Invariant: the same lists give the same bytes, in whatever order the lists came; an entry that stands twice is stored
// once, with the set of its lists and, for each of them, the first line where it stood.
//
//   const compiler = createCompiler(rules);
//   compiler.beginList('gambling', { licence: 'CC0-1.0', source: 'ourselves', usage: '' });
//   compiler.beginFile('domains', 'entries');
//   compiler.add(bytes, 0, bytes.length);
//   compiler.endFile();
//   const image = compiler.finish();
import { createPile, type EntryPile, KIND, pushDomain, pushEntry, sealEntry } from './entry-pile.ts';
import {
  type ContentHash,
  type ListAbout,
  type ListDraft,
  type ListFile,
  type ListFileKind,
  tally,
  toHex,
} from './list-draft.ts';
import { blankReading, type EntryRules, isAddress, type LineReading, readListLine } from './list-line.ts';
import type { ListOverrides, Overrides } from './overrides.ts';
import { writeImage } from './write-image.ts';

/** What compiling needs from outside. */
export interface CompileRules extends EntryRules {
  createHash(): ContentHash;
  /** About how many bytes of files will come, so that little has to grow. */
  hintBytes: number;
  /** What the installation changes in its lists. */
  overrides?: Overrides;
}

/** Takes lists and makes the image. Calls come in the order beginList, (beginFile, add…, endFile)…, …, finish. */
export interface ListCompiler {
  beginList(name: string, about: ListAbout): void;
  /** Files of one list come in order of name. */
  beginFile(name: string, kind: ListFileKind): void;
  /** Takes the next bytes of the file; they are copied. */
  add(bytes: Uint8Array, start: number, end: number): void;
  endFile(): void;
  finish(): Uint8Array<ArrayBuffer>;
}

/** Longest line that is read; a longer one is refused. */
export const MAX_LINE_BYTES = 8192;

interface CompilerState {
  rules: CompileRules;
  pile: EntryPile;
  drafts: ListDraft[];
  hash: ContentHash;
  /** Beginning of a line whose end is in a later chunk. */
  carry: Uint8Array;
  carried: number;
  reading: LineReading;
}

/** Makes a compiler. */
export function createCompiler(rules: CompileRules): ListCompiler {
  const state: CompilerState = {
    rules,
    pile: createPile(rules.hintBytes),
    drafts: [],
    hash: rules.createHash(),
    carry: new Uint8Array(MAX_LINE_BYTES + 1),
    carried: 0,
    reading: blankReading(),
  };
  return {
    beginList: (name, about) => {
      finishList(state);
      const overrides = rules.overrides?.get(name) ?? null;
      const counts = { expressions: 0, cleaned: new Map(), refused: new Map(), removed: 0 };
      state.drafts.push({ name, about, files: [], ...counts, overrides });
    },
    beginFile: (name, kind) => beginFile(state, name, kind),
    add: (bytes, start, end) => addChunk(state, bytes, start, end),
    endFile: () => endFile(state),
    finish: () => {
      finishList(state);
      return writeImage(state.pile, state.drafts, rules.createHash);
    },
  };
}

/** Puts the installation's own entries into the list that has been read, as a file `overrides/add` of it. */
function finishList(state: CompilerState): void {
  const list = state.drafts.length - 1;
  const draft = state.drafts.at(-1);
  if (draft === undefined || draft.overrides === null || draft.overrides.add.length === 0) return;
  const before = draft.files.at(-1);
  const firstLine = before === undefined ? 1 : before.firstLine + before.lines;
  const lines = Math.max(...draft.overrides.add.map(({ line }) => line));
  draft.files.push({ name: 'overrides/add', kind: 'entries', lines, firstLine, digest: '' });
  for (const { host, path, line } of draft.overrides.add) {
    if (!isRemoved(draft.overrides, host + path))
      pushWhole(state.pile, { host, path }, { list, line: firstLine + line - 1 });
  }
}

function isRemoved(overrides: ListOverrides | null, key: string): boolean {
  return overrides?.remove.has(key) === true;
}

function beginFile(state: CompilerState, name: string, kind: ListFileKind): void {
  const { files } = state.drafts.at(-1)!;
  const before = files.at(-1);
  const firstLine = before === undefined ? 1 : before.firstLine + before.lines;
  files.push({ name, kind, lines: 0, firstLine, digest: '' });
  state.hash = state.rules.createHash();
  state.carried = 0;
}

function endFile(state: CompilerState): void {
  if (state.carried > 0) takeCarried(state);
  state.drafts.at(-1)!.files.at(-1)!.digest = toHex(state.hash.digest());
}

function addChunk(state: CompilerState, bytes: Uint8Array, start: number, end: number): void {
  state.hash.update(bytes.subarray(start, end));
  let from = start;
  if (state.carried > 0) {
    const feed = bytes.subarray(start, end).indexOf(LINE_FEED);
    const stop = feed < 0 ? end : start + feed;
    carryOn(state, bytes, start, stop);
    if (feed < 0) return;
    takeCarried(state);
    from = stop + 1;
  }
  const whole = bytes.subarray(0, end).lastIndexOf(LINE_FEED) + 1;
  if (whole > from) {
    takeLines(state, bytes, from, whole);
    from = whole;
  }
  if (from < end) carryOn(state, bytes, from, end);
}

/** Keeps the beginning of a line; one byte more than a line may have is enough to know that it is too long. */
function carryOn(state: CompilerState, bytes: Uint8Array, start: number, end: number): void {
  const kept = Math.min(end - start, state.carry.length - state.carried);
  state.carry.set(bytes.subarray(start, start + kept), state.carried);
  state.carried += kept;
}

function takeCarried(state: CompilerState): void {
  const line = new Uint8Array(state.carried + 1);
  line.set(state.carry.subarray(0, state.carried));
  line[state.carried] = LINE_FEED;
  state.carried = 0;
  takeLines(state, line, 0, line.length);
}

/** Takes whole lines. Plain lower-case domains, nearly all, are recognised by their bytes; the others go the exact way. */
function takeLines(state: CompilerState, bytes: Uint8Array, start: number, end: number): void {
  const { pile, rules, drafts } = state;
  const list = drafts.length - 1;
  const file = drafts[list]!.files.at(-1)!;
  const { overrides } = drafts[list]!;
  if (file.kind === 'expressions') {
    takeExpressions(state, bytes, start, end);
    return;
  }
  const text = asciiText(bytes, start, end);
  for (let from = start; from < end; ) {
    const stop = plainDomainEnd(bytes, from);
    if (stop > from && bytes[stop] === LINE_FEED) {
      const host =
        text === null ? latin1.decode(bytes.subarray(from, stop)) : text.slice(from - start, stop - start);
      if (rules.isPublicSuffix(host)) {
        tally(drafts[list]!.refused, 'public-suffix', file);
      } else if (isRemoved(overrides, host)) {
        drafts[list]!.removed++;
      } else {
        pushDomain(pile, bytes, from, stop);
        sealEntry(pile, list, file.firstLine + file.lines);
      }
      file.lines++;
      from = stop + 1;
      continue;
    }
    const feed = bytes.indexOf(LINE_FEED, from);
    takeOddLine(state, bytes, from, feed);
    file.lines++;
    from = feed + 1;
  }
}

/**
 * Gives the position behind a plain lower-case domain that begins at `start`, or `start` where there is none: letters,
 * digits, `-`, `_`, no empty label, no `--` (an A-label is checked), a last label that begins with a letter.
 */
function plainDomainEnd(bytes: Uint8Array, start: number): number {
  let lastDot = start - 1;
  let at = start;
  let kind = BYTE_KIND[bytes[at]!]!;
  for (; kind !== OTHER; kind = BYTE_KIND[bytes[++at]!]!) {
    if (kind === NAME) continue;
    if (kind === DOT) {
      if (lastDot === at - 1) return start;
      lastDot = at;
    } else if (bytes[at - 1] === HYPHEN && at > start) return start;
  }
  const first = bytes[lastDot + 1]!;
  return first >= 0x61 && first <= 0x7a && at - start <= MAX_LINE_BYTES ? at : start;
}

function takeOddLine(state: CompilerState, bytes: Uint8Array, start: number, end: number): void {
  const draft = state.drafts.at(-1)!;
  const file = draft.files.at(-1)!;
  if (end - start > MAX_LINE_BYTES) {
    tally(draft.refused, 'too-long', file);
    return;
  }
  const { reading, pile } = state;
  readListLine(decodeLine(bytes.subarray(start, end), draft, file), state.rules, reading);
  for (const kind of reading.cleaned) tally(draft.cleaned, kind, file);
  for (const kind of reading.refused) tally(draft.refused, kind, file);
  const list = state.drafts.length - 1;
  const line = file.firstLine + file.lines;
  for (const entry of reading.entries) {
    if (isRemoved(draft.overrides, entry.host + entry.path)) draft.removed++;
    else pushWhole(pile, entry, { list, line });
  }
}

/** Adds an entry, and for one with a path the note that its host has such. */
function pushWhole(
  pile: EntryPile,
  { host, path }: { host: string; path: string },
  { list, line }: { list: number; line: number },
): void {
  const key = utf8Encoder.encode(host + path);
  const about = { hostBytes: host.length, isAddress: isAddress(host) };
  pushEntry(pile, key, { ...about, kind: path === '' ? KIND.host : KIND.url });
  sealEntry(pile, list, line);
  if (path === '') return;
  pushEntry(pile, key.subarray(0, host.length), { ...about, kind: KIND.urlHost });
  sealEntry(pile, list, line);
}

/** Counts what is neither empty nor a comment. */
function takeExpressions(state: CompilerState, bytes: Uint8Array, start: number, end: number): void {
  const draft = state.drafts.at(-1)!;
  const file = draft.files.at(-1)!;
  for (let from = start; from < end; file.lines++) {
    const feed = bytes.indexOf(LINE_FEED, from);
    const line = latin1.decode(bytes.subarray(from, Math.min(feed, from + MAX_LINE_BYTES))).trim();
    if (line !== '' && !line.startsWith('#')) draft.expressions++;
    from = feed + 1;
  }
}

/** Reads a line as UTF-8, or as Latin-1 where it is not UTF-8. */
function decodeLine(line: Uint8Array, draft: ListDraft, file: ListFile): string {
  try {
    return utf8.decode(line);
  } catch {
    tally(draft.cleaned, 'latin-1', file);
    return latin1.decode(line);
  }
}

/** Decodes a chunk in one go, so that a line is a cheap slice of it; null where offsets would not agree. */
function asciiText(bytes: Uint8Array, start: number, end: number): string | null {
  const text = replacingUtf8.decode(bytes.subarray(start, end));
  return text.length === end - start ? text : null;
}

const LINE_FEED = 0x0a;
const HYPHEN = 0x2d;
const OTHER = 0;
const NAME = 1;
const DOT = 2;
const DASH = 3;

/** What a byte is to a plain domain. */
const BYTE_KIND = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0x2e) return DOT;
  if (byte === HYPHEN) return DASH;
  const isName = (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f;
  return isName ? NAME : OTHER;
});

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const replacingUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const latin1 = new TextDecoder('latin1');
const utf8Encoder = new TextEncoder();
