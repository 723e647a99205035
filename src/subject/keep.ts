// keep: directory and policy → the bodies that are kept beside findings, so that a verdict can be recomputed (§5.7).
// In: what judged; out: JSON in which every user stands by the pseudonym that the epoch's findings carry.
// Invariant: no user name, no client address, no free text; a body is of use while its epoch's key is, no longer.
// Example: `{"id":"u26-…","tenant":"kommun","roles":["social-investigator"],"department":"Social","from":…}`.
import type { Zone } from '../calendar/zone.ts';
import type { PolicyContent } from '../policy/policy.ts';
import type { ExemptionRule } from '../policy/rules.ts';
import {
  EVERY_TENANT,
  epochInterval,
  type KeptDirectory,
  type KeptPolicy,
  keyIdOf,
  type UserIn,
} from './kept-body.ts';
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
  userIn: UserIn;
}

/** A body to keep, as the port `Store` takes it. */
export interface Kept<Kind extends 'directory' | 'policy'> {
  kind: Kind;
  hash: string;
  epoch: number;
  body: string;
}

/** Makes the body of a directory version for one epoch; null where the epoch's key was destroyed. */
export function keepDirectory(content: DirectoryContent, options: KeepOptions): Kept<'directory'> | null {
  const keyId = keyIdOf(options.epoch, options.userIn);
  if (keyId === null) return null;
  const year = epochInterval(options.epoch, options.zone);
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
    schema: schemaOf(content),
    keyId,
    tenant: content.tenant,
    tenants: tenantsOf(content),
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
  const keyId = keyIdOf(options.epoch, options.userIn);
  if (keyId === null) return null;
  const exemptions: ExemptionRule[] = [];
  const inTenants: KeptPolicy['inTenants'][number][] = [];
  for (const rule of content.rules.exemptions) {
    const tenant = rule.tenant ?? EVERY_TENANT;
    const users = idsOf(rule.users, tenant, options);
    const approvers = idsOf(rule.approvers, tenant, options);
    exemptions.push({ ...rule, users, approvers, reason: '', ...keepRetroactive(rule, tenant, options) });
    if (tenant !== EVERY_TENANT || users.length === 0) continue;
    for (const each of options.tenants) {
      inTenants.push({ exemption: rule.id, tenant: each, users: idsOf(rule.users, each, options) });
    }
  }
  const body: KeptPolicy = {
    schema: 'granska.kept-policy/1',
    keyId,
    content: { ...content, rules: { ...content.rules, exemptions } },
    inTenants,
  };
  return { kind: 'policy', hash: options.hash, epoch: options.epoch, body: JSON.stringify(body) };
}

/** Keeps that a decision is retroactive, with ids for names and without the reason. */
function keepRetroactive(
  { retroactive }: ExemptionRule,
  tenant: string,
  options: KeepOptions,
): Pick<ExemptionRule, 'retroactive'> {
  if (retroactive === undefined) return {};
  return { retroactive: { reason: '', approvers: idsOf(retroactive.approvers, tenant, options) } };
}

/** Gives the ids of names in a tenant, in an order that tells nothing. */
function idsOf(names: readonly string[], tenant: string, options: KeepOptions): string[] {
  const ids = names.map(name => options.userIn(options.epoch, tenant, name));
  return ids.filter(id => id !== null).sort(compare);
}

/** A program that knows only that a network is shared would take one of a kind for not shared: it must refuse the body. */
function schemaOf({ networks }: DirectoryContent): KeptDirectory['schema'] {
  const hasKinds = networks?.some(row => typeof row.shared === 'string') ?? false;
  return hasKinds ? 'granska.kept-directory/2' : 'granska.kept-directory/1';
}

/** Gives every tenant, the configured one first. */
function tenantsOf({ tenant, departments, users, networks }: DirectoryContent): string[] {
  const named = [...departments, ...users, ...(networks ?? [])].map(item => item.tenant);
  return [...new Set([tenant, ...named])].filter(item => item !== null);
}

function finite(atMs: number): number | null {
  return Number.isFinite(atMs) ? atMs : null;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
