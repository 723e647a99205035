// Text of fields: bytes → string, UTF-8 where they are valid UTF-8, else Latin-1, so that no byte is lost.

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const asciiDecoder = new TextDecoder('latin1');

/** Decodes bytes as UTF-8, or as Latin-1 where they are not valid UTF-8. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  try {
    return utf8.decode(bytes.subarray(start, end));
  } catch {
    return latin1(bytes, start, end);
  }
}

/** Decodes a line that is ASCII throughout in one go; null for any other: its fields are decoded one by one. */
function asciiLine(bytes: Uint8Array, start: number, end: number): string | null {
  for (let at = start; at < end; at += 1) if (bytes[at]! >= 0x80) return null;
  return asciiDecoder.decode(bytes.subarray(start, end));
}

/** Holds one line and, where it is ASCII, its text, of which fields are slices (one decoding a line, not eight). */
export interface LineText {
  bytes: Uint8Array;
  start: number;
  ascii: string | null;
}

/** Makes the text of one line. */
export function lineText(bytes: Uint8Array, start: number, end: number): LineText {
  return { bytes, start, ascii: asciiLine(bytes, start, end) };
}

/** Gives the text of the field `start..end`. */
export function fieldText(line: LineText, start: number, end: number): string {
  if (line.ascii !== null) return line.ascii.slice(start - line.start, end - line.start);
  return decodeText(line.bytes, start, end);
}

/** Gives the text of a field in which `-` stands for nothing. */
export function optionalText(line: LineText, start: number, end: number): string {
  if (end - start === 1 && line.bytes[start] === 0x2d) return '';
  return fieldText(line, start, end);
}

// TextDecoder's "latin1" is windows-1252, which differs in 0x80–0x9f; this is the real one.
function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += 1) text += String.fromCharCode(bytes[at]!);
  return text;
}
