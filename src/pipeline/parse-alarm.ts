// The alarm of the parse rate: a log line, a number and a warning when too few lines can be read, and their end.
// Each source is watched by itself, so that a large one does not hide a small one of which nothing can be read; number
// and warning are those of the worst. Invariant: each crossing of a source is told once, however long it lasts. The
// worker stays ready: it goes on with what can be read.
import type { Health, Telemetry } from '../ports/telemetry.ts';
import { createParseRate, type ParseRateOptions } from './parse-rate.ts';

export interface ParseAlarm {
  /** Takes what has been read of a source, by its name in the configuration, since the last call. */
  add(source: string, counts: { records: number; rejected: number }): void;
}

/** Creates the alarm of all sources of a worker. */
export function createParseAlarm(
  options: ParseRateOptions,
  to: { telemetry: Pick<Telemetry, 'log' | 'parseRate'>; health: Pick<Health, 'raise' | 'clear'> },
): ParseAlarm {
  const { telemetry, health } = to;
  const rates = new Map<string, ReturnType<typeof createParseRate>>();
  const low = new Set<string>();

  function rateOf(source: string): ReturnType<typeof createParseRate> {
    const known = rates.get(source);
    if (known !== undefined) return known;
    const made = createParseRate(options);
    rates.set(source, made);
    return made;
  }

  return {
    add(source, counts) {
      const parseRate = rateOf(source);
      const crossing = parseRate.add(counts);
      const rate = parseRate.rate();
      if (rate === null) return;
      if (crossing === 'fell') {
        low.add(source);
        health.raise('parse-rate-low');
        telemetry.log('error', 'parse-rate-low', { source, rate: rounded(rate) });
      } else if (crossing === 'rose') {
        low.delete(source);
        if (low.size === 0) health.clear('parse-rate-low');
        telemetry.log('info', 'parse-rate-restored', { source, rate: rounded(rate) });
      }
      const worst = Math.min(...[...rates.values()].map(one => one.rate() ?? 1));
      telemetry.parseRate(worst, low.size > 0 ? 'low' : 'normal');
    },
  };
}

function rounded(rate: number): number {
  return Math.round(rate * 10_000) / 10_000;
}
