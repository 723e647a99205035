// What was delivered into a folder of one month.
import type { RunFailure } from './plan-run.ts';
import type { DeliveryFormat } from './review-plan.ts';

export interface DeliveredFile {
  /** Inside the folder of the month. */
  path: string;
  /** Null for the whole organization. */
  department: string | null;
  format: DeliveryFormat;
  issue: number;
  contentHash: string;
  /** Of the file's bytes. */
  sha256: string;
  bytes: number;
  /** When it was put there first. */
  delivered: string;
}

/** A report that could not be delivered. */
export interface FailedFile extends RunFailure {
  department: string | null;
  format: DeliveryFormat;
  /** When it was tried last. */
  at: string;
}

/** `index.json` of a folder. */
export interface DeliveryIndex {
  schema: 'granska.delivery/1';
  delivery: string;
  report: 'hr' | 'statistics';
  month: string;
  lang: 'sv' | 'en';
  files: readonly DeliveredFile[];
  failed: readonly FailedFile[];
}
