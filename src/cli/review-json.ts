// Reviews and their items as JSON, with `schema` first (docs/reference/json.md).
import type { Zone } from '../calendar/zone.ts';
import type { DecidedLine, Review, SampledItem } from '../model/review.ts';
import type { DamagedReview } from '../pipeline/review-ledger.ts';
import { standingDecisions } from '../review/fold-lines.ts';
import type { Lang } from '../text/lang.ts';
import { diaryOf } from '../text/review-page.ts';
import { factWords } from '../text/visits.ts';

const DAY_MS = 86_400_000;

/** Gives the local day by which a review should be signed. */
export function dueDayOf({ begun }: Pick<Review, 'begun'>, zone: Zone): string {
  const day = Date.parse(`${zone.dayOf(begun.atMs)}T00:00:00Z`) + begun.plan.dueDays * DAY_MS;
  return new Date(day).toISOString().slice(0, 10);
}

/** Makes the object that a review is printed as. */
export function reviewJson(review: Review, zone: Zone): Record<string, unknown> {
  const { begun, frozen, signed, status, contentHash } = review;
  const { plan, period } = begun;
  return {
    schema: 'granska.review/1',
    id: review.id,
    status,
    plan: plan.id,
    names: plan.names,
    period: { id: period.id, from: period.firstDay, through: period.lastDay },
    population: plan.scope.population,
    begun: new Date(begun.atMs).toISOString(),
    due: dueDayOf(review, zone),
    diary: diaryOf(review),
    seed: begun.seed,
    items: frozen?.population.items ?? null,
    findings: frozen?.population.findings ?? null,
    drawn: frozen?.sample.items ?? null,
    decided: standingDecisions(review).size,
    isComplete: frozen?.coverage.isComplete ?? null,
    completeThrough: frozen?.coverage.completeThrough ?? null,
    chain: frozen?.chain ?? null,
    contentHash,
    signed: signed && {
      person: signed.statement.person,
      at: new Date(signed.statement.atMs).toISOString(),
    },
  };
}

/** Makes the object that stands for a review whose lines do not fit: nothing else of it can be told. */
export function damagedReviewJson({ id, error }: DamagedReview): Record<string, unknown> {
  return { schema: 'granska.review-damaged/1', id, status: 'damaged', message: error.message };
}

/** Makes the object that a drawn item is printed as. */
export function itemJson(
  item: SampledItem,
  about: { decision: DecidedLine | null; isRejudged: boolean; isHidden: boolean; lang: Lang },
): Record<string, unknown> {
  const { hash: _, kind, ...rest } = item;
  const { decision, isRejudged, isHidden, lang } = about;
  const schema = 'granska.review-item/1';
  if (isHidden) {
    // No id, stratum or digest either: they are made of what is not shown (§6.2).
    const outcome = decision && { outcome: decision.outcome };
    return { schema, kind, number: item.number, protected: true, rejudged: isRejudged, decision: outcome };
  }
  return {
    schema,
    kind,
    ...rest,
    ...(item.kind === 'visit'
      ? { facts: item.facts.map(fact => ({ ...fact, text: factWords(fact, lang) })) }
      : {}),
    rejudged: isRejudged,
    decision: decision && {
      outcome: decision.outcome,
      answers: decision.answers,
      remark: decision.remark,
      reviewer: decision.reviewer,
      at: new Date(decision.atMs).toISOString(),
    },
  };
}
