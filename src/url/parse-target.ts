// What was asked for → target.
// In: a request target as logged (absolute URL, `host:port` of a CONNECT, or something else). Out: a Target in
// its canonical form, or the outcome `opaque` and an empty target where it names no host.
// Invariant: the host is what the WHATWG URL algorithm would ask for; the plain path and the exact path agree.
// Example: `HTTP://user@EXAMPLE.com.:80/a/../b?q` → http, example.com, 80, /b, ?q.
import type { Target } from '../model/target.ts';
import { parseExact } from './parse-exact.ts';
import { parsePlainAuthority, parsePlainUrl } from './parse-plain.ts';

/** Reads a request target as logged into `out`; answers `opaque` and empties `out` where it names no host. */
export function parseTarget(raw: string, method: string, out: Target): '' | 'opaque' {
  // Most lines of a log are plain: the property test holds that this changes nothing but the time taken.
  const isPlain = method === 'CONNECT' ? parsePlainAuthority(raw, out) : parsePlainUrl(raw, out);
  if (isPlain) return '';
  return parseExact(raw, method, out);
}
