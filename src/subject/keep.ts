// keep: directory and policy → the bodies that are kept beside findings, so that a verdict can be recomputed (§5.7).
// In: what judged; out: JSON in which every user stands by the pseudonym that the epoch's findings carry.
// Invariant: no user name, no client address, no free text; a body is of use while its epoch's key is, no longer.
// Example: `{"id":"u26-…","tenant":"kommun","roles":["social-investigator"],"department":"Social","from":…}`.
import type { Zone } from '../calendar/zone.ts';
import type { Population } from '../model/subject.ts';
import type { PolicyContent } from '../policy/policy.ts';
import type { ExemptionRule } from '../policy/rules.ts';
import type { NetworkEntry } from './network.ts';
import type { Department, RosterEntry } from './roster.ts';

/** Everything that directory, networks and departments files say, in canonical form and order. */
export interface DirectoryContent {
  tenant: string;
  /** True where there is a directory file; without one nobody is `unknown` for not being in it. */
  namesUsers: boolean;
  users: readonly (RosterEntry & { tenant: string; user: string })[];
  departments: readonly Department[];
  /** Null where there is no networks file. */
  networks: readonly NetworkEntry[] | null;
}

export interface KeepOptions {
  hash: string;
  /** The local year whose findings the body belongs to. */
  epoch: number;
  zone: Zone;
  /** Gives a user's id in an epoch; null where its key was destroyed. */
  userIn(epoch: number, tenant: string, name: string): string | null;
}

/** A body to keep, as the port `Store` takes it. */
export interface Kept<Kind extends 'directory' | 'policy'> {
  kind: Kind;
  hash: string;
  epoch: number;
  body: string;
}

/** What a kept directory body holds. Times are milliseconds since 1970 UTC, null where open. */
export interface KeptDirectory {
  schema: 'granska.kept-directory/1';
  tenant: string;
  namesUsers: boolean;
  users: readonly (Interval & {
    id: string;
    tenant: string;
    roles: readonly string[];
    department: string;
    population: Population;
  })[];
  departments: readonly Department[];
  networks: readonly (Omit<NetworkEntry, 'fromMs' | 'toMs'> & Interval)[] | null;
}

/** What a kept policy body holds: the policy's own content, with ids for names and without reasons. */
export interface KeptPolicy {
  schema: 'granska.kept-policy/1';
  content: PolicyContent;
}

interface Interval {
  from: number | null;
  to: number | null;
}

/** Makes the body of a directory version for one epoch; null where the epoch's key was destroyed. */
export function keepDirectory(content: DirectoryContent, options: KeepOptions): Kept<'directory'> | null {
  const year = yearOf(options);
  const users: KeptDirectory['users'][number][] = [];
  for (const { user, fromMs, toMs, ...rest } of content.users) {
    // People who had left before the epoch, or came after it, are in none of its findings.
    if (toMs <= year.fromMs || fromMs >= year.toMs) continue;
    const id = options.userIn(options.epoch, rest.tenant, user);
    if (id === null) return null;
    users.push({ id, ...rest, from: finite(fromMs), to: finite(toMs) });
  }
  // By id: the order of the file, often by name, would tell who is who.
  users.sort((a, b) => compare(a.id, b.id) || (a.from ?? -Infinity) - (b.from ?? -Infinity));
  const body: KeptDirectory = {
    schema: 'granska.kept-directory/1',
    tenant: content.tenant,
    namesUsers: content.namesUsers,
    users,
    departments: content.departments,
    networks:
      content.networks?.map(({ fromMs, toMs, ...rest }) => ({
        ...rest,
        from: finite(fromMs),
        to: finite(toMs),
      })) ?? null,
  };
  return { kind: 'directory', hash: options.hash, epoch: options.epoch, body: JSON.stringify(body) };
}

/** Makes the body of a policy version for one epoch; null where the epoch's key was destroyed. */
export function keepPolicy(
  content: PolicyContent,
  options: KeepOptions & { /** Every tenant of the installation. */ tenants: readonly string[] },
): Kept<'policy'> | null {
  const exemptions: ExemptionRule[] = [];
  for (const rule of content.rules.exemptions) {
    const users = idsOf(rule.users, rule, options);
    const approvers = idsOf(rule.approvers, rule, options);
    if (users === null || approvers === null) return null;
    exemptions.push({ ...rule, users, approvers, reason: '' });
  }
  const body: KeptPolicy = {
    schema: 'granska.kept-policy/1',
    content: { ...content, rules: { ...content.rules, exemptions } },
  };
  return { kind: 'policy', hash: options.hash, epoch: options.epoch, body: JSON.stringify(body) };
}

/** Gives the ids of names; where a rule holds for every tenant, a name has one in each of them. */
function idsOf(
  names: readonly string[],
  rule: ExemptionRule,
  options: Parameters<typeof keepPolicy>[1],
): string[] | null {
  const ids: string[] = [];
  for (const tenant of rule.tenant === undefined ? options.tenants : [rule.tenant]) {
    for (const name of names) {
      const id = options.userIn(options.epoch, tenant, name);
      if (id === null) return null;
      ids.push(id);
    }
  }
  return ids.sort(compare);
}

function yearOf({ epoch, zone }: KeepOptions): { fromMs: number; toMs: number } {
  const name = (year: number) => String(year).padStart(4, '0');
  return {
    fromMs: zone.startOfDayMs(`${name(epoch)}-01-01`),
    toMs: zone.startOfDayMs(`${name(epoch + 1)}-01-01`),
  };
}

function finite(atMs: number): number | null {
  return Number.isFinite(atMs) ? atMs : null;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
