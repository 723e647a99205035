// Audit: the chain of views (§8.5). Each line holds the hash of the one before.

/** What was viewed, without free text that could name anybody: such text comes hidden by a keyed hash. */
export interface AuditEntry {
  action: string;
  /** Findings that were shown. */
  shown: number;
  /** What was asked for, in words of closed vocabularies and hidden texts. */
  details: Readonly<Record<string, unknown>>;
}

/** What a verification found. */
export interface AuditReport {
  lines: number;
  isIntact: boolean;
  /** First line that does not fit, from 1; null where all do. */
  brokenLine: number | null;
  message: string;
}

export interface Audit {
  append(entry: AuditEntry): Promise<void>;
  verify(): Promise<AuditReport>;
}
