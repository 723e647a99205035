// Quoted texts: `"…"` with backslash escapes, as Apache, nginx and Squid's custom formats write them.
import { holdsByte } from './bytes.ts';
import { decodeText } from './text.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Holds a quoted text, unescaped, and the position after its closing quote. */
export interface Quoted {
  text: string;
  end: number;
}

/** Reads the quoted text whose opening quote stands at `start`; null where no quote closes it. */
export function readQuoted(bytes: Uint8Array, start: number, end: number): Quoted | null {
  for (let at = start + 1; at < end; at += 1) {
    if (bytes[at] === BACKSLASH) at += 1;
    else if (bytes[at] === QUOTE) return { text: unescapeText(bytes, start + 1, at), end: at + 1 };
  }
  return null;
}

/** Decodes a text with its escapes `\"`, `\\`, `\t`, `\n`, `\r`, `\xNN` undone; any other backslash stays. */
export function unescapeText(bytes: Uint8Array, start: number, end: number): string {
  if (!holdsByte(bytes, start, end, BACKSLASH)) return decodeText(bytes, start, end);
  const plain = new Uint8Array(end - start);
  let length = 0;
  for (let at = start; at < end; length += 1) {
    const width = bytes[at] === BACKSLASH ? escapeWidth(bytes, at, end) : 1;
    plain[length] = width === 1 ? bytes[at]! : escapedByte(bytes, at);
    at += width;
  }
  return decodeText(plain, 0, length);
}

function escapeWidth(bytes: Uint8Array, at: number, end: number): number {
  const next = at + 1 < end ? bytes[at + 1]! : 0;
  if (next === 0x78)
    return at + 3 < end && hexValue(bytes[at + 2]!) >= 0 && hexValue(bytes[at + 3]!) >= 0 ? 4 : 1;
  return SIMPLE_ESCAPES.has(next) ? 2 : 1;
}

function escapedByte(bytes: Uint8Array, at: number): number {
  const next = bytes[at + 1]!;
  if (next === 0x78) return hexValue(bytes[at + 2]!) * 16 + hexValue(bytes[at + 3]!);
  return SIMPLE_ESCAPES.get(next)!;
}

const SIMPLE_ESCAPES: ReadonlyMap<number, number> = new Map([
  [QUOTE, QUOTE],
  [BACKSLASH, BACKSLASH],
  [0x74, 0x09],
  [0x6e, 0x0a],
  [0x72, 0x0d],
]);

function hexValue(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
