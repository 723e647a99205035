// What a retry of rejected lines is given, and what it answers. What it does: `retry-rejects.ts`.
import type { RejectedText, SealedTexts } from '../../ports/sealed-texts.ts';
import type { ReadStore, RejectBatch, SealedNames, Store } from '../../ports/store.ts';
import type { WindowStore } from '../../ports/window-store.ts';
import type { LaneSet, Lanes } from '../lane.ts';
import type { NameSealer } from '../name-sealer.ts';
import type { ScanSummary } from '../summary.ts';
import type { SealedPlace } from './find-rejects.ts';
import type { Asked, ReadAgain } from './read-again.ts';

/** A store, by how it is written; `none` where lines are only read and counted. */
export type WrittenStore =
  | { kind: 'transactions'; store: Store }
  | { kind: 'windows'; store: WindowStore }
  | { kind: 'none'; store: ReadStore };

/** A sealed text, opened. */
export type OpenedText = { kind: 'lines'; lines: readonly RejectedText[] } | { kind: NotOpened };

/** Why a sealed text could not be opened. */
export type NotOpened = 'missing' | 'other-key' | 'damaged';

/**
 * Why a text was left as it is: it could not be opened; `unfinished`: the window that it comes of is not closed;
 * `versions`: a retry that broke off judged by versions that this machine does not have; `taken-over`: another retry has it.
 */
export type LeftBecause = NotOpened | 'unfinished' | 'versions' | 'taken-over';

export interface RetryPlan {
  files: number;
  lines: number;
}

export interface RetryOptions {
  written: WrittenStore;
  sealed: SealedTexts;
  lanes: Lanes;
  asked: Asked;
  open(name: string): Promise<OpenedText>;
  placeOf(name: string): SealedPlace | null;
  /** Id of the stream whose one window a text's retry is. */
  streamOf(name: string): string;
  sealRejects(
    lines: readonly RejectedText[],
    at: { rejectedMs: number; retryOf: string },
  ): Promise<RejectBatch[]>;
  sealNames(names: ReadonlyMap<string, string>, epoch: number): Promise<SealedNames>;
  yearOf(atMs: number): number;
  nowMs(): number;
  /** Told once, before the first text is opened, unless there is none. */
  beforeOpening(plan: RetryPlan): Promise<void>;
}

export interface RetryOutcome {
  /** Over all lines that were opened; `findings` say what was new. */
  summary: ScanSummary;
  files: number;
  untried: number;
  /** Documents that the store refused for good. */
  refused: number;
  left: { file: string; because: LeftBecause }[];
  interrupted: boolean;
}

/** What a text came to. */
export type Retried =
  | { kind: 'done'; read: ReadAgain | null; added: number; known: number; refused: number }
  | { kind: 'left'; because: LeftBecause };

/** What each way of writing shares. */
export interface RetryParts extends RetryOptions {
  names: NameSealer;
  /** Reads lines again by one version and clock. */
  read(lines: readonly RejectedText[], by: JudgedBy): Promise<ReadAgain>;
}

/** What lines are read again by. */
export interface JudgedBy {
  set: LaneSet;
  clockMs: number;
  asked: Asked;
}
