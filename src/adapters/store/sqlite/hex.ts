// Ids are hex to everyone else, and bytes here: half the room in every row and index.

/** Gives the bytes of a hex text; throws for what is none, for no id may be cut short unseen. */
export function bytesOfHex(hex: string): Uint8Array {
  const bytes = Buffer.from(hex, 'hex');
  if (bytes.length * 2 !== hex.length) throw new TypeError('an id must be hex');
  return bytes;
}

/** Gives the hex text of bytes. */
export function hexOfBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
