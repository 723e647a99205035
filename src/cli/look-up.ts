// One address → what the lists say of it.
//
// In: an address as people write it: a URL, `host:port`, `host`, `host/path`. Out: categories, and the entries behind
// them, of the target and of what is wrapped in it (§4.3). Invariant: the quick answer “nothing” is given only where
// the exact way finds nothing.
import { createHash } from 'node:crypto';
import { createCompiler } from '../category/compile.ts';
import { type Image, openImage, VERIFIED } from '../category/image.ts';
import { createMatcher, type Matcher } from '../category/matcher.ts';
import type { Match } from '../model/match.ts';
import { blankTarget } from '../model/target.ts';
import { parseTarget } from '../url/parse-target.ts';
import { unwrap } from '../url/unwrap.ts';
import { WRAPPER_DOMAINS } from '../url/wrappers.ts';
import { findPlainHost, type HostRange } from './plain-host.ts';

/** What the answers come from. */
export interface LookUpOptions {
  image: Image;
  /** Lists that count; null for all. */
  listNames: readonly string[] | null;
  /** Gives the categories that a list feeds; null where the lists' own names are the answer. */
  categoriesOf: ((list: string) => readonly string[]) | null;
}

/** One entry behind an answer; `category` is null where lists' names are the answer. */
export interface Hit {
  category: string | null;
  match: Match;
}

/** What the lists say of one address. */
export interface Answer {
  /** Canonical host; `''` where the address names none. */
  host: string;
  /** In order of name, each once. */
  categories: string[];
  hits: Hit[];
}

export interface LookUp {
  /** Answers in full. */
  answer(address: string): Answer;
  /**
   * Tells quickly that nothing is listed for the address `bytes[start..end)`; false means: ask in full. Up to 3 bytes
   * behind `end` are read: they must exist.
   */
  isClear(bytes: Uint8Array, start: number, end: number): boolean;
}

/** Makes the two ways to look up. */
export function createLookUp(options: LookUpOptions): LookUp {
  const matcher = createMatcher(options.image, options.listNames);
  const wrappers = createWrapperMatcher();
  const range: HostRange = { start: -1, end: -1 };
  return {
    answer: address => answer(address, matcher, options.categoriesOf),
    isClear(bytes, start, end) {
      findPlainHost(bytes, start, end, range);
      if (range.start < 0) return false;
      if (matcher.coversHost(bytes, range.start, range.end)) return false;
      return !wrappers.coversHost(bytes, range.start, range.end);
    },
  };
}

function answer(address: string, matcher: Matcher, categoriesOf: LookUpOptions['categoriesOf']): Answer {
  const target = blankTarget();
  if (readAddress(address, target) !== '') return { host: '', categories: [], hits: [] };
  const matches = [...matcher.match(target)];
  for (const inner of unwrap(target)) {
    for (const match of matcher.match(inner.target)) matches.push({ ...match, via: inner.via });
  }
  const hits = matches.flatMap((match): Hit[] =>
    categoriesOf === null
      ? [{ category: null, match }]
      : categoriesOf(match.list).map(category => ({ category, match })),
  );
  const categories = [...new Set(hits.map(({ category, match }) => category ?? match.list))].sort();
  return { host: target.host, categories, hits };
}

/** Reads an address as people write it: without a scheme it is a host with port (as a tunnel), or a host with a path. */
function readAddress(written: string, target: ReturnType<typeof blankTarget>): '' | 'opaque' {
  // Addresses that were copied from somewhere bring spaces along.
  const address = written.trim();
  if (/^[a-z][a-z0-9+.-]*:[/\\]/i.test(address)) return parseTarget(address, 'GET', target);
  if (/^(\[[^\]]*\]|[^/?#\\:]*):\d+$/.test(address)) return parseTarget(address, 'CONNECT', target);
  if (/^[0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.]*$/i.test(address))
    return parseTarget(`http://[${address}]/`, 'GET', target);
  return parseTarget(`http://${address.replace(/^\/\//, '')}`, 'GET', target);
}

/** Makes a matcher for the hosts of wrappers, from an image of their own. */
function createWrapperMatcher(): Matcher {
  const compiler = createCompiler({
    parseTarget,
    isPublicSuffix: () => false,
    createHash: () => createHash('sha256'),
    hintBytes: 0,
  });
  const bytes = new TextEncoder().encode(WRAPPER_DOMAINS.join('\n'));
  compiler.beginList('wrappers', { licence: '', source: '', usage: '' });
  compiler.beginFile('domains', 'entries');
  compiler.add(bytes, 0, bytes.length);
  compiler.endFile();
  return createMatcher(openImage(compiler.finish(), VERIFIED), null);
}
