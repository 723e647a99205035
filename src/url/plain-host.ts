/**
 * Finds the end of a plain host that begins at `start`: letters, digits, `-` and `_` in two or more labels, perhaps
 * one dot at the end. Lower-casing and cutting that dot is all that the WHATWG host parser would do to it. Answers -1
 * where it might do more: an empty label, an `xn--` label, a last label that begins with a digit (an address?).
 */
export function plainHostEnd(text: string, start: number): number {
  let labelStart = start;
  let lastLabel = -1;
  let labels = 0;
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (at === labelStart) return -1;
      lastLabel = labelStart;
      labels++;
      labelStart = at + 1;
      continue;
    }
    if (code > 0x7f || HOST_CHARACTER[code] === 0) break;
    if (code === HYPHEN && at === labelStart + 2 && isXn(text, labelStart)) return -1;
  }
  if (at > labelStart) {
    lastLabel = labelStart;
    labels++;
  }
  if (labels < 2) return -1;
  const first = text.charCodeAt(lastLabel);
  return first >= 0x30 && first <= 0x39 ? -1 : at;
}

const DOT = 0x2e;
const HYPHEN = 0x2d;
const HOST_CHARACTER = hostCharacters();

function hostCharacters(): Uint8Array {
  const table = new Uint8Array(128);
  const plain = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_';
  for (let i = 0; i < plain.length; i++) table[plain.charCodeAt(i)] = 1;
  return table;
}

function isXn(text: string, labelStart: number): boolean {
  return (text.charCodeAt(labelStart) | 0x20) === 0x78 && (text.charCodeAt(labelStart + 1) | 0x20) === 0x6e;
}
