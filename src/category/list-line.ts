// One line of a category list becomes entries.
//
// In: a line as text. Out: entries in canonical form, what was cleaned on the way, and what was refused and why.
// Invariant: never throws; an entry's host is spelled exactly as `parseTarget` spells the hosts of targets, its path as
// it spells their paths, so that matching is a comparison of bytes.
//
//   `casino.example`                 → casino.example           (plain, squidGuard `domains`)
//   `casino.example/dir/`            → casino.example, /dir     (squidGuard `urls`: a path prefix)
//   `0.0.0.0 a.example b.example`    → a.example, b.example     (hosts file)
//   `*.Casino.example.:443`          → casino.example, cleaned: wildcard, port, trailing-dot, upper-case
//   `co.uk`                          → refused: public-suffix
import { blankTarget, type Target } from '../model/target.ts';

/** One entry: a host with all that is under it, or (path not empty) a path prefix on such hosts. */
export interface Entry {
  host: string;
  /** `''` for a host entry; else begins with `/` and may end in a query. */
  path: string;
}

/** What can be put right in a line. */
export type CleanKind =
  | 'carriage-return'
  | 'latin-1'
  | 'scheme'
  | 'userinfo'
  | 'port'
  | 'wildcard'
  | 'leading-dot'
  | 'trailing-dot'
  | 'upper-case'
  | 'host-spelling'
  | 'path-spelling';

/** Why a line, or a name in it, is no entry. */
export type RefusalKind =
  | 'public-suffix'
  | 'not-a-host'
  | 'other-syntax'
  | 'spaces'
  | 'not-a-sink'
  | 'too-long';

/** Longest host and path together, once both are spelled out. */
export const MAX_ENTRY_CHARS = 16_384;

/** What reading a line needs from outside: the target's own reader and the public suffix list (ICANN section). */
export interface EntryRules {
  parseTarget(raw: string, method: string, out: Target): '' | 'opaque';
  isPublicSuffix(host: string): boolean;
}

/** Holds what one line gave. `none` lines (empty, comment, local name of a hosts file) are neither entries nor refusals. */
export interface LineReading {
  entries: Entry[];
  cleaned: CleanKind[];
  refused: RefusalKind[];
}

/** Reads one line of a list, without its line feed, into `out`. */
export function readListLine(line: string, rules: EntryRules, out: LineReading): void {
  out.entries.length = 0;
  out.cleaned.length = 0;
  out.refused.length = 0;
  if (line.endsWith('\r')) out.cleaned.push('carriage-return');
  const text = stripComment(line);
  if (text === '') return;
  const words = text.split(/[\t ]+/);
  if (words.length === 1) {
    readEntry(text, rules, out);
    return;
  }
  const first = words[0]!;
  if (!ADDRESS.test(first)) {
    out.refused.push('spaces');
    return;
  }
  if (!SINK.test(first)) {
    out.refused.push('not-a-sink');
    return;
  }
  for (const name of words.slice(1)) {
    if (!LOCAL_NAME.test(name) && !ADDRESS.test(name)) readEntry(name, rules, out);
  }
}

/** Makes an empty reading. */
export function blankReading(): LineReading {
  return { entries: [], cleaned: [], refused: [] };
}

/** Tells a host that is an address (hashed and compared whole) from a domain. Both must be canonical. */
export function isAddress(host: string): boolean {
  return /(^|\.)\d+$/.test(host) || host.includes(':');
}

/**
 * What marks rules of content blockers and resolvers. Read as entries some would list what they except, or a whole site
 * for hiding one picture on it: `@@a.example`, `a.example##.ad`, `||a.example^$image`, `address=/a.example/#`.
 */
const OTHER_SYNTAX = /^@@|^[!~|]|^[^/?]*[#|^$]|#[@?$]*#|^[a-z-]+[:=]\/[^/]/i;
const ADDRESS = /^(\d+\.\d+\.\d+\.\d+|[0-9a-f:.]*:[0-9a-f:.]*(%\w+)?)$/i;
const SINK = /^(0\.0\.0\.0|127\.\d+\.\d+\.\d+|255\.255\.255\.255|::|::1|f[ef][0-9a-f]{2}::\w*(%\w+)?)$/i;
const LOCAL_NAME = /^(localhost|localhost\.localdomain|localhost[46]?|local|broadcasthost|ip6-\w+)$/i;

function stripComment(line: string): string {
  const text = line.replace(/^\uFEFF/, '');
  const comment = text.search(/(^|[\t ])#/);
  return (comment < 0 ? text : text.slice(0, comment)).trim();
}

function readEntry(word: string, rules: EntryRules, out: LineReading): void {
  if (OTHER_SYNTAX.test(word)) {
    out.refused.push('other-syntax');
    return;
  }
  const parts = splitEntry(word, out);
  const host = canonicalHost(parts.host, rules, out);
  if (host === '') {
    out.refused.push('not-a-host');
    return;
  }
  const path = parts.rest === '' ? '' : canonicalPath(host, parts.rest, { rules, out });
  if (path === null) {
    out.refused.push('not-a-host');
    return;
  }
  if (host.length + path.length > MAX_ENTRY_CHARS) {
    out.refused.push('too-long');
    return;
  }
  // Not even with a path: it would cover that path on every site of the country.
  if (rules.isPublicSuffix(host)) {
    out.refused.push('public-suffix');
    return;
  }
  out.entries.push({ host, path });
}

/** Splits off what is no part of an entry; `rest` is path and query. */
function splitEntry(word: string, out: LineReading): { host: string; rest: string } {
  let text = word;
  const scheme = /^([a-z][a-z0-9+.-]*:)?\/\//i.exec(text);
  if (scheme !== null) {
    out.cleaned.push('scheme');
    text = text.slice(scheme[0].length);
  }
  const cut = text.search(/[/?#\\]/);
  let host = cut < 0 ? text : text.slice(0, cut);
  const rest = cut < 0 ? '' : text.slice(cut);
  const at = host.lastIndexOf('@');
  if (at >= 0) {
    out.cleaned.push('userinfo');
    host = host.slice(at + 1);
  }
  if (/^[0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.]*$/i.test(host)) return { host: `[${host}]`, rest };
  const bare = host.replace(/:\d*$/, '');
  if (bare !== host) out.cleaned.push('port');
  const named = bare.replace(/^\*+(?=\.)/, '');
  if (named !== bare) out.cleaned.push('wildcard');
  const undotted = named.replace(/^\.+/, '');
  if (undotted !== named && named === bare) out.cleaned.push('leading-dot');
  const ended = undotted.replace(/\.+$/, '');
  if (ended !== undotted) out.cleaned.push('trailing-dot');
  return { host: ended, rest };
}

/** Spells a host as targets are spelled; `''` where it is none. Labels with `_` or ending in `-` are taken as they are. */
function canonicalHost(raw: string, rules: EntryRules, out: LineReading): string {
  // The parser reads on past a `;`, as a log needs; in a list a `;` parts the fields of some other syntax.
  if (raw === '' || raw.includes('..') || raw.includes(';')) return '';
  const lower = raw.toLowerCase();
  if (PLAIN_HOST.test(lower) && !NEEDS_PARSER.test(lower)) {
    if (lower !== raw) out.cleaned.push('upper-case');
    return lower;
  }
  const target = blankTarget();
  const outcome = rules.parseTarget(`http://${raw}/`, 'GET', target);
  if (outcome !== '' || target.hostKind === 'opaque' || !isSpelledPlainly(target)) return '';
  if (target.host !== raw && `[${target.host}]` !== raw) out.cleaned.push('host-spelling');
  return target.host;
}

const PLAIN_HOST = /^[a-z0-9._-]+$/;
/** A last label that begins with a digit may be a number, hence an address; an A-label has to be checked. */
const NEEDS_PARSER = /(^|\.)[0-9][a-z0-9]*$|(^|\.)xn--/;

function isSpelledPlainly(target: Target): boolean {
  if (target.hostKind !== 'domain') return true;
  return PLAIN_HOST.test(target.host) && !target.host.includes('..') && !target.host.startsWith('.');
}

/**
 * Spells path and query as targets are spelled, without a slash at the end; `''` where nothing is left, null where no
 * target can have this host.
 */
function canonicalPath(
  host: string,
  rest: string,
  tools: { rules: EntryRules; out: LineReading },
): string | null {
  const target = blankTarget();
  const authority = host.includes(':') ? `[${host}]` : host;
  if (tools.rules.parseTarget(`http://${authority}${rest}`, 'GET', target) !== '') return null;
  const query = target.query === '?' ? '' : target.query;
  const path = query === '' ? target.path.replace(/\/+$/, '') : `${target.path}${query}`;
  if (path !== rest && `${path}/` !== rest) tools.out.cleaned.push('path-spelling');
  return path;
}
