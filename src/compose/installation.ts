// Configuration, lists and people → what judges a record. The same judge serves scans, `explain` and `check`.

import type { OpenedCsv } from '../adapters/directory/csv.ts';
import type { OpenedIntervals } from '../adapters/directory/intervals/open-intervals.ts';
import type { FileVault } from '../adapters/vault/file-vault.ts';
import { hmacSha256 } from '../adapters/vault/hmac-sha256.ts';
import type { Zone } from '../calendar/zone.ts';
import type { Image } from '../category/image.ts';
import { createMatcher, type Matcher } from '../category/matcher.ts';
import type { Config } from '../config/config.ts';
import type { Versions } from '../model/finding.ts';
import { createJudge, type Judge } from '../pipeline/judge.ts';
import type { Policy } from '../policy/policy.ts';
import type { Clock } from '../ports/clock.ts';
import { createPseudonyms, type Pseudonyms } from '../subject/pseudonym.ts';
import { createSubjectResolver, type SubjectResolver } from '../subject/resolve.ts';

/** What the files say of people: directory, networks and departments, and leases. */
export interface OpenedPeople extends OpenedCsv {
  /** Null or absent where no leases are configured. They are evidence as the log is, and part of no version. */
  leases?: OpenedIntervals | null;
}

export interface Parts {
  config: Config;
  policy: Policy;
  opened: OpenedPeople;
  image: Image;
  vault: FileVault;
  clock: Clock;
}

/** What a chain asks of its parts: only what judges. */
export interface ChainParts extends Omit<Parts, 'config' | 'opened'> {
  config: Pick<Config, 'organization' | 'zone' | 'identity'>;
  opened: Pick<OpenedPeople, 'directory' | 'networks' | 'departmentTree' | 'hash'> & {
    leases?: Pick<OpenedIntervals, 'intervals'> | null;
  };
}

export interface Chain {
  matcher: Matcher;
  judge: Judge;
  subjects: SubjectResolver;
  pseudonyms: Pseudonyms;
  versions: Versions;
}

export interface ChainOptions {
  /** Tenant that the source itself names for the records; null or absent where it names none. */
  tenant?: string | null;
  /** A chain of the same parts for another tenant: matcher and pseudonyms are taken from it, not made again. */
  beside?: Chain;
}

/** Puts the stages together that judge a record. */
export function composeChain(parts: ChainParts, options: ChainOptions = {}): Chain {
  const { config, policy, opened, image, vault, clock } = parts;
  const matcher = options.beside?.matcher ?? createMatcher(image, policy.mappedLists());
  const subjects = createSubjectResolver({
    tenant: config.organization,
    namedTenant: options.tenant ?? null,
    zone: config.zone,
    rules: config.identity,
    directory: opened.directory,
    networks: opened.networks,
    intervals: opened.leases?.intervals ?? null,
    departments: opened.departmentTree,
    smallGroup: policy.smallGroup,
  });
  const pseudonyms = options.beside?.pseudonyms ?? composePseudonyms(vault, config.zone);
  const judge = createJudge({
    policy,
    match: target => matcher.match(target),
    resolve: (user, client, startMs) => subjects.resolve(user, client, startMs),
    isEpochOpen: startMs => pseudonyms.isEpochOpen(startMs),
    nowMs: () => clock.nowMs(),
  });
  const versions = { lists: image.version, policy: policy.hash, directory: opened.hash };
  return { matcher, judge, subjects, pseudonyms, versions };
}

/** Makes the pseudonyms of an installation's keys. */
export function composePseudonyms(vault: FileVault, zone: Zone): Pseudonyms {
  return createPseudonyms({
    zone,
    hmac: hmacSha256,
    epochKey: year => vault.epochKey(year),
    isDestroyed: year => vault.isDestroyed(year),
  });
}
