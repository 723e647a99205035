// read-blocks: a file → its whole lines, a block at a time, so that millions of rows are never text all at once.
// In: a path; out: lines without their ends, the rest behind the last line feed, or that it cannot be used. Encodings are
// those that spreadsheets save: UTF-8 or Windows-1252. Example: `a⏎b⏎c` → lines a, b; then the rest c.
import { open } from 'node:fs/promises';

/** A part of a file. `bytes` are what it was made of: each byte of the file is in one block. */
export type Block =
  | { kind: 'lines'; lines: readonly string[]; bytes: Uint8Array }
  | { kind: 'rest'; bytes: Uint8Array }
  | { kind: 'unusable'; message: string; hint: string; bytes: Uint8Array };

const BLOCK_BYTES = 1 << 20;
const MAX_LINE_BYTES = 64 << 10;
const LINE_FEED = 10;

/** Reads a file; throws what the system says where it cannot be opened. */
export async function* readBlocks(path: string): AsyncGenerator<Block> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(BLOCK_BYTES + MAX_LINE_BYTES);
    let kept = 0;
    let isFirst = true;
    for (;;) {
      const { bytesRead } = await file.read(buffer, kept, BLOCK_BYTES);
      const length = kept + bytesRead;
      if (bytesRead === 0) {
        if (length > 0) yield { kind: 'rest', bytes: buffer.subarray(0, length) };
        return;
      }
      const begin = isFirst && length >= 2 ? markOf(buffer) : 0;
      if (begin === null) {
        const message = 'the file is UTF-16';
        yield { kind: 'unusable', message, hint: 'save it as UTF-8', bytes: buffer.subarray(0, length) };
        return;
      }
      isFirst = false;
      const end = buffer.subarray(0, length).lastIndexOf(LINE_FEED) + 1;
      if (end > 0) {
        const bytes = buffer.subarray(0, end);
        yield { kind: 'lines', lines: linesOf(decode(buffer.subarray(begin, end))), bytes };
      }
      kept = length - end;
      if (kept > MAX_LINE_BYTES) {
        const message = `a line is longer than ${MAX_LINE_BYTES} bytes`;
        const hint = 'a lease is a short line: is this another file?';
        yield { kind: 'unusable', message, hint, bytes: buffer.subarray(end, length) };
        return;
      }
      buffer.copy(buffer, 0, end, length);
    }
  } finally {
    await file.close();
  }
}

/** Tells how many bytes a byte order mark takes; null for one of UTF-16. */
function markOf(bytes: Uint8Array): number | null {
  const [a, b, c] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return null;
  return a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const windows = new TextDecoder('windows-1252');

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return windows.decode(bytes);
  }
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  lines.pop();
  return lines.map(line => (line.endsWith('\r') ? line.slice(0, -1) : line));
}
