/** Decodes percent-encoding once: UTF-8 where a run of bytes is valid UTF-8, Latin-1 where it is not. */
export function decodePercent(text: string): string {
  return text.includes('%') ? text.replace(/(?:%[0-9a-f]{2})+/gi, decodeRun) : text;
}

/** Decodes bytes as UTF-8 where they are valid UTF-8, else as Latin-1: one of the two is what was meant. */
export function decodeBytes(bytes: Uint8Array): string {
  const text = UTF8.decode(bytes);
  if (text.includes(REPLACEMENT) && !isUtf8(bytes, text)) return latin1(bytes);
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

// Not `fatal`: an exception for each run of stray bytes makes a log of another kind take minutes.
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });
const ENCODER = new TextEncoder();
const REPLACEMENT = '\u{fffd}';
const BYTE_ORDER_MARK = '\u{feff}';

/** Says whether the replacement characters in a text stood in its bytes, and not for bytes that are no UTF-8. */
function isUtf8(bytes: Uint8Array, text: string): boolean {
  const encoded = ENCODER.encode(text);
  return encoded.length === bytes.length && encoded.every((byte, at) => byte === bytes[at]);
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function decodeRun(run: string): string {
  return decodeBytes(Uint8Array.from(run.slice(1).split('%'), pair => Number.parseInt(pair, 16)));
}
