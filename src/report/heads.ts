// heads: who was seen where → how many persons that were at the least, so that the numbers of several places add up.
// In: subjects with their unit and time; out: persons by unit. Invariant: nobody is counted twice, whoever moves within
// the time is counted where they came first, and what is not sure to be another person is not counted (§8.2: a cell
// must not seem bigger than it is). Addresses have a new pseudonym each day, so that of them only one day counts, the
// busiest; and a person may come by name and by address, so that either names count or addresses, whichever are more.
import type { SubjectKind } from '../model/subject.ts';

/** One sight of a subject. */
export interface Sight {
  kind: Exclude<SubjectKind, 'none'>;
  subjectId: string;
  /** Unit without parts. */
  place: string;
  atMs: number;
  /** Local day. */
  day: string;
}

export interface Heads {
  /** Takes a sight; days may come a little out of order. */
  see(sight: Sight): void;
  /** Gives the persons by unit. */
  persons(): ReadonlyMap<string, number>;
}

interface First {
  place: string;
  atMs: number;
}

/** Days of which addresses are held: visits come a day after attempts at the most. */
const OPEN_DAYS = 3;

/** Creates an empty count. */
export function createHeads(): Heads {
  const users = new Map<string, First>();
  const days = new Map<string, Map<string, First>>();
  let busiest: { day: string; total: number; byPlace: ReadonlyMap<string, number> } | null = null;

  function close(day: string): void {
    const seen = days.get(day)!;
    days.delete(day);
    const isBusier = busiest === null || seen.size > busiest.total;
    const isEarlier = busiest !== null && seen.size === busiest.total && day < busiest.day;
    if (isBusier || isEarlier) busiest = { day, total: seen.size, byPlace: byPlaceOf(seen) };
  }

  return {
    see(sight) {
      if (sight.kind === 'user') {
        keepFirst(users, sight);
        return;
      }
      const seen = days.get(sight.day) ?? new Map<string, First>();
      keepFirst(seen, sight);
      days.set(sight.day, seen);
      if (days.size > OPEN_DAYS) close([...days.keys()].sort()[0]!);
    },
    persons() {
      for (const day of [...days.keys()]) close(day);
      return busiest !== null && busiest.total > users.size ? busiest.byPlace : byPlaceOf(users);
    },
  };
}

/** Of several places at one instant, the first by name: so that the order in which they come changes nothing. */
function keepFirst(firsts: Map<string, First>, { subjectId, place, atMs }: Sight): void {
  const known = firsts.get(subjectId);
  const isFirst = known === undefined || atMs < known.atMs || (atMs === known.atMs && place < known.place);
  if (isFirst) firsts.set(subjectId, { place, atMs });
}

function byPlaceOf(firsts: ReadonlyMap<string, First>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { place } of firsts.values()) counts.set(place, (counts.get(place) ?? 0) + 1);
  return counts;
}
