// The result of `doctor` for one log, as `--json` prints it.
import type { FormatName } from '../../format/formats.ts';
import type { RejectCode } from '../../model/record.ts';
import type { OriginEnd } from '../../ports/source.ts';
import type { Advice } from './advice.ts';
import type { Position } from './observe.ts';

/** Holds what was found out about one log; the JSON of `doctor --json` has one of these per file. */
export interface Diagnosis {
  /** File as it was named; null for stdin. */
  path: string | null;
  /** Null where the log holds no line at all. */
  format: FormatName | null;
  title: string | null;
  /** Share of the first lines that the format reads; null where the format was asked for or nothing was read. */
  confidence: number | null;
  sure: boolean;
  lines: number;
  records: number;
  rejected: number;
  skipped: number;
  pending: number;
  bytes: number;
  /** Share (0 to 1) of the lines, skipped ones aside, that are records; null where there are none. */
  parsed: number | null;
  /** The three commonest reasons for rejects, each with the position of its first line. */
  rejects: { code: RejectCode; count: number; example: Position }[];
  skips: Record<string, number>;
  /** Shares (0 to 1) of the records; null where there are none. */
  shares: Shares | null;
  timezone: string;
  /** Records per hour of the local day, from 0 to 23. */
  hours: readonly number[];
  /** Least and greatest `event.start`, ISO 8601 in UTC; null where there is no record. */
  first: string | null;
  last: string | null;
  advice: readonly Advice[];
  failure: OriginEnd['failure'];
}

/** Shares (0 to 1) of the records, `headers` of the lines. */
export interface Shares {
  users: number;
  referrers: number;
  /** Lines in which a referrer would have been logged. */
  referrersLogged: number;
  userAgents: number;
  mimeTypes: number;
  tunnels: number;
  denied: number;
  authChallenges: number;
  headers: number;
}
