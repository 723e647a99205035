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

function gather(marks: readonly StreamMark[]): Kept {
  const digests = new Map<number, Uint8Array>();
  const blockRungs: Uint8Array[] = [];
  const lineRungs: Uint8Array[] = [];
  let position = 0;
  for (const mark of marks) {
    const content = unpackMark(mark);
    if (content === null) break;
    const blocks = Math.floor(mark.end / BLOCK_BYTES) - Math.floor(position / BLOCK_BYTES);
    // A gap would shift every rung behind it: what lies behind is not compared.
    if (content.blockRungs.length !== blocks * BLOCK_RUNG_BYTES) break;
    digests.set(mark.end, content.digest);
    blockRungs.push(content.blockRungs);
    lineRungs.push(content.lineRungs);
    position = mark.end;
  }
  return { digests, blockRungs: Buffer.concat(blockRungs), lineRungs: Buffer.concat(lineRungs) };
}

/** Compares `part` with what lies at `at`; what one side does not have is no disagreement. */
function isEqualWhereBoth(whole: Uint8Array, part: Uint8Array, at: number): boolean {
  const count = Math.min(part.length, whole.length - at);
  for (let i = 0; i < count; i++) if (whole[at + i] !== part[i]) return false;
  return true;
}
