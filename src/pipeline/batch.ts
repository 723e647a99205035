// Gathers what one transaction will write. Bounded by the worker, which writes it out when it has grown enough.
import type { Finding } from '../model/finding.ts';
import type { RejectCode } from '../model/record.ts';
import type { StreamMark, StreamState } from '../model/stream.ts';
import type { DayCount, DayCountKind } from '../ports/store.ts';

/** One rejected line; text is null where a protected site stood in it (§6.4). */
export interface RejectedLine {
  stream: string;
  offset: number;
  code: RejectCode;
  text: Uint8Array | null;
}

/** Holds what has been seen since the last transaction. */
export interface Batch {
  findings: Finding[];
  /** Pseudonyms and the names behind them, by epoch: sealed before they are written. */
  names: Map<number, Map<string, string>>;
  rejected: RejectedLine[];
  rejectedBytes: number;
  days: Map<string, DayCount>;
  streams: Map<string, { state: StreamState; marks: StreamMark[] }>;
  bytes: number;
}

/** Makes an empty batch. */
export function blankBatch(): Batch {
  return {
    findings: [],
    names: new Map(),
    rejected: [],
    rejectedBytes: 0,
    days: new Map(),
    streams: new Map(),
    bytes: 0,
  };
}

/** Adds to the count of a tenant's local day. */
export function countDay(batch: Batch, at: { tenant: string; day: string }, kind: DayCountKind): void {
  const key = `${kind}\u0000${at.day}\u0000${at.tenant}`;
  const found = batch.days.get(key);
  if (found === undefined) batch.days.set(key, { tenant: at.tenant, day: at.day, kind, count: 1 });
  else found.count++;
}

/** Remembers how far a stream will have been read when this batch is stored. */
export function advance(batch: Batch, state: StreamState, marks: readonly StreamMark[]): void {
  const found = batch.streams.get(state.id);
  if (found === undefined) batch.streams.set(state.id, { state: { ...state }, marks: [...marks] });
  else {
    found.state = { ...state };
    found.marks.push(...marks);
  }
}
