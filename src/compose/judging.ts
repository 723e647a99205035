// Versions of lists, policy and directory → what judges stored findings by them (§5.7, §5.8), people known by their ids.
// Two ways to the same thing: versions that a store keeps (`composeKeptJudging`), and what is configured or was given
// (`composeJudging`), of which the bodies are made as they would be kept. So there is one path, and it is the kept one.
// Invariant: no name is unsealed; where the ids of findings were made with another key, nothing is judged: by such a key
// nobody would be known, and whoever is exempt accused. Example: `await judging.versionFor(finding)`.
import { openImageVersion } from '../adapters/lists/cached-image.ts';
import { createZone, type Zone } from '../calendar/zone.ts';
import type { Image } from '../category/image.ts';
import { createMatcher } from '../category/matcher.ts';
import type { StandingFinding, Versions } from '../model/finding.ts';
import type { JudgingPeople, JudgingVersion } from '../pipeline/rejudge/judge-again.ts';
import type { Judging, KeptJudging, Unjudgeable } from '../pipeline/rejudge/rejudge.ts';
import { compileContent } from '../policy/compile.ts';
import type { Policy } from '../policy/policy.ts';
import type { ReadStore } from '../ports/store.ts';
import { keepDirectory, keepPolicy } from '../subject/keep.ts';
import {
  type KeptDirectory,
  type KeptPolicy,
  keyIdOf,
  otherKey,
  readKept,
  type UserIn,
} from '../subject/kept-body.ts';
import type { RosterEntry } from '../subject/roster.ts';
import { composePseudonyms, type Parts } from './installation.ts';
import { versionsOf } from './versions.ts';

type KeptStore = Pick<ReadStore, 'keptVersion'>;

/** What a version says in one epoch. */
interface Bodies {
  policy: KeptPolicy;
  /** Null where the version has no directory, networks and departments. */
  directory: KeptDirectory | null;
}

/** Makes what judges by parts that are there: what is configured, or what somebody asks about. */
export function composeJudging(
  parts: Parts,
  { store, tenants }: { store: KeptStore; tenants: readonly string[] },
): Judging {
  const { config, policy, opened, image, vault } = parts;
  const versions = versionsOf(parts);
  const { userIn } = composePseudonyms(vault, config.zone);
  const checkKey = createKeyCheck({ store, zone: config.zone, userIn });
  const everyTenant = [...new Set([...opened.tenants, ...tenants])];

  function keep(epoch: number) {
    const base = { epoch, zone: config.zone, userIn };
    return [
      keepPolicy(policy.content, { ...base, hash: policy.hash, tenants: everyTenant }),
      opened.content === null || opened.hash === null
        ? null
        : keepDirectory(opened.content, { ...base, hash: opened.hash }),
    ].filter(kept => kept !== null);
  }

  const made = new Map<number, Bodies | Unjudgeable>();

  function bodiesOf(epoch: number): Bodies | Unjudgeable {
    const known = made.get(epoch);
    if (known !== undefined) return known;
    const bodies = makeBodies(epoch);
    made.set(epoch, bodies);
    return bodies;
  }

  function makeBodies(epoch: number): Bodies | Unjudgeable {
    if (vault.isDestroyed(epoch)) return 'keyDestroyed';
    const kept = keep(epoch);
    const bodyOf = (kind: 'policy' | 'directory') => kept.find(item => item.kind === kind)?.body ?? null;
    const [policyBody, directoryBody] = [bodyOf('policy'), bodyOf('directory')];
    if (policyBody === null || (opened.hash !== null && directoryBody === null)) return 'keyDestroyed';
    return readBodies(policyBody, directoryBody);
  }

  const open = createOpener({ hash: policy.hash, zone: config.zone, match: matcherOf(image, policy) });
  const hasTenant = createTenantCheck();
  return {
    versions,
    keep,
    async versionFor(finding) {
      const epoch = config.zone.yearOf(finding.startMs);
      const bodies = bodiesOf(epoch);
      if (typeof bodies === 'string') return bodies;
      if (!(await checkKey(epoch, finding))) return 'notKept';
      if (isKnown(finding) && !hasTenant(epoch, finding.tenant, bodies)) return 'unknownTenant';
      return open(epoch, finding.tenant, bodies);
    },
  };
}

/** Makes what judges a finding by versions that the store keeps, its lists by the image that the data folder keeps. */
export async function composeKeptJudging(
  finding: StandingFinding,
  versions: Versions,
  { parts, store }: { parts: Pick<Parts, 'config' | 'image'>; store: KeptStore },
): Promise<KeptJudging> {
  const epoch = parts.config.zone.yearOf(finding.startMs);
  const read = async (kind: 'policy' | 'directory') =>
    versions[kind] === null ? null : store.keptVersion(kind, versions[kind], epoch);
  const [policyBody, directoryBody] = await Promise.all([read('policy'), read('directory')]);
  const image = imageOf(versions, parts);
  const hasImage = image !== null;
  if (policyBody === null || (versions.directory !== null && directoryBody === null)) {
    return { judge: 'notKept', hasImage };
  }
  const bodies = readBodies(policyBody, directoryBody);
  const zone = createZone(bodies.policy.content.timezone);
  const hash = versions.policy!;
  const policy = compileContent(bodies.policy.content, { hash, zone, usersOf: () => new Set() });
  const match = image === null ? null : matcherOf(image, policy);
  return { judge: createOpener({ hash, zone, match })(epoch, finding.tenant, bodies), hasImage };
}

function imageOf({ lists }: Versions, { config, image }: Pick<Parts, 'config' | 'image'>): Image | null {
  if (lists === null) return null;
  return lists === image.version ? image : openImageVersion({ dataDir: config.dataDir, hash: lists });
}

function matcherOf(image: Image, policy: Pick<Policy, 'mappedLists'>): NonNullable<JudgingVersion['match']> {
  const matcher = createMatcher(image, policy.mappedLists());
  return target => matcher.match(target);
}

function readBodies(policy: string, directory: string | null): Bodies {
  return {
    policy: readKept('policy', policy),
    directory: directory === null ? null : readKept('directory', directory),
  };
}

interface OpenerOptions {
  hash: string;
  zone: Zone;
  match: JudgingVersion['match'];
}

/** Creates what opens bodies for the records of a tenant; each tenant and epoch is opened once. */
function createOpener({ hash, zone, match }: OpenerOptions) {
  const opened = new Map<string, JudgingVersion | Unjudgeable>();

  function open(tenant: string, bodies: Bodies): JudgingVersion | Unjudgeable {
    if (!knowsTenant(bodies.policy, tenant)) return 'notKept';
    const policy = compileContent(bodies.policy.content, {
      ...{ hash, zone },
      usersOf: rule => new Set(idsOf(bodies.policy, rule, tenant)),
    });
    return { policy, people: openPeople(bodies, tenant), match };
  }

  return (epoch: number, tenant: string, bodies: Bodies): JudgingVersion | Unjudgeable => {
    const key = `${epoch} ${tenant}`;
    const known = opened.get(key);
    if (known !== undefined) return known;
    const made = open(tenant, bodies);
    opened.set(key, made);
    return made;
  };
}

type Rule = KeptPolicy['content']['rules']['exemptions'][number];

/** Gives the ids that findings of a tenant carry for whom an exemption names. */
function idsOf(body: KeptPolicy, rule: Rule, tenant: string): readonly string[] {
  if (rule.tenant !== undefined) return rule.users;
  return body.inTenants.find(item => item.exemption === rule.id && item.tenant === tenant)?.users ?? [];
}

/** A body that was made before a tenant was known cannot tell whom of it an exemption names: then nothing is judged. */
function knowsTenant(body: KeptPolicy, tenant: string): boolean {
  return body.content.rules.exemptions.every(
    rule =>
      rule.tenant !== undefined ||
      rule.users.length === 0 ||
      body.inTenants.some(item => item.exemption === rule.id && item.tenant === tenant),
  );
}

/** Tells whether a finding is about somebody whom a directory knew. */
function isKnown({ subjectKind, population }: StandingFinding): boolean {
  return subjectKind === 'user' && population !== 'unknown';
}

/**
 * Creates the question whether a directory has anybody of an organization. One that has nobody, as after a new name, knows
 * none of its people: judged by that, whoever is exempt by a role or a department would be accused.
 */
function createTenantCheck() {
  const answers = new Map<string, boolean>();
  return (epoch: number, tenant: string, { directory }: Bodies): boolean => {
    const key = `${epoch} ${tenant}`;
    const known = answers.get(key);
    if (known !== undefined) return known;
    const isNamed = directory?.namesUsers !== true || directory.users.some(row => row.tenant === tenant);
    answers.set(key, isNamed);
    return isNamed;
  };
}

/** Opens the rows of a tenant's people. */
function openPeople({ directory }: Bodies, tenant: string): JudgingPeople {
  if (directory === null) return { entries: null, hasNetworks: false };
  const hasNetworks = directory.networks !== null;
  if (!directory.namesUsers) return { entries: null, hasNetworks };
  const rows = new Map<string, RosterEntry[]>();
  for (const { id, tenant: of, from, to, ...row } of directory.users) {
    if (of !== tenant) continue;
    const entry = { ...row, fromMs: from ?? -Infinity, toMs: to ?? Infinity };
    const known = rows.get(id);
    if (known === undefined) rows.set(id, [entry]);
    else known.push(entry);
  }
  const none: readonly RosterEntry[] = [];
  return { hasNetworks, entries: id => rows.get(id) ?? none };
}

/** Creates the question whether the key of today is the one that made a finding's ids; each version is asked once. */
function createKeyCheck({ store, zone, userIn }: { store: KeptStore; zone: Zone; userIn: UserIn }) {
  const answers = new Map<string, boolean>();
  return async (epoch: number, { versions, startMs }: StandingFinding): Promise<boolean> => {
    const hash = versions.policy;
    const key = `${epoch} ${hash}`;
    const known = answers.get(key);
    if (known !== undefined) return known;
    const body = hash === null ? null : await store.keptVersion('policy', hash, zone.yearOf(startMs));
    if (body !== null && readKept('policy', body).keyId !== keyIdOf(epoch, userIn)) throw otherKey(epoch);
    answers.set(key, body !== null);
    return body !== null;
  };
}
