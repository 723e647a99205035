// The numbers, in Prometheus's text format. Names begin with `granska_`; what the platform tells of itself (heap, processor
// time, lag of the event loop) keeps the names that dashboards know.
// Invariant: no label holds anything of a log line; every label is a word of ours, a topic, a partition or a short hash.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Versions } from '../../model/finding.ts';
import type { Meters } from '../../ports/telemetry.ts';
import { isTopic } from './vocabulary.ts';

/** The numbers as a scraper reads them. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
}

export interface MeterSet {
  meters: Meters;
  metrics: Metrics;
  /** Counts fields that were not written into the log. */
  withheld(count: number): void;
  /** Counts a line of the log that could not be written. */
  lost(): void;
}

const WRITE_SECONDS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100];
const REQUEST_SECONDS = [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];
const HASH_DIGITS = 12;

/** Creates the numbers of one process. */
export function createMeters(nowMs: () => number): MeterSet {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const counter = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter({ name: `granska_${name}`, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Gauge({ name: `granska_${name}`, help, labelNames, registers });

  const lines = counter('lines_total', 'Lines read, by what became of them', ['outcome']);
  const bytes = counter('read_bytes_total', 'Bytes of the lines read, after decompression');
  const findings = counter('findings_total', 'Findings as judged, stored or not yet', ['class', 'verdict']);
  const rejects = counter('rejects_total', 'Lines that could not be read, by reason', ['code']);
  const writes = new Histogram({
    name: 'granska_write_seconds',
    help: 'Time that one transaction, or the windows written together, took',
    buckets: WRITE_SECONDS,
    registers,
  });
  const stored = counter('stored_findings_total', 'Findings given to the store', ['result']);
  const storedBytes = counter('stored_bytes_total', 'Bytes of the lines whose outcome is stored');
  const lastWrite = gauge(
    'last_write_timestamp_seconds',
    'When the store last took something; 0 before it did',
  );
  const requests = new Histogram({
    name: 'granska_store_request_seconds',
    help: 'Time that one request to the store took',
    buckets: REQUEST_SECONDS,
    registers,
  });
  const retries = counter('store_retries_total', 'Requests to the store that were sent again');
  const waiting = gauge('waiting', '1 while the work stands still for this, else 0', ['for']);
  const deadLetters = counter('dead_letters_total', 'Documents that the store refused for good');
  const fenced = counter('fenced_total', 'Streams that another worker had taken over when this one wrote');
  const lag = gauge('lag_messages', 'Messages that are there and not stored', ['topic', 'partition']);
  const parseRate = gauge('parse_rate', 'Share of the last lines that could be read, from 0 to 1');
  const parseRateLow = gauge('parse_rate_low', '1 while the parse rate is under its threshold, else 0');
  const configuration = gauge('configuration_info', 'What judges now, by content hash', [
    'lists',
    'policy',
    'directory',
  ]);
  const reloads = counter('configuration_reloads_total', 'Changed configurations, by outcome', ['result']);
  const directoryAge = gauge(
    'directory_age_seconds',
    'Age of the last delivery of the directory; NaN where none was ever imported',
  );
  const withheld = counter('log_withheld_fields_total', 'Fields that were not written into the log');

  const lost = counter('log_lost_lines_total', 'Lines of the log that could not be written');

  // A series that begins at 0 shows its first step; one that begins with that step hides it.
  for (const outcome of ['records', 'rejected', 'skipped']) lines.inc({ outcome }, 0);
  for (const name of ['forbidden', 'questionable'])
    for (const verdict of ['examine', 'exempt', 'attempt']) findings.inc({ class: name, verdict }, 0);
  for (const result of ['new', 'known']) stored.inc({ result }, 0);
  for (const result of ['ok', 'refused']) reloads.inc({ result }, 0);
  for (const what of ['store', 'source']) waiting.set({ for: what }, 0);
  directoryAge.set(Number.NaN);

  return {
    metrics: { contentType: registry.contentType, text: () => registry.metrics() },
    withheld: count => withheld.inc(count),
    lost: () => lost.inc(),
    meters: {
      linesRead(read) {
        lines.inc({ outcome: 'records' }, growth(read.records));
        lines.inc({ outcome: 'rejected' }, growth(read.rejected));
        lines.inc({ outcome: 'skipped' }, growth(read.skipped));
        bytes.inc(growth(read.bytes));
      },
      found: ({ class: name, verdict, count }) => findings.inc({ class: name, verdict }, growth(count)),
      rejected: (code, count) => rejects.inc({ code }, growth(count)),
      written(write) {
        writes.observe(write.durationMs / 1000);
        stored.inc({ result: 'new' }, growth(write.added));
        stored.inc({ result: 'known' }, growth(write.known));
        storedBytes.inc(growth(write.bytes));
        lastWrite.set(nowMs() / 1000);
      },
      storeAnswered: durationMs => requests.observe(durationMs / 1000),
      storeRetried: () => retries.inc(),
      waits: (what, is) => waiting.set({ for: what }, Number(is === 'standing-still')),
      deadLettered: documents => deadLetters.inc(growth(documents)),
      fenced: streams => fenced.inc(growth(streams)),
      lag(partitions) {
        lag.reset();
        for (const { topic, partition, messages } of partitions)
          lag.set({ topic: isTopic(topic) ? topic : 'other', partition: String(partition) }, messages);
      },
      parseRate(rate, is) {
        parseRate.set(rate);
        parseRateLow.set(Number(is === 'low'));
      },
      judgedBy(all) {
        configuration.reset();
        for (const versions of all) configuration.set(shortHashes(versions), 1);
      },
      reloaded: outcome => reloads.inc({ result: outcome }),
      directoryAge: ageMs => directoryAge.set(ageMs === null ? Number.NaN : ageMs / 1000),
    },
  };
}

function shortHashes({ lists, policy, directory }: Versions): Record<keyof Versions, string> {
  const short = (hash: string | null) => hash?.slice(0, HASH_DIGITS) ?? '';
  return { lists: short(lists), policy: short(policy), directory: short(directory) };
}

/** A counter only grows; prom-client throws where it is told otherwise, and a number must not stop the work. */
function growth(by: number): number {
  return by > 0 && Number.isFinite(by) ? by : 0;
}
