// A proof: what was found out about a store and its installation, without a word of any language and without a trace of
// anybody. `src/text/proof-page.ts` has the words; `granska proof --format json` prints it as it is.
import type { Population } from './subject.ts';
import type { CategoryClass } from './verdict.ts';

/** What is verified by reading everything that is stored. */
export const PROOF_CHECKS = [
  'no-query',
  'pseudonyms',
  'no-names',
  'class-apart',
  'reviewed-only',
  'announced-only',
  'protected-sites',
  'versions-known',
  'kept-without-names',
  'small-departments',
  'audit-intact',
] as const;

export type ProofCheckName = (typeof PROOF_CHECKS)[number];

/** How one check came out. Only numbers: what failed is never quoted. */
export interface ProofCheck {
  check: ProofCheckName;
  /** What was looked at: findings, hours of usage, kept versions or lines, as the check has it. */
  examined: number;
  failed: number;
  /** What could not be told, or came of a later change; it is named, and fails nothing. */
  unclear: number;
}

/** How a policy stands: on trial, decided on for a day that is to come, or in force. */
export type Standing = 'trial' | 'coming' | 'live';

/** Where something of the installation lies, as it was found. */
export interface ProofPlace {
  place: 'data' | 'store' | 'audit' | 'rejects' | 'keys' | 'epoch-keys' | 'private-key';
  isThere: boolean;
  /** The mode, octal; null where it is not there, or the platform has none. */
  mode: string | null;
  /** True where accounts other than the owner may read or write it. */
  isOpenToOthers: boolean;
}

export type ProofDayKind = 'protected' | 'unreviewed' | 'unannounced' | 'tooOld' | 'authChallenges';

export interface ProofRetention {
  days: number;
  decision: string;
}

/** One category, and since when whom it was announced to. */
export interface ProofCategory {
  name: string;
  sv: string;
  en: string;
  class: CategoryClass;
  /** Population → first day; `all` where one day holds for everybody. Empty where it was never announced. */
  announced: Readonly<Partial<Record<Population | 'all', string>>>;
}

export interface ProofDocument {
  date: string;
  reference: string;
}

/** All that a proof says. Instants are ISO 8601 in UTC, days local days of the tenant. */
export interface Proof {
  schema: 'granska.proof/1';
  made: string;
  day: string;
  timezone: string;
  organization: string;
  policy: {
    hash: string;
    standing: Standing;
    from: string | null;
    notice: ProofDocument | null;
    negotiation: ProofDocument | null;
    controller: string | null;
    dataProtectionOfficer: string | null;
    reviewed: readonly Population[];
    smallGroup: number;
  };
  stored: {
    tenants: readonly string[];
    findings: number;
    examine: number;
    exempt: number;
    attempts: number;
    withdrawn: number;
    forbidden: number;
    firstDay: string | null;
    lastDay: string | null;
    /** Rows of counts by hour and department, and the requests that they count. */
    usageRows: number;
    requests: number;
    versions: { policy: number; directory: number; lists: number };
    auditLines: number;
  };
  checks: readonly ProofCheck[];
  retention: {
    findings: ProofRetention | null;
    counts: ProofRetention | null;
    audit: ProofRetention | null;
    sealedDays: number;
    /** Findings whose time is over and which are there still. */
    overdueFindings: number;
  };
  access: {
    store: 'sqlite' | 'elasticsearch';
    places: readonly ProofPlace[];
    /** Where a worker answers about its health; null where it does not. */
    listen: string | null;
  };
  dropped: {
    days: Readonly<Record<ProofDayKind, number>>;
    rejectedLines: number;
    rejectedWithoutText: number;
    refusedDocuments: number;
  };
  reidentify: {
    epochs: readonly { epoch: number; key: 'there' | 'destroyed' | 'missing'; findings: number }[];
    privateKey: 'there' | 'not-there';
    directory: { users: number; changed: string | null; ageDays: number | null } | null;
  };
  categories: readonly ProofCategory[];
}
