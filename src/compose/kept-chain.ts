// Kept versions → what judges a record exactly as the installation did that had them in force (§5.7, §9.4).
// In: the hashes, the list image of that version, and the epochs whose bodies are to be taken from the store; out: the
// chain of those versions, null where the store keeps nothing of them for any of the epochs.
// Invariant: an answer is the one that the version gave, or there is none: a record whose people would have to be known in
// an epoch without bodies, or with a key other than the one that made them, is refused and never guessed at.
// Example: `(await composeKeptChain({ versions: pin.versions, epochs: [2025, 2026], … }))?.judge.judge(record)`.
import type { FileVault } from '../adapters/vault/file-vault.ts';
import { createZone, type Zone } from '../calendar/zone.ts';
import type { Image } from '../category/image.ts';
import type { Config } from '../config/config.ts';
import { GranskaError } from '../errors.ts';
import type { Versions } from '../model/finding.ts';
import type { RecordKind } from '../pipeline/judge.ts';
import { openKeptPolicy } from '../policy/kept-policy.ts';
import type { Policy } from '../policy/policy.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadStore } from '../ports/store.ts';
import type { Intervals } from '../subject/intervals.ts';
import {
  type KeptDirectory,
  type KeptPolicy,
  keyIdOf,
  otherKey,
  readKept,
  type UserIn,
} from '../subject/kept-body.ts';
import { type OpenedKeptDirectory, openKeptDirectory } from '../subject/kept-directory.ts';
import { type Chain, type ChainParts, composeChain, composePseudonyms } from './installation.ts';

export interface KeptChainOptions {
  /** What is not part of a version: rules for spelling names, and the tenant where no file names one. */
  config: Pick<Config, 'organization' | 'identity'>;
  versions: Versions;
  /** Epochs (local years) to look for; those of which the store keeps nothing are left out. */
  epochs: readonly number[];
  store: Pick<ReadStore, 'keptVersion'>;
  vault: FileVault;
  /** Says what is too old: for a window, the clock of its pin. */
  clock: Clock;
  /** Image of `versions.lists`. */
  image: Image;
  /** Leases and log-ons as they are known today: they are part of no version. Null or absent where there are none. */
  intervals?: Intervals | null;
}

/** A chain of kept versions, and what its user has to know of them. */
export interface KeptChain extends Chain {
  policy: Policy;
  /** The version's clock, by which its days and epochs go. */
  zone: Zone;
  /** Tenants that a source may name. */
  tenants: readonly string[];
  /** Gives the chain for records of a tenant that the source names; null for those of which it names none. */
  forTenant(tenant: string | null): Chain;
}

/** What the store keeps of an epoch. */
interface Kept {
  policy: KeptPolicy;
  /** Null where the version has no directory, networks and departments. */
  directory: KeptDirectory | null;
}

/** Puts the stages together as kept versions have them. Throws KEYS where the keys are others, STORE, and DAMAGED. */
export async function composeKeptChain(options: KeptChainOptions): Promise<KeptChain | null> {
  const { config, versions, vault, clock, image } = options;
  if (versions.lists !== image.version) return null;
  const kept = await readEpochs(options);
  const [first] = kept.values();
  if (first === undefined || versions.policy === null) return null;

  const zone = createZone(first.policy.content.timezone);
  const { userIn } = composePseudonyms(vault, zone);
  for (const [epoch, { policy, directory }] of kept) {
    checkKey(epoch, policy.keyId, userIn);
    if (directory !== null) checkKey(epoch, directory.keyId, userIn);
  }
  const policy = openPolicy(kept, { hash: versions.policy, zone, userIn });
  const opened = openPeople(kept, { config, zone, userIn });
  const parts: ChainParts = {
    config: { ...config, organization: opened.tenant, zone },
    policy,
    opened: {
      ...{ ...opened, hash: versions.directory },
      leases: options.intervals ? { intervals: options.intervals } : null,
    },
    image,
    vault,
    clock,
  };
  const requireKept = (startMs: number) => {
    if (!kept.has(zone.yearOf(startMs))) throw notKept(versions, zone.yearOf(startMs));
  };
  const chain = composeChain(parts);
  return {
    ...guard(chain, requireKept),
    policy,
    zone,
    tenants: opened.tenants,
    forTenant: tenant => guard(composeChain(parts, { tenant, beside: chain }), requireKept),
  };
}

async function readEpochs({ versions, epochs, store }: KeptChainOptions): Promise<Map<number, Kept>> {
  const kept = new Map<number, Kept>();
  const read = async (kind: 'policy' | 'directory', epoch: number) => {
    const hash = versions[kind];
    return hash === null ? null : store.keptVersion(kind, hash, epoch);
  };
  for (const epoch of [...new Set(epochs)].sort((a, b) => a - b)) {
    const [policy, directory] = await Promise.all([read('policy', epoch), read('directory', epoch)]);
    if (policy === null || (versions.directory !== null && directory === null)) continue;
    kept.set(epoch, {
      policy: readKept('policy', policy),
      directory: directory === null ? null : readKept('directory', directory),
    });
  }
  return kept;
}

/** Refuses another key than the one that made the ids: by it nobody would be known, and whoever is exempt accused. */
function checkKey(epoch: number, keyId: string, userIn: UserIn): void {
  const ownId = keyIdOf(epoch, userIn);
  // Where it was destroyed, every record of the epoch is too old and no id is asked for.
  if (ownId !== null && ownId !== keyId) throw otherKey(epoch);
}

interface OpenOptions {
  zone: Zone;
  userIn: UserIn;
}

function openPolicy(
  kept: ReadonlyMap<number, Kept>,
  { hash, zone, userIn }: OpenOptions & { hash: string },
): Policy {
  const epochs = [...kept.keys()];
  const epoch = epochs.find(year => keyIdOf(year, userIn) !== null) ?? epochs[0]!;
  return openKeptPolicy({
    body: kept.get(epoch)!.policy,
    hash,
    zone,
    userIn: (tenant, name) => userIn(epoch, tenant, name),
  });
}

function openPeople(
  kept: ReadonlyMap<number, Kept>,
  { config, zone, userIn }: OpenOptions & Pick<KeptChainOptions, 'config'>,
): OpenedKeptDirectory {
  const bodies = new Map<number, KeptDirectory>();
  for (const [epoch, { directory }] of kept) if (directory !== null) bodies.set(epoch, directory);
  if (bodies.size > 0) return openKeptDirectory({ bodies, zone, userIn });
  const tenant = config.organization;
  return { tenant, tenants: [tenant], directory: null, networks: null, departmentTree: [] };
}

/** Lets a chain answer only where its people are known. */
function guard(chain: Chain, requireKept: (startMs: number) => void): Chain {
  const { judge, subjects } = chain;
  return {
    ...chain,
    judge: {
      isProtected: judge.isProtected,
      judge(record) {
        const judged = judge.judge(record);
        if (dependsOnPeople(judged.kind)) requireKept(record.startMs);
        return judged;
      },
    },
    subjects: {
      ...subjects,
      resolve(user, client, startMs) {
        requireKept(startMs);
        return subjects.resolve(user, client, startMs);
      },
      validity(user, client, startMs) {
        requireKept(startMs);
        return subjects.validity(user, client, startMs);
      },
    },
  };
}

/** Tells whether more than the tenant of a record is counted or stored: the tenant follows from the networks alone. */
function dependsOnPeople(kind: RecordKind): boolean {
  switch (kind) {
    case 'tooOld':
    case 'authChallenge':
    case 'protected':
      return false;
    case 'unreviewed':
    case 'clear':
    case 'flagged':
      return true;
    default:
      return kind satisfies never;
  }
}

function notKept({ policy, directory }: Versions, epoch: number): GranskaError {
  const named = `policy ${short(policy)} and directory ${short(directory)}`;
  return new GranskaError('STORE', `the store has no kept version of ${named} for the epoch ${epoch}`, {
    hint: 'run a worker whose configuration is that version until it has written what it began',
  });
}

function short(hash: string | null): string {
  return hash?.slice(0, 12) ?? 'none';
}
