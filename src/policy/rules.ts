// The policy and the taxonomy as people write them, once validated: days are still inclusive local dates.
// `config/` reads them from YAML; `compile.ts` makes them into the Policy that decides.
import type { Confidence, Population } from '../model/subject.ts';
import type { CategoryClass } from '../model/verdict.ts';

/** A text in the two languages of the product. */
export interface Names {
  sv: string;
  en: string;
}

/** One statute that a category of class `forbidden` rests on. */
export interface StatuteRule {
  statute: string;
  /** The act that the statute punishes, which seldom is a visit. */
  act: Names;
  visitIsCrime: boolean;
  /** Inclusive local days; null where open. */
  validFrom: string | null;
  validThrough: string | null;
  source: string;
  note?: string | undefined;
}

/** What the taxonomy says of one category. */
export interface TaxonomyCategory extends Names {
  class: CategoryClass;
  statutes: readonly StatuteRule[];
  /** True where the page of a finding must say "do not open, contact the police". */
  doNotOpen: boolean;
  note?: string | undefined;
}

/** The whole taxonomy: every category that a policy may name. */
export interface Taxonomy {
  categories: Readonly<Record<string, TaxonomyCategory>>;
}

/** Weekdays as people write them, Monday first. */
export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

export type Weekday = (typeof WEEKDAYS)[number];

/** One category of the policy: which lists feed it, and since when whom has been told. */
export interface CategoryRule {
  lists: readonly string[];
  /** One day for everybody, or a day for each population; absent means never announced. */
  announcedFrom?: string | Readonly<Partial<Record<Population, string>>> | undefined;
}

/** Says that a decision covers visits before the day on which it was made, and who approved that. */
export interface Retroactive {
  reason: string;
  approvers: readonly string[];
}

/** One decision that exempts. It covers whom any of users, roles and departments names. */
export interface ExemptionRule {
  id: string;
  /** The organization it holds for; absent means all of the installation. */
  tenant?: string | undefined;
  categories: readonly string[];
  users: readonly string[];
  roles: readonly string[];
  departments: readonly string[];
  /** Hosts (with all below them) or addresses that it is limited to; null for every site. */
  sites: readonly string[] | null;
  weekdays: readonly Weekday[] | null;
  /** Clock hours `08:00-17:00`; `22:00-06:00` passes midnight. Null for all hours. */
  hours: string | null;
  reason: string;
  caseNumber: string;
  approvers: readonly string[];
  /** The day of the decision. Earlier visits are covered only where it is retroactive, and approved as that. */
  decided?: string | undefined;
  retroactive?: Retroactive | undefined;
  /** Inclusive local days. */
  validFrom: string;
  validThrough: string;
}

/** Thresholds of the evidence grades (§7.3) and of visits (§7.1). */
export interface Thresholds {
  records: number;
  minutes: number;
  bytes: number;
  documentGapSeconds: number;
  visitGapMinutes: number;
}

/** What had to be done before a policy can hold anybody to it. */
export interface Live {
  /** Inclusive local day from which it is in force. */
  from: string;
  /** The notice to staff. */
  notice: Reference;
  /** The negotiation with the unions (MBL). */
  negotiation: Reference;
  /** Who can be asked, for the notice. It judges nothing, and may name somebody: it is no part of a version. */
  contact?: Contact | undefined;
  /** The legal basis of the processing, for the notice; no part of a version either. */
  legalBasis?: string | undefined;
}

/** Who answers for the processing, and who watches over it, as people reach them. */
export interface Contact {
  controller?: string | undefined;
  dataProtectionOfficer?: string | undefined;
}

/** A document by its day and its number. */
export interface Reference {
  date: string;
  reference: string;
}

/** Record types that a retention decision can be about. */
export const RETAINED = ['findings', 'counts', 'audit'] as const;

export type Retained = (typeof RETAINED)[number];

export interface RetentionRule {
  days: number;
  /** Number of the decision that the retention rests on. */
  decision: string;
}

/** The whole policy file. */
export interface PolicyRules {
  /** Null while the policy is on trial: then nothing that it finds can be held against anybody. */
  live: Live | null;
  /** Subjects that are known less surely than this never reach a case or a row of a report. */
  minimumConfidence: Confidence;
  reviewed: readonly Population[];
  smallGroup: number;
  categories: Readonly<Record<string, CategoryRule>>;
  protected: { lists: readonly string[] };
  roles: Readonly<Record<string, Names>>;
  exemptions: readonly ExemptionRule[];
  thresholds: Thresholds;
  retention: Readonly<Partial<Record<Retained, RetentionRule>>> | null;
}
