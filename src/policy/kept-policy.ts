// kept-policy: a kept body of a policy version → the policy that decides as that version did (§5.7).
// In: the body of one epoch, and the function that makes ids of that epoch; out: a Policy under the version's own hash.
// Invariant: an exemption covers a name exactly where the version did, in every tenant and at every instant: whom it names
// does not depend on the epoch, so one body serves for all. Reasons of exemptions were not kept and are empty.
// Example: `openKeptPolicy({ body, hash, zone, userIn }).exemptions.get('E-1')?.users.has('bo')` → true.
import type { Zone } from '../calendar/zone.ts';
import { EVERY_TENANT, type KeptPolicy } from '../subject/kept-body.ts';
import { compileContent } from './compile.ts';
import type { NameSet, Policy } from './policy.ts';
import type { ExemptionRule } from './rules.ts';

export interface KeptPolicyOptions {
  body: KeptPolicy;
  /** Content hash of the version: that of the body is another, as it holds no names. */
  hash: string;
  zone: Zone;
  /** Gives a user's id in the epoch of the body; null where its key was destroyed. */
  userIn(tenant: string, name: string): string | null;
}

/** Opens a policy version from what was kept of it. */
export function openKeptPolicy({ body, hash, zone, userIn }: KeptPolicyOptions): Policy {
  return compileContent(body.content, { hash, zone, usersOf: rule => namesOf(rule, userIn) });
}

function namesOf(rule: ExemptionRule, userIn: KeptPolicyOptions['userIn']): NameSet {
  const ids = new Set(rule.users);
  const tenant = rule.tenant ?? EVERY_TENANT;
  return {
    size: ids.size,
    has(name) {
      const id = ids.size === 0 ? null : userIn(tenant, name);
      return id !== null && ids.has(id);
    },
  };
}
