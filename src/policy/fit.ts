// fit: does one exemption cover one record? Each question is asked by itself, so that `explain` can tell which one said no.
import type { Subject } from '../model/subject.ts';
import type { Target } from '../model/target.ts';
import { isInSite } from './canonical-site.ts';
import type { Exemption, Hours, Policy } from './policy.ts';

/** What is asked of an exemption. */
export interface FitInput {
  startMs: number;
  subject: Subject;
  /** Targets that matched the category. */
  targets: readonly Target[];
}

/** How an exemption covers a subject, the most personal way; null where it does not. */
export type CoveredBy = 'user' | 'role' | 'department';

/** The questions of which one `no` is enough, in the order in which they are asked. */
export const QUESTIONS = ['tenant', 'person', 'validity', 'site', 'weekday', 'hours'] as const;

export type Question = (typeof QUESTIONS)[number];

/** Tells whether an exemption covers a record: every question must say yes. */
export function fits(policy: Policy, exemption: Exemption, input: FitInput): boolean {
  for (const question of QUESTIONS) {
    if (!answer(question, policy, exemption, input)) return false;
  }
  return true;
}

/** Answers one question about an exemption and a record. */
export function answer(question: Question, policy: Policy, exemption: Exemption, input: FitInput): boolean {
  switch (question) {
    case 'tenant':
      return exemption.tenant === null || exemption.tenant === input.subject.tenant;
    case 'person':
      return coveredBy(exemption, input.subject) !== null;
    case 'validity':
      return input.startMs >= exemption.fromMs && input.startMs < exemption.toMs;
    case 'site':
      return isOnSites(exemption.sites, input.targets);
    case 'weekday':
      return (
        exemption.weekdays === null || exemption.weekdays.has(weekdayOf(policy, exemption, input.startMs))
      );
    case 'hours':
      return exemption.hours === null || isWithin(exemption.hours, policy.zone.minuteOfDay(input.startMs));
    default:
      return question satisfies never;
  }
}

/** Tells in which way an exemption covers a subject. A department also covers addresses of its networks. */
export function coveredBy(exemption: Exemption, subject: Subject): CoveredBy | null {
  if (subject.kind === 'user' && exemption.users.has(subject.name)) return 'user';
  if (subject.roles.some(role => exemption.roles.has(role))) return 'role';
  return exemption.departments.has(subject.department) ? 'department' : null;
}

/** Every target that matched must lie on the sites: a decision about one site does not cover another wrapped in it. */
function isOnSites(sites: readonly string[] | null, targets: readonly Target[]): boolean {
  if (sites === null) return true;
  return targets.length > 0 && targets.every(target => sites.some(site => isInSite(target.host, site)));
}

/** The weekday that counts: hours that pass midnight belong to the one on which they begin (§1.3). */
function weekdayOf(policy: Policy, { hours }: Exemption, startMs: number): number {
  const weekday = policy.zone.weekdayOf(startMs);
  if (hours === null || !passesMidnight(hours)) return weekday;
  if (policy.zone.minuteOfDay(startMs) >= hours.endMinute) return weekday;
  return weekday === 1 ? 7 : weekday - 1;
}

function isWithin(hours: Hours, minute: number): boolean {
  if (passesMidnight(hours)) return minute >= hours.startMinute || minute < hours.endMinute;
  return minute >= hours.startMinute && minute < hours.endMinute;
}

function passesMidnight(hours: Hours): boolean {
  return hours.endMinute < hours.startMinute;
}
