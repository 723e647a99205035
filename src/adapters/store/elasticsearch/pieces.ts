// Cuts what is to be sent into requests of bounded length, each made only when it is asked for. In: items and the lines
// that each is sent as; out: pieces in order, none longer than the bound of that moment unless it holds one item alone.
// Example: `for (const piece of piecesOf(actions, { write, maxChars: () => 2 << 20 })) …`.

/** Items of one request, as lines of it. */
export interface Piece<T> {
  lines: string[];
  /** Where each item begins in `lines`. */
  starts: number[];
  items: T[];
}

export interface Cutting<T> {
  /** Gives the lines of an item. */
  write(item: T): string[];
  /** Characters of a request; may change from one piece to the next. */
  maxChars(): number;
}

/** Cuts items into pieces. */
export function* piecesOf<T>(items: Iterable<T>, { write, maxChars }: Cutting<T>): Generator<Piece<T>> {
  let piece: Piece<T> = { lines: [], starts: [], items: [] };
  let chars = 0;
  for (const item of items) {
    const lines = write(item);
    const more = lengthOf(lines);
    if (chars > 0 && chars + more > maxChars()) {
      yield piece;
      piece = { lines: [], starts: [], items: [] };
      chars = 0;
    }
    piece.starts.push(piece.lines.length);
    piece.items.push(item);
    piece.lines.push(...lines);
    chars += more;
  }
  if (piece.starts.length > 0) yield piece;
}

/** Gives the lines of some of a piece's items, by their places in it. */
export function linesOf<T>({ lines, starts }: Piece<T>, places: readonly number[]): string[] {
  if (places.length === starts.length) return lines;
  return places.flatMap(n => lines.slice(starts[n], starts[n + 1] ?? lines.length));
}

/** Counts the characters of lines. */
export function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}
