// foldDecisions: decisions in their order → the exemptions as they stand, and the decisions that could not be made.
// In: decisions; out: exemptions with the decision that wrote each part last. It knows no clock: each decision has its day.
// Invariant: what was covered stays covered, as no decision ends an exemption before its own day; a visit that was not
// covered before a decision is not covered by it, as one that has run out cannot be lengthened. Refused ones change nothing.
// Example: grant E-1 through 2026-12-31 (line 1), end E-1 through 2026-11-30 (line 2) → E-1 through 2026-11-30.
import type { Decision, WrittenExemption } from './decisions.ts';

/** An exemption that was granted, as it stands. */
export interface DecidedExemption {
  exemption: WrittenExemption;
  /** The decision that granted it. */
  granted: number;
  /** The decision that wrote a part last; the grant where it is not there. */
  writtenBy: ReadonlyMap<string, number>;
  isEnded: boolean;
}

/** Why a decision cannot be made. */
export type DecisionRefusal =
  | 'idTaken'
  | 'decidedOtherwise'
  | 'unknownId'
  | 'nothingChanged'
  | 'pastDay'
  | 'hasEnded'
  | 'hasRunOut'
  | 'notShorter'
  | 'notApproved';

export interface Folded {
  /** In the order in which they were granted. */
  exemptions: readonly DecidedExemption[];
  refused: readonly { decision: Decision; refusal: DecisionRefusal }[];
  /** Changes that made an exemption last longer: they need approvers as a grant does. */
  lengthened: readonly { decision: ChangeDecision; exemption: WrittenExemption }[];
}

export type ChangeDecision = Extract<Decision, { kind: 'change' }>;

interface Fold {
  byId: Map<string, DecidedExemption>;
  lengthened: { decision: ChangeDecision; exemption: WrittenExemption }[];
  canonicalName(raw: string): string;
}

/** Folds decisions into the exemptions that they make. */
export function foldDecisions(
  decisions: readonly Decision[],
  canonicalName: (raw: string) => string,
): Folded {
  const fold: Fold = { byId: new Map(), lengthened: [], canonicalName };
  const refused: { decision: Decision; refusal: DecisionRefusal }[] = [];
  for (const decision of decisions) {
    const refusal = apply(decision, fold);
    if (refusal !== null) refused.push({ decision, refusal });
  }
  return { exemptions: [...fold.byId.values()], refused, lengthened: fold.lengthened };
}

/** Tells whether an exemption was ended before it began: then it never covered anything. */
export function isVoid({ exemption, isEnded }: DecidedExemption): boolean {
  return isEnded && exemption.validThrough < exemption.validFrom;
}

function apply(decision: Decision, fold: Fold): DecisionRefusal | null {
  switch (decision.kind) {
    case 'grant':
      return grant(decision, fold);
    case 'change':
      return change(decision, fold);
    case 'end':
      return end(decision, fold);
    default:
      return decision satisfies never;
  }
}

function grant(decision: Extract<Decision, { kind: 'grant' }>, { byId }: Fold): DecisionRefusal | null {
  const { exemption, seq, day } = decision;
  if (byId.has(exemption.id)) return 'idTaken';
  // Dated back it would cover visits from before anybody had decided.
  if (exemption.decided !== day) return 'decidedOtherwise';
  byId.set(exemption.id, { exemption, granted: seq, writtenBy: new Map(), isEnded: false });
  return null;
}

function change(decision: ChangeDecision, fold: Fold): DecisionRefusal | null {
  const known = fold.byId.get(decision.id);
  if (known === undefined) return 'unknownId';
  const { exemption } = known;
  const { validThrough, reason, caseNumber, approvers = [] } = decision;
  if (validThrough !== undefined) {
    const refusal = refuseNewEnd(decision, known, validThrough);
    if (refusal !== null) return refusal;
    if (validThrough > exemption.validThrough) fold.lengthened.push({ decision, exemption });
  }
  const parts: Partial<WrittenExemption> = {};
  if (validThrough !== undefined) parts.validThrough = validThrough;
  if (reason !== undefined) parts.reason = reason;
  if (caseNumber !== undefined) parts.caseNumber = caseNumber;
  const added = addedTo(exemption.approvers, approvers, fold);
  if (added.length > 0) parts.approvers = [...exemption.approvers, ...added];
  if (Object.keys(parts).length === 0) return 'nothingChanged';
  rewrite(known, { parts, seq: decision.seq, isEnded: known.isEnded }, fold);
  return null;
}

function end(decision: Extract<Decision, { kind: 'end' }>, fold: Fold): DecisionRefusal | null {
  const known = fold.byId.get(decision.id);
  if (known === undefined) return 'unknownId';
  const { validThrough } = decision;
  const refusal = refuseNewEnd({ ...decision, approvers: undefined }, known, validThrough);
  if (refusal === 'notApproved') return 'notShorter';
  if (refusal !== null) return refusal;
  rewrite(known, { parts: { validThrough }, seq: decision.seq, isEnded: true }, fold);
  return null;
}

/** Says why an exemption cannot get a new last day; null where it can. */
function refuseNewEnd(
  { day, approvers }: { day: string; approvers?: readonly string[] | undefined },
  { exemption, isEnded }: DecidedExemption,
  validThrough: string,
): DecisionRefusal | null {
  if (isEnded) return 'hasEnded';
  if (exemption.validThrough < day) return 'hasRunOut';
  if (validThrough < day) return 'pastDay';
  const isLonger = validThrough > exemption.validThrough;
  return isLonger && (approvers ?? []).length === 0 ? 'notApproved' : null;
}

function addedTo(
  old: readonly string[],
  named: readonly string[],
  { canonicalName }: Fold,
): readonly string[] {
  const known = new Set(old.map(canonicalName));
  return named.filter(name => !known.has(canonicalName(name)));
}

function rewrite(
  known: DecidedExemption,
  next: { parts: Partial<WrittenExemption>; seq: number; isEnded: boolean },
  { byId }: Fold,
): void {
  const { parts, seq, isEnded } = next;
  const writtenBy = new Map(known.writtenBy);
  for (const key of Object.keys(parts)) writtenBy.set(key, seq);
  const exemption = { ...known.exemption, ...parts };
  byId.set(exemption.id, { ...known, exemption, writtenBy, isEnded });
}
