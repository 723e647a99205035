/** Says which known word a mistyped one is nearest to, or which there are. */
export function nearestOf(word: string, known: readonly string[]): string {
  const folded = word.toLowerCase();
  let best: string | null = null;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = distanceOf(folded, candidate.toLowerCase());
    if (distance >= least || distance >= candidate.length) continue;
    best = candidate;
    least = distance;
  }
  return best === null ? `there are ${known.join(', ')}` : `did you mean ${best}?`;
}

/** Counts the signs to put in, take out or change to make one word of the other. */
function distanceOf(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(row[j - 1]! + 1, above[j]! + 1, change));
    }
    above = row;
  }
  return above[b.length]!;
}
