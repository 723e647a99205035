// What is done at set times: a plan of systematic reviews, and a delivery of reports. Written in `reviews.yaml`.
import type { CategoryClass } from './verdict.ts';

/** The length of time that one review is of. */
export type PeriodKind = 'day' | 'week' | 'month' | 'quarter';

/** Lists every kind of period. */
export const PERIOD_KINDS: readonly PeriodKind[] = ['day', 'week', 'month', 'quarter'];

/** A stretch of whole local days with a name: `2026-10-05`, `2026-W41`, `2026-10`, `2026-Q4`. */
export interface Period {
  kind: PeriodKind;
  id: string;
  firstDay: string;
  /** Itself included. */
  lastDay: string;
}

/** A text in both languages. */
export interface PlanNames {
  sv: string;
  en: string;
}

/** What a review looks at. */
export interface PlanScope {
  /** Null for the configured organization. */
  tenant: string | null;
  /** With everything under them; null for all. */
  departments: readonly string[] | null;
  categories: readonly string[] | null;
  class: CategoryClass | null;
  /** `audit`: the lines of the audit chain, who viewed what. */
  population: 'findings' | 'audit';
}

/** How much of the population is examined. */
export type PlanSample = { kind: 'all' } | { kind: 'stratified'; size: number; by: 'department' };

export interface ChecklistItem extends PlanNames {
  id: string;
}

/** The common method: what is asked of each item. */
export interface Checklist {
  version: string;
  items: readonly ChecklistItem[];
}

/** A plan of systematic reviews. */
export interface ReviewPlan {
  kind: 'review';
  id: string;
  names: PlanNames;
  scope: PlanScope;
  period: PeriodKind;
  /** Five fields of cron, by the tenant's clock. */
  schedule: string;
  /** First local day on which it can be due; null for the day on which a schedule first knew the plan. */
  validFrom: string | null;
  /** Days from the beginning of a review until it should be signed. */
  dueDays: number;
  sample: PlanSample;
  checklist: Checklist;
  /** Ids of people. */
  reviewers: readonly string[];
  signers: readonly string[];
}

/** What a delivered report is printed as. */
export type DeliveryFormat = 'html' | 'pdf' | 'csv' | 'json';

/** A delivery of reports into folders; each is of the month before it is due. */
export interface DeliveryPlan {
  kind: 'delivery';
  id: string;
  report: 'hr' | 'statistics';
  schedule: string;
  validFrom: string | null;
  formats: readonly DeliveryFormat[];
  lang: 'sv' | 'en';
  /** Inside the folder of reports; `/` between its parts. */
  folder: string;
  /** `departments`: each department's own report in a folder of its own, and nothing else in it. */
  split: 'departments' | 'whole';
  /** Departments that are delivered to; null for those that have no parent. */
  departments: readonly string[] | null;
}

/** Anything that is due at set times. Ids are different throughout. */
export type SchedulePlan = ReviewPlan | DeliveryPlan;

/** `reviews.yaml` once it is read. */
export interface Plans {
  reviews: readonly ReviewPlan[];
  deliveries: readonly DeliveryPlan[];
}
