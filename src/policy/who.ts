// who: for whom was a category exempt at a time, and by which decision? Asked of the policy alone: no record is judged.
// In: policy, instant, the targets that matched the category, and the people of the directory; out: every exemption in
// force then, whom it covers by then, and which of its limits said no.
// Invariant: it says the same as `decide` would of each of these people: the questions are those of `fit.ts`.
import { POPULATIONS, type Population, type Subject } from '../model/subject.ts';
import type { Target } from '../model/target.ts';
import type { CategoryClass } from '../model/verdict.ts';
import { answer, type Question } from './fit.ts';
import type { Exemption, Policy } from './policy.ts';

/** One person of the directory in one interval. */
export interface Person {
  tenant: string;
  user: string;
  roles: readonly string[];
  department: string;
  fromMs: number;
  toMs: number;
}

export interface WhoInput {
  atMs: number;
  category: string;
  targets: readonly Target[];
  /** Null where there is no directory. */
  people: readonly Person[] | null;
}

/** Whom one exemption covered. */
export interface WhoExemption {
  id: string;
  tenant: string | null;
  caseNumber: string;
  approvers: readonly string[];
  validFrom: string;
  validThrough: string;
  users: readonly string[];
  /** Its roles, and who held them then. */
  roles: readonly { role: string; users: readonly string[] }[];
  /** Its departments, and how many persons they had then. */
  departments: readonly { department: string; persons: number }[];
  sites: readonly string[] | null;
  weekdays: readonly number[] | null;
  /** As it was written. */
  hours: string | null;
  /** Limits that said no at that time and place; empty where it exempted. */
  closed: readonly ('site' | 'weekday' | 'hours')[];
}

/** What a policy says of one category at a time. */
export interface WhoAnswer {
  category: string;
  class: CategoryClass;
  /** Reviewed populations, and whether each had been told by then. */
  populations: readonly { population: Population; announced: boolean }[];
  /** Those in force, open ones first, each part by id. */
  exemptions: readonly WhoExemption[];
}

/** Says who was exempt in a category at a time; null where the policy has no such category. */
export function whoCould(policy: Policy, input: WhoInput): WhoAnswer | null {
  const category = policy.categories.get(input.category);
  if (category === undefined) return null;
  const inForce = category.exemptions.filter(({ fromMs, toMs }) => fromMs <= input.atMs && input.atMs < toMs);
  const exemptions = inForce.map(exemption => whoOf(policy, exemption, input));
  return {
    category: category.name,
    class: category.class,
    populations: reviewedPopulations(policy).map(population => {
      const sinceMs = category.announced.get(population);
      return { population, announced: sinceMs !== undefined && sinceMs <= input.atMs };
    }),
    exemptions: exemptions.sort(
      (a, b) => Number(a.closed.length > 0) - Number(b.closed.length > 0) || (a.id < b.id ? -1 : 1),
    ),
  };
}

function reviewedPopulations(policy: Policy): Population[] {
  return POPULATIONS.filter(population =>
    population === 'unknown'
      ? policy.reviewed.has('staff') || policy.reviewed.has('unknown')
      : policy.reviewed.has(population),
  );
}

const LIMITS = ['site', 'weekday', 'hours'] as const satisfies Question[];

function whoOf(policy: Policy, exemption: Exemption, input: WhoInput): WhoExemption {
  const { atMs, targets } = input;
  const rule = policy.content.rules.exemptions.find(({ id }) => id === exemption.id);
  const present = (input.people ?? []).filter(
    person =>
      person.fromMs <= atMs &&
      atMs < person.toMs &&
      (exemption.tenant === null || exemption.tenant === person.tenant),
  );
  const asked = { startMs: atMs, targets, subject: ANYBODY };
  return {
    id: exemption.id,
    tenant: exemption.tenant,
    caseNumber: exemption.caseNumber,
    approvers: exemption.approvers,
    validFrom: exemption.validFrom,
    validThrough: exemption.validThrough,
    users: [...(rule?.users ?? [])].sort(),
    roles: [...exemption.roles].sort().map(role => ({
      role,
      users: namesOf(present.filter(person => person.roles.includes(role))),
    })),
    departments: [...exemption.departments].sort().map(department => ({
      department,
      persons: namesOf(present.filter(person => person.department === department)).length,
    })),
    sites: exemption.sites,
    weekdays: exemption.weekdays === null ? null : [...exemption.weekdays].sort(),
    hours: rule?.hours ?? null,
    closed: LIMITS.filter(limit => !answer(limit, policy, exemption, asked)),
  };
}

/** Limits ask about time and place only. */
const ANYBODY: Subject = {
  ...{ tenant: '', kind: 'none', confidence: 'none', name: '', client: '', population: 'unknown' },
  ...{ department: '', countedIn: '', roles: [] },
};

function namesOf(people: readonly Person[]): string[] {
  return [...new Set(people.map(({ user }) => user))].sort();
}
