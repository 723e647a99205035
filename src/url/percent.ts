/** Decodes percent-encoding once: UTF-8 where a run of bytes is valid UTF-8, Latin-1 where it is not. */
export function decodePercent(text: string): string {
  return text.includes('%') ? text.replace(/(?:%[0-9a-f]{2})+/gi, decodeRun) : text;
}

/** Decodes bytes as UTF-8 where they are valid UTF-8, else as Latin-1: one of the two is what was meant. */
export function decodeBytes(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return Array.from(bytes, byte => String.fromCharCode(byte)).join('');
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function decodeRun(run: string): string {
  return decodeBytes(Uint8Array.from(run.slice(1).split('%'), pair => Number.parseInt(pair, 16)));
}
