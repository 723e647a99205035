import type { Finding } from '../model/finding.ts';

/** Why a finding is part of no visit. */
export type LeftOutReason = 'attempt' | 'withdrawn' | 'noSubject';

/** Findings that are part of no visit, by why. */
export type LeftOut = Record<LeftOutReason, number>;

/** Makes the counts at 0. */
export function noneLeftOut(): LeftOut {
  return { attempt: 0, withdrawn: 0, noSubject: 0 };
}

/** Says why a finding is part of no visit (§2.4, §3.3, §5.8); null where it is part of one. */
export function leftOutReason(finding: Finding): LeftOutReason | null {
  if (finding.verdict === null || finding.access === 'denied') return 'attempt';
  if (finding.verdict === 'withdrawn') return 'withdrawn';
  if (finding.subjectKind === 'none' || finding.subjectId === null) return 'noSubject';
  return null;
}
