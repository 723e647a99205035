// identity: a user name as logged → the one name of that person (§3.4).
// In: any text; out: the canonical name, `''` where nobody is named. Invariant: total, and idempotent: a canonical
// name is its own canonical name. Nothing is cut off that was not configured, so two people never become one.
// Example: with `stripDomains: ['KOMMUN']` both `KOMMUN\%c5sa` and `åsa` are `åsa`; `ANNAN\åsa` stays `annan\åsa`.
import { decodePercent } from './decode-percent.ts';
import { type NameAttribute, readDistinguishedName } from './distinguished-name.ts';

/** Configured rules by which the spellings of one person come together. */
export interface IdentityRules {
  /** Domains to cut off in front (`KOMMUN\bo` → `bo`); `all` cuts off any: only where names are unique over all. */
  stripDomains: readonly string[] | 'all';
  /** Realms to cut off behind (`bo@kommun.se` → `bo`); `all` cuts off any. */
  stripRealms: readonly string[] | 'all';
  /** What names the person in a distinguished name; `none` keeps it whole. `cn` and `uid` merge people who share one. */
  distinguishedName: NameAttribute;
  /** Decodes `%xx`, as UTF-8 or Latin-1. */
  percentDecode: boolean;
  /** Takes doubled backslashes for one, as Squid writes them. */
  backslashEscapes: boolean;
  /** Takes upper and lower case for the same. */
  caseFold: boolean;
  /** Names that name nobody, in any case. */
  anonymous: readonly string[];
  /** Names of accounts that several people use: whose record it is cannot be told. */
  sharedAccounts: readonly string[];
  /** Other names of a person → the name to use. */
  aliases: Readonly<Record<string, string>>;
}

/** Holds rules that are safe without knowing the installation: spellings come together, people do not. */
export const DEFAULT_IDENTITY_RULES: IdentityRules = {
  stripDomains: [],
  stripRealms: [],
  distinguishedName: 'none',
  percentDecode: true,
  backslashEscapes: true,
  caseFold: true,
  anonymous: ['-', 'anonymous', 'anonymous logon', 'nt authority\\anonymous logon'],
  sharedAccounts: [],
  aliases: {},
};

/** Distinguished names in names, escapes in escapes: what has not settled by then is no user name. */
const MAX_ROUNDS = 8;

/** Gives the canonical form of a name, `''` for no user. For many names take `createIdentity`. */
export function canonicalName(raw: string, rules: IdentityRules): string {
  return createIdentity(rules)(raw);
}

/** Prepares rules once, and gives the function that brings names to their canonical form. */
export function createIdentity(rules: IdentityRules): (raw: string) => string {
  const stripDomain = createDomainCutter(rules.stripDomains);
  const stripRealm = createRealmCutter(rules.stripRealms);
  const anonymous = new Set(rules.anonymous.map(fold));

  function settle(raw: string): string {
    let name = raw;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const next = step(name);
      if (next === name) return anonymous.has(fold(name)) ? '' : name;
      if (anonymous.has(fold(next))) return '';
      name = next;
    }
    return '';
  }

  function step(name: string): string {
    const spelled = spell(name, rules);
    const named = readDistinguishedName(spelled, rules.distinguishedName) ?? spelled;
    return spell(stripRealm(stripDomain(named)), rules);
  }

  const aliases = new Map<string, string>();
  for (const [alias, name] of Object.entries(rules.aliases)) aliases.set(settle(alias), settle(name));
  aliases.delete('');
  return raw => followAliases(settle(raw), aliases);
}

/** Gives the question whether a canonical name is an account that several people use, in any of its spellings. */
export function createSharedAccounts(rules: IdentityRules): (name: string) => boolean {
  const canonical = createIdentity(rules);
  const names = new Set(rules.sharedAccounts.map(canonical));
  names.delete('');
  return name => names.has(name);
}

/** Brings the spellings of one text together: encoding, Unicode form, case, spaces, doubled backslashes. */
function spell(name: string, rules: IdentityRules): string {
  const decoded = rules.percentDecode ? decodePercent(name) : name;
  const composed = decoded.toWellFormed().normalize('NFC');
  const folded = rules.caseFold ? composed.toLowerCase().normalize('NFC') : composed;
  const spaced = folded.replace(/\s+/g, ' ').trim();
  return rules.backslashEscapes ? spaced.replace(/\\+/g, '\\') : spaced;
}

function fold(name: string): string {
  return name.normalize('NFC').toLowerCase().trim();
}

/** Cuts domains off: `\` parts always; `/` and `+` (other separators of winbind) only behind a listed domain. */
function createDomainCutter(domains: readonly string[] | 'all'): (name: string) => string {
  if (domains === 'all') return name => name.slice(name.lastIndexOf('\\') + 1);
  const listed = new Set(domains.map(fold));
  if (listed.size === 0) return name => name;
  return name => {
    let rest = name;
    for (;;) {
      const at = rest.search(/[\\/+]/);
      if (at < 0 || !listed.has(fold(rest.slice(0, at)))) return rest;
      rest = rest.slice(at + 1);
    }
  };
}

function createRealmCutter(realms: readonly string[] | 'all'): (name: string) => string {
  if (realms === 'all') return name => (name.includes('@') ? name.slice(0, name.indexOf('@')) : name);
  const listed = new Set(realms.map(fold));
  if (listed.size === 0) return name => name;
  return name => {
    let rest = name;
    for (;;) {
      const at = rest.lastIndexOf('@');
      if (at < 0 || !listed.has(fold(rest.slice(at + 1)))) return rest;
      rest = rest.slice(0, at);
    }
  };
}

/** Follows aliases to their end; a circle ends at its least name, so that all in it agree. */
function followAliases(name: string, aliases: ReadonlyMap<string, string>): string {
  const seen = new Set<string>();
  let at = name;
  for (let next = aliases.get(at); next !== undefined; next = aliases.get(at)) {
    if (seen.has(at)) return leastOfCircle(at, aliases);
    seen.add(at);
    at = next;
  }
  return at;
}

function leastOfCircle(name: string, aliases: ReadonlyMap<string, string>): string {
  let least = name;
  for (let at = aliases.get(name)!; at !== name; at = aliases.get(at)!) if (at < least) least = at;
  return least;
}
