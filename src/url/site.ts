// Canonical host → what belongs together. The one file of the stages that holds a package: tldts carries the public
// suffix list.
import { getDomain, parse } from 'tldts';

/**
 * Finds the registrable domain of a canonical host (`a.b.example.co.uk` → `example.co.uk`), private suffixes such as
 * `github.io` included; answers the host itself where there is none: an address, a bare word, a suffix.
 */
export function siteOf(host: string): string {
  return getDomain(host, AS_WRITTEN) ?? host;
}

/** Says whether a canonical host is a public suffix of the list's ICANN section, such as `se` or `co.uk`. */
export function isPublicSuffix(host: string): boolean {
  if (host.includes(':')) return false;
  // A top-level domain that has only a wildcard rule (`*.ck`) is found through a name under it.
  const asked = host.includes('.') ? host : `x.x.${host}`;
  const found = parse(asked, { ...AS_WRITTEN, allowPrivateDomains: false });
  if (found.isIcann !== true || found.publicSuffix === null) return false;
  return host.includes('.') ? found.publicSuffix === host : true;
}

const AS_WRITTEN = { allowPrivateDomains: true, extractHostname: false, validateHostname: false } as const;
