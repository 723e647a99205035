import type { Review } from '../model/review.ts';
import { standingDecisions } from '../review/fold-lines.ts';
import { diaryOf } from '../text/review-page.ts';

/** Makes the object that a protocol is printed as: the same counts and remarks as its page, and no row about a person. */
export function protocolJson(review: Review, { rejudged }: { rejudged: number }): Record<string, unknown> {
  const { begun, frozen, signed, contentHash, status } = review;
  const { plan, period, organization, seed } = begun;
  const standing = [...standingDecisions(review).values()].sort((a, b) => a.item - b.item);
  const counted = (outcome: string) => standing.filter(decision => decision.outcome === outcome).length;
  return {
    schema: 'granska.review-protocol/1',
    review: review.id,
    ...{ status, organization, contentHash, diary: diaryOf(review) },
    plan: { id: plan.id, names: plan.names, scope: plan.scope },
    period: { id: period.id, from: period.firstDay, through: period.lastDay },
    begun: new Date(begun.atMs).toISOString(),
    population: { items: frozen?.population.items, findings: frozen?.population.findings },
    versions: frozen?.versions,
    chain: frozen?.chain,
    sample: { items: frozen?.sample.items, kind: plan.sample.kind, seed },
    checklist: plan.checklist,
    outcomes: {
      ...{ nothing: counted('nothing'), case: counted('case') },
      ...{ falseMatch: counted('falseMatch'), explained: counted('explained') },
    },
    answers: Object.fromEntries(
      plan.checklist.items.map(({ id }) => [
        id,
        {
          yes: standing.filter(({ answers }) => answers[id] === 'yes').length,
          no: standing.filter(({ answers }) => answers[id] === 'no').length,
          notApplicable: standing.filter(({ answers }) => answers[id] === 'notApplicable').length,
        },
      ]),
    ),
    remarks: standing
      .filter(({ remark }) => remark !== '')
      .map(({ item, outcome, remark }) => ({ item, outcome, remark })),
    reviewers: [...new Set(review.decisions.map(({ reviewer }) => reviewer))].sort(),
    rejudged,
    coverage: frozen?.coverage,
    signed: signed?.statement ?? null,
  };
}
