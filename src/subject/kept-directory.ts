// kept-directory: the kept bodies of one directory version → the directory again, asked by name, known by pseudonym (§5.7).
// In: one body for each epoch, and the function that makes ids; out: what `openDirectory` gave when the version was in force.
// Invariant: at every instant of a kept epoch each answer is the one that the files gave; between kept epochs nobody is
// known, so whoever judges there must be stopped (compose/kept-chain.ts). A name is hashed and forgotten, nothing is unsealed.
// Example: `openKeptDirectory({ bodies, zone, userIn }).directory?.entries('kommun', 'bo')`.
import type { Zone } from '../calendar/zone.ts';
import { createRoster, type RosterRow } from './create-roster.ts';
import { epochInterval, type KeptDirectory, type UserIn } from './kept-body.ts';
import { createNetworks, type Networks } from './network.ts';
import type { Department, Roster, RosterEntry } from './roster.ts';

export interface KeptDirectoryOptions {
  /** Bodies of one version by epoch; at least one. */
  bodies: ReadonlyMap<number, KeptDirectory>;
  zone: Zone;
  userIn: UserIn;
}

/** What a directory version says, without a name in it. */
export interface OpenedKeptDirectory {
  tenant: string;
  tenants: readonly string[];
  /** Null where the version had no directory file: then everyone is staff. */
  directory: Roster | null;
  /** Null where it had no networks file. */
  networks: Networks | null;
  departmentTree: readonly Department[];
}

/** Opens a directory version from what was kept of it. */
export function openKeptDirectory({ bodies, zone, userIn }: KeptDirectoryOptions): OpenedKeptDirectory {
  const epochs = [...bodies.keys()].sort((a, b) => a - b);
  // Only the people differ from epoch to epoch: all else is the version's own.
  const { tenant, tenants, departments, namesUsers, networks: kept } = bodies.get(epochs[0]!)!;
  const networks =
    kept && createNetworks(kept.map(({ from, to, ...rest }) => ({ ...rest, ...interval(from, to) })));
  const users = epochs.flatMap(epoch => rowsOf(bodies.get(epoch)!, epochInterval(epoch, zone)));
  const roster = createRoster({ tenant, users, networks, departments });

  /** Gathers a user's rows over the epochs, in each of which the user has another id. */
  function entries(ofTenant: string, user: string): readonly RosterEntry[] {
    return epochs.flatMap(epoch => {
      const id = userIn(epoch, ofTenant, user);
      return id === null ? [] : roster.entries(ofTenant, id);
    });
  }

  return {
    tenant,
    tenants,
    directory: namesUsers ? { ...roster, entries } : null,
    networks,
    departmentTree: departments,
  };
}

/** Cuts rows to their epoch: a row that outlasts it stands in the next one's body again, under another id. */
function rowsOf(body: KeptDirectory, year: { fromMs: number; toMs: number }): RosterRow[] {
  return body.users.map(({ id, from, to, ...rest }) => {
    const { fromMs, toMs } = interval(from, to);
    return { ...rest, user: id, fromMs: Math.max(fromMs, year.fromMs), toMs: Math.min(toMs, year.toMs) };
  });
}

function interval(from: number | null, to: number | null): { fromMs: number; toMs: number } {
  return { fromMs: from ?? -Infinity, toMs: to ?? Infinity };
}
