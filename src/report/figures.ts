// figures: findings and visits of one organisation and time → counts on the lattice (§8.2). In: each finding once, each
// visit once; out: `Figures`. Invariant: every visit and every attempt is in exactly one unit without parts, and units hold
// all that is below them; held are sums, and who was seen: nothing that grows with the number of findings.
// Example: an exempt visit in `IT` by E-1 → cells t, d:Ledning and d:IT of kind exempt, and a decision cell of E-1 in each.
import type {
  CellPersons,
  DecisionCell,
  FigureCell,
  FigureKind,
  Figures,
  Measures,
} from '../model/figures.ts';
import type { Finding } from '../model/finding.ts';
import type { Grade, Visit } from '../model/visit.ts';
import { mayBeCase } from '../policy/may-be-case.ts';
import type { Policy } from '../policy/policy.ts';
import { createHeads, type Heads, type Sight } from './heads.ts';
import type { Lattice } from './lattice.ts';

export interface FigureRules {
  lattice: Lattice;
  policy: Pick<Policy, 'minimumConfidence' | 'reviewed'>;
  /** Gives the local day of an instant. */
  dayOf(atMs: number): string;
}

export interface FigureCounter {
  /** Takes any finding: attempts are counted, and what is in no figure. */
  addFinding(finding: Finding): void;
  /** Takes a finding that no reading shows: it is told as one that was taken back, and nothing of it is looked at (§6.2). */
  addHidden(): void;
  addVisit(visit: Visit): void;
  figures(): Omit<Figures, 'tenant' | 'from' | 'through'>;
}

/** Kinds in the order in which they are shown. */
export const FIGURE_KINDS: readonly FigureKind[] = ['examine', 'exempt', 'attempts'];

type Counts = Omit<Measures, 'persons'>;

/** One category and kind, or one set of decisions in a category: sums by unit without parts, and who was seen. */
interface Slice {
  category: string;
  heads: Heads;
  sums: Map<string, { visits: number; records: number; grades: Record<Grade, number> }>;
}

/** Creates an empty count. */
export function createFigureCounter({ lattice, policy, dayOf }: FigureRules): FigureCounter {
  const kinds = new Map<FigureKind, Map<string, Slice>>(FIGURE_KINDS.map(kind => [kind, new Map()]));
  const decisions = new Map<string, Slice & { exemptions: readonly string[] }>();
  const all = new Map<string, Slice>();
  const versions = { policy: new Set<string>(), lists: new Set<string>(), directory: new Set<string>() };
  let withoutSubject = 0;
  let withdrawn = 0;

  function count(slices: readonly Slice[], at: { sight: Sight | null; place: string }, counts: Counts): void {
    for (const slice of slices) {
      if (at.sight !== null) slice.heads.see(at.sight);
      const sums = slice.sums.get(at.place) ?? { visits: 0, records: 0, grades: { A: 0, B: 0, C: 0, D: 0 } };
      slice.sums.set(at.place, sums);
      sums.visits += counts.visits;
      sums.records += counts.records;
      for (const grade of GRADES) sums.grades[grade] += counts.grades[grade];
    }
  }

  /** Who it was; null where that is not sure enough to count a person by. */
  function sightOf(
    of: Pick<Visit, 'subjectKind' | 'subjectId' | 'confidence' | 'population'>,
    at: Omit<Sight, 'kind' | 'subjectId'>,
  ): Sight | null {
    const kind = of.subjectKind;
    const isKnown = of.population !== 'unknown' && policy.reviewed.has(of.population);
    const isSure = kind === 'client' ? isKnown : mayBeCase(policy, of);
    return isSure ? { kind, subjectId: of.subjectId, ...at } : null;
  }

  function sliceOf(kind: FigureKind, category: string): Slice {
    return made(kinds.get(kind)!, category, () => newSlice(category));
  }

  return {
    addFinding(finding) {
      for (const part of ['policy', 'lists', 'directory'] as const) {
        const hash = finding.versions[part];
        if (hash !== null) versions[part].add(hash);
      }
      if (finding.verdict === 'withdrawn') withdrawn++;
      else if (finding.access === 'denied' || finding.verdict === null) {
        const place = lattice.placeOf(finding.department);
        const at = { place, atMs: finding.startMs, day: dayOf(finding.startMs) };
        const { subjectKind, subjectId } = finding;
        const isSomebody = subjectKind !== 'none' && subjectId !== null;
        const sight = isSomebody ? sightOf({ ...finding, subjectKind, subjectId }, at) : null;
        const slices = [sliceOf('attempts', finding.category), made(all, finding.category, newSlice)];
        count(slices, { sight, place }, { visits: 0, records: 1, grades: NO_GRADES });
      } else if (finding.subjectKind === 'none' || finding.subjectId === null) withoutSubject++;
    },
    addHidden() {
      withdrawn++;
    },
    addVisit(visit) {
      const { category, exemptions } = visit;
      const place = lattice.placeOf(visit.department);
      const sight = sightOf(visit, { place, atMs: visit.startMs, day: visit.day });
      const slices = [sliceOf(visit.verdict, category), made(all, category, newSlice)];
      if (visit.verdict === 'exempt') {
        const key = JSON.stringify([category, exemptions]);
        slices.push(made(decisions, key, () => ({ ...newSlice(category), exemptions })));
      }
      const grades = visit.verdict === 'exempt' ? NO_GRADES : { ...NO_GRADES, [visit.grade]: 1 };
      count(slices, { sight, place }, { visits: 1, records: visit.records, grades });
    },
    figures() {
      const cells = FIGURE_KINDS.flatMap(kind =>
        [...kinds.get(kind)!.values()].flatMap(slice =>
          rolledUp(slice, lattice).map(
            ([unit, measures]): FigureCell => ({ unit, category: slice.category, kind, ...measures }),
          ),
        ),
      );
      const byDecision = [...decisions.values()].flatMap(slice =>
        rolledUp(slice, lattice).map(([unit, { persons, visits }]): DecisionCell => {
          const { category, exemptions } = slice;
          return { unit, category, exemptions, persons, visits };
        }),
      );
      const cellPersons = [...all.values()].flatMap(slice =>
        rolledUp(slice, lattice).map(
          ([unit, { persons }]): CellPersons => ({ unit, category: slice.category, persons }),
        ),
      );
      const order = new Map(lattice.units.map(({ id }, index) => [id, index]));
      const sort = <T extends { unit: string; category: string }>(rows: T[]) =>
        rows.sort((a, b) => order.get(a.unit)! - order.get(b.unit)! || compare(a.category, b.category));
      return {
        units: lattice.units,
        cells: sort(cells),
        decisions: sort(byDecision.sort((a, b) => compare(a.exemptions.join(), b.exemptions.join()))),
        cellPersons: sort(cellPersons),
        withoutSubject,
        withdrawn,
        versions: {
          policy: [...versions.policy].sort(),
          lists: [...versions.lists].sort(),
          directory: [...versions.directory].sort(),
        },
      };
    },
  };
}

const GRADES = ['A', 'B', 'C', 'D'] as const;
const NO_GRADES = { A: 0, B: 0, C: 0, D: 0 };

function newSlice(category: string): Slice {
  return { category, heads: createHeads(), sums: new Map() };
}

type Running = { -readonly [Key in keyof Measures]: Measures[Key] } & { grades: Record<Grade, number> };

/** Sums of every unit that has anything, with all below it. */
function rolledUp({ sums, heads }: Slice, lattice: Lattice): [string, Measures][] {
  const persons = heads.persons();
  const units = new Map<string, Running>();
  for (const [place, sum] of sums) {
    for (const unit of lattice.pathOf(place)) {
      const so = units.get(unit) ?? { persons: 0, visits: 0, records: 0, grades: { A: 0, B: 0, C: 0, D: 0 } };
      units.set(unit, so);
      so.persons += persons.get(place) ?? 0;
      so.visits += sum.visits;
      so.records += sum.records;
      for (const grade of GRADES) so.grades[grade] += sum.grades[grade];
    }
  }
  return [...units];
}

function made<K, V>(map: Map<K, V>, key: K, make: (key: K) => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = make(key);
  map.set(key, value);
  return value;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
