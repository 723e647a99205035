// Free text → the hosts that it may name (semantics 6.4), to find out whether a protected one is among them.
// In: a rejected line or other text, decoded as UTF-8 or, better, one character per byte (Latin-1): then both readings
// of bytes above 0x7f are tried. Out: canonical hosts with a dot, and addresses. Invariant: rather too many than one too
// few. Example: `http%3A%2F%2FA.example%2F` → a.example.
import { blankTarget } from '../model/target.ts';
import { decodeBase64 } from './embedded.ts';
import { canonicalHost, hostKindOf } from './host.ts';
import { decodeBytes, decodePercent } from './percent.ts';
import { mayWrap, unwrap } from './unwrap.ts';

/** Finds every host that a text may name, in canonical form, hidden ones included. */
export function hostTokens(text: string): string[] {
  const hosts = new Set<string>();
  collect(text, 0, hosts);
  return [...hosts];
}

/** How often a text may have been encoded. */
const MAX_DEPTH = 6;

/** A longest run of letters, digits, `. - _ %` or anything above ASCII. One class: it stays linear on any text. */
const RUN = /[a-z0-9._%\u{80}-\u{10ffff}-]+/giu;
const NO_ASCII_HOST = /[^a-z0-9.-]+/i;
const NO_HOST = /[^\p{L}\p{M}\p{N}.-]+/u;
const IPV6 = /(?<![0-9a-f:])[0-9a-f]*:[0-9a-f:]*:[0-9a-f:.]*/gi;
const BACKSLASH_ESCAPE = /\\x(?=[0-9a-f]{2})/gi;
/** What base64 makes of `http`. */
const ENCODED_URL = /aHR0c[a-z0-9+/_-]+/gi;

function collect(text: string, depth: number, hosts: Set<string>): void {
  for (const address of text.match(IPV6) ?? []) add(withoutFinalDot(address), hosts);
  for (const run of text.match(RUN) ?? []) addRun(run, depth, hosts);
  if (depth === MAX_DEPTH) return;
  for (const encoded of text.match(ENCODED_URL) ?? []) collect(decodeBase64(encoded), depth + 1, hosts);
  const decoded = decodePercent(text.replace(BACKSLASH_ESCAPE, '%'));
  if (decoded !== text) collect(decoded, depth + 1, hosts);
}

function addRun(run: string, depth: number, hosts: Set<string>): void {
  add(run, hosts);
  const trimmed = trim(run);
  if (trimmed !== run) add(trimmed, hosts);
  // What may stand right beside a host in a text: `_` (mail filters write `https-3A__a.example_path`), a percent sign
  // that begins no escape, quotation marks and other signs above ASCII.
  for (const beside of [NO_ASCII_HOST, NO_HOST]) {
    const pieces = run.split(beside);
    if (pieces.length > 1) for (const piece of pieces) if (piece !== '') add(piece, hosts);
  }
  if (depth > 0) return;
  const reading = asUtf8(run);
  if (reading !== run) collect(reading, 1, hosts);
}

/** Takes dots, hyphens and underscores from both ends. */
function trim(run: string): string {
  let start = 0;
  let end = run.length;
  while (start < end && '._-'.includes(run[start]!)) start++;
  while (end > start && '._-'.includes(run[end - 1]!)) end--;
  return run.slice(start, end);
}

function withoutFinalDot(address: string): string {
  return address.endsWith('.') ? address.slice(0, -1) : address;
}

/** Reads characters that may be the bytes of a UTF-8 text as that text. */
function asUtf8(run: string): string {
  if (!/[\u{80}-\u{ff}]/u.test(run) || /[^\u{0}-\u{ff}]/u.test(run)) return run;
  return decodeBytes(Uint8Array.from(run, byte => byte.charCodeAt(0)));
}

function add(written: string, hosts: Set<string>): void {
  const host = canonicalHost(written);
  const hostKind = hostKindOf(host);
  if (hostKind === 'opaque' || (hostKind === 'domain' && !host.includes('.'))) return;
  hosts.add(host);
  if (!mayWrap(host)) return;
  for (const inner of unwrap({ ...blankTarget(), host, hostKind })) hosts.add(inner.target.host);
}
