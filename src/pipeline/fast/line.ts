// A line of the batch, as numbers in one row of an Int32Array: a row fills one cache line.

/** Lines that are read before anything is asked of them: the cache misses of each question overlap then. */
export const BATCH = 64;

/** Places of a line's numbers in its row. Offsets are into the bytes that are being scanned. */
export const LINE = {
  stride: 16,
  start: 0,
  /** Where the line feed stands; a carriage return before it is the exact path's to take off. */
  end: 1,
  /** `LOOK` while the line may be let go, `HAND_ON` when the exact path must read it. */
  state: 2,
  hostStart: 3,
  hostEnd: 4,
  /** The user begins one byte after the address. */
  urlEnd: 5,
  userEnd: 6,
  clientStart: 7,
  clientEnd: 8,
  sentBytes: 9,
  /** `DENIED`, `TUNNEL`, both or 0. */
  marks: 10,
  /** Hashes for the memo of hosts and for the cache of subjects. */
  hostHash: 11,
  userHash: 12,
} as const;

/** States of a line. */
export const LOOK = 0;
export const HAND_ON = -1;

/** Marks of a line. */
export const DENIED = 1;
export const TUNNEL = 2;
