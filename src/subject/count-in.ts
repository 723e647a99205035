// count-in: department → where its counts go, so that no stored count stands for fewer than k persons (§8.2).
// In: departments with their parents, and sizes on one day; out: the department itself, an ancestor, or `''` (the
// tenant). Invariant: the persons whose counts meet in one department are k or more.
// Example, k = 5: `School` (3) under `Education` (10) counts in `Education`; with 1 there, in the tenant.
import type { Department } from './roster.ts';

export interface CountInOptions {
  departments: readonly Department[];
  /** Smallest number of persons that is counted by itself. */
  smallGroup: number;
  /** Persons that belong to a department directly. */
  size(tenant: string, department: string): number;
}

/** Gives the function that says where a department's counts go, for one day's sizes. */
export function createCountIn(options: CountInOptions): (tenant: string, department: string) => string {
  const nodes = new Map<string, Node>();
  for (const { tenant, department, parent } of options.departments) {
    nodes.set(keyOf(tenant, department), { parent, children: [], gathered: null });
  }
  for (const { tenant, department, parent } of options.departments) {
    if (parent !== null) nodes.get(keyOf(tenant, parent))?.children.push(department);
  }

  /** Persons whose counts would meet here: its own, and those of children that are too small to stand alone. */
  function gathered(tenant: string, department: string): number {
    const node = nodes.get(keyOf(tenant, department));
    if (node === undefined) return options.size(tenant, department);
    if (node.gathered !== null) return node.gathered;
    // Set before the children are asked: a circle, which the reader refuses, must not run for ever.
    node.gathered = options.size(tenant, department);
    for (const child of node.children) {
      const persons = gathered(tenant, child);
      if (persons < options.smallGroup) node.gathered += persons;
    }
    return node.gathered;
  }

  return (tenant, department) => {
    let at: string | null = department;
    for (let steps = 0; at !== null && steps <= nodes.size; steps++) {
      if (gathered(tenant, at) >= options.smallGroup) return at;
      at = nodes.get(keyOf(tenant, at))?.parent ?? null;
    }
    return '';
  };
}

interface Node {
  parent: string | null;
  children: string[];
  gathered: number | null;
}

function keyOf(tenant: string, department: string): string {
  return `${tenant}\u0000${department}`;
}
