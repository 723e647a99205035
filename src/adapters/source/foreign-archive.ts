// Packed files that are not unpacked here (xz, bzip2, lz4, zip, 7-Zip, compress), known by their first bytes. Read as text
// they would be thousands of lines that cannot be read, where there is none. In: a beginning. Out: whether it is of one.
// Invariant: no line of a log begins like this: each signature holds a byte that is no text, or ten that nobody writes.

/** How many bytes tell any of them. */
export const FOREIGN_HEAD_BYTES = 10;

const SIGNATURES: readonly (readonly number[])[] = [
  // xz
  [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0],
  // lz4
  [0x04, 0x22, 0x4d, 0x18],
  // zip
  [0x50, 0x4b, 0x03, 0x04],
  // 7-Zip
  [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c],
  // compress
  [0x1f, 0x9d],
  // bzip2: `BZh`, a digit, and the six bytes that begin a block
  ...Array.from({ length: 9 }, (_, n) => [0x42, 0x5a, 0x68, 0x31 + n, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59]),
];

/** Says whether a file begins like an archive that cannot be read. */
export function isForeignArchive(head: Uint8Array): boolean {
  return SIGNATURES.some(
    signature => head.length >= signature.length && signature.every((byte, at) => head[at] === byte),
  );
}
