// departments.csv: which departments there are, under which other, in which organization.

import { type Department, UNASSIGNED } from '../../subject/roster.ts';
import { suggest } from '../../words/nearest.ts';
import type { Row, Table } from './read-table.ts';

/** The departments that a file names, for the other files to be held against. */
export interface DepartmentList {
  all: readonly Department[];
  /** Gives the tenants that have a department of this name. */
  tenantsOf(department: string): readonly string[];
}

/** Reads departments; a mistake is reported at its row. */
export function readDepartments(table: Table, ownTenant: string): DepartmentList {
  const rows = new Map<string, { row: Row; department: Department }>();
  for (const row of table.rows) {
    const department = {
      department: row.cell('department'),
      parent: row.cell('parent') || null,
      tenant: row.cell('tenant') || ownTenant,
    };
    const key = keyOf(department.tenant, department.department);
    const earlier = rows.get(key);
    if (department.department === '') row.report('department', 'is empty', { hint: 'name the department' });
    else if (earlier === undefined) rows.set(key, { row, department });
    else row.report('department', `is in line ${earlier.row.line} already`, { hint: 'keep one of them' });
  }
  const all = [...rows.values()].map(item => item.department);
  const list = listDepartments(all);
  for (const { row, department } of rows.values()) {
    if (department.parent === null) continue;
    if (!rows.has(keyOf(department.tenant, department.parent))) {
      const names = all.filter(item => item.tenant === department.tenant).map(item => item.department);
      row.report('parent', 'is no department of this file and tenant', {
        hint: suggest(department.parent, names),
      });
    } else if (isUnderItself(department, rows)) {
      row.report('parent', 'the department would stand under itself', {
        hint: 'leave the highest parent empty',
      });
    }
  }
  return list;
}

/** Makes the list of departments from what is known of them. */
export function listDepartments(all: readonly Department[]): DepartmentList {
  const tenants = new Map<string, string[]>();
  for (const { department, tenant } of all) {
    tenants.set(department, [...(tenants.get(department) ?? []), tenant]);
  }
  return { all, tenantsOf: department => tenants.get(department) ?? [] };
}

/** Reports a department that departments.csv does not name, or that is in another organization there. */
export function checkDepartment(
  row: Row,
  asked: { department: string; tenant: string },
  list: DepartmentList | null,
): void {
  if (list === null || asked.department === UNASSIGNED) return;
  const tenants = list.tenantsOf(asked.department);
  if (tenants.length === 0) {
    const names = list.all.map(item => item.department);
    row.report('department', 'is not in the departments file', { hint: suggest(asked.department, names) });
  } else if (!tenants.includes(asked.tenant)) {
    row.report('department', 'belongs to another tenant in the departments file', {
      hint: 'correct the tenant in one of the files',
    });
  }
}

function isUnderItself(
  department: Department,
  rows: ReadonlyMap<string, { department: Department }>,
): boolean {
  let at: Department | undefined = department;
  for (let steps = 0; at !== undefined && at.parent !== null; steps++) {
    if (steps > rows.size) return false;
    at = rows.get(keyOf(at.tenant, at.parent))?.department;
    if (at === department) return true;
  }
  return false;
}

function keyOf(tenant: string, department: string): string {
  return `${tenant}\u0000${department}`;
}
