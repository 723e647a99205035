// A list override: what the installation itself says against its feeds (§4.3). Proposed by one person, approved by another.

/** `remove` takes an entry out of a list · `never` keeps a host, and all under it, from matching in a list. */
export type OverrideAction = 'remove' | 'never';

/** A correction of one list. */
export interface ListOverride {
  action: OverrideAction;
  list: string;
  /** The entry that goes, or the host that the list shall never match. */
  what: string;
}

/** Why somebody asks for a correction. */
export interface OverrideProposal extends ListOverride {
  /** Entry that matched, and the host that was visited. */
  entry: string;
  site: string;
  reason: string;
  /** The case that was decided to be a false match. */
  caseId: string;
}

/** How a proposal stands: applied is one that was approved and is in the files. */
export type OverrideState = 'proposed' | 'approved' | 'applied' | 'rejected';

/** One step in the life of a proposal. */
export type OverrideStep = { seq: number; atMs: number; by: string } & (
  | { kind: 'proposed'; proposal: OverrideProposal }
  | { kind: 'approved' | 'rejected'; reason: string }
);
