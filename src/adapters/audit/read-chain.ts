import { createReadStream } from 'node:fs';

/** A line of the chain; one without its line feed is not whole. */
export interface KeptLine {
  text: string;
  isWhole: boolean;
  bytes: number;
}

/** Longer than any line that is written: what is longer was put there by somebody else. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
const LINE_FEED = 10;

/** Streams the lines of a chain; a chain that is not there has none. */
export async function* readChain(path: string): AsyncIterable<KeptLine> {
  let rest = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let start = 0;
      for (let feed = bytes.indexOf(LINE_FEED); feed !== -1; feed = bytes.indexOf(LINE_FEED, start)) {
        yield { text: bytes.toString('utf8', start, feed), isWhole: true, bytes: feed - start };
        start = feed + 1;
      }
      rest = Buffer.from(bytes.subarray(start));
      if (rest.length > MAX_LINE_BYTES) {
        yield { text: '', isWhole: true, bytes: rest.length };
        return;
      }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  if (rest.length > 0) yield { text: rest.toString('utf8'), isWhole: false, bytes: rest.length };
}
