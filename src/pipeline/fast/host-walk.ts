// Host walk: a host of which the filter could not say no is followed label by label.
// In: a plain host, where its last two labels begin, and their state. Out: may a mapped entry cover the host?
// Invariant: it says yes wherever the matcher's `coversHost` does; where the table has a candidate, `coversHost` decides
// by the entry's own bytes, so that no collision costs more than a second look.
import type { Filter } from '../../category/filter.ts';
import { extendWords, finish } from '../../category/hash.ts';
import type { Image } from '../../category/image.ts';
import { tagOf } from '../../category/layout.ts';
import type { Matcher } from '../../category/matcher.ts';
import { lastDot } from './last-dot.ts';

/** Where a host stands. */
export interface HostPlace {
  bytes: Uint8Array;
  view: DataView;
  start: number;
  end: number;
}

/** The parts of an image that the walk looks at. */
export type WalkTable = Pick<Image, 'tags' | 'slotShift'>;

/** Walks hosts. */
export class HostWalk {
  readonly #filterBits: Filter['bits'];
  readonly #tags: Int32Array;
  readonly #slotShift: number;
  readonly #matcher: Pick<Matcher, 'coversHost'>;

  constructor(matcher: Pick<Matcher, 'coversHost' | 'filter'>, table: WalkTable) {
    this.#matcher = matcher;
    this.#filterBits = matcher.filter.bits;
    this.#tags = table.tags;
    this.#slotShift = table.slotShift;
  }

  /**
   * Walks to the whole host from its last two labels, which begin at `suffix` and have the state `state` (an address and
   * a single label are walked as one).
   */
  mayCover(host: HostPlace, suffix: number, state: number): boolean {
    const { bytes, view, start, end } = host;
    const bits = this.#filterBits;
    let from = suffix;
    let chained = state;
    let hash = finish(chained);
    for (;;) {
      if (this.#mayBeEntry(hash) && this.#matcher.coversHost(bytes, start, end)) return true;
      if (from <= start) return false;
      const dot = from - 1;
      from = lastDot(view, start, dot) + 1;
      chained = extendWords(chained, view, from, dot);
      hash = finish(chained);
      const bit = hash >>> 6;
      if (((bits[bit >>> 5]! >>> (bit & 31)) & 1) === 0) return false;
    }
  }

  #mayBeEntry(hash: number): boolean {
    const tags = this.#tags;
    const tag = tagOf(hash);
    const last = tags.length - 1;
    for (let slot = hash >>> this.#slotShift; ; slot = (slot + 1) & last) {
      const found = tags[slot]!;
      if (found === tag) return true;
      if (found === 0) return false;
    }
  }
}
