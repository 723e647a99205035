// Ids are hex to everyone else, and bytes here: half the room in every row and index.

/** Gives the bytes of an id; throws for what is none, for no id may be cut short unseen. */
export function bytesOfId(id: string): Uint8Array {
  if (!isId(id)) throw new TypeError('an id must be 32 hex digits');
  return Buffer.from(id, 'hex');
}

/** Tells whether a text is an id: 128 bits as hex. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

/** Gives the hex text of bytes. */
export function hexOfBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
