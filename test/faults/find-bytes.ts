// Looks for bytes in everything that a folder holds, as `grep -raF` does; and in any spelling of ASCII case.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Gives each file under a folder that holds one of the texts, and which; list images are left out. */
export function findBytes(dir: string, texts: readonly string[]): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    for (const text of texts)
      if (holds(Buffer.from(path), text)) found.push(`${path}: its own name: ${text}`);
    if (!entry.isFile() || path.includes('/lists/')) continue;
    const bytes = readFileSync(path);
    for (const text of texts) if (holds(bytes, text)) found.push(`${path}: ${text}`);
  }
  return found;
}

/** Gives the texts that another text holds. */
export function findTexts(text: string, texts: readonly string[]): string[] {
  const bytes = Buffer.from(text);
  return texts.filter(wanted => holds(bytes, wanted));
}

/** Gives the texts that another text holds as it is, or inside a word of it that is base64. */
export function findEncoded(text: string, texts: readonly string[]): string[] {
  const decoded = (text.match(/[A-Za-z0-9+/]{12,}={0,2}/g) ?? []).map(word =>
    Buffer.from(word, 'base64').toString('latin1'),
  );
  return texts.filter(wanted => {
    const bytes = Buffer.from(wanted).toString('latin1').toLowerCase();
    return holds(Buffer.from(text), wanted) || decoded.some(word => word.toLowerCase().includes(bytes));
  });
}

function holds(bytes: Buffer, text: string): boolean {
  // Latin-1 gives each byte its character: lower-casing the ASCII ones keeps every other byte apart.
  const lower = (latin1: string) => latin1.replace(/[A-Z]/g, letter => letter.toLowerCase());
  return lower(bytes.toString('latin1')).includes(lower(Buffer.from(text).toString('latin1')));
}
