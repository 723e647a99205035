// Some Squid configurations append ` [request headers] [reply headers]` to each line, passwords and cookies included.
// A line's text must never be shown or kept with them.

/** Says whether a line ends in headers in brackets. */
export function endsInHeaders(bytes: Uint8Array, start: number, end: number): boolean {
  let depth = 0;
  for (let at = end - 1; at > start; at -= 1) {
    const byte = bytes[at]!;
    if (at === end - 1 && byte !== 0x5d) return false;
    if (byte === 0x5d) depth += 1;
    // Brackets inside headers are escaped: the bracket before is the opening one.
    if (byte === 0x5b) return depth === 1 && bytes[at - 1] === 0x20 && bytes[at - 2] === 0x5d;
  }
  return false;
}

/** Hides the values of headers that hold passwords or cookies in a line's text, wherever they stand. */
export function maskHeaders(text: string): string {
  return text.replace(SECRET_HEADER, '$1(hidden)');
}

// Up to the next header: Squid writes the line break between them as `\r\n` or `%0d%0a`, in letters.
const SECRET_HEADER =
  /((?:proxy-)?authorization:|(?:proxy-)?authentication-info:|set-cookie2?:|cookie2?:)(?:(?!\\r|\\n|%0d|%0a)[^\]\r\n])*/gi;
