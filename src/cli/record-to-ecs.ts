// Record → the nested ECS object that `granska parse` prints, and the object for a line that is no record.
import type { LogRecord } from '../model/record.ts';
import type { Target } from '../model/target.ts';

/** A JSON object of nested ECS fields; what the log does not hold is not in it. */
export type EcsDocument = Record<string, unknown>;

/** Where a record stands, and what writes its times. */
export interface EcsContext {
  offset: number;
  isoTime: IsoTime;
}

/** Writes milliseconds since 1970 as ISO 8601 in UTC. */
export type IsoTime = (timeMs: number) => string;

/**
 * Creates the writer of times. It keeps the text of the last second: most lines share theirs with the line before,
 * and `toISOString` was an eighth of the time of `parse`.
 */
export function createIsoTime(): IsoTime {
  let second = Number.NaN;
  let text = '';
  return timeMs => {
    const whole = Math.floor(timeMs / 1000);
    if (whole !== second) {
      second = whole;
      text = new Date(whole * 1000).toISOString().slice(0, -4);
    }
    return `${text}${String(timeMs - whole * 1000).padStart(3, '0')}Z`;
  };
}

/** Makes the ECS object of one record. `target` is null where the address names no host. */
export function recordToEcs(record: LogRecord, target: Target | null, context: EcsContext): EcsDocument {
  const document: EcsDocument = {
    '@timestamp': context.isoTime(record.stampMs),
    event: eventOf(record, context.isoTime),
  };
  if (record.client !== '') document.source = sourceOf(record.client);
  if (record.user !== '') document.user = { name: record.user };
  const http = httpOf(record);
  if (http !== null) document.http = http;
  if (record.url !== '') document.url = urlOf(record, target);
  if (isGiven(record.userAgent)) document.user_agent = { original: record.userAgent };
  if (record.vendor !== '') document.observer = { vendor: record.vendor };
  document.log = { offset: context.offset };
  return document;
}

/** Makes the object of a line that is no record: why, where, and its text. */
export function otherLineToEcs(outcome: string, offset: number, original: string): EcsDocument {
  const isSkipped = outcome.startsWith('skip:');
  const code = outcome.slice(outcome.indexOf(':') + 1);
  return {
    log: { offset },
    granska: isSkipped ? { skipped: code } : { rejected: code },
    event: { original },
  };
}

function eventOf(record: LogRecord, isoTime: IsoTime): EcsDocument {
  const start = isoTime(record.startMs);
  const end = isoTime(record.endMs);
  // ECS counts durations in nanoseconds.
  if (record.durationMs === null) return { start, end, type: record.access, outcome: record.outcome };
  return {
    start,
    end,
    duration: record.durationMs * 1_000_000,
    type: record.access,
    outcome: record.outcome,
  };
}

// `source.ip` takes addresses only; Squid can be told to log the client's name instead.
function sourceOf(client: string): EcsDocument {
  const bare = client.startsWith('[') ? client.slice(1, -1) : client;
  return /^[\d.]+$/.test(bare) || bare.includes(':') ? { ip: bare } : { address: client };
}

function httpOf(record: LogRecord): EcsDocument | null {
  const request: EcsDocument = {};
  if (record.method !== '') request.method = record.method;
  if (isGiven(record.referrer)) request.referrer = record.referrer;
  const response: EcsDocument = {};
  if (record.status !== 0) response.status_code = record.status;
  if (record.bytes !== null) response.bytes = record.bytes;
  if (isGiven(record.mime)) response.mime_type = record.mime;
  const hasRequest = record.method !== '' || request.referrer !== undefined;
  const hasResponse = record.status !== 0 || record.bytes !== null || response.mime_type !== undefined;
  if (hasRequest && hasResponse) return { request, response };
  if (hasRequest) return { request };
  return hasResponse ? { response } : null;
}

function urlOf(record: LogRecord, target: Target | null): EcsDocument {
  const url: EcsDocument = { original: record.url };
  if (target === null) return url;
  if (target.scheme !== '') url.scheme = target.scheme;
  url.domain = target.host;
  if (target.port !== null) url.port = target.port;
  if (target.path !== '') url.path = target.path;
  if (target.query.length > 1) url.query = target.query.slice(1);
  return url;
}

function isGiven(text: string | null): text is string {
  return text !== null && text !== '';
}
