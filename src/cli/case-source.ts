// What the commands on cases read: a desk's visits and ledger, made into cases by the policy of today.
import { createHash } from 'node:crypto';
import type { Zone } from '../calendar/zone.ts';
import type { CaseRules } from '../case/cases-of.ts';
import type { CaseSource } from '../pipeline/read-cases.ts';
import { readVisits } from '../pipeline/read-visits.ts';
import type { Policy } from '../policy/policy.ts';
import type { DeskStore } from '../ports/desk-store.ts';
import { visitRulesOf } from './visit-rules.ts';

/** Gives where cases are read from, and what makes them. */
export function caseSource(
  desk: DeskStore,
  { policy, zone }: { policy: Policy; zone: Zone },
): { source: CaseSource; rules: CaseRules } {
  const visitRules = visitRulesOf(policy);
  return {
    source: { visits: query => readVisits(desk, query, visitRules), findings: desk, ledger: desk, zone },
    rules: { policy, hash: hashText },
  };
}

/** Hashes a text to hex digits: ids of cases and of overrides are made of it. */
export function hashText(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
