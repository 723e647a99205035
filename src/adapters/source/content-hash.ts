// Content fingerprints: what a stream's bytes were, so that they are known again (§9.2).
// In: the bytes of a stream in order. Out: marks. Every byte is hashed once, in blocks of 16 KiB:
//   block     SHA-256 of 16 KiB (the last one before a stopping place may be shorter)
//   digest    SHA-256 of the blocks' SHA-256 since the last full MiB; in a mark at every full MiB and stopping place
//   rungs     the first 8 bytes of each whole block's SHA-256, and for each of the first line ends of the first MiB
//             the CRC-32 of all bytes up to there: by them a shorter file is known as a beginning of a longer one
// Invariant: the marks of a content do not depend on how it was cut into updates, but for where stopping places lie.
import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { StreamMark } from '../../model/stream.ts';

/** What a mark says, unpacked. */
export interface MarkContent {
  /** SHA-256 over the blocks from the last full MiB to the mark's end. */
  digest: Uint8Array;
  /** 8 bytes for each block that was completed since the mark before. */
  blockRungs: Uint8Array;
  /** 4 bytes for each line end of the first MiB since the mark before. */
  lineRungs: Uint8Array;
}

export interface ContentHash {
  /** Bytes taken in so far. */
  position(): number;
  update(bytes: Uint8Array, start: number, end: number): void;
  /** Gives the marks since the last call, the last of them at the present position. */
  takeMarks(): StreamMark[];
  /** Gives all that is needed to go on from here, right after `takeMarks`; some 2 KiB, and nothing of the content. */
  save(): HashState;
  /** Copies the bytes since the last whole block, which go with `save`. */
  rest(): Uint8Array;
}

/** A content hash that is laid aside. It goes on only where somebody brings the bytes since the last whole block. */
export interface HashState {
  position: number;
  /** SHA-256 of the whole blocks of the present MiB; of the last MiB where one has just ended. */
  blockDigests: Uint8Array;
  /** SHA-256 of what follows the last whole block; null where nothing does. */
  restDigest: Uint8Array | null;
  /** SHA-256 of the first block of the content; null before it is whole. */
  firstBlock: Uint8Array | null;
  lineCount: number;
  prefixCrc: number;
}

export const BLOCK_BYTES: number = 16 << 10;
export const MEBIBYTE: number = 1 << 20;
export const BLOCK_RUNG_BYTES = 8;
export const LINE_RUNG_BYTES = 4;
/** Line ends of the first MiB that have a rung: all, unless lines are shorter than 16 bytes. */
export const MAX_LINE_RUNGS: number = 64 << 10;

/** What the hash of an empty content saves. */
export const EMPTY_HASH: HashState = {
  position: 0,
  blockDigests: new Uint8Array(0),
  restDigest: null,
  firstBlock: null,
  lineCount: 0,
  prefixCrc: 0,
};

/** Creates the hash of an empty content, or one that goes on where another was saved. */
export function createContentHash(saved: HashState = EMPTY_HASH, rest?: Uint8Array): ContentHash {
  const block = new Uint8Array(BLOCK_BYTES);
  if (rest !== undefined) block.set(rest);
  const digests = new Uint8Array((MEBIBYTE / BLOCK_BYTES) * DIGEST_BYTES);
  digests.set(saved.blockDigests);
  let { position, lineCount, prefixCrc, firstBlock } = saved;
  let markedTo = position;
  let marks: StreamMark[] = [];
  let blockRungs: Uint8Array[] = [];
  let lineRungs: number[] = [];
  let rested: { position: number; digest: Uint8Array } | null = null;

  function update(bytes: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end; ) {
      const inBlock = position % BLOCK_BYTES;
      const count = Math.min(BLOCK_BYTES - inBlock, end - at);
      if (position < MEBIBYTE) addLineRungs(bytes, at, at + count);
      if (count === BLOCK_BYTES) closeBlock(bytes.subarray(at, at + count));
      else {
        block.set(bytes.subarray(at, at + count), inBlock);
        if (inBlock + count === BLOCK_BYTES) closeBlock(block);
      }
      position += count;
      at += count;
      if (position % MEBIBYTE === 0) mark();
    }
  }

  function addLineRungs(bytes: Uint8Array, start: number, end: number): void {
    const part = bytes.subarray(start, end);
    let from = 0;
    while (from < part.length && lineCount < MAX_LINE_RUNGS) {
      const feed = part.indexOf(LINE_FEED, from);
      const to = feed === -1 ? part.length : feed + 1;
      prefixCrc = crc32(part.subarray(from, to), prefixCrc);
      if (feed !== -1) {
        lineRungs.push(prefixCrc);
        lineCount++;
      }
      from = to;
    }
  }

  function closeBlock(content: Uint8Array): void {
    const digest = sha256(content);
    if (position < BLOCK_BYTES) firstBlock = digest;
    digests.set(digest, (Math.floor(position / BLOCK_BYTES) % BLOCKS_PER_MEBIBYTE) * DIGEST_BYTES);
    blockRungs.push(digest.subarray(0, BLOCK_RUNG_BYTES));
  }

  function mark(): void {
    marks.push({ end: position, digest: packMark(digest(), blockRungs, lineRungs) });
    markedTo = position;
    blockRungs = [];
    lineRungs = [];
  }

  function digest(): Uint8Array {
    const rest = restDigest();
    if (rest === null) return sha256(wholeDigests());
    return sha256(Buffer.concat([wholeDigests(), rest]));
  }

  function wholeDigests(): Uint8Array {
    const inMebibyte = position > 0 && position % MEBIBYTE === 0 ? MEBIBYTE : position % MEBIBYTE;
    return digests.subarray(0, Math.floor(inMebibyte / BLOCK_BYTES) * DIGEST_BYTES);
  }

  function restDigest(): Uint8Array | null {
    const bytes = position % BLOCK_BYTES;
    if (bytes === 0) return null;
    // Whoever saves has marked the same place: it is hashed once.
    if (rested?.position !== position) rested = { position, digest: sha256(block.subarray(0, bytes)) };
    return rested.digest;
  }

  return {
    position: () => position,
    update,
    takeMarks() {
      if (position > markedTo) mark();
      const taken = marks;
      marks = [];
      return taken;
    },
    save: () => ({
      position,
      blockDigests: wholeDigests().slice(),
      restDigest: restDigest(),
      firstBlock,
      lineCount,
      prefixCrc,
    }),
    rest: () => block.slice(0, position % BLOCK_BYTES),
  };
}

/** Unpacks a mark; null where it was not made by this version. */
export function unpackMark(mark: StreamMark): MarkContent | null {
  const bytes = mark.digest;
  if (bytes.length < HEADER_BYTES) return null;
  const blocks = bytes[DIGEST_BYTES]! | (bytes[DIGEST_BYTES + 1]! << 8);
  const linesFrom = HEADER_BYTES + blocks * BLOCK_RUNG_BYTES;
  if (linesFrom > bytes.length || (bytes.length - linesFrom) % LINE_RUNG_BYTES !== 0) return null;
  return {
    digest: bytes.subarray(0, DIGEST_BYTES),
    blockRungs: bytes.subarray(HEADER_BYTES, linesFrom),
    lineRungs: bytes.subarray(linesFrom),
  };
}

const LINE_FEED = 10;
const DIGEST_BYTES = 32;
const BLOCKS_PER_MEBIBYTE = MEBIBYTE / BLOCK_BYTES;
/** The digest, then the number of block rungs, little-endian. */
const HEADER_BYTES = DIGEST_BYTES + 2;

function packMark(digest: Uint8Array, blockRungs: Uint8Array[], lineRungs: number[]): Uint8Array {
  const linesFrom = HEADER_BYTES + blockRungs.length * BLOCK_RUNG_BYTES;
  const packed = new Uint8Array(linesFrom + lineRungs.length * LINE_RUNG_BYTES);
  const view = new DataView(packed.buffer);
  packed.set(digest, 0);
  view.setUint16(DIGEST_BYTES, blockRungs.length, true);
  blockRungs.forEach((rung, index) => {
    packed.set(rung, HEADER_BYTES + index * BLOCK_RUNG_BYTES);
  });
  lineRungs.forEach((rung, index) => {
    view.setUint32(linesFrom + index * LINE_RUNG_BYTES, rung, true);
  });
  return packed;
}

function sha256(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer');
}
