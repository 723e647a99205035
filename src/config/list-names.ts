// list-names: which category lists there are, by their folders, without reading them.
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Files that make a folder a list of squidGuard's kind. */
const LIST_FILES: readonly string[] = ['domains', 'urls', 'expressions'];

/** Names the lists under some folders, sorted; a folder that cannot be read is left to who reads the lists. */
export function listNames(dirs: readonly string[]): string[] {
  const names = new Set<string>();
  for (const dir of dirs) {
    if (isList(dir)) {
      names.add(basename(dir));
      continue;
    }
    for (const entry of entriesOf(dir)) {
      if (!entry.startsWith('.') && isFolder(join(dir, entry))) names.add(entry);
    }
  }
  return [...names].sort();
}

function isList(dir: string): boolean {
  return entriesOf(dir).some(entry => LIST_FILES.includes(entry));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function entriesOf(dir: string): string[] {
  return isFolder(dir) ? readdirSync(dir) : [];
}
