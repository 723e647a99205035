// Tally → grade with its facts (§7.3). In: sums of the findings that are to be examined (of all where all are exempt);
// out: A to D, and why, as codes with numbers; `text/visits.ts` has the words. Invariant: every grade has the fact that
// made it, and every cap that lowered it is a fact too. Example: two shown documents without a foreign referrer → A.
import type { GRADE_FACTS, Grade, GradeFact, GradeFactCode } from '../model/visit.ts';
import type { Thresholds } from '../policy/rules.ts';
import type { Stretch, Tally } from './tally.ts';

export interface Graded {
  grade: Grade;
  facts: GradeFact[];
}

/** Grades the evidence of one visit. */
export function gradeOf(tally: Tally, thresholds: Thresholds): Graded {
  const others = otherFacts(tally);
  if (tally.byEvidence.own === 0) return { grade: 'D', facts: others };
  const made = madeBy(tally, thresholds);
  const caps = capsOf(tally);
  const isCapped = caps.some(({ code }) => code === 'onlyExpressions' || code === 'onlyFailures');
  const grade = isCapped ? 'C' : made.grade;
  return { grade, facts: [...made.facts, ...caps, ...others] };
}

function madeBy(tally: Tally, thresholds: Thresholds): Graded {
  if (tally.chosenDocuments > 0) {
    return { grade: 'A', facts: [fact('documents', { documents: tally.chosenDocuments })] };
  }
  const stretch = [tally.requests, tally.tunnels].find(one => isSustained(one, thresholds));
  if (stretch !== undefined) return { grade: 'B', facts: [fact('sustained', measuresOf(stretch))] };
  if (areDocumentsApart(tally, thresholds)) {
    const seconds = secondsOf(tally.firstDocumentMs, tally.lastDocumentMs);
    return { grade: 'B', facts: [fact('documentsApart', { documents: tally.documents, seconds })] };
  }
  return { grade: 'C', facts: [fact('cannotTell', measuresOf(longer(tally)))] };
}

function isSustained(stretch: Stretch, { records, minutes, bytes }: Thresholds): boolean {
  return (
    stretch.records.count >= records &&
    stretch.lastMs - stretch.firstMs >= minutes * 60_000 &&
    stretch.bytes >= bytes
  );
}

/** Only where no referrer is logged: where one is, a document counts by its referrer. */
function areDocumentsApart(tally: Tally, { documentGapSeconds }: Thresholds): boolean {
  if (tally.withReferrer > 0 || tally.documents < 2) return false;
  return tally.lastDocumentMs - tally.firstDocumentMs >= documentGapSeconds * 1000;
}

/** Which of requests and tunnels there is more of. */
function longer({ requests, tunnels }: Tally): Stretch {
  return tunnels.records.count > requests.records.count ? tunnels : requests;
}

function measuresOf(stretch: Stretch): { records: number; seconds: number; bytes: number } {
  const { records, bytes, firstMs, lastMs } = stretch;
  return { records: records.count, seconds: secondsOf(firstMs, lastMs), bytes };
}

function secondsOf(firstMs: number, lastMs: number): number {
  return Math.floor((lastMs - firstMs) / 1000);
}

/** What holds the grade down, or bounds what it speaks of. */
function capsOf(tally: Tally): GradeFact[] {
  const { own } = tally.byEvidence;
  const caps: GradeFact[] = [];
  if (tally.requests.records.count === 0) {
    caps.push(fact('onlyTunnels', { records: tally.tunnels.records.count }));
  }
  if (tally.expressions === own) caps.push(fact('onlyExpressions', { records: own }));
  if (tally.failures === own) caps.push(fact('onlyFailures', { records: own }));
  if (tally.withReferrer === 0) caps.push(fact('noReferrers', { records: tally.records.count }));
  return caps;
}

/** What can have come without a choice; said beside every grade, for it speaks for the person. */
function otherFacts({ byEvidence }: Tally): GradeFact[] {
  return (['foreign', 'embedded', 'background'] as const)
    .filter(evidence => byEvidence[evidence] > 0)
    .map(evidence => fact(evidence, { records: byEvidence[evidence] }));
}

/** Makes a fact with all its numbers, and no other. */
export function fact<C extends GradeFactCode>(
  code: C,
  values: Record<(typeof GRADE_FACTS)[C][number], number>,
): GradeFact {
  return { code, values };
}
