// false-match: findings of a case whose list was wrong → the corrections that would have prevented them.
// In: findings; out: for each list the narrowest correction: the entry goes where it is the very host or address that was
// visited; where it covers more (`blogs.example` of `chess.blogs.example`), only the visited host is excepted (`never`).
// Invariant: nothing is corrected beyond what was visited; each correction stands once.
import type { Finding } from '../model/finding.ts';
import type { ListOverride } from '../model/override.ts';

/** A correction, and the match that it is about. */
export interface Correction extends ListOverride {
  entry: string;
  site: string;
}

/** Gives the correction that a finding's match calls for. */
export function correctionOf(finding: Pick<Finding, 'list' | 'entry' | 'domain' | 'facts'>): Correction {
  const { list, entry, domain } = finding;
  const isVery = finding.facts.matchedBy === 'url' || domain === entry || domain === `www.${entry}`;
  return {
    ...(isVery ? { action: 'remove', what: entry } : { action: 'never', what: domain }),
    list,
    entry,
    site: domain,
  };
}

/** Gives what an override is called: the same correction has the same id. `hash` gives hex digits. */
export function overrideIdOf({ action, list, what }: ListOverride, hash: (text: string) => string): string {
  return hash(JSON.stringify(['override', action, list, what])).slice(0, ID_DIGITS);
}

const ID_DIGITS = 12;
