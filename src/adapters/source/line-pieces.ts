// Cuts bytes into pieces of whole lines in one reused buffer. In: a byte reader. Out: pieces whose bytes, in order,
// are all the bytes of the reader. No piece but a `half` or a `part` ends inside a line, and memory never grows.
// Example, with a buffer of 8: 'ab\ncd\nefghijklmn\no' → lines 'ab\ncd\n', part 'efghijkl', partEnd 'mn\n', half 'o'.
import type { ByteReader } from './byte-reader.ts';

/** Bytes `buffer[start..end)` at stream position `offset`. */
export interface Piece {
  /** `part` and `partEnd`: a line longer than the buffer; `half`: what is left without a line feed at the end. */
  kind: 'lines' | 'part' | 'partEnd' | 'half';
  start: number;
  end: number;
  offset: number;
}

export interface LinePieces {
  /** The buffer that every piece lies in: 8 spare bytes before, 64 after. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Gives the next piece, valid until the next call; null at the end. */
  next(): Promise<Piece | null>;
}

/** Makes a buffer for pieces of up to `bufferBytes`. */
export function createBuffer(bufferBytes: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(SPARE_BEFORE + bufferBytes + SPARE_AFTER);
}

/** Cuts what a reader hands out into pieces of whole lines; the reader begins at stream position `position`. */
export function createLinePieces(
  reader: ByteReader,
  bytes: Uint8Array<ArrayBuffer>,
  position = 0,
): LinePieces {
  const limit = bytes.length - SPARE_AFTER;
  let from = SPARE_BEFORE;
  let to = SPARE_BEFORE;
  let offset = position;
  let isEnd = false;
  let isInLong = false;

  async function next(): Promise<Piece | null> {
    bytes.copyWithin(SPARE_BEFORE, from, to);
    to -= from - SPARE_BEFORE;
    from = SPARE_BEFORE;
    const lastFeed = await fill();
    if (to === from && !isInLong) return null;
    if (isInLong) return longPiece();
    if (lastFeed !== -1) return take('lines', lastFeed + 1);
    if (isEnd) return take('half', to);
    isInLong = true;
    return take('part', to);
  }

  /** Reads until the buffer is full or nothing more is there at once; answers the last line feed in it, or -1. */
  async function fill(): Promise<number> {
    let lastFeed = bytes.subarray(from, to).lastIndexOf(LINE_FEED);
    if (lastFeed !== -1) lastFeed += from;
    while (to < limit && !isEnd) {
      if ((lastFeed !== -1 || (isInLong && to > from)) && !(await reader.isReady())) break;
      const count = await reader.read(bytes, to, limit);
      isEnd = count === 0;
      const fresh = bytes.subarray(to, to + count).lastIndexOf(LINE_FEED);
      if (fresh !== -1) lastFeed = to + fresh;
      to += count;
    }
    return lastFeed;
  }

  function longPiece(): Piece {
    const feed = bytes.subarray(from, to).indexOf(LINE_FEED);
    if (feed === -1 && !isEnd) return take('part', to);
    isInLong = false;
    // A long line that the end cuts off right behind a part still has its last piece, an empty one.
    return feed === -1 ? take('half', to) : take('partEnd', from + feed + 1);
  }

  function take(kind: Piece['kind'], end: number): Piece {
    const piece = { kind, start: from, end, offset };
    offset += end - from;
    from = end;
    return piece;
  }

  return { bytes, next };
}

const LINE_FEED = 10;
const SPARE_BEFORE = 8;
const SPARE_AFTER = 64;
