// Usage: what is counted of every request, flagged or not, per hour and slot (§6.1).
// In: numbers, one line or many at a time. Out: the `UsageCount`s of one transaction. Invariant: nothing is lost between
// two drains, and a count never depends on whether the fast scan or the exact path added it.
// Example: `usage.add(hourMs, slots.of(subject), { bytes: 275, denied: false, tunnel: true, named: true })`
import type { UsageCount } from '../ports/store.ts';

/** What one request adds. */
export interface Use {
  bytes: number;
  denied: boolean;
  tunnel: boolean;
  /** True where the subject is known by a user name. */
  named: boolean;
}

/** What many requests of one hour and slot add. */
export interface Uses {
  records: number;
  bytes: number;
  denied: number;
  tunnels: number;
  named: number;
}

/** Whose counts a slot holds, as `drain` needs it. */
export interface UsageOwner {
  tenant: string;
  department: string;
}

/** Counts per hour and slot. */
export interface UsageTable {
  add(hourMs: number, slot: number, use: Use): void;
  addMany(hourMs: number, slot: number, uses: Uses): void;
  /** Hands over the counts, merged by and ordered by hour, tenant and department, and begins anew. */
  drain(ownerOf: (slot: number) => UsageOwner): UsageCount[];
}

/** Creates an empty table. Between two drains it grows by one row for each hour and slot that it meets. */
export function createUsageTable(): UsageTable {
  const hours = new Map<number, Map<number, Uses>>();
  // Log lines come in time order: nearly all of them are of the hour before.
  let nearHourMs = Number.NaN;
  let near = new Map<number, Uses>();

  function usesOf(hourMs: number, slot: number): Uses {
    if (hourMs !== nearHourMs) {
      near = hours.get(hourMs) ?? new Map();
      nearHourMs = hourMs;
      hours.set(hourMs, near);
    }
    let uses = near.get(slot);
    if (uses === undefined) {
      uses = { records: 0, bytes: 0, denied: 0, tunnels: 0, named: 0 };
      near.set(slot, uses);
    }
    return uses;
  }

  return {
    add(hourMs, slot, use) {
      const uses = usesOf(hourMs, slot);
      uses.records += 1;
      uses.bytes += use.bytes;
      uses.denied += Number(use.denied);
      uses.tunnels += Number(use.tunnel);
      uses.named += Number(use.named);
    },
    addMany(hourMs, slot, more) {
      addUses(usesOf(hourMs, slot), more);
    },
    drain(ownerOf) {
      const merged = new Map<string, UsageCount>();
      for (const [hourMs, bySlot] of hours) {
        for (const [slot, uses] of bySlot) mergeInto(merged, { hourMs, owner: ownerOf(slot), uses });
      }
      hours.clear();
      nearHourMs = Number.NaN;
      return [...merged.values()].sort(inOrder);
    },
  };
}

/** Adds counts of the same hours and departments to others; rows that are new come at the end. */
export function addUsage(to: UsageCount[], more: readonly UsageCount[]): void {
  if (more.length === 0) return;
  const known = new Map(to.map(row => [keyOf(row.hourMs, row), row]));
  for (const row of more) {
    const found = known.get(keyOf(row.hourMs, row));
    if (found === undefined) to.push({ ...row });
    else addUses(found, row);
  }
}

function keyOf(hourMs: number, { tenant, department }: UsageOwner): string {
  return `${hourMs}\u0000${department}\u0000${tenant}`;
}

function mergeInto(
  merged: Map<string, UsageCount>,
  row: { hourMs: number; owner: UsageOwner; uses: Uses },
): void {
  const { hourMs, owner, uses } = row;
  const { tenant, department } = owner;
  const key = keyOf(hourMs, owner);
  const known = merged.get(key);
  if (known === undefined) merged.set(key, { tenant, hourMs, department, ...uses });
  else addUses(known, uses);
}

function addUses(to: Uses, more: Uses): void {
  to.records += more.records;
  to.bytes += more.bytes;
  to.denied += more.denied;
  to.tunnels += more.tunnels;
  to.named += more.named;
}

function inOrder(a: UsageCount, b: UsageCount): number {
  if (a.hourMs !== b.hourMs) return a.hourMs - b.hourMs;
  if (a.tenant !== b.tenant) return a.tenant < b.tenant ? -1 : 1;
  return a.department < b.department ? -1 : a.department > b.department ? 1 : 0;
}
