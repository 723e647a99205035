// A source of the configuration, opened for a worker that runs on.
import { createFollowSource } from '../adapters/source/follow/follow.ts';
import { maxOpenOf } from '../adapters/source/follow/max-open.ts';
import { createKafkaSource } from '../adapters/source/kafka/kafka.ts';
import type { PartitionLag } from '../adapters/source/kafka/options.ts';
import { followToLog } from '../adapters/telemetry/follow-to-log.ts';
import { createKafkaToLog } from '../adapters/telemetry/kafka-to-log.ts';
import type { Config, SourceConfig } from '../config/config.ts';
import type { KnownStreams, LiveEvent, Source } from '../ports/source.ts';
import type { LogEntry, Telemetry } from '../ports/telemetry.ts';
import type { RollCall } from './roll-call.ts';

export interface RunSource {
  source: Source<LiveEvent>;
  /** Asks how far behind it is; null where that is no question. */
  lag: (() => Promise<PartitionLag[]>) | null;
}

export interface RunSourceOptions {
  config: Config;
  known: KnownStreams;
  until: 'stopped' | 'end';
  telemetry: Telemetry;
  rollCall: RollCall;
}

/** Makes a source; nothing is opened before it is read. */
export function openRunSource(source: SourceConfig, options: RunSourceOptions): RunSource {
  const { config, known, telemetry, rollCall } = options;
  const tell = (entries: readonly LogEntry[]) => {
    for (const { level, event, fields } of entries) telemetry.log(level, event, fields);
  };
  switch (source.kind) {
    case 'files':
      rollCall.joined(source.name);
      return {
        source: createFollowSource({
          paths: source.paths,
          source: source.name,
          known,
          bufferBytes: Math.max(BUFFER_BYTES, 2 * config.maxLineBytes),
          until: options.until === 'end' ? 'idle' : 'stopped',
          maxOpen: maxOpenOf(config.sources.filter(({ kind }) => kind === 'files').length),
          onEvent: event => tell(followToLog(event)),
        }),
        lag: null,
      };
    case 'kafka': {
      const toLog = createKafkaToLog();
      const kafka = createKafkaSource({
        brokers: source.brokers,
        group: source.group,
        topics: source.topics,
        source: source.name,
        known,
        start: source.start,
        until: options.until,
        tls: source.tls,
        sasl: source.sasl,
        names: source.names,
        sessionMs: source.sessionMs,
        onEvent(event) {
          if (event.kind === 'assigned') rollCall.joined(source.name);
          if (event.kind === 'reconnecting') rollCall.away(source.name);
          tell(toLog(event));
        },
      });
      return { source: kafka, lag: () => kafka.lag() };
    }
    default:
      return source satisfies never;
  }
}

const BUFFER_BYTES = 1 << 20;
