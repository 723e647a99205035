// Reports that are delivered: who makes them, and where they are put.
import type { DeliveryFormat } from '../model/review-plan.ts';

/** One report in one form. */
export interface ReportAsked {
  report: 'hr' | 'statistics';
  /** `2026-10`. */
  month: string;
  /** Null for the whole organization. */
  department: string | null;
  format: DeliveryFormat;
  lang: 'sv' | 'en';
}

export interface MadeReport {
  bytes: Uint8Array;
  /** Number of the issue: figures that were issued once stay as they are (§8.2). */
  issue: number;
  /** Of its content, whatever the form: 64 hex digits. */
  contentHash: string;
}

export interface ReportMaker {
  /**
   * Makes a report and notes the view in the audit chain. The same report asked again is the same bytes. Throws where it
   * cannot be made: because the month is not complete, for one.
   */
  make(asked: ReportAsked, signal: AbortSignal): Promise<MadeReport>;
}

/** Where reports are put; paths are relative, with `/` between their parts. */
export interface ReportFolder {
  /** Null where there is no such file. */
  read(path: string): Promise<Uint8Array | null>;
  /** Puts a file there whole or not at all; one with the same bytes is left as it is. */
  write(path: string, bytes: Uint8Array): Promise<void>;
}
