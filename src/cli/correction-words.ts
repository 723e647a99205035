// How an issue is corrected, in words. In: the latest issue and what it says of its period; out: the end of a sentence.
// Invariant: it never advises what is refused: no issue is corrected before its period is complete (§8.2).
// Example: issue 1 of a whole month → `--correct --reason TEXT issues number 2`.
import type { ReportCoverage } from '../model/figures.ts';

/** Says how the next issue is made, and when that can be. */
export function toCorrect(
  { number }: { number: number },
  { coverage }: { coverage: Pick<ReportCoverage, 'isComplete' | 'through'> },
): string {
  const how = `--correct --reason TEXT issues number ${number + 1}`;
  return coverage.isComplete ? how : `once a line of a day after ${coverage.through} was read, ${how}`;
}
