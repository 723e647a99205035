// create-roster: rows of people, networks and departments → the roster that answers who was what, when (§3.3).
// In: rows without overlap, those of one person in time order; out: entries by tenant and user, and the persons of a
// department on a day. Invariant: the rows decide, not where they come from: the directory's own files and a version that
// was kept without names are asked through the same code, so that both give the same answers.
// Example: `createRoster(rows).size('kommun', 'School', atMs)` → 12.
import type { Networks } from './network.ts';
import { personsIn } from './resolve.ts';
import type { Department, Roster, RosterEntry } from './roster.ts';

/** One row of a directory. `user` is whatever it is looked up by: a canonical name, or a pseudonym. */
export interface RosterRow extends RosterEntry {
  tenant: string;
  user: string;
}

export interface RosterRows {
  /** The configured tenant: that of networks that name none. */
  tenant: string;
  users: readonly RosterRow[];
  networks: Networks | null;
  departments: readonly Department[];
}

/** Creates the roster of rows. */
export function createRoster({ users, networks, departments, tenant: ownTenant }: RosterRows): Roster {
  const byUser = new Map<string, RosterRow[]>();
  const byDepartment = new Map<string, RosterRow[]>();
  for (const entry of users) {
    push(byUser, keyOf(entry.tenant, entry.user), entry);
    push(byDepartment, keyOf(entry.tenant, entry.department), entry);
  }
  const none: readonly RosterRow[] = [];
  return {
    entries: (tenant, user) => byUser.get(keyOf(tenant, user)) ?? none,
    departments: () => departments,
    size(tenant, department, atMs) {
      let listed = 0;
      for (const entry of byDepartment.get(keyOf(tenant, department)) ?? none) {
        if (entry.fromMs <= atMs && atMs < entry.toMs) listed++;
      }
      // The networks' persons may be the very people that the directory lists: the greater number is the sure one.
      const given = networks === null ? 0 : personsIn(networks, { tenant, department, atMs, ownTenant });
      return Math.max(listed, given);
    },
  };
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

function keyOf(tenant: string, name: string): string {
  return `${tenant}\u0000${name}`;
}
