// `granska review list` and `granska review show`: how reviews stand, and what there is to decide in one. Items are shown by
// pseudonym, with their grade and its facts in words; each view is noted before anything is shown (§8.5).
import { EXIT, type ExitCode, GranskaError } from '../../errors.ts';
import type { DecidedLine, Review, SampledItem } from '../../model/review.ts';
import { type DamagedReview, readReviews } from '../../pipeline/review-ledger.ts';
import { standingDecisions } from '../../review/fold-lines.ts';
import type { Lang } from '../../text/lang.ts';
import { REVIEW_TEXT } from '../../text/review.ts';
import { hashText } from '../case-source.ts';
import { withoutControls } from '../display-width.ts';
import { type Io, write } from '../io.ts';
import { counted } from '../numbers.ts';
import { itemLines } from '../review-items.ts';
import { damagedReviewJson, dueDayOf, itemJson, reviewJson } from '../review-json.ts';
import {
  type ReviewContents,
  type ReviewDeps,
  readContents,
  requireFrozen,
  requireReview,
  withDesk,
} from '../review-parts.ts';
import { alignTable } from '../table.ts';

/** Prints all reviews. Throws DAMAGED, once all are printed, where one of them is. */
export async function runReviewList(options: { json: boolean }, deps: ReviewDeps, io: Io): Promise<ExitCode> {
  return withDesk(deps, async desk => {
    const reviews: (Review | DamagedReview)[] = [];
    for await (const review of readReviews({ ledger: desk, hash: hashText })) reviews.push(review);
    const audit = await deps.openAudit();
    const damaged = reviews.filter(isDamaged);
    const details = { reviews: reviews.length, ...(damaged.length > 0 ? { damaged: damaged.length } : {}) };
    await audit.append({ action: 'review list', shown: 0, details });
    if (options.json) {
      await write(io.stdout, reviews.map(review => `${JSON.stringify(jsonOf(review, deps))}\n`).join(''));
    } else if (reviews.length > 0) {
      const rows = [HEAD, ...reviews.map(review => rowOf(review, deps))];
      await write(io.stdout, `${alignTable(rows, { rightFrom: HEAD.length, indent: 0 })}\n`);
    }
    await write(io.stderr, `${counted(reviews.length, 'review')}\n`);
    requireNoneDamaged(damaged);
    return EXIT.done;
  });
}

function isDamaged(review: Review | DamagedReview): review is DamagedReview {
  return review.status === 'damaged';
}

function requireNoneDamaged([first, ...others]: readonly DamagedReview[]): void {
  if (first === undefined) return;
  const message = withoutControls(first.error.message);
  throw new GranskaError('DAMAGED', others.length === 0 ? message : `${message}; ${others.length} more`, {
    hint: first.error.hint,
    cause: first.error,
  });
}

function jsonOf(review: Review | DamagedReview, { zone }: ReviewDeps): Record<string, unknown> {
  return isDamaged(review) ? damagedReviewJson(review) : reviewJson(review, zone);
}

const HEAD = ['review', 'status', 'decided', 'population', 'due', 'plan'];

function rowOf(review: Review | DamagedReview, { zone }: ReviewDeps): string[] {
  if (isDamaged(review)) return [withoutControls(review.id), review.status, '-', '-', '-', '-'];
  const { frozen, begun, status } = review;
  const decided = frozen === null ? '-' : `${standingDecisions(review).size} of ${frozen.sample.items}`;
  return [
    review.id,
    REVIEW_TEXT.en.statuses[status],
    decided,
    frozen === null ? '-' : String(frozen.population.items),
    status === 'signed' ? '-' : dueDayOf(review, zone),
    begun.plan.names.en,
  ];
}

export interface ReviewShowOptions {
  id: string;
  /** Number of one item; null for all. */
  item: number | null;
  lang: Lang;
  json: boolean;
}

/** Prints a review with its drawn items. Throws NOT_FOUND, DAMAGED. */
export async function runReviewShow(options: ReviewShowOptions, deps: ReviewDeps, io: Io): Promise<ExitCode> {
  const { item, lang } = options;
  return withDesk(deps, async desk => {
    const review = await requireReview(options.id, desk);
    requireFrozen(review);
    const contents = await readContents(review, desk);
    const items = item === null ? contents.items : [requireItem(item, contents)];
    const audit = await deps.openAudit();
    const details = { review: review.id, items: items.length };
    await audit.append({ action: 'review show', shown: findingsIn(contents, items), details });
    const text = options.json
      ? asJson(contents, items, { lang, deps })
      : asText(contents, items, { lang, deps });
    await write(io.stdout, text);
    return EXIT.done;
  });
}

/** Gives the drawn item of a number; throws USAGE where there is none. */
export function requireItem(number: number, { items }: Pick<ReviewContents, 'items'>): SampledItem {
  const found = items[number - 1];
  if (found !== undefined) return found;
  throw new GranskaError('USAGE', `--item names none: ${counted(items.length, 'item')} were drawn`, {
    hint: 'items are numbered from 1, as "granska review show" prints them',
  });
}

/** Counts the findings that items rest on. */
function findingsIn({ population }: ReviewContents, items: readonly SampledItem[]): number {
  const shown = new Set(items.map(({ id }) => id));
  let count = 0;
  for (const chunk of population) {
    for (const { id, findings } of chunk.items) if (shown.has(id)) count += findings.length;
  }
  return count;
}

interface Printing {
  lang: Lang;
  deps: ReviewDeps;
}

function asJson(contents: ReviewContents, items: readonly SampledItem[], { lang, deps }: Printing): string {
  const decisions = standingDecisions(contents.review);
  const objects = [
    reviewJson(contents.review, deps.zone),
    ...items.map(item => itemJson(item, { ...aboutOf(item, contents, decisions), lang })),
  ];
  return objects.map(object => `${JSON.stringify(object)}\n`).join('');
}

function asText(contents: ReviewContents, items: readonly SampledItem[], { lang, deps }: Printing): string {
  const { review } = contents;
  const words = REVIEW_TEXT[lang];
  const frozen = requireFrozen(review);
  const { begun, signed, contentHash } = review;
  const decisions = standingDecisions(review);
  const head = [
    `${review.id}: ${begun.plan.names[lang]}`,
    `${words.statuses[review.status]}, ${decisions.size} / ${frozen.sample.items}`,
    ...(signed === null ? [] : [`${words.duty.signer}: ${signed.statement.person}`]),
    ...begun.plan.checklist.items.map(question => `  ${question.id}: ${question[lang]}`),
    words.content(contentHash),
  ];
  const blocks = items.map(item =>
    itemLines(item, { ...aboutOf(item, contents, decisions), lang, zone: deps.zone, policy: deps.policy }),
  );
  return `${[head, ...blocks].map(lines => lines.join('\n')).join('\n\n')}\n`;
}

function aboutOf(
  item: SampledItem,
  { rejudged, hidden }: ReviewContents,
  decisions: ReadonlyMap<number, DecidedLine>,
): { decision: DecidedLine | null; isRejudged: boolean; isHidden: boolean } {
  const decision = decisions.get(item.number) ?? null;
  return { decision, isRejudged: rejudged.has(item.id), isHidden: hidden.has(item.id) };
}
