// `granska review decide`: what a reviewer finds of one drawn item, by the checklist that all reviews of the plan share. Only
// who the plan names decides, never about themselves (§8.4); a later decision stands in place of an earlier one, which stays.
import { EXIT, type ExitCode, GranskaError } from '../../errors.ts';
import type { ChecklistAnswer, Review, ReviewOutcome, SampledItem } from '../../model/review.ts';
import type { Checklist } from '../../model/review-plan.ts';
import { appendStep, isSigned } from '../../pipeline/review-ledger.ts';
import { requireLive } from '../../policy/require-live.ts';
import { standingDecisions } from '../../review/fold-lines.ts';
import { REVIEW_TEXT } from '../../text/review.ts';
import { suggest } from '../../words/nearest.ts';
import { type Decider, reasonRemarks, requireReason } from '../decider.ts';
import { type Io, write } from '../io.ts';
import {
  type ActingDeps,
  audited,
  readContents,
  requireFrozen,
  requireNamed,
  requireNotOwn,
  requireReview,
  withDesk,
  writerOf,
} from '../review-parts.ts';
import { requireItem } from './review-list.ts';

export interface ReviewDecideOptions {
  id: string;
  item: number;
  outcome: ReviewOutcome;
  /** As typed: `documented=yes,proportionate=no`. */
  answers: string;
  /** Empty for none. */
  remark: string;
}

/** Decides an item. Throws REFUSED for whoever may not, USAGE for answers and remark, OVERTAKEN. */
export async function runReviewDecide(
  options: ReviewDecideOptions,
  deps: ActingDeps,
  io: Io,
): Promise<ExitCode> {
  requireLive(deps.policy, deps.nowMs());
  const { outcome } = options;
  const remark = remarkOf(options, deps);
  return withDesk(deps, async desk => {
    const review = await requireReview(options.id, desk);
    requireFrozen(review);
    const answers = readAnswers(options.answers, review.begun.plan.checklist);
    const details = { review: review.id, item: options.item, outcome };
    const audit = await deps.openAudit();
    return audited(audit, { action: 'review decide', shown: 0, details }, async () => {
      if (review.status === 'signed') throw isSigned();
      const person = requireNamed('reviewer', review, deps.signing);
      const contents = await readContents(review, desk);
      const item = requireItem(options.item, contents);
      requireNotOwn(person, item, deps.ownership);
      requireShown(item, { outcome, hidden: contents.hidden });
      requireCase(item, outcome, deps);
      const step = {
        step: 'decided',
        item: item.number,
        outcome,
        answers,
        remark,
        reviewer: person.id,
      } as const;
      const line = await appendStep(review, step, writerOf(desk, deps));
      await write(io.stdout, `${tell(review, { item, outcome }, line.seq)}\n`);
      if (remark !== '') await write(io.stderr, `${reasonRemarks(deps).join('\n')}\n`);
      return EXIT.done;
    });
  });
}

function remarkOf({ outcome, remark }: ReviewDecideOptions, decider: Pick<Decider, 'namesSomebody'>): string {
  if (remark.trim() === '' && outcome === 'nothing') return '';
  if (remark.trim() !== '') return requireReason(remark, decider, '--remark');
  throw new GranskaError(
    'USAGE',
    'this outcome takes a remark: whoever reads the protocol has nothing else',
    {
      hint: 'add --remark TEXT, without any name',
    },
  );
}

const ANSWERS: Readonly<Record<string, ChecklistAnswer>> = { yes: 'yes', no: 'no', na: 'notApplicable' };

/** Reads the answers; every question of the checklist must have one, for the method is common. */
function readAnswers(typed: string, { items }: Checklist): Record<string, ChecklistAnswer> {
  const ids = items.map(({ id }) => id);
  const answers: Record<string, ChecklistAnswer> = {};
  for (const part of typed.split(',').filter(text => text.trim() !== '')) {
    const [id = '', word = ''] = part.split('=').map(text => text.trim());
    if (!ids.includes(id)) {
      throw new GranskaError('USAGE', '--answers names a question that the checklist does not have', {
        hint: suggest(id, ids),
      });
    }
    const answer = Object.hasOwn(ANSWERS, word.toLowerCase()) ? ANSWERS[word.toLowerCase()] : undefined;
    if (answer === undefined || Object.hasOwn(answers, id)) {
      throw new GranskaError('USAGE', `--answers does not answer ${id} once with yes, no or na`, {
        hint: `write ${ids.map(name => `${name}=yes`).join(',')}`,
      });
    }
    answers[id] = answer;
  }
  const missing = ids.filter(id => !Object.hasOwn(answers, id));
  if (missing.length === 0) return answers;
  throw new GranskaError('USAGE', `--answers leaves out ${missing.join(', ')}`, {
    hint: 'every question of the checklist is answered for every item: yes, no or na',
  });
}

/** Of what rests on a site that is protected now nothing can be held against anybody (§6.2). */
function requireShown(
  { id, number }: SampledItem,
  { outcome, hidden }: { outcome: ReviewOutcome; hidden: ReadonlySet<string> },
): void {
  if (outcome === 'nothing' || !hidden.has(id)) return;
  throw new GranskaError(
    'USAGE',
    `item ${number} is on a site that is protected now: nothing of it is shown`,
    {
      hint: 'decide it as nothing',
    },
  );
}

/** What can be held against nobody can be no case (§3.2, §3.3). */
function requireCase(item: SampledItem, outcome: ReviewOutcome, { policy }: ActingDeps): void {
  if (outcome !== 'case') return;
  if (item.kind === 'view') return;
  requireLive(policy, item.startMs);
  if (item.mayBeCase) return;
  throw new GranskaError('USAGE', 'too little is known of who this was: it cannot be a case', {
    hint: 'decide it as nothing, explained or false-match; the remark can say what the list or the network needs',
  });
}

function tell(
  review: Review,
  { item, outcome }: { item: SampledItem; outcome: ReviewOutcome },
  seq: number,
): string {
  const decided = new Set(standingDecisions(review).keys()).add(item.number).size;
  const all = requireFrozen(review).sample.items;
  const next = decided === all ? `; now another person signs: granska review sign ${review.id}` : '';
  const words = REVIEW_TEXT.en.outcomes[outcome];
  return `review ${review.id}, item ${item.number}: ${words} (line ${seq}); ${decided} of ${all} decided${next}`;
}
