// A record: one parsed log line, before anything is known of its target or of who made it.
// A format fills one reused LogRecord per line; a record never outlives the line it was read from.

/** Says whether the proxy let the request through; only the proxy's own word makes a denial. */
export type Access = 'allowed' | 'denied';

/** Says how an allowed request ended: 2xx, 304 or an established tunnel is a success. */
export type Outcome = 'success' | 'failure' | 'unknown';

/** Holds one parsed line. Texts are decoded; `''` means that the log had nothing (`-`) in that place. */
export interface LogRecord {
  /** The stamp as logged, milliseconds since 1970 UTC. */
  stampMs: number;
  /** When the request began and ended, milliseconds since 1970 UTC. */
  startMs: number;
  endMs: number;
  /** Elapsed time in milliseconds; null where the format does not log it. */
  durationMs: number | null;
  /** The client's address or name as logged. */
  client: string;
  /** The user name exactly as logged. */
  user: string;
  method: string;
  /** The request target as logged: an absolute URL, `host:port` for CONNECT, or something else. */
  url: string;
  /** HTTP status; 0 where the proxy logged none. */
  status: number;
  /** Bytes sent to the client; null where the format does not log it. */
  bytes: number | null;
  /** Mime type of the answer; null where the format does not log it. */
  mime: string | null;
  /** Referrer; null where the format does not log it, `''` where the request had none. */
  referrer: string | null;
  /** User agent; null where the format does not log it, `''` where the request had none. */
  userAgent: string | null;
  access: Access;
  outcome: Outcome;
  /** True for a proxy-authentication challenge (407). */
  isAuthChallenge: boolean;
  /** True for a CONNECT: only host and port are known of what was asked. */
  isTunnel: boolean;
  /** `observer.vendor` and `observer.product`. */
  vendor: string;
  product: string;
}

/** Makes an empty record for a format to fill. */
export function blankRecord(): LogRecord {
  return {
    stampMs: 0,
    startMs: 0,
    endMs: 0,
    durationMs: null,
    client: '',
    user: '',
    method: '',
    url: '',
    status: 0,
    bytes: null,
    mime: null,
    referrer: null,
    userAgent: null,
    access: 'allowed',
    outcome: 'unknown',
    isAuthChallenge: false,
    isTunnel: false,
    vendor: '',
    product: '',
  };
}

/** Why a line was rejected: it is neither a record nor a known other kind of line. */
export type RejectCode =
  | 'too-long'
  | 'nul-bytes'
  | 'truncated'
  | 'fields'
  | 'time-invalid'
  | 'time-future'
  | 'status'
  | 'bytes'
  | 'elapsed'
  | 'client'
  | 'quotes'
  | 'unknown-format'
  | 'tenant-unknown'
  | 'format-unknown'
  | 'continued';

/** Why a line was skipped: it is of a known kind that is no access record. */
export type SkipCode = 'empty' | 'comment' | 'squidguard';

/** Says what became of one line. */
export type LineOutcome = 'record' | `reject:${RejectCode}` | `skip:${SkipCode}`;
