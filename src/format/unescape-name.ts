// User names as Apache and nginx escape them: `\xc3\xa5sa` is `åsa`.

/**
 * Undoes the escapes of a name that can be nothing else: bytes beyond ASCII (`\xc3\xa5`) that are UTF-8 together, and
 * nginx's `\x5C` and `\x22`. A single backslash stays, since `KOMMUN\nils` is a domain and a name.
 */
export function unescapeName(name: string): string {
  if (!name.includes('\\x')) return name;
  return name
    .replace(/(?:\\x[89a-f][0-9a-f])+/gi, decodeRun)
    .replace(/\\x5C/g, '\\')
    .replace(/\\x22/g, '"');
}

function decodeRun(run: string): string {
  const bytes = Uint8Array.from(run.slice(2).split('\\x'), pair => Number.parseInt(pair, 16));
  try {
    return UTF8.decode(bytes);
  } catch {
    return run;
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });
