// What people write at their desks, beside what workers write: later judgements of findings (§5.8) and decisions. Both are
// append-only, and both may be written while a worker writes. One suite holds every store to it: test/contract/desk.ts.
import type { Finding } from '../model/finding.ts';
import type { KeptVersion, ReadStore, Revision } from './store.ts';

/**
 * What a line of the ledger is about: a decision on a case, a change that is proposed to a list, a request to open a case,
 * a review, an issued report, or a run that a plan was due for.
 */
export type LedgerKind = 'case' | 'override' | 'access' | 'review' | 'issue' | 'run';

/** One line of the ledger. Lines are never changed or removed; those of one kind and key are numbered from 1. */
export interface LedgerEntry {
  kind: LedgerKind;
  key: string;
  seq: number;
  atMs: number;
  /** Account of the operating system. */
  by: string;
  /** Plain data that belongs to the kind; no name of a subject in it. */
  body: Readonly<Record<string, unknown>>;
}

/** A line of this kind whose body names this `step` is the last of its key: every store refuses what would follow it. */
export const CLOSING = { kind: 'review', step: 'signed' } as const satisfies {
  kind: LedgerKind;
  step: string;
};

/** Tells whether a line is the last of its key. */
export function isClosing({ kind, body }: Pick<LedgerEntry, 'kind' | 'body'>): boolean {
  return kind === CLOSING.kind && body.step === CLOSING.step;
}

/** Gives the key whose closing line closes a key: what lies beside it, under `KEY#part`, is closed with it. */
export function closedBy(key: string): string {
  const at = key.indexOf('#');
  return at < 0 ? key : key.slice(0, at);
}

export interface Ledger {
  /**
   * Appends a line under its number; false where a line has that number already: then read again and decide again. A
   * number that would leave a gap is a TypeError; what would follow a closing line is REFUSED.
   */
  append(entry: LedgerEntry): Promise<boolean>;
  /** Gives the lines of one kind and key by number. */
  entries(kind: LedgerKind, key: string): Promise<LedgerEntry[]>;
  /** Streams all lines of a kind by key and number. */
  allEntries(kind: LedgerKind): AsyncIterable<LedgerEntry>;
}

/** Later judgements that belong together. */
export interface Rejudged {
  /** Each with the number after the finding's own revision. */
  revisions: readonly Revision[];
  /** Findings that the stored records have by the new versions and did not have; created once, as ever. */
  findings: readonly Finding[];
  /** What judged, written before the rest, so that each judgement can be recomputed; what is kept already stays. */
  versions: readonly KeptVersion[];
}

export interface RejudgeResult {
  revised: number;
  added: number;
  /** Revisions that were there already with the same content, and findings that were there. */
  known: number;
  /**
   * Findings that have another revision by now than they had when they were judged, or that are gone: nothing was
   * written of these.
   */
  overtaken: readonly string[];
}

/** A store as people write to it. */
export interface DeskStore extends ReadStore, Ledger {
  /**
   * Makes findings, counts, rejects and dead letters that anybody has written by now found by what is read after it. What
   * freezes something calls it first: a store that shows writes only after a while would have it frozen without them.
   * Throws REFUSED where the account does not read all classes of findings: it would be frozen without those (§8.2).
   */
  catchUp(): Promise<void>;
  /**
   * Appends revisions, the first judgement as revision 0 before the first of them, and shows the findings by the latest
   * one from then on. What throws may be written again as it is.
   */
  revise(batch: Rejudged): Promise<RejudgeResult>;
}
