// `granska review sign`: a second person signs what was frozen, drawn and decided; after that nothing of it can change (§8.4).
import { EXIT, type ExitCode, GranskaError } from '../../errors.ts';
import type { Person } from '../../model/person.ts';
import type { Review } from '../../model/review.ts';
import { appendStep, isSigned } from '../../pipeline/review-ledger.ts';
import { requireLive } from '../../policy/require-live.ts';
import { checkContents } from '../../review/check-contents.ts';
import { SIGN_KIND } from '../../review/verify-export.ts';
import { hashText } from '../case-source.ts';
import { type Io, write } from '../io.ts';
import { counted } from '../numbers.ts';
import {
  type ActingDeps,
  audited,
  type ReviewContents,
  readContents,
  requireFrozen,
  requireNamed,
  requireNotOwn,
  requireReview,
  withDesk,
  writerOf,
} from '../review-parts.ts';

export interface ReviewSignOptions {
  id: string;
  /** Diary number; null for the one that it was begun with. */
  diary: string | null;
}

/** Signs a review. Throws REFUSED for whoever may not and for one that is signed, CHECK_FAILED where items are undecided. */
export async function runReviewSign(options: ReviewSignOptions, deps: ActingDeps, io: Io): Promise<ExitCode> {
  requireLive(deps.policy, deps.nowMs());
  return withDesk(deps, async desk => {
    const review = await requireReview(options.id, desk);
    const frozen = requireFrozen(review);
    const audit = await deps.openAudit();
    const details = { review: review.id, contentHash: review.contentHash };
    return audited(audit, { action: 'review sign', shown: 0, details }, async () => {
      if (review.status === 'signed') throw isSigned();
      const person = requireNamed('signer', review, deps.signing);
      requireSecond(person, review);
      requireDecided(review);
      const contents = await readContents(review, desk);
      requireWhole(contents);
      for (const item of contents.items) requireNotOwn(person, item, deps.ownership);
      const diary = options.diary ?? review.begun.diary;
      const { contentHash, id } = review;
      const statement = await deps.signing.sign(SIGN_KIND, {
        ...{ review: id, contentHash, diary },
        ...{ items: frozen.population.items, drawn: frozen.sample.items },
      });
      await appendStep(review, { step: 'signed', statement }, writerOf(desk, deps));
      await write(
        io.stdout,
        `review ${id} is signed: nothing of it can change\ncontent hash ${contentHash}\n`,
      );
      return EXIT.done;
    });
  });
}

/** Whoever decided an item, or alone began what has none, cannot sign, under any account: two people are two persons. */
function requireSecond(person: Person, { decisions, lines }: Review): void {
  // Where there was nothing to decide, whoever froze it is the only one who had a part in it.
  if (decisions.length === 0 && lines.some(({ by }) => person.accounts.includes(by.normalize('NFC')))) {
    throw new GranskaError('REFUSED', 'you began this review, and nobody else had a part in it', {
      hint: 'another person whom the plan names signs it',
    });
  }
  if (!decisions.some(({ reviewer }) => reviewer === person.id)) return;
  throw new GranskaError('REFUSED', 'you have decided items of this review: another person signs it', {
    hint: 'two people are two persons, under whatever account',
  });
}

function requireDecided(review: Review): void {
  if (review.status === 'decided') return;
  const { sample } = requireFrozen(review);
  const decided = new Set(review.decisions.map(({ item }) => item)).size;
  throw new GranskaError(
    'CHECK_FAILED',
    `${counted(sample.items - decided, 'item')} of ${sample.items} are not decided yet`,
    { hint: `granska review show ${review.id}` },
  );
}

/** Nobody signs what does not fit: population, sample and draw are held against their hashes and the seed. */
function requireWhole({ review, population, sample }: ReviewContents): void {
  const [fault] = checkContents(
    { begun: review.begun, frozen: requireFrozen(review) },
    { population, sample },
    hashText,
  );
  if (fault === undefined) return;
  throw new GranskaError('DAMAGED', `${fault.where}: ${fault.why}`, {
    hint: 'the review is not what was frozen; keep the store as evidence',
  });
}
