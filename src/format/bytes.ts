// Small readers over bytes that every format uses: fields between spaces, digits, words.

const SPACE = 0x20;

/** Finds the first byte at or after `from` that is no space; `end` where there is none. */
export function skipSpaces(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] === SPACE) at += 1;
  return at;
}

/** Finds the end of the field that begins at `from`: the next space or `end`. */
export function fieldEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== SPACE) at += 1;
  return at;
}

/** Reads an unsigned integer of at most 15 digits that fills the range; -1 where it is none. */
export function readInteger(bytes: Uint8Array, start: number, end: number): number {
  if (end === start || end - start > 15) return -1;
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Says whether a byte is an ASCII digit. */
export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Says whether the range is `-`. */
export function isDash(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 1 && bytes[start] === 0x2d;
}

/** Says whether an ASCII word stands at `start`, letter for letter. */
export function startsWith(bytes: Uint8Array, start: number, end: number, word: string): boolean {
  if (end - start < word.length) return false;
  for (let i = 0; i < word.length; i += 1) if (bytes[start + i] !== word.charCodeAt(i)) return false;
  return true;
}

/** Says whether an ASCII word ends at `end`, letter for letter. */
export function endsWith(bytes: Uint8Array, start: number, end: number, word: string): boolean {
  return end - start >= word.length && startsWith(bytes, end - word.length, end, word);
}

/** Says whether a byte occurs in the range. */
export function holdsByte(bytes: Uint8Array, start: number, end: number, byte: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] === byte) return true;
  return false;
}

/** Says whether a range may be a client's address or host name. */
export function isClient(bytes: Uint8Array, start: number, end: number): boolean {
  if (end === start || end - start > 255) return false;
  for (let at = start; at < end; at += 1) if (!isClientByte(bytes[at]!)) return false;
  return true;
}

/** Says whether a range is a request method: a token of RFC 9110, any case (`-` is one too). */
export function isMethod(bytes: Uint8Array, start: number, end: number): boolean {
  if (end === start || end - start > 64) return false;
  for (let at = start; at < end; at += 1) if (!isTokenByte(bytes[at]!)) return false;
  return true;
}

function isAlphanumeric(byte: number): boolean {
  const lower = byte | 0x20;
  return isDigit(byte) || (lower >= 0x61 && lower <= 0x7a);
}

// Letters, digits, `.` `-` `_` `:`, `%` for a zone of IPv6, `[` `]` around one.
function isClientByte(byte: number): boolean {
  if (isAlphanumeric(byte)) return true;
  return (
    byte === 0x2e ||
    byte === 0x2d ||
    byte === 0x5f ||
    byte === 0x3a ||
    byte === 0x25 ||
    byte === 0x5b ||
    byte === 0x5d
  );
}

function isTokenByte(byte: number): boolean {
  return isAlphanumeric(byte) || TOKEN_MARKS.has(byte);
}

const TOKEN_MARKS: ReadonlySet<number> = new Set([..."!#$%&'*+-.^_`|~"].map(mark => mark.charCodeAt(0)));
