// Host filter: two questions about a host suffix, answered from one cache line.
// In: a finished hash (`category/hash.ts`). Out: 1 where there may be a listed host at the suffix or below it, and 1 where
// the suffix itself may be an entry. Invariant: never 0 for a suffix of which the table or the matcher's filter knows.
//
// Words come in pairs: [the matcher's filter, entries]. An entry sets two bits of its word, so that one in forty
// unlisted suffixes is taken for one, where a single bit would err at one in thirteen.

/** Builds the filter from the matcher's and from the table of all entries, whose tags are their hashes. */
export function createHostFilter(filterBits: Uint32Array, tags: Int32Array): Int32Array {
  const pairs = new Int32Array(2 * filterBits.length);
  for (let i = 0; i < filterBits.length; i++) pairs[2 * i] = filterBits[i]!;
  for (let slot = 0; slot < tags.length; slot++) {
    const tag = tags[slot]!;
    if (tag !== 0) pairs[2 * (tag >>> 11) + 1]! |= (1 << (tag & 31)) | (1 << ((tag >>> 5) & 31));
    // The hash 0 has the tag 1, because an empty slot has 0.
    if (tag === 1) pairs[1]! |= 1;
  }
  return pairs;
}

/** Answers 1 where a host at the suffix of this hash, or below it, may be listed; else 0. */
export function hasBelow(pairs: Int32Array, hash: number): number {
  return (pairs[2 * (hash >>> 11)]! >>> ((hash >>> 6) & 31)) & 1;
}

/** Answers 1 where the suffix of this hash may be an entry; else 0. */
export function hasEntry(pairs: Int32Array, hash: number): number {
  const word = pairs[2 * (hash >>> 11) + 1]!;
  return (word >>> (hash & 31)) & (word >>> ((hash >>> 5) & 31)) & 1;
}
