// The matcher: which entries of the mapped lists cover a target.
//
// In: a target (exact), or a host's bytes (fast). Out: matches with list, version, entry, file and line; or yes or no.
// Invariant: an entry is reported only if its own bytes agree, so that no collision can accuse anyone; and all entries
// that cover the target are, of parent and child alike (§4.1, §4.3). Wrapped targets are the caller's to unwrap.
//
//   const matcher = createMatcher(image, ['gambling']);
//   matcher.match(target);                      // target of https://www.casino.example/x → entry casino.example
//   matcher.coversHost(bytes, start, end);      // false: nothing to report, whatever the path
import type { Match } from '../model/match.ts';
import type { Target } from '../model/target.ts';
import { buildFilter, type Filter, isNumberLike, maskLists, maskSets, mayHold } from './filter.ts';
import { extend, extendWords, finish, SEED } from './hash.ts';
import type { Image } from './image.ts';
import { pieceEnd } from './path-pieces.ts';
import { findHost, findUrl, hasUrls, ownEntry, unionSet } from './record.ts';
import { readVarint, varintLength } from './varint.ts';

/** Answers for the mapped lists of one image. */
export interface Matcher {
  /** Content hash of the image, hex. */
  readonly version: string;
  readonly filter: Filter;
  /** Gives all entries that cover the target itself, the host's own first, then those of its ancestors. */
  match(target: Target): Match[];
  /**
   * Tells, without allocating, whether a mapped entry covers the host `bytes[start..end)`, or a mapped `urls` entry
   * exists for it or an ancestor (then `match` decides). For hosts of `[A-Za-z0-9._-]` without a dot at the end, or
   * dotted IPv4 in canonical form. Up to 3 bytes behind `end` are read: they must exist.
   */
  coversHost(bytes: Uint8Array, start: number, end: number): boolean;
}

/** Makes a matcher for the lists that are named; `null` takes all. Names that the image does not have match nothing. */
export function createMatcher(image: Image, listNames: readonly string[] | null): Matcher {
  const listMask = maskLists(image, listNames);
  const filter = buildFilter(image, listMask);
  const core: MatcherCore = { image, listMask, setMask: maskSets(image, listMask), filter };
  const never = neverByList(image);
  // Views are kept from call to call: making one for each host would be most of the work.
  let hostBuffer: ArrayBufferLike | null = null;
  let hostOffset = 0;
  let hostView = new DataView<ArrayBufferLike>(new ArrayBuffer(0));
  const coversHost = (bytes: Uint8Array, start: number, end: number): boolean => {
    if (bytes.buffer !== hostBuffer || bytes.byteOffset !== hostOffset) {
      hostBuffer = bytes.buffer;
      hostOffset = bytes.byteOffset;
      hostView = new DataView(bytes.buffer, bytes.byteOffset);
    }
    return isCovered(core, bytes, hostView, start, end);
  };
  let scratch = createScratch(256);
  const match = (target: Target): Match[] => {
    const { host } = target;
    if (host === '' || target.hostKind === 'opaque') return NONE;
    if (host.length + SPARE_BYTES > scratch.bytes.length) scratch = createScratch(host.length * 2);
    for (let i = 0; i < host.length; i++) {
      const code = host.charCodeAt(i);
      if (code > 0x7f) return NONE;
      scratch.bytes[i] = code;
    }
    if (!isCovered(core, scratch.bytes, scratch.view, 0, host.length)) return NONE;
    const matches = collect(core, scratch.bytes, target);
    if (never.size === 0) return matches;
    return matches.filter(({ list }) => !isUnder(target, never.get(list)));
  };
  return { version: image.version, filter, match, coversHost };
}

const NONE: Match[] = [];

/** Hosts that the installation has said a list must never match. The fast way may still point to them: `match` decides. */
function neverByList({ lists }: Image): ReadonlyMap<string, ReadonlySet<string>> {
  const never = new Map<string, ReadonlySet<string>>();
  for (const { name, overrides } of lists) {
    if (overrides !== undefined && overrides.never.length > 0) never.set(name, new Set(overrides.never));
  }
  return never;
}

/** Tells whether a host, or one above it, is among some hosts. */
function isUnder({ host, hostKind }: Target, hosts: ReadonlySet<string> | undefined): boolean {
  if (hosts === undefined) return false;
  if (hosts.has(host)) return true;
  if (hostKind !== 'domain') return false;
  for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
    if (hosts.has(host.slice(dot + 1))) return true;
  }
  return false;
}

const SPARE_BYTES = 8;

interface Scratch {
  bytes: Uint8Array<ArrayBuffer>;
  view: DataView<ArrayBuffer>;
}

function createScratch(length: number): Scratch {
  const bytes = new Uint8Array(length + SPARE_BYTES);
  return { bytes, view: new DataView(bytes.buffer) };
}

interface MatcherCore {
  image: Image;
  listMask: Uint8Array;
  setMask: Uint8Array;
  filter: Filter;
}

/** Tells whether a mapped record exists for a host or an ancestor; stops where the filter says that nothing is below. */
function isCovered(
  core: MatcherCore,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
): boolean {
  const { filter } = core;
  if (isNumberLike(bytes, start, end)) {
    const hash = finish(extendWords(SEED, view, start, end));
    return mayHold(filter.bits, hash) && isMapped(core, hash, bytes, start, end);
  }
  let state = SEED;
  let labelEnd = end;
  for (let at = end - 1; at >= start - 1; at--) {
    if (at >= start && bytes[at] !== DOT) continue;
    state = extendWords(state, view, at + 1, labelEnd);
    const isLastLabel = labelEnd === end;
    labelEnd = at;
    if (isLastLabel && !filter.hasOneLabelEntries) continue;
    const hash = finish(state);
    if (mayHold(filter.bits, hash)) {
      if (isMapped(core, hash, bytes, at + 1, end)) return true;
    } else if (!isLastLabel) {
      // Only a suffix of two or more labels speaks for what is below it.
      return false;
    }
  }
  return false;
}

function isMapped(core: MatcherCore, hash: number, bytes: Uint8Array, start: number, end: number): boolean {
  const { image, setMask } = core;
  const record = findHost(image, hash, bytes, start, end);
  return record !== 0 && setMask[unionSet(image.records, record)] === 1;
}

/** Collects the matches of a host that is covered. Here clarity counts more than speed: few lines come this far. */
function collect(core: MatcherCore, bytes: Uint8Array, target: Target): Match[] {
  const { image, setMask } = core;
  const { host } = target;
  const isWhole = target.hostKind !== 'domain';
  const levels: Match[][] = [];
  let state = SEED;
  let labelEnd = host.length;
  for (let at = host.length - 1; at >= -1; at--) {
    if (at >= 0 && (isWhole || bytes[at] !== DOT)) continue;
    state = extend(state, bytes, at + 1, labelEnd);
    labelEnd = at;
    const record = findHost(image, finish(state), bytes, at + 1, host.length);
    if (record === 0 || setMask[unionSet(image.records, record)] !== 1) continue;
    const suffix = { target, text: host.slice(at + 1), start: at + 1, hostEnd: host.length };
    const level = explain(core, { record, suffix, path: '' });
    if (hasUrls(image.records, record)) level.push(...collectUrls(core, suffix, state));
    levels.push(level);
  }
  return levels.reverse().flat();
}

interface Suffix {
  target: Target;
  text: string;
  /** Where the suffix begins and where the host ends. */
  start: number;
  hostEnd: number;
}

/** Looks up each beginning of the path that an entry may end at. */
function collectUrls(core: MatcherCore, suffix: Suffix, hostState: number): Match[] {
  const { host, path, query } = suffix.target;
  if (path === '') return NONE;
  // Host, path and query in one piece, so that a suffix of the host with the path behind it is one stretch.
  const place = utf8.encode(host + path + query);
  const matches: Match[] = [];
  let state = hostState;
  for (let at = suffix.hostEnd; at < place.length; ) {
    const end = pieceEnd(place, at, place.length);
    state = extend(state, place, at, end);
    at = end;
    const record = findUrl(core.image, finish(state), place, suffix.start, end);
    if (record === 0) continue;
    matches.push(
      ...explain(core, { record, suffix, path: utf8Text.decode(place.subarray(suffix.hostEnd, end)) }),
    );
  }
  return matches;
}

/** Gives one match for each mapped list of a record's own entry, with the line where the list has it. */
function explain(core: MatcherCore, hit: { record: number; suffix: Suffix; path: string }): Match[] {
  const { image, listMask } = core;
  const { target, text } = hit.suffix;
  const { set, linesAt } = ownEntry(image.records, hit.record);
  const matches: Match[] = [];
  let at = linesAt;
  for (const number of image.sets[set]!) {
    const place = readVarint(image.records, at);
    at += varintLength(place);
    if (listMask[number] !== 1) continue;
    const list = image.lists[number]!;
    const file = list.files.findLast(({ firstLine }) => firstLine <= place)!;
    matches.push({
      list: list.name,
      version: list.version,
      entry: hit.path !== '' && text.includes(':') ? `[${text}]${hit.path}` : text + hit.path,
      file: file.name,
      line: place - file.firstLine + 1,
      matchedBy: hit.path === '' ? 'host' : 'url',
      target,
      via: null,
    });
  }
  return matches;
}

const DOT = 0x2e;
const utf8 = new TextEncoder();
const utf8Text = new TextDecoder();
