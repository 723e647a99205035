import { expect } from 'chai';
import { createLattice } from '../../src/report/lattice.ts';

const SIZES: Readonly<Record<string, number>> = { Ledning: 9, IT: 12, Kansli: 3, Stab: 2, Hamn: 4, Bygg: 20 };

function latticeOf(rows: readonly [string, string | null][]) {
  return createLattice({
    ...{ tenant: 'Provby', smallGroup: 5, atMs: 0 },
    departments: {
      departments: rows.map(([department, parent]) => ({ tenant: 'Provby', department, parent })),
      size: (_tenant, department) => SIZES[department] ?? 0,
    },
  });
}

describe('the lattice of figures', () => {
  const lattice = latticeOf([
    ['Ledning', null],
    ['IT', 'Ledning'],
    ['Kansli', 'Ledning'],
    ['Hamn', null],
    ['Bygg', null],
  ]);

  it('has a unit for each department of k persons, and an own part for each that has others below it (§8.2)', () => {
    expect(lattice.units.map(({ id, kind, parent }) => [id, kind, parent])).to.deep.equal([
      ['t', 'tenant', null],
      ['d:Bygg', 'administration', 't'],
      ['d:Ledning', 'administration', 't'],
      ['d:IT', 'department', 'd:Ledning'],
      ['o:Ledning', 'own', 'd:Ledning'],
      ['o:', 'own', 't'],
    ]);
  });

  it('counts a small department in the one above it, else in the whole (§8.2)', () => {
    expect(
      ['IT', 'Kansli', 'Ledning', 'Bygg', 'Hamn', 'unassigned', 'nowhere'].map(lattice.placeOf),
    ).to.deep.equal([...['d:IT', 'o:Ledning', 'o:Ledning', 'd:Bygg', 'o:', 'o:', 'o:']]);
    expect(lattice.pathOf('d:IT')).to.deep.equal(['d:IT', 'd:Ledning', 't']);
  });

  it('puts a department under the whole where the one above it is too small (§8.2)', () => {
    const { units, placeOf } = latticeOf([
      ['Stab', null],
      ['IT', 'Stab'],
    ]);
    expect(units.map(({ id, parent }) => [id, parent])).to.deep.equal([
      ['t', null],
      ['d:IT', 't'],
      ['o:', 't'],
    ]);
    expect(placeOf('Stab')).to.equal('o:');
  });

  it('is the whole alone where no department is known (§8.2)', () => {
    const alone = latticeOf([]);
    expect(alone.units.map(({ id }) => id)).to.deep.equal(['t']);
    expect(alone.placeOf('unassigned')).to.equal('t');
  });
});
