// Host as written → host in canonical form, by the WHATWG host parser: lower-case A-labels without a trailing dot,
// dotted IPv4 from any notation, compressed IPv6 without brackets.
import type { HostKind } from '../model/target.ts';
import { plainHostEnd } from './plain-host.ts';

/** Writes a host in its canonical form; answers `''` for what is no host. Takes IPv6 with or without brackets. */
export function canonicalHost(written: string): string {
  if (plainHostEnd(written, 0) === written.length) return withoutFinalDot(written.toLowerCase());
  const isIpv6 = written.includes(':');
  if (isIpv6 && !IPV6_WRITTEN.test(written)) return '';
  if (!isIpv6 && DELIMITERS.test(written)) return '';
  const authority = isIpv6 && !written.startsWith('[') ? `[${written}]` : written;
  const url = URL.parse(`http://${authority}/`);
  return url === null ? '' : hostFromUrl(url.hostname);
}

/** Turns the `hostname` of a URL object with a special scheme into a canonical host. */
export function hostFromUrl(hostname: string): string {
  if (hostname.startsWith('[')) return unmapped(hostname.slice(1, -1));
  const host = withoutFinalDot(hostname);
  const parameters = host.indexOf(';');
  // `host;x`: the standard takes `;` into the name, which no resolver knows; others pass it over, we read on.
  if (parameters > 0 && DNS_NAME.test(host.slice(0, parameters)))
    return canonicalHost(host.slice(0, parameters));
  return host;
}

/** Says what kind of host a canonical host is. */
export function hostKindOf(host: string): HostKind {
  if (host === '') return 'opaque';
  if (host.includes(':')) return 'ipv6';
  return DOTTED_IPV4.test(host) ? 'ipv4' : 'domain';
}

const IPV6_WRITTEN = /^(?:\[[0-9a-f:.]+\]|[0-9a-f:.]+)$/i;
const DELIMITERS = /[\t\n\r /?#\\@[\]]/;
const DNS_NAME = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+\.?$/;
const DOTTED_IPV4 = /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/;
const MAPPED_IPV4 = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

function withoutFinalDot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host;
}

/** Reads an IPv4 address mapped into IPv6 as that IPv4 address: it is where the request goes. */
function unmapped(ipv6: string): string {
  const words = MAPPED_IPV4.exec(ipv6);
  if (words === null) return ipv6;
  const high = Number.parseInt(words[1]!, 16);
  const low = Number.parseInt(words[2]!, 16);
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}
