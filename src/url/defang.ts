/**
 * Makes an address harmless to show: no program turns it into a link (`hxxp://example[.]com/a.html`). Takes a URL, a
 * host, `host:port` or `host/path`; URLs inside the path are treated alike.
 */
export function defang(address: string): string {
  const named = address.replace(
    SCHEMES,
    (_, scheme: string, rest: string) => `${HARMLESS[scheme.toLowerCase()]}${rest}`,
  );
  return named.replace(HOSTS, dotted => dotted.replace(/\[\.\]|\./g, '[.]'));
}

/** Gives back the address that `defang` was given, as far as case allows. */
export function refang(text: string): string {
  return text
    .replace(/\bhxxp(s?)(:|%3a)/gi, 'http$1$2')
    .replace(/\bfxp(:|%3a)/gi, 'ftp$1')
    .replace(/\[\.\]/g, '.');
}

const HARMLESS: Readonly<Record<string, string>> = { http: 'hxxp', https: 'hxxps', ftp: 'fxp' };
const SCHEMES = /\b(https?|ftp)(:|%3a)/gi;

/** The host at the beginning, and each one that follows a scheme. */
const HOSTS =
  /^(?:[a-z][a-z0-9+.-]*:[/\\]+)?[^/?#\\]*|(?<=\b(?:hxxps?|fxp)(?::|%3a)(?:[/\\]|%2f|%5c)*)[^/?#\\&%:]+/gi;
