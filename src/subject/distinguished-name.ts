import { decodeBytes } from './decode-percent.ts';

/** Says what of `CN=Åsa Öberg,OU=…` is the name: one attribute, or (`none`) the whole of it. */
export type NameAttribute = 'cn' | 'uid' | 'none';

/** Attributes that a distinguished name can begin with; anything else before a `=` is part of a plain name. */
const FIRST = /^(cn|uid|ou|o|dc|c|l|st|sn|givenname|samaccountname|userprincipalname|emailaddress|e)\s*=/i;
/** A comma (or `;`, or `+`) parts only where another attribute follows: `CN=Öberg, Åsa,OU=…` occurs. */
const PARTING = /(?<!\\)\s*[,;+]\s*(?=[a-z][a-z0-9.-]*\s*=)/i;

/** Gives the name that a distinguished name stands for; null where the text is none. */
export function readDistinguishedName(text: string, attribute: NameAttribute): string | null {
  if (!FIRST.test(text)) return null;
  const pairs = text.split(PARTING).map(splitPair);
  const named = attribute === 'none' ? undefined : pairs.find(pair => pair.attribute === attribute);
  if (named !== undefined) return unescapeValue(named.value);
  return pairs.map(pair => `${pair.attribute}=${pair.value}`).join(',');
}

function splitPair(part: string): { attribute: string; value: string } {
  const at = part.indexOf('=');
  return { attribute: part.slice(0, at).trim().toLowerCase(), value: part.slice(at + 1).trim() };
}

/** Undoes RFC 4514: `\,` is a comma, `\C3\A5` are bytes, and quotes around the value do not belong to it. */
function unescapeValue(value: string): string {
  const bare = value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
  return bare
    .replace(/(?:\\[0-9a-f]{2})+/gi, run =>
      decodeBytes(
        run
          .slice(1)
          .split('\\')
          .map(hex => Number.parseInt(hex, 16)),
      ),
    )
    .replace(/\\(.)/gu, '$1')
    .trim();
}
