// Policy: the compiled rules that decide. In: nothing; it is data that `compile.ts` made from validated rules.
// Invariant: every interval is half-open in UTC milliseconds, every name is canonical, and nothing in it changes.
// Example: `policy.categoriesOf('casino')` → `['gambling']`; `decide(policy, input)` answers one record.
import type { Zone } from '../calendar/zone.ts';
import type { Confidence, Population } from '../model/subject.ts';
import type { CategoryClass } from '../model/verdict.ts';
import type {
  Live,
  Names,
  PolicyRules,
  Retained,
  RetentionRule,
  StatuteRule,
  Taxonomy,
  Thresholds,
} from './rules.ts';

/** Holds the compiled policy of one installation. */
export interface Policy {
  /** Content hash (hex) of all that can change a verdict: rules, class and statutes of each category, time zone. */
  readonly hash: string;
  /** Null while it is on trial. */
  readonly live: Live | null;
  readonly minimumConfidence: Confidence;
  /** What the hash is taken over: plain data, from which the same policy can be compiled again. */
  readonly content: PolicyContent;
  readonly zone: Zone;
  readonly reviewed: ReadonlySet<Population>;
  readonly smallGroup: number;
  readonly categories: ReadonlyMap<string, PolicyCategory>;
  /** All exemptions by id. */
  readonly exemptions: ReadonlyMap<string, Exemption>;
  readonly protectedLists: readonly string[];
  readonly roles: Readonly<Record<string, Names>>;
  readonly thresholds: Thresholds;
  readonly retention: Readonly<Partial<Record<Retained, RetentionRule>>> | null;
  /** Names the categories that a list feeds. */
  categoriesOf(list: string): readonly string[];
  /** Names every list that the policy needs, the protected ones included. */
  mappedLists(): readonly string[];
  /** Gives the instant before which a record is too old to be stored (§1.4); null where no retention was decided. */
  oldestMs(nowMs: number): number | null;
}

/** Plain data of a policy version. Users and approvers stand in it by canonical name. */
export interface PolicyContent {
  version: 1;
  timezone: string;
  rules: PolicyRules;
  /** The taxonomy's categories that the policy uses. */
  taxonomy: Taxonomy;
}

/** One category as the policy and the taxonomy together have it. */
export interface PolicyCategory {
  readonly name: string;
  readonly names: Names;
  readonly class: CategoryClass;
  readonly statutes: readonly DatedStatute[];
  readonly doNotOpen: boolean;
  readonly lists: readonly string[];
  /** Since when each population has been told; a population that is not in it was never told. */
  readonly announced: ReadonlyMap<Population, number>;
  /** Exemptions that name this category. */
  readonly exemptions: readonly Exemption[];
}

/** A statute with the time in which it is in force. */
export interface DatedStatute extends StatuteRule {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A set of people that can only be asked: a kept policy knows its users by pseudonyms, not by names (§5.7). */
export interface NameSet {
  readonly size: number;
  /** Tells whether a canonical user name is in it. */
  has(name: string): boolean;
}

/** One exemption, ready to be compared. */
export interface Exemption {
  readonly id: string;
  readonly tenant: string | null;
  readonly categories: ReadonlySet<string>;
  readonly users: NameSet;
  readonly roles: ReadonlySet<string>;
  readonly departments: ReadonlySet<string>;
  /** Canonical hosts and addresses; null for every site. */
  readonly sites: readonly string[] | null;
  /** Weekdays, 1 for Monday to 7 for Sunday; null for every day. */
  readonly weekdays: ReadonlySet<number> | null;
  readonly hours: Hours | null;
  readonly reason: string;
  readonly caseNumber: string;
  readonly approvers: readonly string[];
  /** The day of the decision; null where the policy does not say. */
  readonly decided: string | null;
  /** True where it covers visits before its decision, and was approved as that. */
  readonly isRetroactive: boolean;
  readonly validFrom: string;
  readonly validThrough: string;
  /** Where it begins to cover: with `validFrom`, or with its decision where that came later. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Clock hours in minutes since midnight, half-open; where `endMinute` is not the greater one they pass midnight. */
export interface Hours {
  readonly startMinute: number;
  readonly endMinute: number;
}
