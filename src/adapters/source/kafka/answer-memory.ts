// The memory of big answers, given back once all of their messages were read instead of when the collector comes by: memory
// outside of its heap brings it running, and megabytes a fetch made that a third of what fetching cost.
// Invariant: an answer is given back only when every batch of messages that was read out of it is done with; one of which
// a batch was thrown away unread stays for the collector. Who reads it later gets nothing, never other bytes.

/** Answers below this size are left to the collector. */
const MIN_BYTES = 256 << 10;

/** Batches of each answer that somebody may still read. */
const inUse = new WeakMap<ArrayBufferLike, number>();

/** Makes the memory of an answer. */
export function makeAnswer(bytes: number): Buffer<ArrayBuffer> {
  // Never a part of memory that others use too.
  const answer = Buffer.allocUnsafeSlow(bytes);
  if (bytes >= MIN_BYTES) inUse.set(answer.buffer, 0);
  return answer;
}

/** Takes note that a batch of messages was read out of an answer. */
export function useAnswer(memory: ArrayBufferLike): void {
  const uses = inUse.get(memory);
  if (uses !== undefined) inUse.set(memory, uses + 1);
}

/** Takes note that a batch is done with, and gives the answer back after its last one. */
export function leaveAnswer(memory: ArrayBufferLike | undefined): void {
  const uses = memory === undefined ? undefined : inUse.get(memory);
  if (memory === undefined || uses === undefined) return;
  inUse.set(memory, uses - 1);
  if (uses !== 1) return;
  inUse.delete(memory);
  (memory as ArrayBuffer).transfer(0);
}
