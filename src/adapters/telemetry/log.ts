// The log: one line an event, as JSON with ECS names or as text for people.
// Invariant: where the stream has a descriptor, as stderr has, a line has left the process before `log` returns, so that
// none is lost however the process ends; a stream that nobody reads any more does not stop the work.
// Example: {"log.level":"warn","@timestamp":"2026-09-28T06:07:52.123Z",…,"event.action":"store-waiting","message":"…"}
import type { Writable } from 'node:stream';
import { pino } from 'pino';
import type { LogLevel, Telemetry } from '../../ports/telemetry.ts';
import { textLine } from './text-line.ts';
import { fitFields, sentenceOf } from './vocabulary.ts';
import { createWriteNow } from './write-now.ts';

export interface LogOptions {
  /** The least that is told. */
  level: LogLevel;
  format: 'json' | 'text';
  /** With a descriptor (`process.stderr`), lines are written to that. */
  stream: Writable & { fd?: number };
  nowMs(): number;
  /** Hears how many fields of a line were not written; 0 for nearly all lines. */
  onWithheld(count: number): void;
  /** Hears of each line that could not be written. */
  onLost(): void;
}

/** Creates the log. */
export function createLog(options: LogOptions): Telemetry['log'] {
  const write = createWrite(options);
  const lines = pino(
    {
      level: options.level,
      messageKey: 'message',
      base: { 'ecs.version': '8.17.0', 'service.name': 'granska' },
      formatters: { level: label => ({ 'log.level': label }) },
      timestamp: () => `,"@timestamp":"${new Date(options.nowMs()).toISOString()}"`,
    },
    { write: line => write(options.format === 'json' ? line : textLine(JSON.parse(line))) },
  );
  return (level, event, given = {}) => {
    const sentence = sentenceOf(event);
    const { fields, withheld } = fitFields(sentence === null ? {} : given);
    if (sentence === null || withheld > 0) {
      fields['granska.withheld'] = Math.max(1, withheld);
      options.onWithheld(Math.max(1, withheld));
    }
    // Types keep both to the closed words; a cast, or a wider object, does not get past this.
    lines[level](
      { 'event.action': sentence === null ? 'withheld' : event, ...fields },
      sentence ?? 'withheld',
    );
  };
}

function createWrite({ stream, onLost }: LogOptions): (line: string) => void {
  if (stream.fd !== undefined) return createWriteNow(stream.fd, onLost);
  stream.on('error', onLost);
  return line => void stream.write(line);
}
