// What the tests of telemetry share: a stream that keeps what is written, and a clock that stands.
import { Writable } from 'node:stream';
import { createTelemetry, type ProcessTelemetry } from '../../../src/adapters/telemetry/telemetry.ts';
import type { LogLevel } from '../../../src/ports/telemetry.ts';

export const NOW_MS = Date.UTC(2026, 8, 28, 6, 7, 52, 123);

export interface Told {
  telemetry: ProcessTelemetry;
  /** All that was written. */
  text(): string;
  /** The lines, read as JSON. */
  lines(): Record<string, unknown>[];
  /** The value of a number with its labels as `/metrics` writes them; null where there is none. */
  value(series: string): Promise<number | null>;
}

/** Makes telemetry whose words and numbers can be looked at. */
export function told(options: { level?: LogLevel; format?: 'json' | 'text' } = {}): Told {
  let written = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written += chunk;
      done();
    },
  });
  const telemetry = createTelemetry({
    level: 'debug',
    format: 'json',
    ...options,
    stream,
    nowMs: () => NOW_MS,
  });
  return {
    telemetry,
    text: () => written,
    lines: () =>
      written
        .split('\n')
        .filter(Boolean)
        .map(line => JSON.parse(line)),
    async value(series) {
      const lines = (await telemetry.metrics.text()).split('\n');
      const line = lines.find(found => found.startsWith(`${series} `));
      return line === undefined ? null : Number(line.slice(series.length + 1));
    },
  };
}
