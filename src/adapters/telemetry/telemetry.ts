// Telemetry of one process: its log and its numbers.
// Example: `createTelemetry({ level: 'info', format: 'json', stream: process.stderr, nowMs: () => Date.now() })`
import type { Telemetry } from '../../ports/telemetry.ts';
import { createLog, type LogOptions } from './log.ts';
import { createMeters, type Metrics } from './meters.ts';

export interface ProcessTelemetry extends Telemetry {
  /** What `/metrics` answers. */
  readonly metrics: Metrics;
}

/** Creates the telemetry of a process; once, since it also watches the process itself. */
export function createTelemetry(options: Omit<LogOptions, 'onWithheld' | 'onLost'>): ProcessTelemetry {
  const { meters, metrics, withheld, lost } = createMeters(options.nowMs);
  const log = createLog({ ...options, onWithheld: withheld, onLost: lost });
  return { ...meters, log, metrics };
}
