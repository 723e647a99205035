// Long copies within unpacked bytes, as LZ4 and snappy have them: what stands `offset` bytes back, which may reach into
// what is being written. Example: 'ab', offset 2, count 5 → 'ab' + 'ababa'.

/** Copies of up to so many bytes are made eight at a time by the unpackers themselves: a call would take longer. */
export const SHORT_COPY_BYTES: number = 128;

/** Writes `count` bytes at `to`, which repeat what was written `offset` bytes before. Both have to lie within `out`. */
export function repeatBytes(
  out: Buffer,
  to: number,
  { offset, count }: { offset: number; count: number },
): void {
  // What overlaps has a period: one period is copied, then all that there is, twice as much each time.
  let done = Math.min(offset, count);
  out.copyWithin(to, to - offset, to - offset + done);
  while (done < count) {
    const next = Math.min(done, count - done);
    out.copyWithin(to + done, to, to + next);
    done += next;
  }
}
