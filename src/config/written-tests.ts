// written-tests: the data of `policy.tests.yaml` → its tests one by one, whichever way each was written.
// In: plain data, valid or not; out: what each test itself says, what holds for it all in all, and where each key stands.
// Invariant: nothing is checked here and nothing is lost: a row of the wrong length gives what its cells say.
// Example: `given: { user: bo }`, columns `[url, verdict]`, row `[casino.example, examine]` → three values, two of its own.
import { mapOf, type Path } from './yaml-file.ts';

/** One test as it was written. */
export interface WrittenTest {
  /** Where it stands: the test, the row, or `given`. */
  path: Path;
  kind: 'test' | 'row' | 'given';
  /** What it says itself, flat: keys of `expect` stand beside the others. */
  own: Readonly<Record<string, unknown>>;
  /** The same, with what its table gives. */
  values: Readonly<Record<string, unknown>>;
  /** Name of its table; null outside of tables. */
  table: string | null;
  /** Counted from 1 in its list or table. */
  number: number;
  /** Cells and columns that it has; equal where it is well made. */
  cells: number;
  columns: number;
  /** Gives the path of a key, whether or not it is there. */
  pathOf(key: string): Path;
}

/** Keys that stand under `expect` where a test is written by itself. */
const EXPECTED_KEYS: ReadonlySet<string> = new Set([
  ...['verdict', 'category', 'exemption', 'kind', 'confidence', 'population', 'department', 'grade', 'case'],
]);

/** What a cell holds that takes nothing, not even what is given; a log writes it like this. */
const NOTHING = '-';

/** Lists every test of a file, and the `given` of every table before its rows. */
export function writtenTests(data: unknown): WrittenTest[] {
  const { tests, tables } = mapOf(data);
  const single = listOf(tests).map((test, index) => writtenTest(test, index));
  return [...single, ...listOf(tables).flatMap((table, index) => writtenTable(mapOf(table), index))];
}

function writtenTest(test: unknown, index: number): WrittenTest {
  const { expect, ...rest } = mapOf(test);
  const path = ['tests', index];
  const values = { ...rest, ...mapOf(expect) };
  return {
    ...{ path, kind: 'test', own: values, values, table: null, number: index + 1, cells: 0, columns: 0 },
    pathOf: key => (EXPECTED_KEYS.has(key) ? [...path, 'expect', key] : [...path, key]),
  };
}

function writtenTable(table: Readonly<Record<string, unknown>>, index: number): WrittenTest[] {
  const columns = listOf(table.columns).map(String);
  const given = filled(Object.entries(mapOf(table.given)));
  const name = typeof table.name === 'string' ? table.name : `table ${index + 1}`;
  const base = { table: name, columns: columns.length };
  const path = ['tables', index, 'given'];
  const defaults: WrittenTest = {
    ...{ ...base, path, kind: 'given', own: given, values: given, number: 0, cells: columns.length },
    pathOf: key => [...path, key],
  };
  return [
    defaults,
    ...listOf(table.rows).map((row, at) => writtenRow(listOf(row), { base, columns, given, index, at })),
  ];
}

function writtenRow(
  cells: readonly unknown[],
  table: {
    base: { table: string; columns: number };
    columns: readonly string[];
    given: Readonly<Record<string, unknown>>;
    index: number;
    at: number;
  },
): WrittenTest {
  const { base, columns, given, index, at } = table;
  const path = ['tables', index, 'rows', at];
  const said = columns.map((column, place): [string, unknown] => [column, cells[place] ?? null]);
  const own = filled(said);
  const nothing = new Set(said.filter(([, value]) => value === NOTHING).map(([column]) => column));
  const kept = Object.entries(given).filter(([key]) => !nothing.has(key));
  return {
    ...{ ...base, path, kind: 'row', own, values: { ...Object.fromEntries(kept), ...own } },
    ...{ number: at + 1, cells: cells.length },
    pathOf(key) {
      const place = columns.indexOf(key);
      return place < 0 ? path : [...path, place];
    },
  };
}

function filled(entries: readonly [string, unknown][]): Record<string, unknown> {
  return Object.fromEntries(entries.filter(([, value]) => value !== null && value !== NOTHING));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
