/** Keeps the beginning of a line that comes in pieces. */
export interface LongLine {
  isBegun(): boolean;
  add(bytes: Uint8Array, piece: { start: number; end: number; offset: number }): void;
  /** Gives what was kept, and forgets it. */
  take(): { bytes: Uint8Array<ArrayBuffer>; start: number; end: number; offset: number };
}

/** How much of a line is kept that is too long for any buffer. */
export const LONG_LINE_BYTES: number = 64 << 10;

/** Creates an empty one. */
export function createLongLine(): LongLine {
  let kept: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  let offset = -1;
  return {
    isBegun: () => offset !== -1,
    add(bytes, piece) {
      if (offset === -1) offset = piece.offset;
      const count = Math.min(piece.end - piece.start, LONG_LINE_BYTES - length);
      if (count <= 0) return;
      kept.push(new Uint8Array(bytes.subarray(piece.start, piece.start + count)));
      length += count;
    },
    take() {
      const bytes = new Uint8Array(SPARE_BEFORE + length + SPARE_AFTER);
      let end = SPARE_BEFORE;
      for (const part of kept) {
        bytes.set(part, end);
        end += part.length;
      }
      const line = { bytes, start: SPARE_BEFORE, end, offset };
      kept = [];
      length = 0;
      offset = -1;
      return line;
    },
  };
}

const SPARE_BEFORE = 8;
const SPARE_AFTER = 64;
