import { compareTexts } from './matches.ts';

/** Puts the counts of a facet in order: the greatest first, then by value. */
export function sortFacet(counts: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...counts].sort(([a, m], [b, n]) => n - m || compareTexts(a, b)));
}
