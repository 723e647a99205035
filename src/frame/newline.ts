// Frame: bytes → lines. In: a range of bytes, lines ended by LF. Out: where each line ends.
// Invariant: every byte belongs to exactly one line; nothing is copied or decoded here.
// Example: `a\r\nb` holds two lines, `a` (its CR taken off by `trimCarriageReturn`) and `b`.

const LF = 0x0a;
const CR = 0x0d;

/** Finds the line feed that ends the line at `start`; `end` where there is none before it. */
export function lineEnd(bytes: Uint8Array, start: number, end: number): number {
  const at = bytes.indexOf(LF, start);
  return at === -1 || at > end ? end : at;
}

/** Takes one carriage return off a line's end: answers the end without it. */
export function trimCarriageReturn(bytes: Uint8Array, start: number, end: number): number {
  return end > start && bytes[end - 1] === CR ? end - 1 : end;
}
