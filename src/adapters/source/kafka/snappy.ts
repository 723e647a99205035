// Snappy as Kafka's producers write it: a bare block, or blocks in the frame of snappy-java ("xerial").
// In: compressed bytes. Out: what they hold; a RangeError where they hold no such thing or too much of it.
// Invariant: nothing is read outside of `packed` or written outside of `out`; a short copy may write up to eight bytes
// more than it has to, within `out`, where what comes next is written over them.
import { SHORT_COPY_BYTES } from './repeat-bytes.ts';

/** Unpacks snappy. */
export function unpackSnappy(packed: Uint8Array, maxBytes: number): Buffer {
  const blocks = hasXerialFrame(packed)
    ? findBlocks(packed, maxBytes)
    : [findBlock(packed, { at: 0, end: packed.length, maxBytes })];
  let total = 0;
  for (const { length } of blocks) total += length;
  const out = Buffer.allocUnsafe(total);
  const job: Job = {
    packed,
    view: new DataView(packed.buffer, packed.byteOffset, packed.byteLength),
    out,
    outView: new DataView(out.buffer, out.byteOffset, out.byteLength),
    written: 0,
  };
  for (const block of blocks) unpackBlock(block, job);
  return out;
}

const XERIAL_MAGIC = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00];
/** The magic, a version and the oldest version that can read it. */
const XERIAL_HEADER_BYTES = 16;

function hasXerialFrame(packed: Uint8Array): boolean {
  return packed.length >= XERIAL_HEADER_BYTES && XERIAL_MAGIC.every((byte, i) => packed[i] === byte);
}

/** Where a block is, after its length, and how long it says that it gets. */
interface Block {
  at: number;
  end: number;
  length: number;
}

interface Job {
  packed: Uint8Array;
  view: DataView;
  out: Buffer;
  outView: DataView;
  written: number;
}

function findBlocks(packed: Uint8Array, maxBytes: number): Block[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const blocks: Block[] = [];
  let total = 0;
  for (let at = XERIAL_HEADER_BYTES; at < packed.length; ) {
    if (at + 4 > packed.length) throw new RangeError('the last snappy block is cut off');
    const end = at + 4 + view.getUint32(at);
    if (end > packed.length) throw new RangeError('a snappy block is cut off');
    const block = findBlock(packed, { at: at + 4, end, maxBytes: maxBytes - total });
    blocks.push(block);
    total += block.length;
    at = end;
  }
  return blocks;
}

function findBlock(
  packed: Uint8Array,
  { at: start, end, maxBytes }: { at: number; end: number; maxBytes: number },
): Block {
  let at = start;
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    if (at >= end || shift > 28) throw new RangeError('a snappy block has no length');
    const byte = packed[at++]!;
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  if (length > maxBytes) throw new RangeError('a snappy block is too long');
  // So that no memory is taken for what cannot be.
  if (length > (end - at) * MAX_RATIO) throw new RangeError(SHORTER);
  return { at, end, length };
}

/** Three bytes can say: copy 64. */
const MAX_RATIO = 22;
const SHORTER = 'a snappy block is shorter than it says';

/** Unpacks one block in one flat loop: literals, and copies of what was unpacked before. See lz4.ts on short runs. */
function unpackBlock({ at: first, end, length }: Block, job: Job): void {
  const { packed, view, out, outView, written: start } = job;
  const stop = start + length;
  // A short run may be read and written with eight bytes more than it has, as long as they are there.
  const lastRead = packed.length - 8;
  const lastWrite = out.length - 8;
  let at = first;
  let to = start;
  while (at < end) {
    const tag = packed[at++]!;
    const kind = tag & 3;
    let count = (tag >> 2) + 1;
    if (kind === 0) {
      if (count > 60) {
        const bytes = count - 60;
        if (at + bytes > end) throw new RangeError('a snappy block is cut off');
        count = littleEndian(packed, at, bytes) + 1;
        at += bytes;
      }
      if (at + count > end || to + count > stop) throw new RangeError('a literal runs over');
      if (count > SHORT_COPY_BYTES) {
        out.set(packed.subarray(at, at + count), to);
      } else if (at + count <= lastRead && to + count <= lastWrite) {
        outView.setBigUint64(to, view.getBigUint64(at, true), true);
        for (let i = 8; i < count; i += 8) {
          outView.setBigUint64(to + i, view.getBigUint64(at + i, true), true);
        }
      } else {
        for (let i = 0; i < count; i++) out[to + i] = packed[at + i]!;
      }
      at += count;
      to += count;
      continue;
    }
    let offset: number;
    if (kind === 1) {
      if (at >= end) throw new RangeError('a snappy block is cut off');
      count = ((tag >> 2) & 7) + 4;
      offset = ((tag >> 5) << 8) | packed[at++]!;
    } else {
      const bytes = kind === 2 ? 2 : 4;
      if (at + bytes > end) throw new RangeError('a snappy block is cut off');
      offset = kind === 2 ? packed[at]! | (packed[at + 1]! << 8) : littleEndian(packed, at, bytes);
      at += bytes;
    }
    if (offset === 0 || offset > to - start || to + count > stop) throw new RangeError('a copy runs over');
    const from = to - offset;
    // No copy of snappy is longer than 64 bytes.
    if (offset >= 8 && to + count <= lastWrite) {
      outView.setBigUint64(to, outView.getBigUint64(from, true), true);
      for (let i = 8; i < count; i += 8) {
        outView.setBigUint64(to + i, outView.getBigUint64(from + i, true), true);
      }
    } else {
      for (let i = 0; i < count; i++) out[to + i] = out[from + i]!;
    }
    to += count;
  }
  if (to !== stop) throw new RangeError(SHORTER);
  job.written = stop;
}

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = count - 1; i >= 0; i--) value = value * 256 + bytes[at + i]!;
  return value;
}
