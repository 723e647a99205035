// kept-body: the bodies in which versions of directory and policy are kept, and how one is read (§5.7).
// In: JSON as `keep.ts` made it; out: its content. Invariant: a body of another schema is refused, never half understood;
// no user name stands in one. Example: `readKept('policy', body).content.rules.exemptions[0].users` → `['u26-…']`.
import type { Zone } from '../calendar/zone.ts';
import { GranskaError } from '../errors.ts';
import type { Population } from '../model/subject.ts';
import type { PolicyContent } from '../policy/policy.ts';
import type { NetworkEntry } from './network.ts';
import type { Department } from './roster.ts';

interface Interval {
  from: number | null;
  to: number | null;
}

/** What a kept directory body holds. Times are milliseconds since 1970 UTC, null where open. */
export interface KeptDirectory {
  /** The second one has networks that are shared in a way of their own (a kiosk, a terminal server, a guest network). */
  schema: 'granska.kept-directory/1' | 'granska.kept-directory/2';
  /** What `keyIdOf` gives by the key that the ids were made with. */
  keyId: string;
  tenant: string;
  /** Every tenant that the files name, also those that only people outside the epoch belong to. */
  tenants: readonly string[];
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
  keyId: string;
  /** Users and approvers of an exemption stand in it by their ids in its tenant, or in `EVERY_TENANT`. */
  content: PolicyContent;
  /**
   * For exemptions that hold in every tenant: the ids that findings of a tenant carry, for each tenant that was known when
   * the body was made. For who has ids and no names.
   */
  inTenants: readonly { exemption: string; tenant: string; users: readonly string[] }[];
}

const SCHEMAS: Readonly<Record<keyof KeptBodies, readonly unknown[]>> = {
  directory: ['granska.kept-directory/1', 'granska.kept-directory/2'],
  policy: ['granska.kept-policy/1'],
};

interface KeptBodies {
  directory: KeptDirectory;
  policy: KeptPolicy;
}

/** Gives a user's id in an epoch; null where its key was destroyed. */
export type UserIn = (epoch: number, tenant: string, name: string) => string | null;

/**
 * Stands for the tenant of a user whom an exemption names in every tenant. Tenants come and go with the directory, while
 * a policy version is kept once for an epoch: an id that needs no list of them fits whatever tenant a record is of.
 */
export const EVERY_TENANT = '';

/** Reads a kept body; throws DAMAGED where it is none of this kind and schema. */
export function readKept<Kind extends keyof KeptBodies>(kind: Kind, body: string): KeptBodies[Kind] {
  const content = parse(body);
  if (SCHEMAS[kind].includes(content?.schema)) return content as unknown as KeptBodies[Kind];
  throw new GranskaError('DAMAGED', `a kept version of the ${kind} in the store cannot be read`, {
    hint: 'a newer program may have written it: use that one',
  });
}

/** Gives the id of nobody: it tells whether an epoch's key is the one that a body's ids were made with. */
export function keyIdOf(epoch: number, userIn: UserIn): string | null {
  return userIn(epoch, EVERY_TENANT, '');
}

/** Says that the ids of an epoch were made with another key than ours: the people in them would be strangers. */
export function otherKey(epoch: number): GranskaError {
  return new GranskaError(
    'KEYS',
    `the key of the epoch ${epoch} is not the one that the store was written with`,
    {
      hint:
        'give everybody who works on a store the same keys folder, not a copy each; where it was lost, restore it from its ' +
        'backup, or begin another store',
    },
  );
}

/** Gives the half-open interval of an epoch, a local year. */
export function epochInterval(epoch: number, zone: Zone): { fromMs: number; toMs: number } {
  const startMs = (year: number) => zone.startOfDayMs(`${String(year).padStart(4, '0')}-01-01`);
  const toMs = startMs(epoch + 1);
  return { fromMs: startMs(epoch), toMs: Number.isNaN(toMs) ? Infinity : toMs };
}

function parse(body: string): { schema?: unknown } | null {
  try {
    const content: unknown = JSON.parse(body);
    return typeof content === 'object' ? content : null;
  } catch {
    return null;
  }
}
