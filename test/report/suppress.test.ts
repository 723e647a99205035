import { expect } from 'chai';
import fc from 'fast-check';
import type {
  DecisionCell,
  FigureCell,
  FigureKind,
  Figures,
  ShownFigures,
  Unit,
} from '../../src/model/figures.ts';
import { suppress } from '../../src/report/suppress.ts';

const K = 5;

/** What one unit without parts has in one category and kind. */
interface Atom {
  unit: string;
  category: string;
  kind: FigureKind;
  persons: number;
  visits: number;
  exemptions: readonly string[];
}

describe('suppress', () => {
  it('hides a small department and the smallest beside it, and keeps the sum (§8.2)', () => {
    expect(shownPersons([9, 7, 2])).to.deep.equal({ t: 18, 'd:0': 9, 'd:1': null, 'd:2': null });
  });

  it('hides two small ones alone where they are k persons together (§8.2)', () => {
    expect(shownPersons([9, 7, 2, 3])).to.deep.equal({ t: 21, 'd:0': 9, 'd:1': 7, 'd:2': null, 'd:3': null });
  });

  it('hides the next one too where two are not k persons (§8.2)', () => {
    expect(shownPersons([9, 7, 1, 2])).to.deep.equal({
      t: 19,
      'd:0': 9,
      'd:1': null,
      'd:2': null,
      'd:3': null,
    });
  });

  it('leaves zeros, and hides the sum where nothing can be hidden beside the small one (§8.2)', () => {
    expect(shownPersons([4, 0])).to.deep.equal({ t: null, 'd:0': null, 'd:1': 0 });
    expect(shownPersons([0, 0])).to.deep.equal({ t: 0, 'd:0': 0, 'd:1': 0 });
    expect(shownPersons([7])).to.deep.equal({ t: 7, 'd:0': 7 });
  });

  it('hides all measures of a cell of few persons, and all its kinds, zeros too (§8.2)', () => {
    const shown = suppress(figuresOf(unitsOf([null, 't', 't']), [atom('u1', 3), atom('u2', 20)]), K);
    const cell = shown.cells.find(({ unit }) => unit === 'u1');
    expect(cell).to.deep.equal({
      ...{ unit: 'u1', category: 'c', examine: null, exempt: null, attempts: null, decisions: null },
    });
  });

  it('hides no more than it must: what is hidden below counts (§8.2)', () => {
    const units = unitsOf([null, 't', 'u1', 'u1', 't', 't']);
    const atoms = [atom('u2', 3), atom('u3', 1), atom('u4', 2), atom('u5', 9)];
    const shown = suppress(figuresOf(units, atoms), K).cells.filter(({ examine }) => examine !== null);
    expect(shown.map(({ unit }) => unit)).to.deep.equal(['t', 'u5']);
  });

  it('tells no decision where one of them covers few persons (§8.2)', () => {
    const atoms = [
      { ...atom('t', 9), kind: 'exempt' as const, exemptions: ['E-1'] },
      { ...atom('t', 1), kind: 'exempt' as const, exemptions: ['E-2'] },
    ];
    const [cell] = suppress(figuresOf(unitsOf([null]), atoms), K).cells;
    expect(cell?.exempt?.persons).to.equal(10);
    expect(cell?.decisions).to.equal(null);
    const [alone] = suppress(figuresOf(unitsOf([null]), atoms.slice(0, 1)), K).cells;
    expect(alone?.decisions).to.deep.equal([{ exemptions: ['E-1'], visits: 9 }]);
  });

  it('lets no sum and difference of what it shows give 1 to k−1 persons, whatever is added or taken (§8.2)', () => {
    fc.assert(
      fc.property(arbitraryFigures(7), ({ units, atoms }) => {
        const shown = suppress(figuresOf(units, atoms), K);
        expect(naiveLeak(units, atoms, shown)).to.equal(null);
      }),
      { numRuns: 2_000 },
    );
  }).timeout(120_000);

  it('tells no decision anywhere where the sums would tell more: to know whom one can cover is no secret (§8.2)', () => {
    const exempt = (unit: string, persons: number, decision: string): Atom => ({
      ...{ unit, category: 'c', kind: 'exempt', persons, visits: persons + 1, exemptions: [decision] },
    });
    const units = unitsOf([null, 't', 't', 't']);
    const atoms = [
      exempt('u2', 5, 'E-1'),
      exempt('u1', 0, 'E-1'),
      exempt('u3', 2, 'E-2'),
      exempt('u1', 3, 'E-2'),
    ];
    const shown = suppress(figuresOf(units, atoms), K);
    expect(naiveLeak(units, atoms, shown)).to.equal(null);
    expect(
      shown.cells.map(({ unit, exempt: sum, decisions }) => [unit, sum?.persons, decisions]),
    ).to.deep.equal([
      ['t', 10, null],
      ['u1', undefined, null],
      ['u2', 5, null],
      ['u3', undefined, null],
    ]);
  });

  it('leaves of each shown unit, less the biggest shown ones below it, nothing, or k persons in two places (§8.2)', () => {
    fc.assert(
      fc.property(arbitraryFigures(40), ({ units, atoms }) => {
        const shown = suppress(figuresOf(units, atoms), K);
        for (const rest of remainders(units, atoms, shown)) {
          const isOwn = rest.places === 1 && rest.isLeaf;
          expect(
            rest.places === 0 || (rest.persons >= K && (isOwn || rest.places >= 2)),
            JSON.stringify(rest),
          ).to.equal(true);
        }
      }),
      { numRuns: 400 },
    );
  }).timeout(120_000);

  it('shows whatever is not small, where nothing is (§8.2)', () => {
    fc.assert(
      fc.property(arbitraryFigures(20), ({ units, atoms }) => {
        const big = atoms.map(one => ({ ...one, persons: one.persons + K }));
        const shown = suppress(figuresOf(units, big), K);
        for (const cell of shown.cells) {
          expect([cell.examine, cell.exempt, cell.attempts, cell.decisions]).to.not.include(null);
        }
      }),
    );
  });
});

function atom(unit: string, persons: number): Atom {
  return { unit, category: 'c', kind: 'examine', persons, visits: persons, exemptions: [] };
}

function shownPersons(persons: readonly number[]): Record<string, number | null> {
  const units: Unit[] = [
    { id: 't', kind: 'tenant', name: '', parent: null },
    ...persons.map((_, n): Unit => ({ id: `d:${n}`, kind: 'administration', name: `${n}`, parent: 't' })),
  ];
  const atoms = persons.map((count, n) => atom(`d:${n}`, count)).filter(one => one.persons > 0);
  const { cells } = suppress(figuresOf(units, atoms), K);
  return Object.fromEntries(
    units.map(({ id }) => {
      const cell = cells.find(({ unit }) => unit === id);
      return [id, cell === undefined ? 0 : (cell.examine?.persons ?? null)];
    }),
  );
}

/** Makes units of a list of parents; the first is the whole. */
function unitsOf(parents: readonly (string | null)[]): Unit[] {
  return parents.map((parent, n) => ({
    ...{ id: n === 0 ? 't' : `u${n}`, kind: n === 0 ? ('tenant' as const) : ('department' as const) },
    ...{ name: `${n}`, parent },
  }));
}

function leavesOf(units: readonly Unit[]): string[] {
  return units.map(({ id }) => id).filter(id => !units.some(({ parent }) => parent === id));
}

function pathOf(units: readonly Unit[], unit: string): string[] {
  const path: string[] = [];
  for (let at: string | null = unit; at !== null; at = units.find(({ id }) => id === at)!.parent)
    path.push(at);
  return path;
}

/** Adds atoms up as the counter does. */
function figuresOf(units: readonly Unit[], atoms: readonly Atom[]): Figures {
  const cells = new Map<string, FigureCell>();
  const decisions = new Map<string, DecisionCell>();
  const persons = new Map<string, Figures['cellPersons'][number]>();
  for (const { unit: leaf, category, kind, persons: count, visits, exemptions } of atoms) {
    for (const unit of pathOf(units, leaf)) {
      const key = JSON.stringify([unit, category, kind]);
      const cell = cells.get(key) ?? {
        ...{ unit, category, kind, persons: 0, visits: 0, records: 0 },
        grades: { A: 0, B: 0, C: 0, D: 0 },
      };
      cells.set(key, { ...cell, persons: cell.persons + count, visits: cell.visits + visits });
      const all = JSON.stringify([unit, category]);
      persons.set(all, { unit, category, persons: (persons.get(all)?.persons ?? 0) + count });
      if (kind !== 'exempt') continue;
      const by = JSON.stringify([unit, category, exemptions]);
      const decision = decisions.get(by) ?? { unit, category, exemptions, persons: 0, visits: 0 };
      decisions.set(by, { ...decision, persons: decision.persons + count, visits: decision.visits + visits });
    }
  }
  return {
    ...{
      tenant: 'Provby',
      from: '2026-10-01',
      through: '2026-10-31',
      units,
      withoutSubject: 0,
      withdrawn: 0,
    },
    ...{ cells: [...cells.values()], decisions: [...decisions.values()], cellPersons: [...persons.values()] },
    versions: { policy: [], lists: [], directory: [] },
  };
}

/** Trees of up to so many units, with counts at their ends; some cells have nobody who is surely known. */
function arbitraryFigures(most: number): fc.Arbitrary<{ units: Unit[]; atoms: Atom[] }> {
  return fc
    .tuple(
      fc.array(fc.nat(), { maxLength: most - 1 }),
      fc.array(
        fc.record({
          at: fc.nat(),
          kind: fc.constantFrom<FigureKind>('examine', 'exempt', 'exempt', 'attempts'),
          persons: fc.oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 30 })),
          decision: fc.constantFrom('E-1', 'E-2', 'E-3'),
        }),
        { maxLength: most * 2 },
      ),
    )
    .map(([parents, rows]) => {
      const ids = ['t', ...parents.map((_, n) => `u${n + 1}`)];
      const units = unitsOf([null, ...parents.map((pick, n) => ids[pick % (n + 1)]!)]);
      const leaves = leavesOf(units);
      const atoms = rows.map(({ at, kind, persons, decision }) => ({
        ...{ unit: leaves[at % leaves.length]!, category: 'c', kind, persons, visits: persons + 1 },
        exemptions: kind === 'exempt' ? [decision] : [],
      }));
      return { units, atoms };
    });
}

/** One thing that is shown: which atoms it is the sum of. */
type Row = readonly number[];

/** Every figure that is shown of one kind, as the set of the atoms in it; decisions beside their sums. */
function rowsOf(
  units: readonly Unit[],
  atoms: readonly Atom[],
  shown: ShownFigures,
  kind: FigureKind,
): Row[] {
  const rows: Row[] = [];
  for (const cell of shown.cells) {
    const isBelow = (one: Atom) => pathOf(units, one.unit).includes(cell.unit);
    if (cell[kind] !== null) rows.push(atoms.map(one => (one.kind === kind && isBelow(one) ? 1 : 0)));
    if (kind !== 'exempt') continue;
    for (const { exemptions } of cell.decisions ?? []) {
      rows.push(
        atoms.map(one =>
          one.kind === kind && isBelow(one) && one.exemptions.join() === exemptions.join() ? 1 : 0,
        ),
      );
    }
  }
  const unique = new Set(rows.filter(row => row.some(bit => bit !== 0)).map(row => row.join()));
  return [...unique].map(row => row.split(',').map(Number));
}

/**
 * Tries every way to add and take away what is shown, as far as so many rows allow; answers the first that leaves atoms,
 * each once, of fewer than k persons.
 */
function naiveLeak(units: readonly Unit[], atoms: readonly Atom[], shown: ShownFigures): string | null {
  for (const kind of ['examine', 'exempt', 'attempts'] as const) {
    const rows = rowsOf(units, atoms, shown, kind).slice(0, 9);
    const signs = new Array<number>(rows.length).fill(-1);
    while (true) {
      const sum = atoms.map((_, at) => rows.reduce((total, row, n) => total + row[at]! * signs[n]!, 0));
      const isSet = sum.every(value => value === 0 || value === 1) && sum.includes(1);
      const persons = atoms.reduce((total, one, at) => total + one.persons * sum[at]!, 0);
      if (isSet && persons < K) return JSON.stringify({ kind, signs, persons });
      let at = 0;
      while (at < signs.length && signs[at] === 1) signs[at++] = -1;
      if (at === signs.length) break;
      signs[at]!++;
    }
  }
  return null;
}

/** What is left of each shown unit once the biggest shown units below it are taken away. */
function remainders(units: readonly Unit[], atoms: readonly Atom[], shown: ShownFigures) {
  const leaves = new Set(leavesOf(units));
  return (['examine', 'exempt', 'attempts'] as const).flatMap(kind => {
    const isShown = (unit: string) => {
      const cell = shown.cells.find(one => one.unit === unit);
      return cell === undefined || cell[kind] !== null;
    };
    return units
      .filter(({ id }) => isShown(id))
      .map(({ id }) => {
        const left = atoms.filter(one => {
          if (one.kind !== kind) return false;
          const path = pathOf(units, one.unit);
          const at = path.indexOf(id);
          return at >= 0 && !path.slice(0, at).some(isShown);
        });
        const places = new Set(left.map(({ unit }) => unit)).size;
        return {
          kind,
          id,
          places,
          persons: left.reduce((sum, one) => sum + one.persons, 0),
          isLeaf: leaves.has(id),
        };
      });
  });
}
