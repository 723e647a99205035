// Compares a content with what is kept of a segment. In: a segment's marks, then the marks of the content as they
// come. Out: whether all that can be compared agreed so far. Accusing nobody and losing nothing, see `isPrefix`.
import type { StreamMark } from '../../model/stream.ts';
import {
  BLOCK_BYTES,
  BLOCK_RUNG_BYTES,
  LINE_RUNG_BYTES,
  MAX_LINE_RUNGS,
  MEBIBYTE,
  unpackMark,
} from './content-hash.ts';

export interface Ladder {
  /** Compares further marks of the content; false from the first disagreement on. */
  agrees(marks: readonly StreamMark[]): boolean;
  /** Says whether the content up to the last mark is exactly what the segment was up to there. */
  isExact(): boolean;
  /**
   * Says whether the content up to the last mark counts as a beginning of the segment. Up to 1 MiB that is exact at
   * every line end; beyond, the rest after the last block of 16 KiB cannot be compared and is taken as agreeing.
   */
  isPrefix(): boolean;
}

/** Creates the comparison with a segment, from all of its marks in order of their ends. */
export function createLadder(marks: readonly StreamMark[]): Ladder {
  const kept = gather(marks);
  let position = 0;
  let lines = 0;
  let isAgreeing = true;
  let lastExact = 0;
  let lastLine = 0;

  function compare(mark: StreamMark): boolean {
    const content = unpackMark(mark);
    if (content === null) return false;
    const blockAt = Math.floor(position / BLOCK_BYTES) * BLOCK_RUNG_BYTES;
    const lineAt = lines * LINE_RUNG_BYTES;
    const known = kept.digests.get(mark.end);
    const isSame =
      isEqualWhereBoth(kept.blockRungs, content.blockRungs, blockAt) &&
      isEqualWhereBoth(kept.lineRungs, content.lineRungs, lineAt) &&
      (known === undefined || isEqualWhereBoth(known, content.digest, 0));
    lines += content.lineRungs.length / LINE_RUNG_BYTES;
    position = mark.end;
    if (known !== undefined) lastExact = position;
    if (content.lineRungs.length > 0 && lines * LINE_RUNG_BYTES <= kept.lineRungs.length) lastLine = position;
    return isSame;
  }

  return {
    agrees(fresh) {
      for (const mark of fresh) isAgreeing = isAgreeing && compare(mark);
      return isAgreeing;
    },
    isExact: () => isAgreeing && lastExact === position && position > 0,
    isPrefix() {
      if (!isAgreeing || position === 0) return false;
      if (lastExact === position) return true;
      if (position > MEBIBYTE || lines >= MAX_LINE_RUNGS) return true;
      return lastLine === position;
    },
  };
}

interface Kept {
  digests: Map<number, Uint8Array>;
  blockRungs: Uint8Array;
  lineRungs: Uint8Array;
}

/**
 * Puts the rungs of marks together. A window that broke off and was done again (§9.4) has marks of both times, cut
 * otherwise: a mark's rungs may begin before the mark before it ends, and say the same again.
 */
function gather(marks: readonly StreamMark[]): Kept {
  const digests = new Map<number, Uint8Array>();
  const blockRungs: Uint8Array[] = [];
  const lineRungs: Uint8Array[] = [];
  const lineEnds: LineEnds = { count: 0, places: new Map() };
  let blockBytes = 0;
  for (const mark of marks) {
    const content = unpackMark(mark);
    if (content === null) break;
    const blockEnd = Math.floor(mark.end / BLOCK_BYTES) * BLOCK_RUNG_BYTES;
    const blockAt = blockEnd - content.blockRungs.length;
    // A gap would shift every rung behind it: what lies behind is not compared, unless another mark fills it.
    if (blockAt < 0 || blockAt > blockBytes || blockEnd < blockBytes) continue;
    digests.set(mark.end, content.digest);
    blockRungs.push(content.blockRungs.subarray(blockBytes - blockAt));
    blockBytes = blockEnd;
    lineRungs.push(newLineRungs(content.lineRungs, lineEnds));
  }
  return { digests, blockRungs: Buffer.concat(blockRungs), lineRungs: Buffer.concat(lineRungs) };
}

/** Line ends whose rungs are there: how many, and which place each has. */
interface LineEnds {
  count: number;
  places: Map<number, number>;
}

/** Gives the rungs that are not there yet. What was there from a mark's first one on, the mark has as well, and in order. */
function newLineRungs(rungs: Uint8Array, there: LineEnds): Uint8Array {
  const view = new DataView(rungs.buffer, rungs.byteOffset, rungs.byteLength);
  const rungAt = (n: number) => view.getUint32(n * LINE_RUNG_BYTES, true);
  const count = rungs.length / LINE_RUNG_BYTES;
  const at = count === 0 ? undefined : there.places.get(rungAt(0));
  let known = at === undefined ? 0 : there.count - at;
  // Two line ends may have one rung by chance: that is no repeat.
  if (known > count) known = 0;
  for (let n = 1; n < known; n++) if (there.places.get(rungAt(n)) !== at! + n) known = 0;
  for (let n = known; n < count; n++) there.places.set(rungAt(n), there.count++);
  return rungs.subarray(known * LINE_RUNG_BYTES);
}

/** Compares `part` with what lies at `at`; what one side does not have is no disagreement. */
function isEqualWhereBoth(whole: Uint8Array, part: Uint8Array, at: number): boolean {
  const count = Math.min(part.length, whole.length - at);
  for (let i = 0; i < count; i++) if (whole[at + i] !== part[i]) return false;
  return true;
}
