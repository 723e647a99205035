// lattice: departments and their sizes on the first day of a month → the units that may be counted by themselves (§8.2).
// In: departments of the configuration; out: units, parent first, and for each department the unit without parts that
// its counts go to. Invariant: every count goes to exactly one such unit, and the parts of a unit add up to it.
// Example: `IT` (12) and `Kansli` (3) under `Ledning` (9) → t, d:Ledning, d:IT, o:Ledning (with Kansli in it), o:
import type { Unit } from '../model/figures.ts';
import { createCountIn } from '../subject/count-in.ts';
import type { Department } from '../subject/roster.ts';

/** Departments, and how many persons each has directly. */
export interface DepartmentSizes {
  departments: readonly Department[];
  size(tenant: string, department: string, atMs: number): number;
}

export interface LatticeOptions {
  tenant: string;
  departments: DepartmentSizes;
  smallGroup: number;
  /** The instant whose sizes count: the beginning of the month. */
  atMs: number;
}

export interface Lattice {
  readonly units: readonly Unit[];
  /** Gives the unit without parts that a department's counts go to. */
  placeOf(department: string): string;
  /** Gives a unit and all above it. */
  pathOf(unit: string): readonly string[];
}

/** Id of the whole organisation. */
export const WHOLE = 't';

/** Makes the lattice of one organisation and month. */
export function createLattice({ tenant, departments, smallGroup, atMs }: LatticeOptions): Lattice {
  const countIn = createCountIn({
    ...{ departments: departments.departments, smallGroup },
    size: (of, department) => departments.size(of, department, atMs),
  });
  const own = departments.departments.filter(item => item.tenant === tenant);
  const parents = new Map(own.map(({ department, parent }) => [department, parent]));
  const isCounted = (department: string) => countIn(tenant, department) === department;
  const counted = own.filter(({ department }) => isCounted(department)).map(({ department }) => department);
  const above = (department: string) => {
    let at = parents.get(department) ?? null;
    for (let steps = 0; at !== null && steps <= parents.size; steps++) {
      if (isCounted(at)) return idOf(at);
      at = parents.get(at) ?? null;
    }
    return WHOLE;
  };

  const parts = new Map<string, string[]>();
  for (const department of [...counted].sort(compare)) {
    const parent = above(department);
    parts.set(parent, [...(parts.get(parent) ?? []), department]);
  }
  const units: Unit[] = [];
  const add = (unit: Unit) => {
    units.push(unit);
    const below = parts.get(unit.id) ?? [];
    for (const name of below) {
      const kind = parents.get(name) === null ? 'administration' : 'department';
      add({ id: idOf(name), kind, name, parent: unit.id });
    }
    if (below.length === 0) return;
    units.push({ id: `o:${unit.name}`, kind: 'own', name: unit.name, parent: unit.id });
  };
  add({ id: WHOLE, kind: 'tenant', name: '', parent: null });

  const byId = new Map(units.map(unit => [unit.id, unit]));
  const paths = new Map(units.map(({ id }) => [id, pathIn(byId, id)]));
  return {
    units,
    placeOf(department) {
      const name = countIn(tenant, department);
      const id = name !== '' && byId.has(idOf(name)) ? idOf(name) : WHOLE;
      return parts.has(id) ? `o:${byId.get(id)!.name}` : id;
    },
    pathOf: unit => paths.get(unit) ?? [],
  };
}

function idOf(department: string): string {
  return `d:${department}`;
}

function pathIn(byId: ReadonlyMap<string, Unit>, id: string): string[] {
  const path: string[] = [];
  for (let at: string | null = id; at !== null; at = byId.get(at)?.parent ?? null) path.push(at);
  return path;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
