// verify-export: an export by itself → whether it is as it was signed. In: parsed JSON; out: what does not fit, each with its
// place; nothing where it is intact. Invariant: of two exports that differ in any value at most one is intact, since a hash
// covers the whole file besides the hashes of its parts, which tell where it was altered.
// Example: one sign of a remark changed → `line 7: it was changed`.
import type { Review, ReviewExport } from '../model/review.ts';
import { verifyStatement } from '../sign/statement.ts';
import { checkContents, type Fault } from './check-contents.ts';
import { foldLines, isReview, standingDecisions } from './fold-lines.ts';
import { readExport } from './read-export.ts';
import { type HashText, hashWithout } from './review-line.ts';

export interface VerifyTools {
  hash: HashText;
  /** Tells whether a text was signed with the private half of a key. */
  verifyText(publicKey: string, text: string, signature: string): boolean;
}

export interface Verified {
  /** Null where the file is no export of a review. */
  review: Review | null;
  faults: readonly Fault[];
}

export const EXPORT_SCHEMA = 'granska.review-export/1';

/** Verifies an export of a signed review. */
export function verifyExport(value: unknown, tools: VerifyTools): Verified {
  const read = readExport(value);
  if ('where' in read)
    return { review: null, faults: [{ where: read.where, why: 'it is missing or no such part' }] };
  if (read.schema !== EXPORT_SCHEMA) {
    return { review: null, faults: [{ where: 'schema', why: `it is not ${EXPORT_SCHEMA}` }] };
  }
  const folded = foldLines(read.lines, tools.hash);
  if (!isReview(folded)) {
    const faults = [{ where: `line ${folded.seq}`, why: folded.why }];
    return { review: null, faults };
  }
  const faults = [...headFaults(read, folded), ...contentFaults(read, folded, tools.hash)];
  faults.push(...signatureFaults(read, folded, tools));
  if (faults.length === 0 && hashWithout(read, tools.hash) !== read.hash) {
    faults.push({
      where: 'the file',
      why: 'something was changed that no line covers: protocol, keys or its hash',
    });
  }
  return { review: folded, faults };
}

function headFaults(read: ReviewExport, review: Review): Fault[] {
  const faults: Fault[] = [];
  if (read.review !== review.id) faults.push({ where: 'review', why: 'its lines are of another review' });
  if (read.contentHash !== review.contentHash) {
    faults.push({ where: 'contentHash', why: 'it is not that of the lines' });
  }
  return faults;
}

function contentFaults(read: ReviewExport, { begun, frozen }: Review, hash: HashText): Fault[] {
  if (frozen === null) return [{ where: 'lines', why: 'its population was not frozen' }];
  return checkContents({ begun, frozen }, read, hash);
}

/** Finds what is wrong with the signature, and with who signed: a second person, whom the plan names (§8.4). */
export function signatureFaults(
  { keys }: Pick<ReviewExport, 'keys'>,
  review: Review,
  { verifyText }: Pick<VerifyTools, 'verifyText'>,
): Fault[] {
  const { signed, begun } = review;
  if (signed === null) return [{ where: 'signature', why: 'the review is not signed' }];
  const { statement } = signed;
  const where = 'signature';
  const faults: Fault[] = [];
  const key = keys.find(({ person }) => person === statement.person);
  // The key that is told is the one that verified: a well-known one beside it would vouch for what it never signed.
  if (keys.length !== 1)
    faults.push({ where: 'keys', why: 'there is not one key alone, that of who signed' });
  const find = () => (key === undefined ? null : { publicKey: key.publicKey });
  const standing = verifyStatement({ ...statement }, { find, verifyText });
  if (standing !== 'valid') faults.push({ where, why: `it does not verify: ${standing}` });
  if (statement.kind !== SIGN_KIND) faults.push({ where, why: 'it is a statement of another kind' });
  if (statement.body.review !== review.id || statement.body.contentHash !== review.contentHash) {
    faults.push({ where, why: 'it is over other content' });
  }
  if (!begun.plan.signers.includes(statement.person)) {
    faults.push({ where, why: 'the plan does not name who signed' });
  }
  if (review.decisions.some(({ reviewer }) => reviewer === statement.person)) {
    faults.push({ where, why: 'who signed has decided items too' });
  }
  for (const [item, { reviewer }] of standingDecisions(review)) {
    if (!begun.plan.reviewers.includes(reviewer)) {
      faults.push({ where: `decision on item ${item}`, why: 'the plan does not name who decided' });
    }
  }
  return faults;
}

/** Kind of the statement that signs a review. */
export const SIGN_KIND = 'review-sign';
