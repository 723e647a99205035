// suppress: figures → what may be shown of them (§8.2). In: counts with persons, k; out: the same with null where a small
// group could be told, also by subtraction. Invariant: no sum and difference of what is shown gives something of 1 to k−1
// persons. Why that holds: units are a tree without overlaps, so that all that can be worked out are the remainders of
// shown units less the biggest shown units below them, and unions of these. Every remainder with anything in it has k
// persons or more, from two places or more. Categories are never added up, so each stands alone.
// Example, k = 5: departments of 9, 7 and 2 → the 2 hidden, and the 7 with it; the total of 18 stays.
import type {
  DecisionCell,
  FigureKind,
  Figures,
  Measures,
  ShownCell,
  ShownFigures,
  Unit,
} from '../model/figures.ts';
import { FIGURE_KINDS } from './figures.ts';
import { hiddenUnits } from './hidden-units.ts';

/** Hides small groups. */
export function suppress(figures: Figures, smallGroup: number): ShownFigures {
  const { tenant, from, through, units } = figures;
  const categories = [...new Set(figures.cellPersons.map(({ category }) => category))].sort();
  const order = new Map(units.map(({ id }, index) => [id, index]));
  const cells = categories
    .flatMap(category => cellsOf(category, figures, smallGroup))
    .sort((a, b) => order.get(a.unit)! - order.get(b.unit)!);
  return { tenant, from, through, smallGroup, units, cells };
}

function cellsOf(category: string, figures: Figures, k: number): ShownCell[] {
  const { units } = figures;
  const persons = figures.cellPersons.filter(cell => cell.category === category);
  // All of a small cell is hidden, zeros too: that somebody had no attempts is something about them as well.
  const small = new Set(persons.filter(cell => cell.persons < k).map(({ unit }) => unit));
  const measures = new Map<FigureKind, Map<string, Measures>>(FIGURE_KINDS.map(kind => [kind, new Map()]));
  for (const { unit, kind, category: of, ...rest } of figures.cells) {
    if (of === category) measures.get(kind)!.set(unit, rest);
  }
  const shown = (kind: FigureKind) => {
    const hidden = hiddenUnits(units, measures.get(kind)!, { k, forced: small });
    return (unit: string) => (hidden.has(unit) ? null : (measures.get(kind)!.get(unit) ?? NOTHING));
  };
  const examine = shown('examine');
  const exempt = shown('exempt');
  const attempts = shown('attempts');
  const decisions = shownDecisions(
    units,
    figures.decisions.filter(cell => cell.category === category),
    { k, forced: new Set(units.map(({ id }) => id).filter(id => exempt(id) === null)) },
  );
  return persons.map(({ unit }) => ({
    ...{ unit, category, examine: examine(unit), exempt: exempt(unit), attempts: attempts(unit) },
    decisions: decisions(unit),
  }));
}

const NOTHING: Measures = { persons: 0, visits: 0, records: 0, grades: { A: 0, B: 0, C: 0, D: 0 } };

/**
 * Decisions of a category are shown wherever their sums are, or nowhere: so that the sums say nothing that the decisions
 * do not, and each decision stands alone as a category does. Where one is hidden, not even which there are is told. A sum
 * that is shown without its decisions would tell more to whoever knows whom each decision can cover.
 */
function shownDecisions(
  units: readonly Unit[],
  cells: readonly DecisionCell[],
  { k, forced }: { k: number; forced: ReadonlySet<string> },
): (unit: string) => ShownCell['decisions'] {
  const slices = new Map<string, Map<string, DecisionCell>>();
  for (const cell of cells) {
    const key = JSON.stringify(cell.exemptions);
    slices.set(key, (slices.get(key) ?? new Map<string, DecisionCell>()).set(cell.unit, cell));
  }
  const areSafe = [...slices.values()].every(
    slice => hiddenUnits(units, slice, { k, forced }).size === forced.size,
  );
  return unit => {
    const own = cells.filter(cell => cell.unit === unit);
    if (forced.has(unit) || (own.length > 0 && !areSafe)) return null;
    return own.map(({ exemptions, visits }) => ({ exemptions, visits }));
  };
}
