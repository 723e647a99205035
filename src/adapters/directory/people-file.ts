// people-file: the bytes of a directory file or a delivery ⇄ rows of people. Both are read as every directory is; a
// delivery is held to a little more, since it is written on into the directory.
// Invariant: what `writePeople` writes, `readPeople` reads as the same rows; a cell of a delivery is never a formula.
// Example: `bo,teacher,School,staff,2020-01-01,2026-11-24`.
import type { Zone } from '../../calendar/zone.ts';
import type { Problem } from '../../config/problem.ts';
import type { RosterRow } from '../../subject/create-roster.ts';
import { UNASSIGNED } from '../../subject/roster.ts';
import { DIRECTORY_COLUMNS, REFUSED_COLUMNS } from './csv.ts';
import type { DepartmentList } from './departments.ts';
import { decode, readTable, type Table } from './read-table.ts';
import { readUsers } from './users.ts';

export interface PeopleOptions {
  /** The file as its user named it. */
  file: string;
  tenant: string;
  zone: Zone;
  /** Null where there is no departments file. */
  departments: DepartmentList | null;
  canonicalName(raw: string): string;
}

export interface People {
  rows: RosterRow[];
  has(column: string): boolean;
  problems: readonly Problem[];
}

/** Reads the people of a file. */
export async function readPeople(bytes: Uint8Array, options: PeopleOptions): Promise<People> {
  const table = await openTable(bytes, options);
  return { rows: readUsers(table, options), has: table.has, problems: table.problems };
}

/** Reads a delivery that is to go on a history; its mistakes include what could not be written on, or would lose facts. */
export async function readDelivery(
  bytes: Uint8Array,
  options: PeopleOptions & {
    /** Rows of the history that are in force. */
    inForce: readonly RosterRow[];
    /** True where somebody has looked, and columns may be empty that the directory uses. */
    isConfirmed: boolean;
  },
): Promise<People> {
  const table = await openTable(bytes, options);
  const rows = readUsers(table, options);
  if (!table.has('user')) return { rows, has: table.has, problems: table.problems };
  for (const row of table.rows) {
    for (const column of ['user', 'roles', 'department', 'tenant']) {
      const text = row.cell(column);
      const hint = 'it is written on into the directory';
      if (/[\r\n]/.test(text)) row.report(column, 'holds a line break', { hint });
      if (FORMULA.test(text)) row.report(column, 'begins as a formula does, to a spreadsheet', { hint });
    }
  }
  const problem = (column: string, message: string, hint: string): Problem => ({
    ...{ file: options.file, line: 1, column: 1, key: column, severity: 'error', message, hint },
  });
  const missing = missingColumns(table, options.inForce).map(column =>
    problem(
      column,
      'the column is missing, and the directory says something there',
      'without it everybody would lose that: deliver it too',
    ),
  );
  const named = new Set(rows.map(keyOf));
  const stays = options.inForce.filter(row => named.has(keyOf(row)));
  const empty = options.isConfirmed ? [] : emptyColumns(table, stays);
  const blank = empty.map(column =>
    problem(
      column,
      'the column is empty in every line, and the directory says something there',
      'everybody would lose that: deliver it too; where it is right, import it with --confirm',
    ),
  );
  return { rows, has: table.has, problems: [...table.problems, ...missing, ...blank] };
}

export interface WriteOptions {
  zone: Zone;
  /** Lines of comments that go before everything else. */
  comments: readonly string[];
  /** Says whether the file has a column for the organisation. */
  columns: 'with-tenant' | 'without-tenant';
}

/** Writes people as a directory file; days are inclusive and local (§1.3). */
export function writePeople(rows: readonly RosterRow[], { zone, comments, columns }: WriteOptions): string {
  const tenant = (text: string) => (columns === 'with-tenant' ? [text] : []);
  const cells = [
    ['user', 'roles', 'department', 'population', ...tenant('tenant'), 'validFrom', 'validThrough'],
    ...rows.map(row => [
      ...[row.user, row.roles.join(';'), row.department === UNASSIGNED ? '' : row.department, row.population],
      ...tenant(row.tenant),
      row.fromMs === -Infinity ? '' : zone.dayOf(row.fromMs),
      row.toMs === Infinity ? '' : zone.dayOf(row.toMs - 1),
    ]),
  ];
  const lines = [...comments, ...cells.map(line => line.map(quote).join(','))];
  return lines.map(line => `${line}\n`).join('');
}

/** Gives the comments of a file, which are no part of its rows. */
export function commentsOf(bytes: Uint8Array): string[] {
  return decode(bytes)
    .split(/\r\n|\n|\r/)
    .filter(line => /^\s*#/.test(line));
}

function openTable(bytes: Uint8Array, { file }: PeopleOptions): Promise<Table> {
  return readTable(bytes, { file, columns: DIRECTORY_COLUMNS, required: ['user'], refused: REFUSED_COLUMNS });
}

/** What a spreadsheet takes as the beginning of a formula. */
const FORMULA = /^[\s\u00a0\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

const HAS_ROLES = (row: RosterRow) => row.roles.length > 0;
const HAS_DEPARTMENT = (row: RosterRow) => row.department !== UNASSIGNED;

/** Names columns that a delivery does not have though somebody in force has something in them. */
function missingColumns(table: Table, inForce: readonly RosterRow[]): string[] {
  const says: Readonly<Record<string, (row: RosterRow) => boolean>> = {
    roles: HAS_ROLES,
    department: HAS_DEPARTMENT,
    // Whom a directory without populations names is staff.
    population: row => row.population !== 'staff',
  };
  return Object.entries(says)
    .filter(([column, isSaid]) => !table.has(column) && inForce.some(isSaid))
    .map(([column]) => column);
}

/** Names columns in which a delivery says nothing of anybody, though somebody whom it names has something in them. */
function emptyColumns(table: Table, stays: readonly RosterRow[]): string[] {
  const says: Readonly<Record<string, (row: RosterRow) => boolean>> = {
    roles: HAS_ROLES,
    department: HAS_DEPARTMENT,
    population: row => row.population !== 'unknown',
  };
  return Object.entries(says)
    .filter(([column, isSaid]) => table.has(column) && stays.some(isSaid))
    .filter(([column]) => table.rows.every(row => row.cell(column) === ''))
    .map(([column]) => column);
}

function keyOf({ tenant, user }: RosterRow): string {
  return `${tenant}\u0000${user}`;
}

/** Quotes what a reader would take apart, or for a comment. */
function quote(cell: string): string {
  return /[",;\t\r\n]|^\s*#/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
