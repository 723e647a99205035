// override-state: the steps of a proposal → how it stands.
// Invariant: what counts is the last step; whoever proposed it last is not the one to approve it.
import type { OverrideProposal, OverrideState, OverrideStep } from '../model/override.ts';

/** A proposal with its history. */
export interface ProposedOverride {
  id: string;
  proposal: OverrideProposal;
  /** Account that proposed it last. */
  proposedBy: string;
  /** Number and kind of its last step. */
  last: Pick<OverrideStep, 'seq' | 'kind' | 'by' | 'atMs'>;
  steps: readonly OverrideStep[];
}

/** Gathers the steps of one proposal; null where nobody has proposed it. */
export function proposedOf(id: string, steps: readonly OverrideStep[]): ProposedOverride | null {
  const last = steps.at(-1);
  const proposed = steps.findLast(step => step.kind === 'proposed');
  if (last === undefined || proposed?.kind !== 'proposed') return null;
  return { id, proposal: proposed.proposal, proposedBy: proposed.by, last, steps };
}

/** Tells how a proposal stands; `isApplied` says whether it is in the files. */
export function stateOf({ last }: ProposedOverride, isApplied: boolean): OverrideState {
  if (last.kind !== 'approved') return last.kind;
  return isApplied ? 'applied' : 'approved';
}
