// Gathers what one transaction will write. Bounded by the worker, which writes it out when it has grown enough.
import type { Finding } from '../model/finding.ts';
import type { RejectedText } from '../ports/sealed-texts.ts';
import type { DayCount, DayCountKind } from '../ports/store.ts';

/** Holds what has been seen since the last transaction. */
export interface Batch {
  findings: Finding[];
  /** Pseudonyms and the names behind them, by epoch: sealed before they are written. */
  names: Map<number, Map<string, string>>;
  rejected: RejectedText[];
  rejectedBytes: number;
  days: Map<string, DayCount>;
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

/** Adds what another batch holds; the other is not used any more. */
export function addBatch(to: Batch, more: Batch): void {
  for (const finding of more.findings) to.findings.push(finding);
  for (const line of more.rejected) to.rejected.push(line);
  for (const [epoch, names] of more.names) {
    const known = to.names.get(epoch);
    if (known === undefined) to.names.set(epoch, names);
    else for (const [id, name] of names) known.set(id, name);
  }
  for (const [key, day] of more.days) {
    const known = to.days.get(key);
    if (known === undefined) to.days.set(key, day);
    else known.count += day.count;
  }
  to.rejectedBytes += more.rejectedBytes;
  to.bytes += more.bytes;
}

/** Bounds of what is gathered before it is written; a chunk is never split for them. */
const MAX_FINDINGS = 8_192;
const MAX_REJECTED_BYTES = 2 << 20;

/** Says whether batches that are written together hold enough, whatever they came of. */
export function areFull(batches: Iterable<Batch>): boolean {
  let [findings, rejectedBytes] = [0, 0];
  for (const batch of batches) {
    findings += batch.findings.length;
    rejectedBytes += batch.rejectedBytes;
  }
  return findings >= MAX_FINDINGS || rejectedBytes >= MAX_REJECTED_BYTES;
}
