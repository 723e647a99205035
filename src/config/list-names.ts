// list-names: which category lists there are, by their files' names, without reading them.
// The rules are those of the reader of lists (`adapters/lists/folder.ts`); what it would refuse is simply not named here.
import { readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

const LIST_FILES: readonly string[] = ['domains', 'urls', 'hosts', 'expressions'];
const LIST_ENDING = /\.(txt|hosts|list|domains|urls)$/i;
const NO_LIST = /^(licen[cs]e|copying|read[-_]?me|notice|changelog|usage)\b/i;

/** Names the lists under some folders, sorted; a folder that cannot be read is left to who reads the lists. */
export function listNames(dirs: readonly string[]): string[] {
  return [...new Set(dirs.flatMap(namesUnder))].sort();
}

function namesUnder(dir: string): string[] {
  const entries = entriesOf(dir);
  if (entries.some(entry => LIST_FILES.includes(entry) && !isFolder(join(dir, entry)))) {
    return [basename(resolve(dir))];
  }
  return entries.flatMap(entry => {
    const path = join(dir, entry);
    if (!isFolder(path)) return isLoose(entry) ? [entry.replace(LIST_ENDING, '')] : [];
    const isList = entriesOf(path).some(name => LIST_FILES.includes(name) || isLoose(name));
    return isList ? [entry] : [];
  });
}

function isLoose(name: string): boolean {
  return LIST_ENDING.test(name) && !NO_LIST.test(name);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function entriesOf(dir: string): string[] {
  return isFolder(dir) ? readdirSync(dir).filter(name => !name.startsWith('.')) : [];
}
