// policy-facts: what proof and notice both say of a policy, without anybody's name in it.
import type { Policy } from '../policy/policy.ts';
import { standingOf } from '../policy/require-live.ts';

/** Gathers where a policy stands, on which documents, and whom it reviews. */
export function policyFacts(policy: Policy, nowMs: number) {
  const { live } = policy;
  return {
    standing: standingOf(policy, nowMs),
    from: live?.from ?? null,
    notice: live?.notice ?? null,
    negotiation: live?.negotiation ?? null,
    controller: live?.contact?.controller ?? null,
    dataProtectionOfficer: live?.contact?.dataProtectionOfficer ?? null,
    reviewed: [...policy.reviewed],
    smallGroup: policy.smallGroup,
  };
}
