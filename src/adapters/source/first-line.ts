// Tells by what a segment is looked up: its first line (§9.2). In: the beginning of the content. Out: keys.
//   first line    SHA-256 of the first complete line that is neither empty nor a comment (`#…`), without line feed
//   only comments SHA-256 of those lines, line feeds included (no line holds one: the two cannot meet)
//   only a half   SHA-256 of nothing, where the half line is taken as a line
// A segment that began as one of the last two keeps its key while it grows; so its key is looked up as well.
import { hash } from 'node:crypto';

export interface FirstLineKeys {
  /** Key of a new segment with this content; null where no line of it is complete yet. */
  own: string | null;
  /** Keys under which the content may be known from before its first line was there. */
  earlier: readonly string[];
}

/** How much of a content is looked at for its first line; a longer first line is known by this much of it. */
export const HEAD_BYTES: number = 256 << 10;

/** Says whether a beginning holds the first line whole. */
export function hasFirstLine(head: Uint8Array): boolean {
  return findFirstLine(head).line !== null;
}

/** Gives the keys of a content from its beginning. `takesHalf`: what has no line feed at the end is a line. */
export function firstLineKeys(head: Uint8Array, takesHalf: 'takesHalf' | 'waits'): FirstLineKeys {
  const { line, headerEnds } = findFirstLine(head);
  const headers = headerEnds.slice(-MAX_HEADER_KEYS).map(end => sha256Hex(head.subarray(0, end)));
  headers.reverse();
  if (line !== null) return { own: sha256Hex(line), earlier: [...headers, HALF_KEY] };
  const header = headers[0];
  const hasRest = head.length > (headerEnds.at(-1) ?? skipBom(head));
  if (hasRest && takesHalf === 'takesHalf') return { own: HALF_KEY, earlier: headers };
  if (header !== undefined) return { own: header, earlier: [...headers.slice(1), HALF_KEY] };
  return { own: null, earlier: [] };
}

/** Tells where the content begins after a UTF-8 byte order mark, which counts as content but is no part of a line. */
export function skipBom(head: Uint8Array): number {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
}

const MAX_HEADER_KEYS = 64;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const NUMBER_SIGN = 35;

function sha256Hex(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

const HALF_KEY = sha256Hex(new Uint8Array(0));

function findFirstLine(head: Uint8Array): { line: Uint8Array | null; headerEnds: number[] } {
  const headerEnds: number[] = [];
  let start = skipBom(head);
  while (start < head.length) {
    const feed = head.indexOf(LINE_FEED, start);
    // A line longer than the head is complete enough to be known by.
    if (feed === -1 && head.length < HEAD_BYTES) break;
    const line = head.subarray(start, feed === -1 ? head.length : feed);
    if (!isHeader(line)) return { line, headerEnds };
    if (feed === -1) break;
    start = feed + 1;
    headerEnds.push(start);
  }
  return { line: null, headerEnds };
}

function isHeader(line: Uint8Array): boolean {
  return line.length === 0 || line[0] === NUMBER_SIGN || (line.length === 1 && line[0] === CARRIAGE_RETURN);
}
