// nearest: what somebody may have meant by a word that is not known.

/** Finds the known word nearest to a mistyped one; null where none is near enough to be a likely meaning. */
export function nearest(word: string, known: readonly string[]): string | null {
  const folded = word.toLowerCase();
  if (folded.length >= 3) {
    for (const candidate of known) if (candidate.toLowerCase().startsWith(folded)) return candidate;
  }
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = distanceOf(folded, candidate.toLowerCase());
    if (distance < bestDistance && distance < candidate.length) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Says `did you mean …?`, or lists what is known where nothing is near; `''` where nothing is known. */
export function suggest(word: string, known: Iterable<string>): string {
  const words = [...known];
  const near = nearest(word, words);
  if (near !== null) return `did you mean ${near}?`;
  if (words.length === 0) return '';
  const shown = words.slice(0, 12).join(', ');
  return `known: ${shown}${words.length > 12 ? ', …' : ''}`;
}

/** Counts the edits (insert, delete, replace, swap of neighbours) between two words. */
export function distanceOf(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let edits = Math.min(row[j - 1]! + 1, above[j]! + 1, above[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        edits = Math.min(edits, before[j - 2]! + 1);
      }
      row.push(edits);
    }
    before = above;
    above = row;
  }
  return above[b.length]!;
}
