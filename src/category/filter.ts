// The bit filter that lets most hosts go after one look.
//
// In: an image and which of its lists count. Out: 2^26 bits. Invariant: for every entry of those lists, of a domain or
// of a path on it, the bits of all suffixes of the host that have two or more labels are set, so that a suffix whose
// bit is clear has nothing listed at it or below. Addresses are in it whole; entries of one label too, and apart.
//
//   bit of a suffix: n = hash >>> 6;  (bits[n >>> 5] >>> (n & 31)) & 1
import { extendWords, FILTER_SHIFT, finish, SEED } from './hash.ts';
import type { Image } from './image.ts';
import { RECORD } from './layout.ts';
import { readVarint, varintLength } from './varint.ts';

/** The filter, as a scanner uses it. */
export interface Filter {
  bits: Uint32Array;
  /** True where an entry is a single label, such as `localhost` or `lan`: then the last label is asked for too. */
  hasOneLabelEntries: boolean;
  /** Finished hashes of those entries, ascending. */
  oneLabel: Uint32Array;
}

/** Number of 32-bit words of the filter. */
export const FILTER_WORDS = 2 ** (32 - FILTER_SHIFT - 5);

/** Builds the filter for the lists whose place in `listMask` is 1. */
export function buildFilter(image: Image, listMask: Uint8Array): Filter {
  const bits = new Uint32Array(FILTER_WORDS);
  const setMask = maskSets(image, listMask);
  const oneLabel = new Set<number>();
  const { offsets, records } = image;
  const view = new DataView(records.buffer, records.byteOffset);
  for (let slot = 0; slot < offsets.length; slot++) {
    const offset = offsets[slot]!;
    if (offset === 0) continue;
    const length = readVarint(records, offset);
    const start = offset + varintLength(length);
    const end = start + length;
    const head = readVarint(records, end);
    if ((head & 3) === RECORD.url || setMask[head >>> 2] !== 1) continue;
    addHost({ bits, oneLabel, records, view }, start, end);
  }
  return {
    bits,
    hasOneLabelEntries: oneLabel.size > 0,
    oneLabel: Uint32Array.from(oneLabel).sort(),
  };
}

/** Tells whether the bit of a finished hash is set. */
export function mayHold(bits: Uint32Array, hash: number): boolean {
  const bit = hash >>> FILTER_SHIFT;
  return ((bits[bit >>> 5]! >>> (bit & 31)) & 1) === 1;
}

/** Marks the lists that are named; `null` marks all. Names that the image does not have are passed over. */
export function maskLists(image: Image, listNames: readonly string[] | null): Uint8Array {
  const wanted = listNames === null ? null : new Set(listNames);
  return Uint8Array.from(image.lists, list => (wanted === null || wanted.has(list.name) ? 1 : 0));
}

/** Marks the sets that hold a marked list. */
export function maskSets(image: Image, listMask: Uint8Array): Uint8Array {
  return Uint8Array.from(image.sets, set => (set.some(list => listMask[list] === 1) ? 1 : 0));
}

interface FilterDraft {
  bits: Uint32Array;
  oneLabel: Set<number>;
  records: Uint8Array;
  view: DataView;
}

/** Sets the bits of the host `records[start..end)`. More of the image follows, so words may be read over it. */
function addHost(draft: FilterDraft, start: number, end: number): void {
  const { records, view } = draft;
  if (isNumberLike(records, start, end)) {
    setBit(draft.bits, finish(extendWords(SEED, view, start, end)));
    return;
  }
  let state = SEED;
  let labelEnd = end;
  for (let at = end - 1; at >= start; at--) {
    if (records[at] !== 0x2e) continue;
    state = extendWords(state, view, at + 1, labelEnd);
    if (labelEnd !== end) setBit(draft.bits, finish(state));
    labelEnd = at;
  }
  const hash = finish(extendWords(state, view, start, labelEnd));
  setBit(draft.bits, hash);
  if (labelEnd === end) draft.oneLabel.add(hash);
}

/** Tells an address from a domain by its bytes: a colon in it, or a last label of digits alone. */
export function isNumberLike(bytes: Uint8Array, start: number, end: number): boolean {
  let at = end - 1;
  while (at >= start && bytes[at]! >= 0x30 && bytes[at]! <= 0x39) at--;
  if (at < end - 1 && (at < start || bytes[at] === 0x2e)) return true;
  for (let i = start; i < end; i++) if (bytes[i] === 0x3a) return true;
  return false;
}

function setBit(bits: Uint32Array, hash: number): void {
  const bit = hash >>> FILTER_SHIFT;
  bits[bit >>> 5]! |= 1 << (bit & 31);
}
