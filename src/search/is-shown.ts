// Whether a finding may be shown at all (§6.2). In: a finding as it stands; out: yes or no. Every store asks here or says
// the same in its own words, and one suite holds them equal (test/contract/desk.ts).
// Invariant: what was taken back because its site is protected now is given by no reading, whatever a query asks for.
// Example: a finding whose latest judgement is `protected` → false; one that is `withdrawn` → true.
import type { Finding, StandingFinding } from '../model/finding.ts';

/** The verdict that no reading shows. */
export const PROTECTED = 'protected';

/** Tells whether a finding may be shown. */
export function isShown(finding: StandingFinding): finding is Finding {
  return finding.verdict !== PROTECTED;
}
