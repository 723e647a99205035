/**
 * Finds the last dot of the host `start..end`, four bytes a step; `start - 1` where there is none. The three bytes before
 * `start` may be looked at: they must exist and be no dots.
 */
export function lastDot(view: DataView, start: number, end: number): number {
  for (let at = end - 4; ; at -= 4) {
    const word = view.getInt32(at, true) ^ 0x2e2e2e2e;
    // The exact zero-byte test: it marks no byte wrongly, so that the highest one can be taken.
    const found = ~(((word & 0x7f7f7f7f) + 0x7f7f7f7f) | word | 0x7f7f7f7f);
    if (found !== 0) return at + 3 - (Math.clz32(found) >>> 3);
    if (at <= start) return start - 1;
  }
}
