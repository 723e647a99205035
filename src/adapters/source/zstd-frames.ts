// Finds where zstd frames end (RFC 8878, section 3.1). The platform's decompressor drops what follows a frame in
// the same write, and does not say when a later frame is cut short; both need to know the frames' borders.

/** Walks through zstd input piece by piece. */
export interface ZstdFrames {
  /**
   * Takes bytes up to a border at most. `begin`: a frame's magic number is complete, hand over `ZSTD_MAGIC_BYTES`;
   * `frame`: hand over these bytes; `none`: a piece of a magic number or a skippable frame, hand over nothing.
   */
  take(bytes: Uint8Array, start: number, end: number): { count: number; kind: 'begin' | 'frame' | 'none' };
  /** Says whether a frame has begun and not ended. */
  isInside(): boolean;
  /** Says whether what comes next is no frame at all. */
  isLost(): boolean;
}

type State =
  | 'magic'
  | 'skipSize'
  | 'skip'
  | 'descriptor'
  | 'header'
  | 'blockHeader'
  | 'block'
  | 'checksum'
  | 'lost';

/** Creates a walker at the beginning of a file. */
export function createZstdFrames(): ZstdFrames {
  let state: State = 'magic';
  let needed = 4;
  let gathered = 0;
  let value = 0;
  let isLast = false;
  let hasChecksum = false;
  let isSkippable = false;

  function enter(next: State, bytes: number): void {
    state = next;
    needed = bytes;
    gathered = 0;
    value = 0;
  }

  /** Acts on a part that is complete; says whether a border was met: a magic number or a frame ended with it. */
  function finish(): boolean {
    switch (state) {
      case 'magic':
        isSkippable = value >= SKIPPABLE_FIRST && value <= SKIPPABLE_LAST;
        if (isSkippable) enter('skipSize', 4);
        else if (value === ZSTD_MAGIC) enter('descriptor', 1);
        else enter('lost', Number.POSITIVE_INFINITY);
        return true;
      case 'skipSize':
        if (value === 0) break;
        enter('skip', value);
        return false;
      case 'descriptor':
        hasChecksum = (value & 4) !== 0;
        enter('header', headerBytes(value));
        if (needed > 0) return false;
        enter('blockHeader', 3);
        return false;
      case 'header':
        enter('blockHeader', 3);
        return false;
      case 'blockHeader': {
        isLast = (value & 1) === 1;
        const isRepeated = ((value >> 1) & 3) === 1;
        const size = isRepeated ? 1 : value >>> 3;
        enter('block', size);
        return size === 0 ? finish() : false;
      }
      case 'block':
        if (!isLast) enter('blockHeader', 3);
        else if (hasChecksum) enter('checksum', 4);
        else break;
        return false;
      case 'skip':
      case 'checksum':
        break;
      case 'lost':
        return false;
      default:
        return state satisfies never;
    }
    enter('magic', 4);
    return true;
  }

  return {
    take(bytes, start, end) {
      const isMagic = state === 'magic';
      let at = start;
      while (at < end) {
        const count = Math.min(needed - gathered, end - at);
        for (let i = 0; i < count && gathered + i < 4; i++)
          value += bytes[at + i]! * 2 ** (8 * (gathered + i));
        gathered += count;
        at += count;
        if (gathered === needed && finish()) break;
      }
      if (isMagic) return { count: at - start, kind: state === 'descriptor' ? 'begin' : 'none' };
      return { count: at - start, kind: isSkippable || state === 'lost' ? 'none' : 'frame' };
    },
    isInside: () => state !== 'magic' || gathered > 0,
    isLost: () => state === 'lost',
  };
}

/** The four bytes with which every zstd frame begins. */
export const ZSTD_MAGIC_BYTES: Uint8Array = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd);

const ZSTD_MAGIC = 0xfd2fb528;
const SKIPPABLE_FIRST = 0x184d2a50;
const SKIPPABLE_LAST = 0x184d2a5f;

/** Counts the bytes of a frame header that follow its descriptor. */
function headerBytes(descriptor: number): number {
  const isSingle = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3]!;
  const contentFlag = descriptor >> 6;
  const content = contentFlag === 0 ? (isSingle ? 1 : 0) : 1 << contentFlag;
  return (isSingle ? 0 : 1) + dictionary + content;
}
