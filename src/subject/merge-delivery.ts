// merge-delivery: the directory's history and a new delivery → the history that goes on (§3.3, §5.3).
// In: rows of both without overlap, and the instant as of which the delivery holds; out: the rows of the new history, and
// how many people it changed. Invariant: before that instant every person has exactly the entries that they had; nothing is
// taken back. A person whom the delivery does not name ends there and keeps what was; one whom it names without days keeps
// what is planned for later, and the row too where the facts are the same. Organisations that it does not name are left alone.
// Example: bo, a teacher since 2020, comes as of 2026-11-25 as a head: teacher through 2026-11-24, head from 2026-11-25.
import type { RosterRow } from './create-roster.ts';

export interface DeliveryToMerge {
  history: readonly RosterRow[];
  /** A row that is open at both ends says what holds now; one with days says also when. */
  delivery: readonly RosterRow[];
  asOfMs: number;
}

/** How many people a delivery leaves as they are, changes, begins and ends. */
export interface DeliveryCounts {
  unchanged: number;
  changed: number;
  arrived: number;
  vanished: number;
  /** People in force of organisations that the delivery does not name: nothing is changed for them. */
  notNamed: number;
}

export interface MergedDirectory {
  /** Sorted by tenant, user and time, without overlap. */
  rows: RosterRow[];
  counts: DeliveryCounts;
}

/** Merges a delivery into the history. */
export function mergeDelivery({ history, delivery, asOfMs }: DeliveryToMerge): MergedDirectory {
  const tenants = new Set(delivery.map(row => row.tenant));
  const before = byPerson(history);
  const delivered = byPerson(delivery);
  const counts: DeliveryCounts = { unchanged: 0, changed: 0, arrived: 0, vanished: 0, notNamed: 0 };
  const rows: RosterRow[] = [];
  for (const person of new Set([...before.keys(), ...delivered.keys()])) {
    const known = before.get(person) ?? [];
    const said = delivered.get(person) ?? [];
    const { tenant } = (known[0] ?? said[0])!;
    // A delivery of nobody at all names no organisation: then everybody of every one has vanished.
    const isNamed = tenants.size === 0 || tenants.has(tenant);
    const merged = isNamed ? mergePerson(known, said, asOfMs) : known;
    rows.push(...merged);
    count(counts, { isNamed, known, merged, asOfMs });
  }
  return { rows: rows.sort(compareRows), counts };
}

/** Counts the people whom rows have in force at an instant. */
export function inForceAt(rows: readonly RosterRow[], atMs: number): number {
  return new Set(rows.filter(row => isInForce(row, atMs)).map(keyOf)).size;
}

/** Tells whether a row is in force at an instant. */
export function isInForce({ fromMs, toMs }: { fromMs: number; toMs: number }, atMs: number): boolean {
  return fromMs <= atMs && atMs < toMs;
}

function mergePerson(known: readonly RosterRow[], said: readonly RosterRow[], asOfMs: number): RosterRow[] {
  const now = known.find(row => isInForce(row, asOfMs));
  const past = known
    .filter(row => row.fromMs < asOfMs)
    .map(row => ({ ...row, toMs: Math.min(row.toMs, asOfMs) }));
  const ahead = said
    .filter(row => row.toMs > asOfMs)
    .map(row => ({ ...row, fromMs: Math.max(row.fromMs, asOfMs) }));
  // Somebody who is to come later is not one who has vanished.
  if (ahead.length === 0) return now === undefined ? [...known] : past;
  if (said.length !== 1 || !isUndated(said[0]!)) return join(past, ahead);
  if (now !== undefined && haveSameFacts(now, said[0]!)) return [...known];
  // It says what holds now, and nothing of what was planned to come or to end.
  const planned = known.filter(row => row.fromMs > asOfMs);
  const toMs = now?.toMs ?? planned[0]?.fromMs ?? Infinity;
  return join(past, [{ ...said[0]!, fromMs: asOfMs, toMs }, ...planned]);
}

/** Puts what goes on behind what was; where nothing changes between them they are one row. */
function join(past: readonly RosterRow[], ahead: readonly RosterRow[]): RosterRow[] {
  const last = past.at(-1);
  const [first, ...later] = ahead;
  if (last === undefined || last.toMs !== first!.fromMs || !haveSameFacts(last, first!)) {
    return [...past, ...ahead];
  }
  return [...past.slice(0, -1), { ...last, toMs: first!.toMs }, ...later];
}

function count(
  counts: DeliveryCounts,
  person: { isNamed: boolean; known: readonly RosterRow[]; merged: readonly RosterRow[]; asOfMs: number },
): void {
  const { isNamed, known, merged, asOfMs } = person;
  const was = known.some(row => isInForce(row, asOfMs));
  if (!isNamed) {
    counts.notNamed += Number(was);
    return;
  }
  const is = merged.some(row => isInForce(row, asOfMs));
  if (was && !is) counts.vanished++;
  else if (areSame(known, merged)) counts.unchanged += Number(was);
  else if (was) counts.changed++;
  else counts.arrived++;
}

function areSame(a: readonly RosterRow[], b: readonly RosterRow[]): boolean {
  return a.length === b.length && a.every((row, index) => isSame(row, b[index]!));
}

function isSame(a: RosterRow, b: RosterRow): boolean {
  return a.fromMs === b.fromMs && a.toMs === b.toMs && haveSameFacts(a, b);
}

function haveSameFacts(a: RosterRow, b: RosterRow): boolean {
  return (
    a.department === b.department && a.population === b.population && a.roles.join(';') === b.roles.join(';')
  );
}

function isUndated({ fromMs, toMs }: RosterRow): boolean {
  return fromMs === -Infinity && toMs === Infinity;
}

function byPerson(rows: readonly RosterRow[]): Map<string, RosterRow[]> {
  const people = new Map<string, RosterRow[]>();
  for (const row of [...rows].sort(compareRows)) {
    const known = people.get(keyOf(row));
    if (known === undefined) people.set(keyOf(row), [row]);
    else known.push(row);
  }
  return people;
}

function compareRows(a: RosterRow, b: RosterRow): number {
  return compare(a.tenant, b.tenant) || compare(a.user, b.user) || compare(a.fromMs, b.fromMs);
}

function compare<T extends string | number>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function keyOf({ tenant, user }: RosterRow): string {
  return `${tenant}\u0000${user}`;
}
