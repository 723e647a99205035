// Answer: what a status, a method and the proxy's own word say of how a request went (§2.2, §2.3).
import type { Access, LogRecord, Outcome } from '../model/record.ts';
import { startsWith } from './bytes.ts';

/** Fills access, outcome, challenge and tunnel from the status and method that `out` already holds. */
export function fillAnswer(out: LogRecord, access: Access): void {
  out.access = access;
  out.isTunnel = out.method.length === 7 && out.method.toUpperCase() === 'CONNECT';
  out.isAuthChallenge = out.status === 407;
  out.outcome = outcomeOf(access, out.status);
}

/**
 * Says how a request ended. 2xx (an established tunnel too) and 304 are a success, 4xx and 5xx a failure; a
 * status of 0 and other 1xx and 3xx answers tell neither. A 2xx that the client broke off
 * (`TCP_MISS_ABORTED/200`) stays a success, since something was delivered.
 */
function outcomeOf(access: Access, status: number): Outcome {
  if (access === 'denied') return 'failure';
  if ((status >= 200 && status < 300) || status === 304) return 'success';
  return status >= 400 ? 'failure' : 'unknown';
}

/**
 * Says whether Squid's result tag, with the status, is the proxy's own refusal: `TCP_DENIED…` (and `UDP_DENIED`,
 * Traffic Server's `ERR_PROXY_DENIED`) whatever the status, and `NONE…` with 403, a page that the proxy made itself.
 */
export function accessOfTag(bytes: Uint8Array, start: number, end: number, status: number): Access {
  if (startsWith(bytes, start, end, 'TCP_DENIED')) return 'denied';
  if (status === 403 && startsWith(bytes, start, end, 'NONE')) return 'denied';
  if (startsWith(bytes, start, end, 'UDP_DENIED') || startsWith(bytes, start, end, 'ERR_PROXY_DENIED'))
    return 'denied';
  return 'allowed';
}
