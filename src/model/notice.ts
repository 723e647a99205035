// A notice to staff, as facts: what a policy says of itself, in no language yet. `src/text/notice-page.ts` has the words.
import type { ProofCategory, ProofDocument, ProofRetention, Standing } from './proof.ts';
import type { Confidence, Population } from './subject.ts';

/** One statute that a category rests on, in force on the day of the notice. */
export interface NoticeStatute {
  statute: string;
  /** The act that it forbids, which seldom is a visit. */
  act: { sv: string; en: string };
  visitIsCrime: boolean;
}

export interface NoticeCategory extends ProofCategory {
  statutes: readonly NoticeStatute[];
}

export interface Notice {
  organization: string;
  day: string;
  standing: Standing;
  from: string | null;
  notice: ProofDocument | null;
  negotiation: ProofDocument | null;
  controller: string | null;
  dataProtectionOfficer: string | null;
  legalBasis: string | null;
  reviewed: readonly Population[];
  smallGroup: number;
  /** How surely it must be known whose a request was before it can be held against anybody. */
  minimumConfidence: Confidence;
  /** True where leases or log-ons tell whose a request was that the proxy has no name for. */
  usesLeases: boolean;
  categories: readonly NoticeCategory[];
  /** Null where nothing was decided. */
  retention: ProofRetention | null;
  sealedDays: number;
}
