// Positions of lines that do not follow from their bytes: messages of a topic, each one line or many.
// In: where runs of lines begin in a chunk, and the position of each run's first line; within a run each line is one more.
// Example: starts [8, 40], positions [8192, 16384]: the second line after byte 8 has 8193, the line at byte 40 16384.

const LINE_FEED = 10;

/** As a chunk has it (`ports/source.ts`). */
export interface Runs {
  starts: Int32Array;
  positions: Float64Array;
  count: number;
}

/** Creates what gives the position of the line that begins at a byte; cheap for who asks in order. */
export function createPositionFinder(
  { starts, positions, count }: Runs,
  bytes: Uint8Array,
): (at: number) => number {
  let askedAt = 0;
  let askedPosition = 0;

  return at => {
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    // Who asks for one line after the other counts each line feed once.
    const goesOn = askedAt <= at && askedAt > starts[low]!;
    let position = goesOn ? askedPosition : positions[low]!;
    let feed = bytes.indexOf(LINE_FEED, goesOn ? askedAt : starts[low]!);
    for (; feed >= 0 && feed < at; position++) feed = bytes.indexOf(LINE_FEED, feed + 1);
    askedAt = at;
    askedPosition = position;
    return position;
  };
}
