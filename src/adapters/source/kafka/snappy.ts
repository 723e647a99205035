// Snappy as Kafka's producers write it: a bare block, or blocks in the frame of snappy-java ("xerial").
// In: compressed bytes. Out: what they hold; a RangeError where they hold no such thing or too much of it.

/** Unpacks snappy. */
export function unpackSnappy(packed: Uint8Array, maxBytes: number): Buffer {
  if (!hasXerialFrame(packed)) return unpackBlock(packed, maxBytes);
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const blocks: Buffer[] = [];
  let total = 0;
  for (let at = XERIAL_HEADER_BYTES; at < packed.length; ) {
    if (at + 4 > packed.length) throw new RangeError('the last snappy block is cut off');
    const length = view.getUint32(at);
    at += 4;
    if (at + length > packed.length) throw new RangeError('a snappy block is cut off');
    const block = unpackBlock(packed.subarray(at, at + length), maxBytes - total);
    blocks.push(block);
    total += block.length;
    at += length;
  }
  return blocks.length === 1 ? blocks[0]! : Buffer.concat(blocks);
}

const XERIAL_MAGIC = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00];
/** The magic, a version and the oldest version that can read it. */
const XERIAL_HEADER_BYTES = 16;

function hasXerialFrame(packed: Uint8Array): boolean {
  return packed.length >= XERIAL_HEADER_BYTES && XERIAL_MAGIC.every((byte, i) => packed[i] === byte);
}

/** Unpacks one block: its length, then literals and copies of what was unpacked before. */
function unpackBlock(packed: Uint8Array, maxBytes: number): Buffer {
  let at = 0;
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    if (at >= packed.length || shift > 28) throw new RangeError('a snappy block has no length');
    const byte = packed[at++]!;
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  if (length > maxBytes) throw new RangeError('a snappy block is too long');
  const out = Buffer.allocUnsafe(length);
  let to = 0;
  while (at < packed.length) {
    const tag = packed[at++]!;
    if ((tag & 3) === 0) {
      let count = (tag >> 2) + 1;
      if (count > 60) {
        const bytes = count - 60;
        count = littleEndian(packed, at, bytes) + 1;
        at += bytes;
      }
      if (at + count > packed.length || to + count > length) throw new RangeError('a literal runs over');
      out.set(packed.subarray(at, at + count), to);
      at += count;
      to += count;
    } else {
      const kind = tag & 3;
      const count = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
      const offsetBytes = kind === 3 ? 4 : kind;
      const low = littleEndian(packed, at, offsetBytes);
      const offset = kind === 1 ? ((tag >> 5) << 8) | low : low;
      at += offsetBytes;
      if (offset === 0 || offset > to || to + count > length) throw new RangeError('a copy runs over');
      to = copyBack(out, to, { offset, count });
    }
  }
  if (to !== length) throw new RangeError('a snappy block is shorter than it says');
  return out;
}

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  if (at + count > bytes.length) throw new RangeError('a snappy block is cut off');
  let value = 0;
  for (let i = count - 1; i >= 0; i--) value = value * 256 + bytes[at + i]!;
  return value;
}

/** Repeats what was unpacked `offset` bytes ago; the two may overlap. Answers where it ends. */
export function copyBack(
  out: Buffer,
  to: number,
  { offset, count }: { offset: number; count: number },
): number {
  const from = to - offset;
  // Short and overlapping copies are quicker, or only right, byte by byte.
  if (count > 32 && offset >= count) out.copyWithin(to, from, from + count);
  else for (let i = 0; i < count; i++) out[to + i] = out[from + i]!;
  return to + count;
}
