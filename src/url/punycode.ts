/**
 * Decodes the part of an A-label after `xn--` to Unicode (RFC 3492); answers null where it is none. The platform's URL
 * class only encodes, but a translated host name has to be taken apart in Unicode.
 */
export function decodePunycode(encoded: string): string | null {
  const basicEnd = encoded.lastIndexOf('-');
  const points = Array.from(basicEnd > 0 ? encoded.slice(0, basicEnd) : '', letter => letter.codePointAt(0)!);
  let at = basicEnd >= 0 ? basicEnd + 1 : 0;
  let point = FIRST_POINT;
  let bias = FIRST_BIAS;
  let index = 0;
  while (at < encoded.length) {
    const start = index;
    let weight = 1;
    for (let k = BASE; ; k += BASE) {
      const digit = digitOf(encoded.charCodeAt(at++));
      if (digit < 0) return null;
      index += digit * weight;
      const threshold = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
      if (index > MAX_INDEX) return null;
      if (digit < threshold) break;
      weight *= BASE - threshold;
    }
    const length = points.length + 1;
    bias = adapt(index - start, length, start === 0);
    point += Math.floor(index / length);
    if (point > 0x10ffff) return null;
    index %= length;
    points.splice(index++, 0, point);
  }
  return String.fromCodePoint(...points);
}

const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const FIRST_BIAS = 72;
const FIRST_POINT = 0x80;
const MAX_INDEX = 0x7fffffff;

/** Reads one digit, `a`–`z` then `0`–`9`; -1 for anything else, the end of the text included. */
function digitOf(code: number): number {
  if (code >= 0x61 && code <= 0x7a) return code - 0x61;
  if (code >= 0x41 && code <= 0x5a) return code - 0x41;
  if (code >= 0x30 && code <= 0x39) return code - 0x30 + 26;
  return -1;
}

function adapt(delta: number, length: number, isFirst: boolean): number {
  let rest = isFirst ? Math.floor(delta / DAMP) : delta >> 1;
  rest += Math.floor(rest / length);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) >> 1; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}
