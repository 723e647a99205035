// A draft: a window of one stream that is being filled, and when there is enough of it to write.
import type { StreamMark, StreamState } from '../model/stream.ts';
import type { UsageCount } from '../ports/store.ts';
import { areFull, type Batch } from './batch.ts';
import type { Reader } from './reader.ts';
import type { ScanSummary } from './summary.ts';
import type { WorkerResult } from './worker.ts';

/** A window that is being filled. */
export interface Draft {
  from: number;
  state: StreamState;
  marks: StreamMark[];
  reader: Reader;
  /** What is being read of it. */
  reading: Promise<void>[];
  /** Bytes of its lines so far. */
  bytes: number;
  clockMs: number;
  /** Where it must end, for one that was left open; null where it ends when it is written. */
  end: number | null;
  batch: Batch;
  usage: UsageCount[];
  summary: ScanSummary;
}

/** Says whether drafts that are written together hold enough. */
export function areEnough(drafts: Iterable<Draft>): boolean {
  const batches: Batch[] = [];
  // What is still being read is in no batch yet.
  let bytes = 0;
  for (const draft of drafts) {
    batches.push(draft.batch);
    bytes += draft.bytes;
  }
  return bytes >= MAX_BYTES || areFull(batches);
}

/**
 * Bytes of lines that are read before windows are written. Little is held of them but counts; the more there are, the
 * less the store is asked, and the more is read again after a kill.
 */
const MAX_BYTES = 512 << 20;

/** Leaves findings alone: what is read anew was counted when it was first read (§9.2). */
export function countNothing(draft: Draft): void {
  draft.marks = [];
  draft.usage = [];
  draft.batch.days.clear();
  draft.batch.rejected = [];
  draft.batch.rejectedBytes = 0;
}

/** Says that a source ended before a window that was left open was whole: nothing of that is stored, or told as stored. */
export const CUT_SHORT: WorkerResult['failures'][number] = {
  code: 'disagrees',
  message:
    'an earlier run broke off while it was storing lines that a log does not reach any more: none of these is stored. Read the log whole, and with --final if that run had it',
};

/** Says whether there is anything to write of it. */
export function isMore({ from, state, marks, end, batch }: Draft): boolean {
  return state.position > from || marks.length > 0 || batch.findings.length > 0 || end !== null;
}
