// Host memo: hosts that were found to be clear a moment ago. A few thousand hosts are asked for in most lines of a log.
// In: a host's bytes. Out: what is known of it, or that nothing is. Invariant: what is said of a host was found out for
// the very same bytes (they are compared, so no collision can hide a listed host), under the same lists.
// It saves hashing the labels, the filters' cache misses and the walk (bench/results, "lookup").

/** Hosts that are remembered; each has one place. */
const PLACES = 1 << 14;
/** Numbers per place, one cache line: length, what is known, whether it was of use, nothing, twelve words of the host. */
const STRIDE = 16;
const FIRST_WORD = 4;
/** Longest host that is remembered. */
const MAX_HOST_BYTES = 48;

/** Remembers hosts by their bytes. */
export class HostMemo {
  readonly #places = new Int32Array(PLACES * STRIDE);

  /** Gives what was remembered of the host `view[start..start+length)`; -1 where that is nothing. */
  find(view: DataView, start: number, length: number, hash: number): number {
    const places = this.#places;
    const base = placeOf(hash);
    if (places[base] !== length) return -1;
    let difference = 0;
    let word = base + FIRST_WORD;
    let at = start;
    for (const last = start + length - 4; at <= last; at += 4)
      difference |= view.getInt32(at, true) ^ places[word++]!;
    difference |= (view.getInt32(at, true) & tailMask(length)) ^ places[word]!;
    if (difference !== 0) return -1;
    places[base + 2] = 1;
    return places[base + 1]!;
  }

  /** Remembers a number that is not negative of a host. The hash must follow from its bytes. */
  remember(view: DataView, host: { start: number; length: number; hash: number }, known: number): void {
    const { start, length } = host;
    if (length > MAX_HOST_BYTES) return;
    const places = this.#places;
    const base = placeOf(host.hash);
    // Who was of use since the last newcomer stays once more: so the busy hosts are not pushed out by the many others.
    if (places[base + 2] === 1) {
      places[base + 2] = 0;
      return;
    }
    places[base] = length;
    places[base + 1] = known;
    let word = base + FIRST_WORD;
    let at = start;
    for (const last = start + length - 4; at <= last; at += 4) places[word++] = view.getInt32(at, true);
    places[word] = view.getInt32(at, true) & tailMask(length);
  }
}

function placeOf(hash: number): number {
  return ((hash ^ (hash >>> 15)) & (PLACES - 1)) * STRIDE;
}

/** Keeps the bytes of the last, shorter word of a host; none where its length is a multiple of four. */
function tailMask(length: number): number {
  return (1 << ((length & 3) << 3)) - 1;
}
