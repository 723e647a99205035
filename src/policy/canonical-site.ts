// A site as an exemption names it: a host with all hosts below it, or one address.

/** Gives a site its canonical form (A-labels, lower case, plain address); `''` for what is no bare host. */
export function canonicalSite(raw: string): string {
  const text = raw.trim().replace(/^\*\./, '').replace(/\.$/, '');
  if (text === '' || /[\s/?#@\\]/.test(text)) return '';
  const bracketed = text.includes(':') && !text.startsWith('[') ? `[${text}]` : text;
  if (!URL.canParse(`http://${bracketed}/`)) return '';
  const url = new URL(`http://${bracketed}/`);
  return url.port === '' ? url.hostname.replace(/^\[|\]$/g, '') : '';
}

/** Tells whether a host lies in a site: it is the site, or a host below it. */
export function isInSite(host: string, site: string): boolean {
  if (host === site) return true;
  if (!host.endsWith(site)) return false;
  // An address has no hosts below it; an IPv6 one has no dots, and no host ends in a dotted IPv4 after a dot.
  return host.charCodeAt(host.length - site.length - 1) === 0x2e;
}
