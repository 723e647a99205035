// names-somebody: does a text that a person wrote name anybody of the directory? (§3.6)
// In: free text; out: yes or no. Invariant: each run of signs is asked for as the directory would know it, whole, without the
// marks around it, in its parts, and together with the one or two words behind it; what was found is not told.
// Example: `told by KOMMUN\Anna.Berg.` names `anna.berg`, if the directory has her.
export interface KnownPeople {
  tenants: readonly string[];
  canonicalName(raw: string): string;
  /** Tells whether the directory has a canonical name. */
  has(tenant: string, name: string): boolean;
}

/** Tells whether a text names somebody whom the directory has. */
export function namesSomebody(text: string, people: KnownPeople): boolean {
  return spellings(text).some(spelling => {
    const name = people.canonicalName(spelling);
    return name !== '' && people.tenants.some(tenant => people.has(tenant, name));
  });
}

function spellings(text: string): string[] {
  const words = text
    .normalize('NFC')
    .split(/\s+/)
    .map(trimMarks)
    .filter(word => word !== '');
  const parts = words.flatMap(word => [word, ...word.split(/[/,;:()=<>"“”']+/), ...word.split(NO_NAME)]);
  // Accounts are often made of the words of a name: `Anna Berg` is `anna.berg`.
  const runs = words.flatMap((_, at) =>
    [2, 3].flatMap(length => [' ', '.'].map(mark => words.slice(at, at + length).join(mark))),
  );
  return [...new Set([...parts.map(trimMarks), ...runs])].filter(spelling => spelling !== '');
}

/** What no name of an account holds inside. */
const NO_NAME = /[^\p{L}\p{M}\p{N}._-]+/u;

function trimMarks(word: string): string {
  return word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{M}\p{N}]+$/gu, '');
}
