// make-notice: a policy → the facts of the notice to staff. In: the policy in use and the day; out: what it says of itself.
// Invariant: nothing about anybody: no exemption, no user, no approver. Example: `makeNotice(input).categories[0].statutes`.
import type { Notice } from '../model/notice.ts';
import type { Policy } from '../policy/policy.ts';
import { categoryFacts } from './category-facts.ts';
import { policyFacts } from './policy-facts.ts';

export interface NoticeInput {
  organization: string;
  policy: Policy;
  sealedDays: number;
  /** True where files of leases or log-ons are configured. */
  usesLeases: boolean;
  nowMs: number;
}

/** Gathers what people must be told. */
export function makeNotice({ organization, policy, sealedDays, usesLeases, nowMs }: NoticeInput): Notice {
  return {
    organization,
    day: policy.zone.dayOf(nowMs),
    ...policyFacts(policy, nowMs),
    legalBasis: policy.live?.legalBasis ?? null,
    minimumConfidence: policy.minimumConfidence,
    usesLeases,
    categories: [...policy.categories.values()].map(category => ({
      ...categoryFacts(category, policy),
      statutes: category.statutes
        .filter(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs)
        .map(({ statute, act, visitIsCrime }) => ({ statute, act, visitIsCrime })),
    })),
    retention: policy.retention?.findings ?? null,
    sealedDays,
  };
}
