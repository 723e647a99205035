// What a source calls the proxy that wrote a line (a message's key or header) → the name as a finding may hold it. It is
// somebody else's text: one that is long, holds signs that do not print, or names what must not be stored (§3.6, §6.2) is
// dropped whole. Example: ` proxy-1 ` → `proxy-1`; `proxy-1\u0007` → null.
import { type MinimiseOptions, minimise } from './minimise.ts';

/** Gives the name of the proxy if it may be stored, else null. */
export function observerName(told: string | null, options: MinimiseOptions): string | null {
  if (told === null) return null;
  // As values of a query are written, so that a name is found however it was composed.
  const name = told.normalize('NFC').trim();
  if (name.length > MAX_SIGNS || UNPRINTABLE.test(name)) return null;
  return minimise(name, options);
}

const MAX_SIGNS = 256;
/** Control and format characters, lone surrogates, private use, line and paragraph separators. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/u;
