// Configuration, lists and people → what judges a record. The same judge serves scans, `explain` and `check`.

import type { OpenedCsv } from '../adapters/directory/csv.ts';
import type { FileVault } from '../adapters/vault/file-vault.ts';
import { hmacSha256 } from '../adapters/vault/hmac-sha256.ts';
import type { Image } from '../category/image.ts';
import { createMatcher, type Matcher } from '../category/matcher.ts';
import type { Config } from '../config/config.ts';
import type { Versions } from '../model/finding.ts';
import { createJudge, type Judge } from '../pipeline/judge.ts';
import type { Policy } from '../policy/policy.ts';
import type { Clock } from '../ports/clock.ts';
import { createPseudonyms, type Pseudonyms } from '../subject/pseudonym.ts';
import { createSubjectResolver, type SubjectResolver } from '../subject/resolve.ts';

export interface Parts {
  config: Config;
  policy: Policy;
  opened: OpenedCsv;
  image: Image;
  vault: FileVault;
  clock: Clock;
}

export interface Chain {
  matcher: Matcher;
  judge: Judge;
  subjects: SubjectResolver;
  pseudonyms: Pseudonyms;
  versions: Versions;
}

/** Puts the stages together that judge a record. */
export function composeChain({ config, policy, opened, image, vault, clock }: Parts): Chain {
  const matcher = createMatcher(image, policy.mappedLists());
  const subjects = createSubjectResolver({
    tenant: config.organization,
    zone: config.zone,
    rules: config.identity,
    directory: opened.directory,
    networks: opened.networks,
    departments: opened.departmentTree,
    smallGroup: policy.smallGroup,
  });
  const pseudonyms = createPseudonyms({
    zone: config.zone,
    hmac: hmacSha256,
    epochKey: year => vault.epochKey(year),
    isDestroyed: year => vault.isDestroyed(year),
  });
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
