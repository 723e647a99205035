// fold-lines: the lines of a review → the review. In: lines by number; out: a review, or the first line that does not fit.
// Invariant: only lines that are whole, in order and allowed at their place make a review: nothing follows a signature,
// nothing is decided before the sample is drawn, and no item that was not drawn.
// Example: [begun, frozen, decided 1, signed] with one drawn item → status `signed`.
import type {
  BegunLine,
  DecidedLine,
  FrozenLine,
  Review,
  ReviewLine,
  ReviewStatus,
  SignedLine,
} from '../model/review.ts';
import { type HashText, lineFault } from './review-line.ts';

/** A line that does not fit, and why in words. */
export interface BrokenLine {
  seq: number;
  why: string;
}

/** Makes a review of its lines. */
export function foldLines(lines: readonly ReviewLine[], hash: HashText): Review | BrokenLine {
  let last: ReviewLine | null = null;
  let begun: BegunLine | null = null;
  let frozen: FrozenLine | null = null;
  let signed: SignedLine | null = null;
  let attempt = 0;
  let contentHash = '';
  const decisions: DecidedLine[] = [];

  for (const line of lines) {
    const seq = (last?.seq ?? 0) + 1;
    const why = lineFault(line, last, hash) ?? misplaced(line, { begun, frozen, signed, attempt, decisions });
    if (why !== null) return { seq, why };
    switch (line.step) {
      case 'begun':
        begun = line;
        attempt = line.attempt;
        break;
      case 'again':
        attempt = line.attempt;
        break;
      case 'frozen':
        frozen = line;
        break;
      case 'decided':
        decisions.push(line);
        break;
      case 'signed':
        signed = line;
        break;
      default:
        line satisfies never;
    }
    if (line.step !== 'signed') contentHash = line.hash;
    last = line;
  }
  if (begun === null) return { seq: 1, why: 'it has no beginning' };
  const status = statusOf(frozen, decisions, signed);
  return {
    id: begun.review,
    ...{ status, begun, attempt, frozen, decisions, signed, contentHash, lines },
  };
}

/** Tells whether folding gave a review. */
export function isReview(folded: Review | BrokenLine): folded is Review {
  return 'status' in folded;
}

/** Gives the decision that stands on each item: the latest one. */
export function standingDecisions({ decisions }: Pick<Review, 'decisions'>): Map<number, DecidedLine> {
  return new Map(decisions.map(decision => [decision.item, decision]));
}

interface SoFar {
  begun: BegunLine | null;
  frozen: FrozenLine | null;
  signed: SignedLine | null;
  attempt: number;
  decisions: readonly DecidedLine[];
}

function misplaced(line: ReviewLine, { begun, frozen, signed, attempt, decisions }: SoFar): string | null {
  if (signed !== null) return 'it stands after the signature';
  if ((line.step === 'begun') !== (begun === null)) return 'a review begins once, with its first line';
  switch (line.step) {
    case 'begun':
      return line.attempt === 1 ? null : 'the first attempt is number 1';
    case 'again':
      return frozen === null && line.attempt === attempt + 1 ? null : 'nothing was to be frozen again';
    case 'frozen':
      return frozen === null && line.attempt === attempt ? null : 'the population was frozen already';
    case 'decided':
      if (frozen === null) return 'nothing was drawn yet';
      return line.item >= 1 && line.item <= frozen.sample.items
        ? null
        : 'it decides an item that was not drawn';
    case 'signed':
      if (frozen === null) return 'nothing was drawn yet';
      return isAllDecided(frozen, decisions) ? null : 'items were left undecided';
    default:
      return line satisfies never;
  }
}

function isAllDecided(frozen: FrozenLine, decisions: readonly DecidedLine[]): boolean {
  return standingDecisions({ decisions }).size === frozen.sample.items;
}

function statusOf(
  frozen: FrozenLine | null,
  decisions: readonly DecidedLine[],
  signed: SignedLine | null,
): ReviewStatus {
  if (frozen === null) return 'beginning';
  if (signed !== null) return 'signed';
  return isAllDecided(frozen, decisions) ? 'decided' : 'open';
}
