// `granska review run`: begins the review of a plan and a period by hand; the same as a schedule does when it is due.
// It shows numbers only. Beginning what was begun tells how it stands, and changes nothing.
import { EXIT, type ExitCode, GranskaError } from '../../errors.ts';
import type { Review } from '../../model/review.ts';
import type { Period, ReviewPlan } from '../../model/review-plan.ts';
import type { DeskStore } from '../../ports/desk-store.ts';
import { readPeriod } from '../../schedule/period.ts';
import { type Io, write } from '../io.ts';
import { counted } from '../numbers.ts';
import { dueDayOf, reviewJson } from '../review-json.ts';
import { type ReviewDeps, requireFrozen, requirePlan, withDesk } from '../review-parts.ts';

export interface ReviewRunOptions {
  plan: string;
  /** As typed: `2026-10`. */
  period: string;
  diary: string | null;
  incomplete: 'refuse' | 'allow';
  json: boolean;
}

export interface ReviewRunDeps extends ReviewDeps {
  begin(
    desk: DeskStore,
    request: { plan: ReviewPlan; period: Period; diary: string | null; incomplete: 'refuse' | 'allow' },
  ): Promise<Review>;
}

/** Begins a review. Throws USAGE, CONFIG unless the policy is in force, CHECK_FAILED where the period is not complete. */
export async function runReviewRun(
  options: ReviewRunOptions,
  deps: ReviewRunDeps,
  io: Io,
): Promise<ExitCode> {
  const plan = requirePlan(options.plan, deps.plans);
  const period = requirePeriod(options.period, plan);
  const { diary, incomplete } = options;
  return withDesk(deps, async desk => {
    const review = await deps.begin(desk, { plan, period, diary, incomplete });
    const { population, sample } = requireFrozen(review);
    const audit = await deps.openAudit();
    const details = { review: review.id, items: population.items, drawn: sample.items };
    await audit.append({ action: 'review run', shown: 0, details });
    const text = options.json ? JSON.stringify(reviewJson(review, deps.zone)) : tell(review, deps);
    await write(io.stdout, `${text}\n`);
    return EXIT.done;
  });
}

function requirePeriod(typed: string, plan: ReviewPlan): Period {
  const period = readPeriod(typed);
  if (period?.kind === plan.period) return period;
  throw new GranskaError('USAGE', `--period names no ${plan.period}, which is what this plan is of`, {
    hint: `write it as ${EXAMPLES[plan.period]}`,
  });
}

const EXAMPLES: Readonly<Record<ReviewPlan['period'], string>> = {
  day: '2026-10-05',
  week: '2026-W41',
  month: '2026-10',
  quarter: '2026-Q4',
};

function tell(review: Review, { zone }: ReviewDeps): string {
  const { population, sample, chain } = requireFrozen(review);
  const { seed, plan } = review.begun;
  const what = plan.scope.population === 'audit' ? 'view' : 'visit';
  const lines = [
    `review ${review.id}: ${counted(population.items, what)} frozen, ${counted(sample.items, 'item')} drawn`,
    `seed ${seed}`,
    ...(chain === null ? [] : [`audit chain: whole, ${counted(chain.lines, 'line')}, hash ${chain.hash}`]),
    sample.items === 0
      ? 'nothing to decide: it can be signed, and its protocol tells what was looked at'
      : `to be decided and signed by ${dueDayOf(review, zone)}: granska review show ${review.id}`,
  ];
  return lines.join('\n');
}
