// departments-under: a plan's departments → those and all that stand under them. In: the scope and the tree of departments;
// out: names, or null for all. Invariant: what stands under a department is never left out of its review; a circle ends.
import type { PlanScope } from '../model/review-plan.ts';
import type { Department } from '../subject/roster.ts';

/** Gives the departments that a scope means. */
export function departmentsUnder(
  { departments, tenant }: Pick<PlanScope, 'departments' | 'tenant'>,
  { tree, organization }: { tree: readonly Department[]; organization: string },
): ReadonlySet<string> | null {
  if (departments === null) return null;
  const own = tree.filter(item => item.tenant === (tenant ?? organization));
  const found = new Set(departments);
  // A set that is added to is gone through to its end.
  for (const name of found) {
    for (const { department, parent } of own) if (parent === name) found.add(department);
  }
  return found;
}
