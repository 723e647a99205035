// csv: directory.csv, networks.csv and departments.csv → who is who, where and when (§3.3).
// In: paths, any of which may be missing; out: the port `Directory`, the networks, a content hash, and every mistake with
// its place. Invariant: a problem repeats no name and no address; people's inclusive days become half-open instants
// here and nowhere else (§1.3). Example: `(await openDirectory({ directoryFile, … })).directory?.entries('kommun', 'bo')`.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Zone } from '../../calendar/zone.ts';
import { hasErrors, type Problem, sortProblems } from '../../config/problem.ts';
import type { Directory } from '../../ports/directory.ts';
import { createRoster } from '../../subject/create-roster.ts';
import { createIdentity, type IdentityRules } from '../../subject/identity.ts';
import type { DirectoryContent } from '../../subject/keep.ts';
import { createNetworks, type NetworkEntry, type Networks } from '../../subject/network.ts';
import { type Department, UNASSIGNED } from '../../subject/roster.ts';
import { type DepartmentList, readDepartments } from './departments.ts';
import { readNetworks } from './networks.ts';
import { readTable, type Table } from './read-table.ts';
import { readUsers, type UserEntry } from './users.ts';

export interface OpenDirectoryOptions {
  /** Paths; null where the configuration names no such file. */
  directoryFile: string | null;
  networksFile: string | null;
  departmentsFile: string | null;
  /** Tenant of what names no other. */
  tenant: string;
  zone: Zone;
  identity: IdentityRules;
  /** Names a file in a message as its user would. */
  shown?(path: string): string;
}

/** Holds what the three files say. */
export interface OpenedCsv {
  /** Null where there is no directory file: then everyone is staff. */
  directory: Directory | null;
  /** Null where there is no networks file. */
  networks: Networks | null;
  /** Every department with its parent, the ones that only users or networks name included. */
  departmentTree: readonly Department[];
  /** Names of all departments and tenants, for the checks of the policy. */
  departments: readonly string[];
  tenants: readonly string[];
  /** All of it as plain data, for `keepDirectory`; null where there is no file at all. */
  content: DirectoryContent | null;
  /** SHA-256 (hex) over the content: the same people give the same hash, whatever the order of lines; null likewise. */
  hash: string | null;
  problems: Problem[];
}

/** Columns of directory.csv and of its deliveries. */
export const DIRECTORY_COLUMNS = [
  'user',
  'roles',
  'department',
  'population',
  'tenant',
  'validFrom',
  'validThrough',
];
const NETWORK_COLUMNS = [
  ...['cidr', 'tenant', 'population', 'department', 'shared', 'persons', 'validFrom', 'validThrough'],
];
/** Columns of departments.csv. */
export const DEPARTMENT_COLUMNS = ['department', 'parent', 'tenant'];
/** Names of columns that say not whether their day counts, with what to write instead (§1.3). */
export const REFUSED_COLUMNS = {
  to: 'write validThrough: the last day, inclusive',
  from: 'write validFrom: the first day',
  validto: 'write validThrough: the last day, inclusive',
  validuntil: 'write validThrough: the last day, inclusive',
};

/** Opens the directory files. Mistakes are in `problems`; rows that have one are left out. */
export async function openDirectory(options: OpenDirectoryOptions): Promise<OpenedCsv> {
  const problems: Problem[] = [];
  const open = (path: string | null, columns: readonly string[]) =>
    openTable(path, { columns, problems, shown: options.shown ?? (name => name) });
  const departmentTable = await open(options.departmentsFile, DEPARTMENT_COLUMNS);
  const directoryTable = await open(options.directoryFile, DIRECTORY_COLUMNS);
  const networkTable = await open(options.networksFile, NETWORK_COLUMNS);

  const { tenant, zone } = options;
  const departments = departmentTable && readDepartments(departmentTable, tenant);
  const canonicalName = createIdentity(options.identity);
  const users = directoryTable && readUsers(directoryTable, { tenant, zone, departments, canonicalName });
  const rows = networkTable && readNetworks(networkTable, { tenant, zone, departments });
  for (const table of [departmentTable, directoryTable, networkTable])
    problems.push(...(table?.problems ?? []));
  if (networkTable !== null && !hasErrors(problems)) warnOfSizes(networkTable, { users, problems });

  const networks = rows && createNetworks(rows);
  const departmentTree = gatherDepartments({ departments, users, rows, tenant });
  const hasFile = departmentTable !== null || directoryTable !== null || networkTable !== null;
  const content: DirectoryContent | null = hasFile
    ? { tenant, namesUsers: users !== null, users: users ?? [], departments: departmentTree, networks: rows }
    : null;
  return {
    directory: users && createRoster({ users, networks, departments: departmentTree, tenant }),
    networks,
    departmentTree,
    departments: [...new Set(departmentTree.map(item => item.department))],
    tenants: [...new Set([tenant, ...departmentTree.map(item => item.tenant), ...tenantsOf(users, rows)])],
    content,
    hash: content && hashOf(content),
    problems: sortProblems(problems),
  };
}

/** Reads one file; null where none is named, an empty table where it cannot be read. */
async function openTable(
  path: string | null,
  options: { columns: readonly string[]; problems: Problem[]; shown(path: string): string },
): Promise<Table | null> {
  if (path === null) return null;
  const file = options.shown(path);
  const { columns } = options;
  try {
    return await readTable(await readFile(path), {
      file,
      columns,
      required: [columns[0]!],
      refused: REFUSED_COLUMNS,
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    options.problems.push({
      ...{ file, line: 0, column: 0, key: '', severity: 'error' },
      message: code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`,
      hint: 'paths are relative to the configuration file',
    });
    return { rows: [], has: () => false, problems: [] };
  }
}

/** Without users a department has the size that its networks give; without that its counts go to the tenant (§8.2). */
function warnOfSizes(table: Table, known: { users: readonly UserEntry[] | null; problems: Problem[] }): void {
  if (known.users !== null) return;
  const sized = new Set(
    table.rows.filter(row => row.cell('persons') !== '').map(row => row.cell('department')),
  );
  const unsized = table.rows.find(row => row.cell('department') !== '' && !sized.has(row.cell('department')));
  if (unsized === undefined) return;
  const before = table.problems.length;
  unsized.report(
    'department',
    'nothing says how many persons it has: its counts go to its parent or the tenant',
    {
      hint: 'give persons for its networks, or a directory',
      severity: 'warning',
    },
  );
  known.problems.push(...table.problems.slice(before));
}

interface Gathered {
  departments: DepartmentList | null;
  users: readonly UserEntry[] | null;
  rows: readonly NetworkEntry[] | null;
  tenant: string;
}

/** Takes the departments of the departments file, or else those that users and networks name, without parents. */
function gatherDepartments({ departments, users, rows, tenant }: Gathered): Department[] {
  const found = new Map<string, Department>();
  const add = (item: Department) => found.set(keyOf(item.tenant, item.department), item);
  for (const entry of users ?? []) add({ department: entry.department, parent: null, tenant: entry.tenant });
  for (const row of rows ?? []) {
    if (row.department !== null)
      add({ department: row.department, parent: null, tenant: row.tenant ?? tenant });
  }
  for (const item of departments?.all ?? []) add(item);
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, item]) => item)
    .filter(item => item.department !== UNASSIGNED);
}

function tenantsOf(users: readonly UserEntry[] | null, rows: readonly NetworkEntry[] | null): string[] {
  const named = [...(users ?? []), ...(rows ?? [])].map(item => item.tenant);
  return named.filter(tenant => tenant !== null);
}

/** Hashes what the files say. Users and networks are sorted by then, and keys come in the order they are made in. */
function hashOf(content: DirectoryContent): string {
  const open = (_key: string, value: unknown) =>
    value === Infinity || value === -Infinity ? `${value}` : value;
  return createHash('sha256').update(JSON.stringify(content, open)).digest('hex');
}

function keyOf(tenant: string, name: string): string {
  return `${tenant}\u0000${name}`;
}
