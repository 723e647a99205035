// LZ4 frames as Kafka's producers write them. In: compressed bytes. Out: what they hold; a RangeError where they
// hold no such thing or too much of it. Checksums are passed over: the broker has checked the whole batch.
import { copyBack } from './snappy.ts';

/** Unpacks one LZ4 frame. */
export function unpackLz4(packed: Uint8Array, maxBytes: number): Buffer {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  if (packed.length < 7 || view.getUint32(0, true) !== MAGIC) throw new RangeError('no LZ4 frame');
  const flags = packed[4]!;
  if (flags >> 6 !== 1) throw new RangeError('an LZ4 frame of an unknown version');
  const hasBlockChecksum = (flags & 0x10) !== 0;
  const hasSize = (flags & 0x08) !== 0;
  const hasDictionary = (flags & 0x01) !== 0;
  if (hasDictionary) throw new RangeError('an LZ4 frame with a dictionary');
  let at = 4 + 2 + (hasSize ? 8 : 0) + 1;
  const out = new Growing(Math.min(packed.length * 4, maxBytes), maxBytes);
  for (;;) {
    if (at + 4 > packed.length) throw new RangeError('an LZ4 frame is cut off');
    const word = view.getUint32(at, true);
    at += 4;
    if (word === 0) return out.bytes.subarray(0, out.length);
    const length = word & 0x7fffffff;
    if (at + length > packed.length) throw new RangeError('an LZ4 block is cut off');
    if (word >>> 31 === 1) out.append(packed, at, length);
    else unpackBlock(packed.subarray(at, at + length), out);
    at += length + (hasBlockChecksum ? 4 : 0);
  }
}

const MAGIC = 0x184d2204;

/** Bytes that grow; blocks may copy from the blocks before them. */
class Growing {
  bytes: Buffer;
  length = 0;
  readonly #maxBytes: number;

  constructor(firstBytes: number, maxBytes: number) {
    this.bytes = Buffer.allocUnsafe(firstBytes);
    this.#maxBytes = maxBytes;
  }

  makeRoom(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    if (needed > this.#maxBytes) throw new RangeError('an LZ4 frame is too long');
    const wider = Buffer.allocUnsafe(Math.min(this.#maxBytes, Math.max(needed, this.bytes.length * 2)));
    wider.set(this.bytes.subarray(0, this.length));
    this.bytes = wider;
  }

  append(from: Uint8Array, at: number, count: number): void {
    this.makeRoom(count);
    this.bytes.set(from.subarray(at, at + count), this.length);
    this.length += count;
  }
}

function unpackBlock(block: Uint8Array, out: Growing): void {
  let at = 0;
  while (at < block.length) {
    const token = block[at++]!;
    const literals = lengthOf(token >> 4);
    if (at + literals > block.length) throw new RangeError('a literal runs over');
    out.append(block, at, literals);
    at += literals;
    // The last sequence of a block ends after its literals.
    if (at === block.length) return;
    if (at + 2 > block.length) throw new RangeError('an LZ4 block is cut off');
    const offset = block[at]! | (block[at + 1]! << 8);
    at += 2;
    const count = lengthOf(token & 15) + 4;
    if (offset === 0 || offset > out.length) throw new RangeError('a copy runs over');
    out.makeRoom(count);
    out.length = copyBack(out.bytes, out.length, { offset, count });
  }

  /** Reads on where four bits were not enough. */
  function lengthOf(bits: number): number {
    let length = bits;
    if (bits < 15) return length;
    for (;;) {
      if (at >= block.length) throw new RangeError('an LZ4 block is cut off');
      const byte = block[at++]!;
      length += byte;
      if (byte < 255) return length;
    }
  }
}
