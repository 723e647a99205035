// Findings of one visit → the sums from which its grade follows (§7.3). Only sums, first and last instants are kept,
// so that the size does not grow with the visit, and the order of findings makes no difference.
import type { Finding } from '../model/finding.ts';
import { type Evidence, evidenceOf, isShownDocument } from './evidence.ts';
import { countRecord, createRecordCount, type RecordCount } from './record-count.ts';

/** Own findings of one kind, in time. */
export interface Stretch {
  readonly records: RecordCount;
  firstMs: number;
  lastMs: number;
  bytes: number;
}

export interface Tally {
  readonly records: RecordCount;
  readonly byEvidence: Record<Evidence, number>;
  /**
   * Own findings, requests and tunnels apart: with TLS inspection one request has a line of each kind, and must not
   * count twice (§7.2).
   */
  readonly requests: Stretch;
  readonly tunnels: Stretch;
  /** Own findings that were matched by an expression; that failed. */
  expressions: number;
  failures: number;
  /** Findings of whose referrer the log tells something, if only that there was none. */
  withReferrer: number;
  /** Own documents that were shown; those of them whose referrer is known not to be a foreign one. */
  documents: number;
  chosenDocuments: number;
  firstDocumentMs: number;
  lastDocumentMs: number;
}

/** Makes an empty tally. */
export function createTally(): Tally {
  return {
    records: createRecordCount(),
    byEvidence: { own: 0, foreign: 0, embedded: 0, background: 0 },
    requests: createStretch(),
    tunnels: createStretch(),
    expressions: 0,
    failures: 0,
    withReferrer: 0,
    documents: 0,
    chosenDocuments: 0,
    firstDocumentMs: Infinity,
    lastDocumentMs: -Infinity,
  };
}

/** Adds a finding; they come by `event.start`. */
export function addToTally(tally: Tally, finding: Finding): void {
  const evidence = evidenceOf(finding);
  countRecord(tally.records, finding);
  tally.byEvidence[evidence]++;
  if (finding.referrer !== 'notLogged') tally.withReferrer++;
  if (evidence !== 'own') return;
  addToStretch(finding.facts.tunnel ? tally.tunnels : tally.requests, finding);
  if (finding.facts.matchedBy === 'expression') tally.expressions++;
  if (finding.outcome === 'failure') tally.failures++;
  if (!isShownDocument(finding)) return;
  tally.documents++;
  if (finding.referrer !== 'notLogged') tally.chosenDocuments++;
  tally.firstDocumentMs = Math.min(tally.firstDocumentMs, finding.startMs);
  tally.lastDocumentMs = Math.max(tally.lastDocumentMs, finding.startMs);
}

function createStretch(): Stretch {
  return { records: createRecordCount(), firstMs: Infinity, lastMs: -Infinity, bytes: 0 };
}

function addToStretch(stretch: Stretch, finding: Finding): void {
  countRecord(stretch.records, finding);
  stretch.firstMs = Math.min(stretch.firstMs, finding.startMs);
  stretch.lastMs = Math.max(stretch.lastMs, finding.startMs);
  stretch.bytes += finding.bytes ?? 0;
}
