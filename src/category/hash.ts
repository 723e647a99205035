// Hash of host suffixes: one number per suffix, each label chained on its parent, so that a scanner that has
// hashed `example.com` goes on to `www.example.com` without starting again.
//
// In: the bytes of a label. Out: a 32-bit state (`extend`), and from a state the number that is stored and asked
// for (`finish`). Invariant: only int32 arithmetic, the same in the byte twin, the word version and inline copies.
//
//   state(com)         = extend(SEED, 'com')
//   state(example.com) = extend(state(com), 'example')
//   address 192.0.2.7  = extend(SEED, '192.0.2.7')      an address is hashed whole, as if it were one label
//   stored number      = finish(state) >>> 0
//
// `extend(state, label)`, exactly:
//   h = imul(state ^ length, LENGTH_PRIME)
//   for each group of four bytes from the label's start, read little-endian (the last one may be shorter):
//     w = word | 0x20202020            folds A-Z to a-z (and `_` to 0x7f: a candidate is compared byte by byte anyhow)
//     w = w & TAIL_MASK[n]             in the last group only, where n of its bytes (1 to 3) belong to the label
//     h = imul(h ^ w, WORD_PRIME);  h = h ^ (h >>> 15)
// `finish(state)` is the finaliser of MurmurHash3: every input bit reaches every output bit.
// Users: the filter's bit is `finish >>> FILTER_SHIFT`; the table's slot is its highest bits, its tag all of it.

/** State before any label. */
export const SEED = 0x2c9f41d7 | 0;

/** Multiplier of the length step. */
export const LENGTH_PRIME = 0x9e3779b1 | 0;

/** Multiplier of the word step. */
export const WORD_PRIME = 0x85ebca6b | 0;

/** Folds the case of four bytes at once. */
export const FOLD = 0x20202020;

/** Keeps the n low bytes of a word: `TAIL_MASK[n]`. */
export const TAIL_MASK = new Int32Array([0, 0xff, 0xffff, 0xffffff]);

/** A filter bit is the finished hash shifted right by this: 26 bits are left. */
export const FILTER_SHIFT = 6;

/** Chains one label `bytes[start..end)` on the state of its parent suffix, byte by byte: the reference. */
export function extend(state: number, bytes: Uint8Array, start: number, end: number): number {
  let h = Math.imul(state ^ (end - start), LENGTH_PRIME);
  for (let at = start; at < end; at += 4) {
    let word = 0;
    for (let i = 0; i < 4 && at + i < end; i++) word |= (bytes[at + i]! | 0x20) << (8 * i);
    h = Math.imul(h ^ word, WORD_PRIME);
    h ^= h >>> 15;
  }
  return h;
}

/** Does the same from a DataView, a word at a time. It may read up to 3 bytes behind `end`: they must exist. */
export function extendWords(state: number, view: DataView, start: number, end: number): number {
  let h = Math.imul(state ^ (end - start), LENGTH_PRIME);
  let at = start;
  for (; at + 4 <= end; at += 4) {
    h = Math.imul(h ^ (view.getInt32(at, true) | FOLD), WORD_PRIME);
    h ^= h >>> 15;
  }
  if (at < end) {
    h = Math.imul(h ^ ((view.getInt32(at, true) | FOLD) & TAIL_MASK[end - at]!), WORD_PRIME);
    h ^= h >>> 15;
  }
  return h;
}

/** Turns a state into the number that is stored and asked for, as an unsigned 32-bit integer. */
export function finish(state: number): number {
  let h = state ^ (state >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Hashes the domain `bytes[start..end)`, labels from the last to the first. */
export function hashDomain(bytes: Uint8Array, start: number, end: number): number {
  let state = SEED;
  let labelEnd = end;
  for (let at = end - 1; at >= start; at--) {
    if (bytes[at] !== 0x2e) continue;
    state = extend(state, bytes, at + 1, labelEnd);
    labelEnd = at;
  }
  return finish(extend(state, bytes, start, labelEnd));
}

/** Hashes the address `bytes[start..end)` whole, as one label. */
export function hashAddress(bytes: Uint8Array, start: number, end: number): number {
  return finish(extend(SEED, bytes, start, end));
}
