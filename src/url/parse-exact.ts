// The exact reading: the platform's URL class is the WHATWG algorithm. Only what that algorithm leaves open is
// decided here: the authority form of a tunnel, hosts under schemes it does not know, and a stray space.
import type { Target } from '../model/target.ts';
import { canonicalHost, hostFromUrl, hostKindOf } from './host.ts';
import { normalizePath } from './path.ts';

/** Reads any request target into `out` by the WHATWG algorithm; answers `opaque` where it names no host. */
export function parseExact(raw: string, method: string, out: Target): '' | 'opaque' {
  makeOpaque(out);
  if (method === 'CONNECT' && !raw.includes('://')) return readAuthority(raw, out);
  if (raw.includes('.') && HOST_AND_PORT.test(raw)) return readAuthority(raw, out);
  const url = URL.parse(raw) ?? URL.parse(withoutStraySpaces(raw));
  if (url === null) return 'opaque';
  const scheme = url.protocol.slice(0, -1);
  const isTunnel = method === 'CONNECT' || scheme === 'tunnel';
  // The host of a scheme that WHATWG does not know is kept as it is written there; it is read as a domain
  // all the same, so that no scheme hides a listed host.
  const host = SPECIAL_SCHEMES.has(scheme) ? hostFromUrl(url.hostname) : canonicalHost(url.hostname);
  if (host === '') return 'opaque';
  out.host = host;
  out.hostKind = hostKindOf(host);
  out.port = url.port === '' ? (SPECIAL_SCHEMES.get(scheme) ?? null) : Number(url.port);
  if (isTunnel) return '';
  out.scheme = scheme;
  out.path = normalizePath(url.pathname);
  out.query = url.search;
  return '';
}

/** The special schemes of the URL standard with their default ports. */
const SPECIAL_SCHEMES: ReadonlyMap<string, number | null> = new Map([
  ['http', 80],
  ['https', 443],
  ['ws', 80],
  ['wss', 443],
  ['ftp', 21],
  ['file', null],
]);

/**
 * `host.example:443` under another method than CONNECT, if there is a dot in it: to WHATWG a scheme, to every proxy a
 * host.
 */
const HOST_AND_PORT = /^(?:[^\s/?#\\@:[\]]+|\[[0-9a-f:.]+\]):[0-9]{1,5}$/i;

const AUTHORITY = /^\s*(?:[^/?#\\]*@)?(\[[^\]]*\]|[^/?#\\:@]*)(?::([0-9]*))?(?:[/?#\\].*)?$/s;

/** What logs write where there is no target. */
const PLACEHOLDERS: ReadonlySet<string> = new Set(['', '-', '*']);

function readAuthority(raw: string, out: Target): '' | 'opaque' {
  const parts = AUTHORITY.exec(raw);
  if (parts === null) return 'opaque';
  const written = parts[1]!.trim();
  const port = parts[2] === undefined || parts[2] === '' ? null : Number(parts[2]);
  if (PLACEHOLDERS.has(written) || (port !== null && port > 65_535)) return 'opaque';
  const host = canonicalHost(written);
  const isBareWord = port === null && hostKindOf(host) === 'domain' && !host.includes('.');
  if (host === '' || isBareWord) return 'opaque';
  out.host = host;
  out.hostKind = hostKindOf(host);
  out.port = port;
  return '';
}

/** Takes away spaces at either end of the host (`http:// host/`), which real clients send and proxies pass over. */
function withoutStraySpaces(raw: string): string {
  return raw.replace(/^(\s*[a-z][a-z0-9+.-]*:[/\\]{2}) *([^/?#\\ ]+) *(?=[/?#\\:]|$)/i, '$1$2');
}

function makeOpaque(out: Target): void {
  out.scheme = '';
  out.host = '';
  out.hostKind = 'opaque';
  out.port = null;
  out.path = '';
  out.query = '';
}
