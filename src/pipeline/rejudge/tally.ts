// The diff of verdicts as it is counted: new, gone and changed findings, by category and department, with the number of
// people. In: changes, one record after another; out: plain rows. Invariant: fewer people than the small group are never
// told as a number, and what is protected now stands in no row apart (§6.2, §8.2).
// Memory: one id for each person × category and person × department, whatever the number of findings.
import type { StandingFinding } from '../../model/finding.ts';
import type { StoredVerdict } from '../../model/verdict.ts';
import { type RecordChanges, toldVerdict, type WithdrawnFor } from './changes.ts';

/** How many people: a number, 0 included; that they are fewer than the small group; or not told, as it would tell that. */
export type People = number | `<${number}` | 'hidden';

/** Findings that differ, under one heading. */
export interface DiffRow {
  name: string;
  /** Not there before, or taken back before, and judged now. */
  new: number;
  /** Taken back. */
  gone: number;
  /** Judged otherwise. */
  changed: number;
  /** Whom these are about, as far as they are known by name; one person has an id in each year. */
  people: People;
}

/** From one verdict to another; `none` stands for what was not there, `attempt` for what was denied. */
export interface Transition {
  from: StoredVerdict | 'attempt' | 'none';
  to: StoredVerdict | 'attempt';
  findings: number;
}

export interface Diff {
  total: Omit<DiffRow, 'name'>;
  transitions: readonly Transition[];
  /** Findings that are gone, by why. */
  gone: Readonly<Record<WithdrawnFor, number>>;
  categories: readonly DiffRow[];
  departments: readonly DiffRow[];
}

export interface Tally {
  add(changes: Pick<RecordChanges, 'changed' | 'added'>): void;
  diff(): Diff;
}

/** Creates an empty tally; `smallGroup` is the least number of people that is told. */
export function createTally(smallGroup: number): Tally {
  const total = blankCell();
  const categories = new Map<string, Cell>();
  const departments = new Map<string, Cell>();
  const transitions = new Map<string, Transition>();
  const gone: Record<WithdrawnFor, number> = { lists: 0, announcement: 0, population: 0 };

  function count(kind: Kind, finding: StandingFinding): void {
    for (const cell of [
      total,
      cellOf(categories, finding.category),
      cellOf(departments, finding.department),
    ]) {
      cell[kind]++;
      if (finding.subjectKind === 'user' && finding.subjectId !== null) cell.people.add(finding.subjectId);
    }
  }

  function move(from: Transition['from'], to: Transition['to']): void {
    const key = `${from} ${to}`;
    const known = transitions.get(key);
    if (known === undefined) transitions.set(key, { from, to, findings: 1 });
    else known.findings++;
  }

  /** Where all but a few people can be taken away from the total, it is not told (§8.2). */
  function totalOf(): Omit<DiffRow, 'name'> {
    const counts = countsOf(total, smallGroup);
    const isTold = [categories, departments].every(cells => isSafe(cells, smallGroup));
    return typeof counts.people === 'number' && !isTold ? { ...counts, people: 'hidden' } : counts;
  }

  /** A row of as many people as a total that is not told, such as that of the only category, would tell it. */
  const rowsOf = (cells: ReadonlyMap<string, Cell>): DiffRow[] =>
    [...cells]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, cell]) => {
        const isTotal = totalOf().people === 'hidden' && cell.people.size === total.people.size;
        const counts = countsOf(cell, smallGroup);
        return { name, ...counts, ...(isTotal ? { people: 'hidden' as const } : {}) };
      });

  return {
    add({ changed, added }) {
      for (const { finding, outcome } of changed) {
        const [from, to] = [toldVerdict(finding.verdict), toldVerdict(outcome.verdict)];
        count(kindOf(from, to), finding);
        move(from ?? 'attempt', to ?? 'attempt');
        if (outcome.why !== null) gone[outcome.why]++;
      }
      for (const finding of added) {
        count('new', finding);
        // What is not stored yet was judged now: it is never withdrawn.
        move('none', finding.verdict ?? 'attempt');
      }
    },
    diff: () => ({
      total: totalOf(),
      transitions: [...transitions.values()].sort((a, b) => compare(a, b)),
      gone: { ...gone },
      categories: rowsOf(categories),
      departments: rowsOf(departments),
    }),
  };
}

type Kind = 'new' | 'gone' | 'changed';

interface Cell extends Record<Kind, number> {
  people: Set<string>;
}

function blankCell(): Cell {
  return { new: 0, gone: 0, changed: 0, people: new Set() };
}

function cellOf(cells: Map<string, Cell>, name: string): Cell {
  const known = cells.get(name);
  if (known !== undefined) return known;
  const cell = blankCell();
  cells.set(name, cell);
  return cell;
}

function kindOf(from: StoredVerdict | null, to: StoredVerdict | null): Kind {
  if (to === 'withdrawn') return 'gone';
  return from === 'withdrawn' ? 'new' : 'changed';
}

/** Tells whether what rows hide cannot be had from the total: two of them, or none, with as many people as may be told. */
function isSafe(cells: ReadonlyMap<string, Cell>, smallGroup: number): boolean {
  const small = [...cells.values()].filter(({ people }) => people.size > 0 && people.size < smallGroup);
  if (small.length === 0) return true;
  const people = new Set(small.flatMap(cell => [...cell.people]));
  return small.length > 1 && people.size >= smallGroup;
}

function countsOf(cell: Cell, smallGroup: number): Omit<DiffRow, 'name'> {
  const persons = cell.people.size;
  const people: People = persons > 0 && persons < smallGroup ? `<${smallGroup}` : persons;
  return { new: cell.new, gone: cell.gone, changed: cell.changed, people };
}

function compare(a: Transition, b: Transition): number {
  const [left, right] = [`${a.from} ${a.to}`, `${b.from} ${b.to}`];
  return left < right ? -1 : 1;
}
