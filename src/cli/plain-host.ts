// Finds the host in a plain line of `lookup`, by its bytes.
//
// In: one line. Out: where its host lies, or nothing. Invariant: where a host is found, the exact way reads the same
// host (in lower case) or none at all, so that a host which nothing covers needs no exact way.

/** Where a plain host lies; `start` is -1 where the line is not plain. */
export interface HostRange {
  start: number;
  end: number;
}

/**
 * Finds the host of `http://host…`, `https://host…`, `host`, `host:port` or `host/path` in `bytes[start..end)`. Letters,
 * digits, `.`, `-`, `_` only, a last label that begins with a letter (no address), no `--` (an A-label is checked).
 */
export function findPlainHost(bytes: Uint8Array, start: number, end: number, out: HostRange): void {
  out.start = -1;
  const from = afterScheme(bytes, start, end);
  let lastDot = from - 1;
  let at = from;
  for (; at < end; at++) {
    const kind = BYTE_KIND[bytes[at]!]!;
    if (kind === NAME) continue;
    if (kind === DOT) {
      if (lastDot === at - 1) return;
      lastDot = at;
    } else if (kind === DASH) {
      if (at > from && bytes[at - 1] === HYPHEN) return;
    } else break;
  }
  const first = bytes[lastDot + 1]! | 0x20;
  if (at === from || lastDot === at - 1 || first < 0x61 || first > 0x7a) return;
  if (at < end && !endsHost(bytes, at, end)) return;
  out.start = from;
  out.end = at;
}

/** Tells whether a host may end at `at`: before a path, a query, a fragment, or a port of digits. */
function endsHost(bytes: Uint8Array, at: number, end: number): boolean {
  const byte = bytes[at]!;
  if (byte !== COLON) return byte === SLASH || byte === QUESTION || byte === HASH;
  let port = at + 1;
  while (port < end && bytes[port]! >= 0x30 && bytes[port]! <= 0x39) port++;
  if (port === at + 1) return false;
  return port === end || bytes[port] === SLASH || bytes[port] === QUESTION || bytes[port] === HASH;
}

function afterScheme(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 8) return start;
  for (let i = 0; i < 4; i++) if ((bytes[start + i]! | 0x20) !== HTTP[i]) return start;
  const colon = (bytes[start + 4]! | 0x20) === 0x73 ? start + 5 : start + 4;
  const isScheme = bytes[colon] === COLON && bytes[colon + 1] === SLASH && bytes[colon + 2] === SLASH;
  return isScheme ? colon + 3 : start;
}

const HTTP = [0x68, 0x74, 0x74, 0x70];
const COLON = 0x3a;
const SLASH = 0x2f;
const QUESTION = 0x3f;
const HASH = 0x23;
const HYPHEN = 0x2d;
const NAME = 1;
const DOT = 2;
const DASH = 3;

/** What a byte is to a plain host; 0 for what cannot be in one. */
const BYTE_KIND = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0x2e) return DOT;
  if (byte === HYPHEN) return DASH;
  const letter = byte | 0x20;
  const isLetter = byte < 0x80 && letter >= 0x61 && letter <= 0x7a;
  return isLetter || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f ? NAME : 0;
});
