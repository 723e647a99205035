// The file of review plans and deliveries → plans, and every mistake in it. In: the file, and what it can speak of: people
// who act, departments, categories; out: plans, or null where anything is wrong.
// Invariant: who reviews and who signs can be two persons for every plan (§8.4); no message repeats a person's name.
import type { Person } from '../model/person.ts';
import type { Plans } from '../model/review-plan.ts';
import { createIdentity } from '../subject/identity.ts';
import { suggest } from '../words/nearest.ts';
import { checkPlanPeople } from './check-plan-people.ts';
import { checkSchedule } from './check-schedule.ts';
import type { Config } from './config.ts';
import { hasErrors } from './problem.ts';
import { type KnownPeople, knownPlaces } from './read-policy.ts';
import { openFile, type Reading } from './reading.ts';
import { type ReviewsFile, reviewsSchema, toPlans } from './reviews-schema.ts';
import { validate } from './validate.ts';
import type { Path, YamlFile } from './yaml-file.ts';

/** What plans are read with. */
export interface PlanReading extends Reading {
  opened: KnownPeople | null;
  /** People who act; null where that cannot be read. */
  persons: readonly Person[] | null;
  /** Categories of the policy; null where that is not known. */
  categories: readonly string[] | null;
}

const NO_PLANS: Plans = { reviews: [], deliveries: [] };

/** Reads plans; none where no file is named, null where it has mistakes. */
export function readReviews(config: Config, input: PlanReading): Plans | null {
  if (config.reviewsFile === null) return NO_PLANS;
  const file = openFile(config.reviewsFile, input);
  if (file === null) return null;
  const data = validate(reviewsSchema, file);
  if (data !== null) check({ file, data, config, input });
  input.problems.push(...file.problems);
  if (data === null || hasErrors(file.problems)) return null;
  const canonicalName = createIdentity(config.identity);
  const plans = toPlans(data);
  return {
    ...plans,
    reviews: plans.reviews.map(plan => ({
      ...plan,
      reviewers: plan.reviewers.map(canonicalName),
      signers: plan.signers.map(canonicalName),
    })),
  };
}

interface Checking {
  file: YamlFile;
  data: ReviewsFile;
  config: Config;
  input: PlanReading;
}

function check(checking: Checking): void {
  const { file, data, config, input } = checking;
  checkIds(checking);
  for (const [index, plan] of data.plans.entries()) {
    const at: Path = ['plans', index];
    checkSchedule(file, at, { ...plan, zone: config.zone });
    checkScope(checking, plan.scope, [...at, 'scope']);
    if (input.persons !== null) {
      checkPlanPeople(file, at, { ...plan, persons: input.persons, identity: config.identity });
    }
  }
  const folders = new Set<string>();
  for (const [index, delivery] of data.deliveries.entries()) {
    const at: Path = ['deliveries', index];
    checkSchedule(file, at, { ...delivery, period: 'month', zone: config.zone });
    checkDelivery(checking, delivery, at);
    const folder = delivery.folder.normalize('NFC').toLowerCase();
    if (folders.has(folder)) {
      file.report([...at, 'folder'], 'is the folder of another delivery', { hint: 'give each its own' });
    }
    folders.add(folder);
  }
}

function checkIds({ file, data }: Checking): void {
  const seen = new Set<string>();
  for (const key of ['plans', 'deliveries'] as const) {
    for (const [index, { id }] of data[key].entries()) {
      if (seen.has(id)) file.report([key, index, 'id'], 'stands here twice, among plans and deliveries');
      seen.add(id);
    }
  }
}

function checkScope(checking: Checking, scope: ReviewsFile['plans'][number]['scope'], at: Path): void {
  const { file, config, input } = checking;
  const { tenants } = knownPlaces(config, input.opened);
  if (scope.tenant !== undefined && !tenants.includes(scope.tenant)) {
    file.report([...at, 'tenant'], 'is no organization of this installation', {
      hint: suggest(scope.tenant, tenants),
    });
  }
  if (scope.population === 'audit') {
    for (const key of ['tenant', 'departments', 'categories', 'class'] as const) {
      if (scope[key] === undefined) continue;
      file.report([...at, key], 'goes with findings: the audit chain is one for the installation', {
        at: 'key',
      });
    }
    return;
  }
  checkDepartments(checking, scope.departments ?? [], [...at, 'departments']);
  for (const [index, category] of (scope.categories ?? []).entries()) {
    if (input.categories === null || input.categories.includes(category)) continue;
    file.report([...at, 'categories', index], 'the policy has no such category', {
      hint: suggest(category, input.categories),
    });
  }
}

function checkDepartments({ file, config, input }: Checking, named: readonly string[], at: Path): void {
  if (input.opened === null) return;
  const { departments } = knownPlaces(config, input.opened);
  for (const [index, department] of named.entries()) {
    if (departments.includes(department)) continue;
    file.report([...at, index], 'is no department of the directory, departments or networks', {
      hint: suggest(department, departments),
    });
  }
}

function checkDelivery(checking: Checking, delivery: ReviewsFile['deliveries'][number], at: Path): void {
  const { file } = checking;
  checkDepartments(checking, delivery.departments ?? [], [...at, 'departments']);
  if (delivery.folder.split('/').some(part => !isFolderName(part))) {
    file.report([...at, 'folder'], 'must be a folder inside the folder of reports', {
      hint: 'write a name, or names with / between them; neither .. nor a / at the beginning',
    });
  }
  if (delivery.report === 'statistics' && delivery.perDepartment === 'yes') {
    file.report(
      [...at, 'perDepartment'],
      'statistics come on one fixed lattice, for all departments at once',
    );
  }
  const isWhole = delivery.report === 'statistics' || delivery.perDepartment === 'no';
  if (delivery.departments !== undefined && isWhole) {
    file.report([...at, 'departments'], 'goes with perDepartment: yes', { at: 'key' });
  }
}

function isFolderName(part: string): boolean {
  return part.trim() !== '' && part !== '.' && part !== '..' && !/[\\\p{Cc}]/u.test(part);
}
