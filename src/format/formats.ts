// Format: line → record. In: the bytes of one line, without its line feed. Out: a filled LogRecord and an
// outcome: `record`, `reject:<code>` or `skip:<code>`.
// Invariant: every line has exactly one outcome; nothing throws, nothing is guessed about a person. Where two
// readings are possible the line is rejected with a code, and its text can be read again later.
// Example: `1795563829.595 3 192.0.2.7 TCP_MISS/200 275 GET http://example.com/ok anna HIER_DIRECT/192.0.2.80 text/html`
// The entry of this folder is `read-line.ts`; this file is the table that `--format` chooses from.
import type { LineOutcome, LogRecord } from '../model/record.ts';
import { parseCombined, parseCommon } from './clf.ts';
import { parseSquid } from './squid.ts';

export type FormatName = 'squid' | 'common' | 'combined';

/** Reads the line `bytes[start..end)` (no line feed, no carriage return) into `out`. Never throws. */
export type ParseLine = (bytes: Uint8Array, start: number, end: number, out: LogRecord) => LineOutcome;

/** Says what a format's built-in columns hold. */
export interface LoggedFields {
  user: boolean;
  referrer: boolean;
  userAgent: boolean;
  mime: boolean;
  elapsed: boolean;
  /** Whether a line says that the proxy itself refused the request. */
  denial: boolean;
}

/** Describes one log format. */
export interface Format {
  name: FormatName;
  title: string;
  /** Whether the stamp marks the start or the end of a request (§1.1). */
  stamp: 'start' | 'end';
  vendor: string;
  product: string;
  logs: LoggedFields;
  parse: ParseLine;
}

/** Lists every log format, the one to fall back on first. */
export const FORMATS: readonly Format[] = [
  {
    name: 'squid',
    title: 'Squid native (logformat squid)',
    stamp: 'end',
    vendor: 'Squid',
    product: 'Squid',
    logs: { user: true, referrer: false, userAgent: false, mime: true, elapsed: true, denial: true },
    parse: parseSquid,
  },
  {
    name: 'common',
    title: 'common log format (Squid logformat common, Apache, nginx)',
    stamp: 'end',
    vendor: 'Squid',
    product: 'Squid',
    logs: { user: true, referrer: false, userAgent: false, mime: false, elapsed: false, denial: true },
    parse: parseCommon,
  },
  {
    name: 'combined',
    title: 'combined log format (Squid logformat combined, Apache, nginx)',
    stamp: 'end',
    vendor: 'Squid',
    product: 'Squid',
    logs: { user: true, referrer: true, userAgent: true, mime: false, elapsed: false, denial: true },
    parse: parseCombined,
  },
];

/** Finds a format by its name; null where there is none. */
export function formatNamed(name: string): Format | null {
  return FORMATS.find(format => format.name === name) ?? null;
}
