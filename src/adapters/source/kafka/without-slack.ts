// Messages are parts of the memory that their batch was unpacked into, and are weighed by their own bytes: memory that
// was taken by a wrong guess of the length must not wait along with them.

/** Gives bytes in memory of their own where less than half of the memory they are in is theirs. */
export function withoutSlack(bytes: Buffer): Buffer {
  const memory = bytes.buffer.byteLength;
  // Memory of the pool is shared by others anyway.
  if (memory <= Buffer.poolSize || bytes.length * 2 >= memory) return bytes;
  return Buffer.from(bytes);
}
