// Rows of leases for tests, and the slow way to ask them.
import fc from 'fast-check';
import type { IntervalRow } from '../../src/subject/intervals.ts';

/** Makes few users on few addresses in little time, so that rows touch and overlap. */
export function someRows(): fc.Arbitrary<IntervalRow[]> {
  return fc.array(
    fc
      .record({
        tenant: fc.constantFrom('kommun', 'kommun', 'energi'),
        user: fc.constantFrom('bo', 'eva', 'kiosk1'),
        client: fc.constantFrom('10.1.2.3', '10.1.2.3', '10.1.2.4'),
        startMs: fc.nat(20),
        length: fc.nat(8),
      })
      .map(({ length, ...row }) => ({ ...row, endMs: row.startMs + length })),
    { maxLength: 9 },
  );
}

/** Looks through all rows: the one user whose rows cover an instant, `''` for none or several. */
export function holderOf(
  rows: readonly IntervalRow[],
  asked: { tenant: string; client: string; atMs: number },
): string {
  const covering = rows.filter(
    row =>
      row.tenant === asked.tenant &&
      row.client === asked.client &&
      row.startMs <= asked.atMs &&
      asked.atMs < row.endMs,
  );
  const users = new Set(covering.map(row => row.user));
  return users.size === 1 ? [...users][0]! : '';
}
