// month-figures: a store's findings → the figures of one organisation in one local month or day (see report/figures.ts).
// In: findings by `event.start`, whole local days; out: `Figures`, which tell of single persons: `suppress` comes before
// anybody sees them. Invariant: what is held is the visits that may go on and who was seen, never the findings; visits,
// requests and attempts of a month are the sums of its days (persons are not: whoever comes on two days is one).
// Example: monthFigures(store, { tenant: 'Exempelby kommun', month: '2026-10', rules, policy, departments })

import type { Figures } from '../model/figures.ts';
import type { StandingFinding } from '../model/finding.ts';
import type { Query } from '../model/query.ts';
import type { Policy } from '../policy/policy.ts';
import type { ReadStore } from '../ports/store.ts';
import { createFigureCounter } from '../report/figures.ts';
import { createLattice, type DepartmentSizes } from '../report/lattice.ts';
import { lastDayOf } from '../report/period.ts';
import { isShown } from '../search/is-shown.ts';
import type { VisitRules } from '../visit/visit-rules.ts';
import { createVisitGatherer } from '../visit/visits-of.ts';

export interface FiguresOptions {
  tenant: string;
  /** What visits are made by; it has the zone. */
  rules: VisitRules;
  policy: Pick<Policy, 'minimumConfidence' | 'reviewed' | 'smallGroup'>;
  departments: DepartmentSizes;
  /** Is told now and then how many findings were read. */
  onProgress?(findings: number): void;
}

/** Counts a local month, `2026-10`. */
export function monthFigures(
  store: Pick<ReadStore, 'standing'>,
  options: FiguresOptions & { month: string },
): Promise<Figures> {
  const { month, rules } = options;
  return figuresOf(store, { from: `${month}-01`, through: lastDayOf(month, rules.zone) }, options);
}

/** Counts one local day, on the lattice of its month. */
export function dayFigures(
  store: Pick<ReadStore, 'standing'>,
  options: FiguresOptions & { day: string },
): Promise<Figures> {
  return figuresOf(store, { from: options.day, through: options.day }, options);
}

/** Findings between two calls of `onProgress`. */
const PROGRESS_EVERY = 10_000;

async function figuresOf(
  store: Pick<ReadStore, 'standing'>,
  days: { from: string; through: string },
  options: FiguresOptions,
): Promise<Figures> {
  const { tenant, rules, policy, departments, onProgress } = options;
  const { zone } = rules;
  const lattice = createLattice({
    ...{ tenant, departments, smallGroup: policy.smallGroup },
    atMs: zone.startOfDayMs(`${days.from.slice(0, 7)}-01`),
  });
  const counter = createFigureCounter({ lattice, policy, dayOf: atMs => zone.dayOf(atMs) });
  const gatherer = createVisitGatherer(rules);
  let read = 0;
  for await (const finding of store.standing(queryOf(tenant, days, rules))) {
    if (!isOfTenant(finding, tenant)) continue;
    if (isShown(finding)) {
      counter.addFinding(finding);
      for (const visit of gatherer.add(finding)) counter.addVisit(visit);
    } else counter.addHidden();
    read++;
    if (read % PROGRESS_EVERY === 0) onProgress?.(read);
  }
  for (const visit of gatherer.end()) counter.addVisit(visit);
  onProgress?.(read);
  return { tenant, ...days, ...counter.figures() };
}

function queryOf(
  tenant: string,
  { from, through }: { from: string; through: string },
  { zone }: VisitRules,
): Query {
  return {
    terms: [{ kind: 'field', field: 'organization', values: [tenant], negated: false }],
    fromMs: zone.startOfDayMs(from),
    toMs: zone.startOfDayMs(zone.nextDay(through)),
    sort: 'start',
    descending: false,
    limit: null,
  };
}

/** Queries compare without case; organisations are told apart exactly. */
function isOfTenant(finding: StandingFinding, tenant: string): boolean {
  return finding.tenant === tenant;
}
