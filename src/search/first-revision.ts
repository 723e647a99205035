import type { StandingFinding, Versions } from '../model/finding.ts';
import type { StandingVerdict } from '../model/verdict.ts';

/** The judgement that a finding was stored with (§5.8); later ones are kept apart. */
export interface FirstRevision {
  findingId: string;
  revision: number;
  versions: Versions;
  verdict: StandingVerdict | null;
  exemptions: readonly string[];
  otherExemptions: readonly string[];
  reason: string;
  by: string;
  atMs: number;
}

/** Tells a finding's first judgement from the finding itself. */
export function firstRevision(finding: StandingFinding): FirstRevision {
  return {
    findingId: finding.id,
    revision: 0,
    versions: { ...finding.versions },
    verdict: finding.verdict,
    exemptions: [...finding.exemptions],
    otherExemptions: [...finding.otherExemptions],
    reason: 'first judgement',
    by: 'scan',
    atMs: finding.ingestedMs,
  };
}
