import { createHash } from 'node:crypto';
import type { Policy } from '../policy/policy.ts';
import type { VisitRules } from '../visit/visit-rules.ts';

/** Gives what visits are made by under a policy: the same everywhere, so that a visit has one id. */
export function visitRulesOf(policy: Pick<Policy, 'thresholds' | 'zone'>): VisitRules {
  const { thresholds, zone } = policy;
  return { thresholds, zone, hashId };
}

/** Hashes a text to 128 bits, as long as the ids of findings. */
function hashId(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
