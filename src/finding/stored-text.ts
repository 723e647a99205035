// What a source says of its lines (a file's path, a proxy's name) → the text as findings may hold it. A folder, file or
// machine may be named after a person: a text that names somebody of the directory is dropped whole (§3.6), for every
// record and not only that person's own. Example: `/home/anna.berg/access.log` → null.
import { minimise } from './minimise.ts';
import { secretsOf } from './secrets.ts';

/** Texts whose answer is remembered; a full memory is dropped whole. A message can name anything. */
const MAX_REMEMBERED = 1_024;

/** Creates the function that gives a text if it names nobody, else null. */
export function createStoredText(names: readonly string[]): (text: string) => string | null {
  const rules = { secrets: secretsOf(names, []), holdsProtected: () => false };
  const known = new Map<string, string | null>();
  return text => {
    const asked = known.get(text);
    if (asked !== undefined) return asked;
    if (known.size >= MAX_REMEMBERED) known.clear();
    const stored = minimise(text, rules);
    known.set(text, stored);
    return stored;
  };
}
