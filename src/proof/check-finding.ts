// check-finding: does one stored finding hold what it may, and nothing else? In: a finding and what was known to whoever
// judged it; out: the checks that it fails, and those of which it cannot be told. Invariant: the answer is a name of a
// check, never a part of the finding. Example: a path `/search?q=anna` → `failed: ['no-query']`.
import type { StandingFinding } from '../model/finding.ts';
import type { ProofCheckName } from '../model/proof.ts';
import type { Population } from '../model/subject.ts';
import type { PolicyCategory } from '../policy/policy.ts';
import { PROTECTED } from '../search/is-shown.ts';

/** What a policy version says that a finding can be held to. */
export interface JudgingPolicy {
  reviewed: ReadonlySet<Population>;
  categories: ReadonlyMap<string, Pick<PolicyCategory, 'class' | 'announced'>>;
}

export interface FindingContext {
  /** The policy that judged it; null where the store does not have it. */
  policy: JudgingPolicy | null;
  /** True where the directory version that judged it is kept, or it names none. */
  isDirectoryKept: boolean;
  /** True where policy and lists are still the ones that judged it. */
  isCurrent: boolean;
  /** Tells whether a text names somebody of the directory; null where there is no directory. */
  namesSomebody: ((text: string) => boolean) | null;
  /** Tells whether the lists and the policy of today protect the site. */
  isProtected(finding: StandingFinding): boolean;
}

/** What is said of one check. */
export type CheckAnswer = 'holds' | 'fails' | 'unclear';

type FindingCheck = Exclude<ProofCheckName, 'kept-without-names' | 'small-departments' | 'audit-intact'>;

/** The checks of a single finding, in the order of their names. */
export const FINDING_CHECKS: Readonly<
  Record<FindingCheck, (finding: StandingFinding, context: FindingContext) => CheckAnswer>
> = {
  'no-query': finding => holds(isPlainPath(finding.urlPath) && isPlainHost(finding.domain)),
  pseudonyms: finding =>
    holds(isSubject(finding) && (finding.clientId === null || CLIENT_ID.test(finding.clientId))),
  'no-names': checkNames,
  'class-apart': (finding, context) => {
    const category = standingPolicy(finding, context)?.categories.get(finding.category);
    return category === undefined ? 'unclear' : holds(category.class === finding.class);
  },
  'reviewed-only': (finding, context) => {
    const policy = standingPolicy(finding, context);
    return policy === null ? 'unclear' : holds(policy.reviewed.has(reviewedAs(finding.population)));
  },
  'announced-only': (finding, context) => {
    const category = standingPolicy(finding, context)?.categories.get(finding.category);
    if (category === undefined) return 'unclear';
    const announcedMs = category.announced.get(finding.population);
    return holds(announcedMs !== undefined && announcedMs <= finding.startMs);
  },
  // A site that was protected later is found by `rejudge`: nobody stored it against the rules.
  'protected-sites': (finding, context) => {
    if (!context.isProtected(finding)) return 'holds';
    return context.isCurrent && !isTakenBack(finding) ? 'fails' : 'unclear';
  },
  'versions-known': (finding, { policy, isDirectoryKept }) =>
    holds(finding.versions.lists !== null && policy !== null && isDirectoryKept),
};

/** A finding that was withdrawn is one that the policy which judged it last would not make: it is not held to that. */
function standingPolicy(finding: StandingFinding, { policy }: FindingContext): JudgingPolicy | null {
  return isTakenBack(finding) ? null : policy;
}

function isTakenBack({ verdict }: StandingFinding): boolean {
  return verdict === 'withdrawn' || verdict === PROTECTED;
}

const USER_ID = /^u\d{2}-[a-z2-7]{26}$/;
const CLIENT_ID = /^c\d{6}-[a-z2-7]{26}$/;

function isSubject({ subjectKind, subjectId }: StandingFinding): boolean {
  switch (subjectKind) {
    case 'user':
      return subjectId !== null && USER_ID.test(subjectId);
    case 'client':
      return subjectId !== null && CLIENT_ID.test(subjectId);
    case 'none':
      return subjectId === null;
    default:
      return subjectKind satisfies never;
  }
}

/** Files and proxies may not be named after anybody (§3.6); of paths and agents that holds for their own person only. */
function checkNames({ path, observerName }: StandingFinding, { namesSomebody }: FindingContext): CheckAnswer {
  if (namesSomebody === null) return 'unclear';
  return holds(![path, observerName].some(text => text !== null && text !== '' && namesSomebody(text)));
}

function isPlainPath(path: string): boolean {
  return !/[?#]/.test(path);
}

/** A name and a password stand before an `@`. */
function isPlainHost(host: string): boolean {
  return !/[@?#/\\\s]/.test(host);
}

/** Whom nobody knows is reviewed like staff (§3.3). */
function reviewedAs(population: Population): Population {
  return population === 'unknown' ? 'staff' : population;
}

function holds(is: boolean): CheckAnswer {
  return is ? 'holds' : 'fails';
}
