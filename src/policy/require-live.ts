// require-live: what can be held against a person takes a policy that is in force: staff were told, unions negotiated with.
// In: the policy, and the instant that counts (now, or the visit's); out: nothing, or CONFIG with the keys that are missing.
// Invariant: a policy on trial, or one that is not in force yet, decides no case and changes no stored verdict.
// Example: `requireLive(policy, clock.nowMs())` before a case is decided.
import { GranskaError } from '../errors.ts';
import type { Policy } from './policy.ts';

/** Names the keys that a policy needs before it is in force. */
export const LIVE_KEYS =
  'live.from, live.notice (date and reference of the notice to staff) and live.negotiation (date and reference of the negotiation by MBL)';

/** Tells how a policy stands at an instant: on trial, decided on but not in force yet, or in force. */
export function standingOf(
  { live, zone }: Pick<Policy, 'live' | 'zone'>,
  atMs: number,
): 'trial' | 'coming' | 'live' {
  if (live === null) return 'trial';
  return atMs < zone.startOfDayMs(live.from) ? 'coming' : 'live';
}

/** Throws CONFIG unless the policy is in force; at the instant too, where one is given. */
export function requireLive(policy: Pick<Policy, 'live' | 'zone'>, atMs = Number.POSITIVE_INFINITY): void {
  const standing = standingOf(policy, atMs);
  switch (standing) {
    case 'live':
      return;
    case 'trial':
      throw new GranskaError('CONFIG', 'the policy is on trial: nothing can be held against anybody by it', {
        hint: `set ${LIVE_KEYS} in the policy once all of that is done`,
      });
    case 'coming':
      throw new GranskaError('CONFIG', `the policy is not in force before ${policy.live!.from}`, {
        hint: 'wait for the day that live.from names',
      });
    default:
      standing satisfies never;
  }
}
