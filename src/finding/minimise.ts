// Free text of a record → what of it may be stored (§3.6, §6.2): nothing that names the person it concerns, the
// client's address or a protected site. In: the text and what it must not hold; out: the text, or null. What cannot be
// kept whole is dropped whole: half a text misleads. Example: `/users/anna.berg/` of anna.berg → null.
import { type Secrets, writeFolded } from './secrets.ts';

export interface MinimiseOptions {
  /** Says whether a text holds a host-like token of a protected site. */
  holdsProtected(text: string): boolean;
  secrets: Secrets;
}

/** Gives the text if it may be stored, else null. */
export function minimise(text: string | null, options: MinimiseOptions): string | null {
  if (text === null || text === '') return null;
  if (options.holdsProtected(text)) return null;
  const folded = writeFolded(text);
  if (options.secrets.parts.some(secret => folded.includes(secret))) return null;
  if (options.secrets.words.length === 0) return text;
  const words = folded.split(NO_WORD);
  return options.secrets.words.some(secret => words.includes(secret)) ? null : text;
}

const NO_WORD = /[^\p{L}\p{M}\p{N}]+/u;
