// known-versions: what the store keeps of the versions that its findings name. In: hash and epoch; out: what a finding can
// be held to, and whether a kept body names anybody. Invariant: a body is read once, and only its ids are looked at.
// Example: `(await versions.policy('6f0c…', 2026))?.categories.get('gambling')?.class`.
import { createZone } from '../calendar/zone.ts';
import { compileContent } from '../policy/compile.ts';
import type { ReadStore } from '../ports/store.ts';
import { readKept } from '../subject/kept-body.ts';
import type { JudgingPolicy } from './check-finding.ts';

export interface KnownVersions {
  /** Null where the store has no body of it for the epoch. */
  policy(hash: string | null, epoch: number): Promise<JudgingPolicy | null>;
  hasDirectory(hash: string | null, epoch: number): Promise<boolean>;
  /** Bodies that were read so far, and those in which a person does not stand by a pseudonym. */
  bodies(): { examined: number; failed: number };
  /** Different versions that were asked for. */
  counts(): { policy: number; directory: number };
}

/** Creates the reader of kept versions. */
export function createKnownVersions(store: Pick<ReadStore, 'keptVersion'>): KnownVersions {
  const policies = new Map<string, JudgingPolicy | null>();
  const directories = new Map<string, boolean>();
  const seen = { policy: new Set<string>(), directory: new Set<string>() };
  const bodies = { examined: 0, failed: 0 };

  function note(ids: readonly string[]): void {
    bodies.examined++;
    if (!ids.every(id => USER_ID.test(id))) bodies.failed++;
  }

  return {
    async policy(hash, epoch) {
      if (hash === null) return null;
      const key = `${hash} ${epoch}`;
      const known = policies.get(key);
      if (known !== undefined) return known;
      seen.policy.add(hash);
      const body = await store.keptVersion('policy', hash, epoch);
      const opened = body === null ? null : openPolicy(body, hash, note);
      policies.set(key, opened);
      return opened;
    },
    async hasDirectory(hash, epoch) {
      if (hash === null) return true;
      const key = `${hash} ${epoch}`;
      const known = directories.get(key);
      if (known !== undefined) return known;
      seen.directory.add(hash);
      const body = await store.keptVersion('directory', hash, epoch);
      if (body !== null) note(readKept('directory', body).users.map(user => user.id));
      directories.set(key, body !== null);
      return body !== null;
    },
    bodies: () => bodies,
    counts: () => ({ policy: seen.policy.size, directory: seen.directory.size }),
  };
}

const USER_ID = /^u\d{2}-[a-z2-7]{26}$/;

function openPolicy(body: string, hash: string, note: (ids: readonly string[]) => void): JudgingPolicy {
  const { content, inTenants } = readKept('policy', body);
  const { exemptions } = content.rules;
  note([
    ...exemptions.flatMap(rule => [...rule.users, ...rule.approvers, ...(rule.retroactive?.approvers ?? [])]),
    ...inTenants.flatMap(item => item.users),
  ]);
  const nobody = { size: 0, has: () => false };
  return compileContent(content, { hash, zone: createZone(content.timezone), usersOf: () => nobody });
}
