// Counts different records exactly without remembering them: findings of one record begin at one instant, and findings
// come by that instant, so only the ids of the latest instant are held.
import type { Finding } from '../model/finding.ts';

export interface RecordCount {
  count: number;
  /** The latest instant, and a record that began then. */
  atMs: number;
  lastId: string;
  /** All that began then; null while it is one. */
  ids: Set<string> | null;
}

/** Makes a count of 0. */
export function createRecordCount(): RecordCount {
  return { count: 0, atMs: Number.NaN, lastId: '', ids: null };
}

/** Counts a finding's record, unless it is one of those counted. */
export function countRecord(counted: RecordCount, { startMs, recordId }: Finding): void {
  if (startMs !== counted.atMs) {
    counted.count++;
    counted.atMs = startMs;
    counted.lastId = recordId;
    counted.ids = null;
    return;
  }
  if (recordId === counted.lastId || counted.ids?.has(recordId) === true) return;
  counted.ids ??= new Set([counted.lastId]);
  counted.ids.add(recordId);
  counted.lastId = recordId;
  counted.count++;
}
