// coverage: what of a policy no policy test shows. Only tests that passed count, by what came of them.
// In: policy, tests, outcomes and results in one order; out: one item for each thing that a policy can be tested for.
// Invariant: an item is covered by what a record came to, never by what a test says that it expects.
// Example: a category with an exemption wants four: examine, exempt, attempt and unannounced.
import { POPULATIONS } from '../model/subject.ts';
import type { Policy, PolicyCategory } from './policy.ts';
import type { ExpectedVerdict, RecordOutcome, TestOutcome } from './policy-test.ts';

/** One thing that a test can show. */
export interface CoverageItem {
  kind: 'category' | 'exemption' | 'population' | 'protected';
  /** Category, id of the exemption, or population; `''` for protected sites. */
  name: string;
  /** What it can come to; `judged` for a population, `shown` for an exemption. */
  wanted: readonly (ExpectedVerdict | 'judged' | 'shown')[];
  /** Those of them that no passing test shows. */
  missing: readonly string[];
}

export interface TestedPolicy {
  outcomes: readonly TestOutcome[];
  results: readonly { passed: boolean }[];
}

/** Lists what tests can show of a policy, and what of it none shows. */
export function coverageOf(policy: Policy, { outcomes, results }: TestedPolicy): CoverageItem[] {
  const shown = new Set<string>();
  for (const [index, outcome] of outcomes.entries()) {
    if (results[index]?.passed !== true) continue;
    for (const record of outcome.records) for (const sign of signsOf(record)) shown.add(sign);
  }
  const item = (kind: CoverageItem['kind'], name: string, wanted: CoverageItem['wanted']): CoverageItem => ({
    ...{ kind, name, wanted },
    missing: wanted.filter(thing => !shown.has(signOf(kind, name, thing))),
  });
  return [
    ...[...policy.categories.values()].map(category =>
      item('category', category.name, wantedOf(policy, category)),
    ),
    ...[...policy.exemptions.keys()].map(id => item('exemption', id, ['shown'])),
    ...POPULATIONS.filter(population => isReviewedThere(policy, population)).map(population =>
      item('population', population, ['judged']),
    ),
    ...(policy.protectedLists.length === 0 ? [] : [item('protected', '', ['protected'])]),
  ];
}

/** A category that was told to nobody who is reviewed can come to one thing only. */
function wantedOf(policy: Policy, category: PolicyCategory): ExpectedVerdict[] {
  const isTold = [...category.announced.keys()].some(population => isReviewedThere(policy, population));
  if (!isTold) return ['unannounced'];
  const exempt: ExpectedVerdict[] = category.exemptions.length > 0 ? ['exempt'] : [];
  return ['examine', ...exempt, 'attempt', 'unannounced'];
}

function isReviewedThere(policy: Policy, population: (typeof POPULATIONS)[number]): boolean {
  return (
    policy.reviewed.has(population === 'unknown' ? 'staff' : population) || policy.reviewed.has(population)
  );
}

function signsOf({ kind, decision, subject }: RecordOutcome): string[] {
  if (kind === 'protected') return [signOf('protected', '', 'protected')];
  const judgements = decision?.judgements ?? [];
  const signs = judgements.flatMap(({ category, verdict, exemptions }) => [
    signOf('category', category, verdict ?? 'attempt'),
    ...exemptions.slice(0, 1).map(id => signOf('exemption', id, 'shown')),
  ]);
  for (const category of decision?.unannounced ?? []) signs.push(signOf('category', category, 'unannounced'));
  if (judgements.length > 0) signs.push(signOf('population', subject.population, 'judged'));
  return signs;
}

function signOf(kind: CoverageItem['kind'], name: string, thing: string): string {
  return `${kind}\u0000${name}\u0000${thing}`;
}
