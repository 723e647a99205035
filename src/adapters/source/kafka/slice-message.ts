// One message that needs care → runs of lines that fit the buffer, and rejects: a line that is longer than the buffer,
// and all that comes after the last line that a message may hold.
import { MAX_LINES } from './position.ts';

/** A part of a message: whole lines, or what is kept as one reject. `nextLine` is -1 where the message is done. */
export interface Slice {
  kind: 'lines' | 'overlong';
  start: number;
  end: number;
  line: number;
  nextLine: number;
}

/** Cuts a message from its line `fromLine` on; runs of lines are at most `maxBytes` with the last line feed. */
export function* sliceMessage(
  value: Uint8Array,
  options: { fromLine: number; maxBytes: number },
): Generator<Slice, void, undefined> {
  const { fromLine, maxBytes } = options;
  let run: Slice | null = null;
  let at = 0;
  for (let line = 0; line === 0 || at < value.length; line++) {
    const feed = value.indexOf(LINE_FEED, at);
    const end = feed < 0 ? value.length : feed + 1;
    const isTooMany = line === MAX_LINES - 1 && end < value.length;
    if (line >= fromLine) {
      const lineBytes = end - at + (feed < 0 ? 1 : 0);
      const isOverlong = isTooMany || lineBytes > maxBytes;
      if (run !== null && (isOverlong || end - run.start + (feed < 0 ? 1 : 0) > maxBytes)) {
        yield { ...run, nextLine: line };
        run = null;
      }
      if (isTooMany) {
        yield { kind: 'overlong', start: at, end: value.length, line, nextLine: -1 };
        return;
      }
      if (isOverlong) {
        yield { kind: 'overlong', start: at, end, line, nextLine: end < value.length ? line + 1 : -1 };
      } else if (run === null) run = { kind: 'lines', start: at, end, line, nextLine: -1 };
      else run.end = end;
    }
    at = end;
  }
  if (run !== null) yield run;
}

const LINE_FEED = 10;
