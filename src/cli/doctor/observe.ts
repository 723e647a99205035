// What `doctor` gathers of one log while reading it: counts only, never a name, an address or a line's text.
import type { Zone } from '../../calendar/zone.ts';
import { endsInHeaders } from '../../format/mask-headers.ts';
import type { LogRecord, RejectCode, SkipCode } from '../../model/record.ts';

/** Where the first line of a kind stands: byte offset (after decompression) and line number, from 1. */
export interface Position {
  offset: number;
  line: number;
}

/** Holds the counts of one log. */
export interface Observation {
  lines: number;
  records: number;
  rejected: number;
  skipped: number;
  /** 1 where a last line without line feed was left, else 0. */
  pending: number;
  bytes: number;
  rejects: Map<RejectCode, { count: number; first: Position }>;
  skips: Map<SkipCode, number>;
  users: number;
  referrers: number;
  /** Records whose log has a place for a referrer, whether or not there was one. */
  referrersLogged: number;
  userAgents: number;
  mimeTypes: number;
  tunnels: number;
  denied: number;
  authChallenges: number;
  elapsed: number;
  /** Records whose address kept a query beyond its `?`. */
  queries: number;
  /** Lines with request headers in brackets: they may hold passwords. */
  headers: number;
  /** Records per hour of the local day, from 0 to 23. */
  hours: number[];
  /** Least and greatest `event.start`, milliseconds UTC; null where there is no record. */
  firstMs: number | null;
  lastMs: number | null;
}

/** Makes an observation of nothing. */
export function blankObservation(): Observation {
  return {
    lines: 0,
    records: 0,
    rejected: 0,
    skipped: 0,
    pending: 0,
    bytes: 0,
    rejects: new Map(),
    skips: new Map(),
    users: 0,
    referrers: 0,
    referrersLogged: 0,
    userAgents: 0,
    mimeTypes: 0,
    tunnels: 0,
    denied: 0,
    authChallenges: 0,
    elapsed: 0,
    queries: 0,
    headers: 0,
    hours: new Array<number>(24).fill(0),
    firstMs: null,
    lastMs: null,
  };
}

/** Counts one record. */
export function observeRecord(seen: Observation, record: LogRecord, zone: Zone): void {
  seen.records += 1;
  if (record.user !== '') seen.users += 1;
  if (record.referrer !== null) seen.referrersLogged += 1;
  if (record.referrer !== null && record.referrer !== '') seen.referrers += 1;
  if (record.userAgent !== null && record.userAgent !== '') seen.userAgents += 1;
  if (record.mime !== null && record.mime !== '') seen.mimeTypes += 1;
  if (record.isTunnel) seen.tunnels += 1;
  if (record.access === 'denied') seen.denied += 1;
  if (record.isAuthChallenge) seen.authChallenges += 1;
  if (record.durationMs !== null) seen.elapsed += 1;
  const question = record.url.indexOf('?');
  if (question !== -1 && question < record.url.length - 1) seen.queries += 1;
  const hour = Math.floor(zone.minuteOfDay(record.startMs) / 60);
  seen.hours[hour]! += 1;
  seen.firstMs = Math.min(seen.firstMs ?? record.startMs, record.startMs);
  seen.lastMs = Math.max(seen.lastMs ?? record.startMs, record.startMs);
}

/** Counts one line that is no record, by its outcome. */
export function observeOther(seen: Observation, outcome: string, offset: number): void {
  const code = outcome.slice(outcome.indexOf(':') + 1);
  if (outcome.startsWith('skip:')) {
    seen.skipped += 1;
    seen.skips.set(code as SkipCode, (seen.skips.get(code as SkipCode) ?? 0) + 1);
    return;
  }
  seen.rejected += 1;
  const known = seen.rejects.get(code as RejectCode);
  if (known === undefined)
    seen.rejects.set(code as RejectCode, { count: 1, first: { offset, line: seen.lines } });
  else known.count += 1;
}

/** Counts a line that ends in request headers. */
export function observeHeaders(
  seen: Observation,
  line: { bytes: Uint8Array; start: number; end: number },
): void {
  if (endsInHeaders(line.bytes, line.start, line.end)) seen.headers += 1;
}
