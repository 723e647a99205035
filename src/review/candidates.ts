// candidates: a visit, or a line of the audit chain, as something that a review can draw. In: what was found; out: its id, what
// it is drawn by, and what a reviewer is shown of it. Invariant: pseudonyms only, and texts that were hidden stay hidden.
import type { Versions } from '../model/finding.ts';
import type { ViewItem, VisitItem } from '../model/review.ts';
import type { Visit } from '../model/visit.ts';
import { mayBeCase } from '../policy/may-be-case.ts';
import type { Policy } from '../policy/policy.ts';

/** A visit with the findings that it rests on. */
interface Seen {
  visit: Visit;
  findings: readonly { id: string; revision: number; versions: Versions }[];
}

/** What the audit chain says of one view; `AuditLine` has this shape. */
interface ViewLine {
  seq: number;
  at: string;
  actor: string;
  action: string;
  shown: number;
  details: Readonly<Record<string, unknown>>;
  hash: string;
}

/** Makes a candidate of a visit; it is drawn by its department. */
export function visitCandidate(
  { visit, findings }: Seen,
  policy: Pick<Policy, 'minimumConfidence' | 'reviewed'>,
) {
  const { id, department: stratum, digest } = visit;
  return {
    ...{ id, stratum, digest, findings },
    item(number: number): Omit<VisitItem, 'hash'> {
      const { tenant, subjectKind, subjectId, confidence, population, department, category } = visit;
      const { site, day, startMs, records, examine, exempt, grade, facts } = visit;
      return {
        ...{ kind: 'visit', number, id, stratum, digest, tenant, subjectKind, subjectId, confidence },
        ...{ population, department, category, class: visit.class, site, day, startMs },
        ...{ records, examine, exempt, grade, facts, mayBeCase: mayBeCase(policy, visit) },
      };
    },
  };
}

/** Makes a candidate of a view; it is drawn by what was done. */
export function viewCandidate({ seq, at, actor, action, shown, details, hash }: ViewLine) {
  const id = `line-${seq}`;
  return {
    ...{ id, stratum: action, digest: hash, findings: [] },
    item(number: number): Omit<ViewItem, 'hash'> {
      return {
        ...{ kind: 'view', number, id, stratum: action, digest: hash },
        ...{ line: seq, at, actor, action, shown, details },
      };
    },
  };
}
