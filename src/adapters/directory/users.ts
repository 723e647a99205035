// directory.csv: who had which roles, department and population, when.
import type { Zone } from '../../calendar/zone.ts';
import type { Population } from '../../model/subject.ts';
import type { DirectoryEntry } from '../../ports/directory.ts';
import { UNASSIGNED } from '../../subject/roster.ts';
import { createIntervalReader, readPopulation, readRoles } from './cells.ts';
import { checkDepartment, type DepartmentList } from './departments.ts';
import type { Row, Table } from './read-table.ts';

/** One row of the directory: a user in canonical form, and what was known of that person in an interval. */
export interface UserEntry extends DirectoryEntry {
  tenant: string;
  user: string;
}

export interface UsersOptions {
  tenant: string;
  zone: Zone;
  /** Null where there is no departments file. */
  departments: DepartmentList | null;
  canonicalName(raw: string): string;
}

/** Reads the users, sorted by tenant, name and time; a mistake is reported at its row. */
export function readUsers(table: Table, options: UsersOptions): UserEntry[] {
  const read: { row: Row; entry: UserEntry }[] = [];
  const readInterval = createIntervalReader(options.zone);
  for (const row of table.rows) {
    const user = options.canonicalName(row.cell('user'));
    const interval = readInterval(row);
    const department = row.cell('department') || UNASSIGNED;
    const tenant = tenantOf(row, department, options);
    checkDepartment(row, { department, tenant }, options.departments);
    const population = populationOf(row, table);
    if (user === '') row.report('user', 'names nobody', { hint: 'write the name as it is in the log' });
    if (user === '' || interval === null) continue;
    const entry = { tenant, user, roles: readRoles(row, 'roles'), department, population, ...interval };
    read.push({ row, entry });
  }
  read.sort((a, b) => compareEntries(a.entry, b.entry) || a.row.line - b.row.line);
  return withoutOverlap(read);
}

/** Orders rows by tenant, name and time. */
export function compareEntries(a: UserEntry, b: UserEntry): number {
  return compareText(a.tenant, b.tenant) || compareText(a.user, b.user) || compareNumber(a.fromMs, b.fromMs);
}

/** Takes the tenant from the row, else from the department where that is in one only, else the configured one. */
function tenantOf(row: Row, department: string, options: UsersOptions): string {
  const named = row.cell('tenant');
  if (named !== '') return named;
  const tenants = options.departments?.tenantsOf(department) ?? [];
  if (tenants.length === 1) return tenants[0]!;
  if (tenants.length > 1) {
    row.report('department', 'is in several tenants', { hint: 'add a column tenant that says which' });
  }
  return options.tenant;
}

/** Whom a directory without populations names is staff; an empty cell among others leaves it open. */
function populationOf(row: Row, table: Table): Population {
  if (!table.has('population')) return 'staff';
  if (row.cell('population') !== '') return readPopulation(row, 'population') ?? 'unknown';
  row.report('population', 'is empty: the person counts as unknown', {
    hint: 'write staff, elected or pupil',
    severity: 'warning',
  });
  return 'unknown';
}

/** Leaves out rows that begin before an earlier row of the same person ends, and reports them. */
function withoutOverlap(read: readonly { row: Row; entry: UserEntry }[]): UserEntry[] {
  const kept: UserEntry[] = [];
  let last: { row: Row; entry: UserEntry } | null = null;
  for (const item of read) {
    const isSame = last?.entry.user === item.entry.user && last.entry.tenant === item.entry.tenant;
    if (last === null || !isSame || last.entry.toMs <= item.entry.fromMs) {
      kept.push(item.entry);
      last = item;
      continue;
    }
    // Told at the later line of the two, wherever the rows stand.
    const [first, second] = last.row.line < item.row.line ? [last.row, item.row] : [item.row, last.row];
    second.report('user', `is the same person as in line ${first.line}, at the same time`, {
      hint: 'one row per person and time: join roles by ; and part times by validFrom and validThrough',
    });
  }
  return kept;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function compareNumber(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
