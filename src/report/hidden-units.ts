// hidden-units: one measure on a tree of units → which units are hidden (§8.2). In: units, parent first, with the persons
// of each that is not zero; out: ids. Invariant: whatever remains of a shown unit, once the biggest shown units below it
// are taken away, is nothing, or k persons or more from two places or more. Zeros are never hidden by this.
import type { Unit } from '../model/figures.ts';

export interface HideOptions {
  /** Smallest number of persons that may be told. */
  k: number;
  /** Units that are hidden for another reason. */
  forced: ReadonlySet<string>;
}

/** Gives the units to hide. */
export function hiddenUnits(
  units: readonly Unit[],
  values: ReadonlyMap<string, { persons: number }>,
  { k, forced }: HideOptions,
): Set<string> {
  const parts = partsOf(units);
  const hidden = new Set(forced);
  for (const [unit, { persons }] of values) if (persons < k) hidden.add(unit);

  /** What can be worked out of a unit by subtraction, and the shown units that bound it. */
  function remainderOf(unit: string): { places: number; persons: number; bounds: string[] } {
    const remainder = { places: 0, persons: 0, bounds: [] as string[] };
    for (const part of parts.get(unit) ?? []) {
      const value = values.get(part);
      if (value === undefined) continue;
      if (!hidden.has(part)) {
        remainder.bounds.push(part);
      } else if (parts.has(part)) {
        const below = remainderOf(part);
        remainder.places += below.places;
        remainder.persons += below.persons;
        remainder.bounds.push(...below.bounds);
      } else {
        remainder.places++;
        remainder.persons += value.persons;
      }
    }
    return remainder;
  }

  /** The smallest, and of equals the first by id. */
  const smallest = (bounds: readonly string[]) =>
    bounds.reduce<string | null>((least, unit) => {
      if (least === null) return unit;
      const difference = values.get(unit)!.persons - values.get(least)!.persons;
      return difference < 0 || (difference === 0 && unit < least) ? unit : least;
    }, null);

  // Parts before the whole: hiding a unit changes only what remains of those above it.
  for (const { id } of [...units].reverse()) {
    while (!hidden.has(id)) {
      const { places, persons, bounds } = remainderOf(id);
      if (places === 0 || (places >= 2 && persons >= k)) break;
      hidden.add(smallest(bounds) ?? id);
    }
  }
  return hidden;
}

function partsOf(units: readonly Unit[]): ReadonlyMap<string, readonly string[]> {
  const parts = new Map<string, string[]>();
  for (const { id, parent } of units) {
    if (parent !== null) parts.set(parent, [...(parts.get(parent) ?? []), id]);
  }
  return parts;
}
