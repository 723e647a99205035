// Names of departments → names of folders that every file system takes. In: the departments of one delivery; out: a folder
// name for each. Invariant: lower-case letters, digits and `-` only; no two departments share one, however their names are
// spelled. Example: `Barn & utbildning` → `barn-utbildning`.

/** Names that Windows keeps for itself. */
const KEPT = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;
const MAX_LENGTH = 60;

/** Gives each department the name of its folder; `hash` gives hex digits. */
export function folderNames(
  departments: readonly string[],
  hash: (text: string) => string,
): ReadonlyMap<string, string> {
  const all = [...new Set(departments)];
  const plain = new Map(all.map(department => [department, plainName(department)]));
  const taken = new Map<string, number>();
  for (const name of plain.values()) taken.set(name, (taken.get(name) ?? 0) + 1);
  return new Map(
    all.map(department => {
      const name = plain.get(department)!;
      const isOwn = name !== '' && taken.get(name) === 1 && !KEPT.test(name);
      // Told apart by themselves and not by their order, so that a new neighbour moves nobody twice.
      return [department, isOwn ? name : `${name || 'department'}-${hash(department).slice(0, 12)}`];
    }),
  );
}

function plainName(department: string): string {
  return department
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_LENGTH)
    .replace(/^-+|-+$/g, '');
}
