// plain-runs: words of a page → runs of text for paper. In: text and how many signs fit on a line; out: runs. Invariant: no
// word is cut off at an edge: one that is longer than its line may break anywhere.
// Example: ('a very-long…word b', 20) → ['a ', { text: 'very-long…word', wordBreak: 'break-all' }, ' b'].

import { printable } from './roboto.ts';

/** A stretch of text; `break-all` may end a line after any letter. */
export type Run = string | { text: string; wordBreak: 'break-all' };

/** Makes runs of a text. */
export function plainRuns(text: string, lineSigns: number): Run[] {
  const plain = printable(text);
  const runs: Run[] = [];
  for (const piece of plain.split(/( +)/)) {
    if (piece === '') continue;
    if (longestWord(piece) > lineSigns) runs.push({ text: piece, wordBreak: 'break-all' });
    else if (typeof runs.at(-1) === 'string') runs.push(`${runs.pop() as string}${piece}`);
    else runs.push(piece);
  }
  return runs.length === 0 ? [''] : runs;
}

/** Gives the length of the longest stretch that no line ends within. */
export function longestWord(text: string): number {
  return Math.max(0, ...text.split(/ +|(?<=\p{L}-)(?=\p{L})/u).map(word => word.length));
}
