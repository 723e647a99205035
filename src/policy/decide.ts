// decide: one flagged record → a judgement for each of its categories (§5.1–5.6).
// In: when it began, whether the proxy let it through, whom it concerns, and which categories its targets matched;
// out: verdicts, and the categories that were not yet announced to this population. Nothing here knows a clock or a store.
// Invariant: an attempt has no verdict and no exemption; an exemption never reaches a category that it does not name.
// Example: a social investigator on a listed casino, inside the dates of E-1 → `{verdict: 'exempt', exemptions: ['E-1']}`.
import type { Access } from '../model/record.ts';
import type { Subject } from '../model/subject.ts';
import type { Target } from '../model/target.ts';
import type { Judgement } from '../model/verdict.ts';
import { coveredBy, fits } from './fit.ts';
import type { DatedStatute, Exemption, Policy, PolicyCategory } from './policy.ts';

export interface DecideInput {
  /** `event.start`, milliseconds UTC: everything counts as in force then. */
  startMs: number;
  access: Access;
  subject: Subject;
  /** Category → the targets that matched it. */
  categories: readonly { category: string; targets: readonly Target[] }[];
}

export interface Decision {
  judgements: Judgement[];
  /** Categories that were not announced to the population then: no finding, only a count (§5.6). */
  unannounced: readonly string[];
}

/** One announced category of a record, with what covers it. */
interface Announced {
  category: PolicyCategory;
  fitting: readonly string[];
}

/** Decides one record in all of its categories. A category that the policy does not have is passed over. */
export function decide(policy: Policy, input: DecideInput): Decision {
  const announced: Announced[] = [];
  const unannounced: string[] = [];
  for (const { category: name, targets } of input.categories) {
    const category = policy.categories.get(name);
    if (category === undefined) continue;
    if (!isAnnounced(category, input)) {
      unannounced.push(name);
      continue;
    }
    announced.push({ category, fitting: fittingOf(policy, category, { ...input, targets }) });
  }
  const judgements = announced.map(item => judge(item, announced, input));
  return { judgements, unannounced };
}

/** Tells whether a subject's population is reviewed; `unknown` is reviewed like staff (§3.3). */
export function isReviewed(policy: Policy, subject: Subject): boolean {
  if (policy.reviewed.has(subject.population)) return true;
  return subject.population === 'unknown' && policy.reviewed.has('staff');
}

/** Tells whether a category had been announced to the population by then. */
export function isAnnounced(category: PolicyCategory, input: { startMs: number; subject: Subject }): boolean {
  const announcedMs = category.announced.get(input.subject.population);
  return announcedMs !== undefined && input.startMs >= announcedMs;
}

/** Orders exemptions: the most personal first, then site-limited, then hour-limited, then the lowest id (§5.4). */
export function compareShown(a: Exemption, b: Exemption, subject: Subject): number {
  return (
    personal(a, subject) - personal(b, subject) ||
    Number(a.sites === null) - Number(b.sites === null) ||
    Number(a.hours === null) - Number(b.hours === null) ||
    compareId(a.id, b.id)
  );
}

function fittingOf(
  policy: Policy,
  category: PolicyCategory,
  input: DecideInput & { targets: readonly Target[] },
): readonly string[] {
  // A denied request is not judged: no exemption is asked (§2.4).
  if (input.access === 'denied') return [];
  return category.exemptions
    .filter(exemption => fits(policy, exemption, input))
    .sort((a, b) => compareShown(a, b, input.subject))
    .map(exemption => exemption.id);
}

function judge({ category, fitting }: Announced, all: readonly Announced[], input: DecideInput): Judgement {
  const others = new Set(all.flatMap(other => other.fitting).filter(id => !fitting.includes(id)));
  return {
    category: category.name,
    class: category.class,
    statutes: inForce(category.statutes, input.startMs),
    verdict: verdictOf(fitting, input.access),
    exemptions: fitting,
    otherExemptions: [...others].sort(compareId),
  };
}

function verdictOf(fitting: readonly string[], access: Access): Judgement['verdict'] {
  if (access === 'denied') return null;
  return fitting.length > 0 ? 'exempt' : 'examine';
}

function inForce(statutes: readonly DatedStatute[], startMs: number): string[] {
  return statutes
    .filter(statute => startMs >= statute.fromMs && startMs < statute.toMs)
    .map(statute => statute.statute);
}

function personal(exemption: Exemption, subject: Subject): number {
  const by = coveredBy(exemption, subject);
  if (by === 'user') return 0;
  return by === 'role' ? 1 : 2;
}

function compareId(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
