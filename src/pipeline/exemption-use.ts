// exemptionUse: visits → what each exemption covered: how many visits, of how many, from when to when, in which categories.
// In: visits, in any order; out: counts by exemption. Invariant: only visits of which a decision covered some count; no
// pseudonym leaves it, and a group smaller than `smallGroup` is not told by its number (§8.2).
// Example: three visits of one subject under E-1 → { visits: 3, subjects: null, firstDay: …, byCategory: { gambling: 3 } }.
import type { Visit } from '../model/visit.ts';

/** What one exemption covered. */
export interface ExemptionUse {
  id: string;
  visits: number;
  /** Different subjects; null where they are fewer than the small group. */
  subjects: number | null;
  firstDay: string;
  lastDay: string;
  byCategory: Readonly<Record<string, number>>;
}

/** All uses, and how many findings are behind them. */
export interface ExemptionUses {
  /** By id. */
  uses: readonly ExemptionUse[];
  findings: number;
}

interface Tally {
  visits: number;
  subjects: Set<string>;
  firstDay: string;
  lastDay: string;
  byCategory: Map<string, number>;
}

/** Counts what each exemption covered. */
export async function exemptionUse(visits: AsyncIterable<Visit>, smallGroup: number): Promise<ExemptionUses> {
  const tallies = new Map<string, Tally>();
  let findings = 0;
  for await (const visit of visits) {
    if (visit.exempt === 0) continue;
    findings += visit.exempt;
    for (const id of visit.exemptions) add(tallyOf(tallies, id, visit), visit);
  }
  const uses = [...tallies].map(([id, tally]) => toUse(id, tally, smallGroup));
  return { uses: uses.sort((a, b) => compare(a.id, b.id)), findings };
}

function tallyOf(tallies: Map<string, Tally>, id: string, { day }: Visit): Tally {
  const known = tallies.get(id);
  if (known !== undefined) return known;
  const made: Tally = { visits: 0, subjects: new Set(), firstDay: day, lastDay: day, byCategory: new Map() };
  tallies.set(id, made);
  return made;
}

function add(tally: Tally, { tenant, subjectId, day, category }: Visit): void {
  tally.visits++;
  tally.subjects.add(`${tenant} ${subjectId}`);
  if (day < tally.firstDay) tally.firstDay = day;
  if (day > tally.lastDay) tally.lastDay = day;
  tally.byCategory.set(category, (tally.byCategory.get(category) ?? 0) + 1);
}

function toUse(id: string, tally: Tally, smallGroup: number): ExemptionUse {
  const { visits, subjects, firstDay, lastDay, byCategory } = tally;
  const categories = [...byCategory].sort(([a], [b]) => compare(a, b));
  return {
    ...{ id, visits, firstDay, lastDay },
    subjects: subjects.size < smallGroup ? null : subjects.size,
    byCategory: Object.fromEntries(categories),
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
