// Pieces of a path: where a `urls` entry may end.
//
// A piece begins at `/`, at the first `?`, or at a later `&`. An entry is a row of whole pieces, and it covers a target
// whose pieces begin with the same row: `/dir` covers `/dir/x` and `/dir?x`, never `/directory`.
// So a target is looked up once for each of its pieces, however many entries its host has.

/** Gives the end of the piece that begins at `start`, in a path (with query) that ends at `end`. */
export function pieceEnd(bytes: Uint8Array, start: number, end: number): number {
  const isInQuery = bytes[start] === QUESTION || bytes[start] === AMPERSAND;
  for (let at = start + 1; at < end; at++) {
    const byte = bytes[at];
    if (isInQuery ? byte === AMPERSAND : byte === SLASH || byte === QUESTION) return at;
  }
  return end;
}

const SLASH = 0x2f;
const QUESTION = 0x3f;
const AMPERSAND = 0x26;
