// hr-report-cells: the cells of an HR report, asked by unit and category. Invariant: what is not in the report is zero, what
// is hidden is null, and a sum that misses a hidden part says so (§8.2).
import type { FigureKind, Measures, ShownCell, Unit } from '../model/figures.ts';
import type { HrReport } from '../model/hr-report.ts';

/** A sum over what is shown, and how many parts of it are hidden. */
export interface PartlyShown {
  sum: number;
  hidden: number;
}

/** Answers for the cells of a report. */
export interface HrCells {
  /** Gives a cell; null where it is hidden. */
  of(unit: Unit, category: string, kind: FigureKind): Measures | null;
  /** Names the categories in which a unit has something of a kind, or something hidden. */
  categories(unit: Unit, kind: FigureKind): string[];
  /** Adds a measure up over the categories of a unit. */
  sum(unit: Unit, kind: FigureKind, measure: (cell: Measures) => number): PartlyShown;
}

const ZERO: Measures = { persons: 0, visits: 0, records: 0, grades: { A: 0, B: 0, C: 0, D: 0 } };

/** Makes what answers for the cells of a report. */
export function hrCells({ cells, categories }: Pick<HrReport, 'cells' | 'categories'>): HrCells {
  const byKey = new Map<string, ShownCell>(cells.map(cell => [keyOf(cell.unit, cell.category), cell]));
  const names = new Set([...categories.map(({ name }) => name), ...cells.map(({ category }) => category)]);
  const of: HrCells['of'] = (unit, category, kind) => {
    const cell = byKey.get(keyOf(unit.id, category));
    return cell === undefined ? ZERO : cell[kind];
  };
  return {
    of,
    categories: (unit, kind) =>
      [...names].filter(category => {
        const cell = of(unit, category, kind);
        return cell === null || cell.visits + cell.records > 0;
      }),
    sum(unit, kind, measure) {
      const total = { sum: 0, hidden: 0 };
      for (const category of names) {
        const cell = of(unit, category, kind);
        if (cell === null) total.hidden++;
        else total.sum += measure(cell);
      }
      return total;
    },
  };
}

function keyOf(unit: string, category: string): string {
  return JSON.stringify([unit, category]);
}
