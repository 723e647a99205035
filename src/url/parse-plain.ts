// The plain reading: `http(s)://host/…` and `host:port` in which nothing needs the exact algorithm. What is
// not plain is refused, never guessed. It takes less than half the time of the URL class.
import type { Target } from '../model/target.ts';
import { plainHostEnd } from './plain-host.ts';

/** Reads a plain absolute URL into `out`; answers false, and leaves `out` alone, where it is not plain. */
export function parsePlainUrl(raw: string, out: Target): boolean {
  const scheme = raw.startsWith('http://') ? 'http' : raw.startsWith('https://') ? 'https' : '';
  if (scheme === '') return false;
  const hostStart = scheme.length + 3;
  const hostEnd = plainHostEnd(raw, hostStart);
  if (hostEnd < 0) return false;
  let pathStart = hostEnd;
  let port = scheme === 'http' ? 80 : 443;
  if (raw.charCodeAt(hostEnd) === COLON) {
    pathStart = digitsEnd(raw, hostEnd + 1);
    port = portOf(raw, hostEnd + 1, pathStart);
    if (port < 0) return false;
  }
  const pathEnd = plainPathEnd(raw, pathStart);
  if (pathEnd < 0 || !isPlainQuery(raw, pathEnd)) return false;
  out.scheme = scheme;
  setHost(raw, hostStart, hostEnd, out);
  out.port = port;
  out.path = pathEnd === pathStart ? '/' : raw.slice(pathStart, pathEnd);
  out.query = raw.length - pathEnd > 1 ? raw.slice(pathEnd) : '';
  return true;
}

/** Reads a plain `host:port` into `out`; answers false, and leaves `out` alone, where it is not plain. */
export function parsePlainAuthority(raw: string, out: Target): boolean {
  const hostEnd = plainHostEnd(raw, 0);
  if (hostEnd < 0 || raw.charCodeAt(hostEnd) !== COLON) return false;
  const end = digitsEnd(raw, hostEnd + 1);
  const port = portOf(raw, hostEnd + 1, end);
  if (end !== raw.length || port < 0) return false;
  setHost(raw, 0, hostEnd, out);
  out.scheme = '';
  out.port = port;
  out.path = '';
  out.query = '';
  return true;
}

const COLON = 0x3a;
const DOT = 0x2e;
const SLASH = 0x2f;
const QUESTION = 0x3f;

/** Characters that the standard leaves as they are: 1 in a path, 2 in a query, 3 in both. */
const PLAIN = classes();

function classes(): Uint8Array {
  const table = new Uint8Array(128);
  const both = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&()*+,;=:@/';
  for (let i = 0; i < both.length; i++) table[both.charCodeAt(i)] = 3;
  table["'".charCodeAt(0)] = 1;
  for (const inQuery of '%?[]|') table[inQuery.charCodeAt(0)] = 2;
  return table;
}

function setHost(raw: string, start: number, end: number, out: Target): void {
  const last = raw.charCodeAt(end - 1) === DOT ? end - 1 : end;
  out.host = raw.slice(start, last).toLowerCase();
  out.hostKind = 'domain';
}

function digitsEnd(raw: string, start: number): number {
  let at = start;
  while (at < raw.length && isDigit(raw.charCodeAt(at))) at++;
  return at;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function portOf(raw: string, start: number, end: number): number {
  if (end === start || end - start > 5) return -1;
  const port = Number(raw.slice(start, end));
  return port > 65_535 ? -1 : port;
}

/** Finds the end of a path that is its own normal form; -1 where the exact algorithm may change it. */
function plainPathEnd(raw: string, start: number): number {
  if (start === raw.length || raw.charCodeAt(start) === QUESTION) return start;
  if (raw.charCodeAt(start) !== SLASH) return -1;
  let previous = 0;
  for (let at = start; at < raw.length; at++) {
    const code = raw.charCodeAt(at);
    if (code === QUESTION) return at;
    if (code > 0x7f || (PLAIN[code]! & 1) === 0) return -1;
    // An empty or a dotted segment: `//`, `/./`, `/../`, and `/.hidden` for the sake of one test.
    if (previous === SLASH && (code === SLASH || code === DOT)) return -1;
    previous = code;
  }
  return raw.length;
}

function isPlainQuery(raw: string, start: number): boolean {
  for (let at = start; at < raw.length; at++) {
    const code = raw.charCodeAt(at);
    if (code > 0x7f || (PLAIN[code]! & 2) === 0) return false;
  }
  return true;
}
