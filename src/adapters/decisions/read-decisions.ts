// Reads the file of decisions, without a lock: its lines as far as they fit, and how it stands.
// What a crash can leave is half a line behind the head: it was never confirmed, counts for nothing, and the next decision
// cuts it off. Whatever else does not fit (lines changed, moved, removed, cut off its end) is damage, named by its line.
import { readFileSync, statSync } from 'node:fs';
import { type ChainEnd, followLink, NO_LINE, readLink } from '../../audit/link.ts';
import type { OpenedDecisions } from '../../config/check-decisions.ts';
import { GranskaError } from '../../errors.ts';
import { hashText, readHead } from '../chain/chain-file.ts';

/** What the file holds, and how it stands. */
export interface ReadDecisions extends OpenedDecisions {
  end: ChainEnd;
  /** Bytes of all whole lines; what follows is half a line. */
  wholeBytes: number;
}

/** A crash leaves the chain a line ahead of its head. */
const MAX_AHEAD = 1;
const MAX_BYTES = 256 * 1024 * 1024;
/** As often the head may change while the file is read: somebody decides at that moment. */
const READINGS = 10;
const LINE_FEED = 10;

/** Reads a file of decisions; one that is not there has none. */
export function readDecisions(path: string, shown: string): ReadDecisions {
  return guarded(shown, () => {
    for (let reading = 1; ; reading++) {
      const before = readHead(`${path}.head`);
      const read = follow(readBytes(path), before);
      const after = readHead(`${path}.head`);
      if (isSame(before, after) || reading === READINGS) return { file: shown, ...read };
    }
  });
}

/** Gives what was read where all of it fits; throws DAMAGED, naming the line, where it does not. */
export function requireWhole<T extends OpenedDecisions>(read: T): T {
  const { damage, file } = read;
  if (damage === null) return read;
  throw new GranskaError(
    'DAMAGED',
    `${file}:${damage.line}: the file of decisions is broken: ${damage.message}`,
    {
      hint: 'keep it as evidence, and restore both it and its .head from a copy; nothing is decided or shown meanwhile',
    },
  );
}

type Followed = Omit<ReadDecisions, 'file'>;

/** Walks the chain as far as it fits. */
function follow(bytes: Buffer | 'tooLarge' | null, head: ChainEnd | 'damaged'): Followed {
  const lines: unknown[] = [];
  let end = NO_LINE;
  let headHash = head === 'damaged' || head.seq > 0 ? null : NO_LINE.hash;
  let start = 0;
  const broken = (message: string, line = end.seq + 1): Followed => ({
    ...{ lines, end, wholeBytes: start, isTorn: false },
    damage: { line, message },
  });
  if (bytes === null && head === NO_LINE) return { lines, end, wholeBytes: 0, isTorn: false, damage: null };
  if (bytes === 'tooLarge') return broken('it is larger than any that is written');
  const all = bytes ?? Buffer.alloc(0);
  for (let feed = all.indexOf(LINE_FEED); feed !== -1; feed = all.indexOf(LINE_FEED, start)) {
    const text = all.toString('utf8', start, feed);
    const line = readLink(text);
    if (line === null) return broken('it is no line of a file of decisions');
    const wrong = followLink(line, text, { after: end, hashText });
    if (wrong !== null) return broken(wrong);
    lines.push(line);
    end = { seq: line.seq, hash: line.hash };
    if (head !== 'damaged' && head.seq === end.seq) headHash = end.hash;
    start = feed + 1;
  }
  if (head === 'damaged') return broken('its head is damaged: whether its end is missing cannot be told', 1);
  if (head.seq > end.seq) {
    const isCut = start < all.length;
    return broken(
      isCut ? 'the line has no end' : `the line is missing: the head says that line ${head.seq} is the last`,
    );
  }
  if (headHash !== head.hash) return broken('its head says that this line was another one', head.seq);
  if (end.seq > head.seq + MAX_AHEAD)
    return broken('its head is missing, or older than it can be', head.seq + 1);
  return { lines, end, wholeBytes: start, isTorn: start < all.length, damage: null };
}

function isSame(a: ChainEnd | 'damaged', b: ChainEnd | 'damaged'): boolean {
  if (a === 'damaged' || b === 'damaged') return a === b;
  return a.seq === b.seq && a.hash === b.hash;
}

function readBytes(path: string): Buffer | 'tooLarge' | null {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return null;
  return size > MAX_BYTES ? 'tooLarge' : readFileSync(path);
}

/** Tells of a file that cannot be used as a store that cannot. */
export function guarded<T>(shown: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof GranskaError) throw cause;
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw new GranskaError('STORE', `the file of decisions ${shown} cannot be used (${code})`, {
      hint: 'it and its folder take the right to read, and to decide the right to write, and room',
      cause,
    });
  }
}
