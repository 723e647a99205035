// `granska doctor`: what a log is, how much of it can be read, and what to change in the proxy to get more.
// Stores nothing and shows no line: positions, counts and shares only.
import type { Zone } from '../../calendar/zone.ts';
import type { ExitCode } from '../../errors.ts';
import type { Format } from '../../format/formats.ts';
import { DEFAULT_MAX_LINE_BYTES, type LineLimits, MAX_AHEAD_MS, readLine } from '../../format/read-line.ts';
import { lineEnd, trimCarriageReturn } from '../../frame/newline.ts';
import { blankRecord, type LogRecord } from '../../model/record.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Chunk, OriginEnd, Source, SourceEvent } from '../../ports/source.ts';
import { adviceFor } from '../doctor/advice.ts';
import type { Diagnosis, Shares } from '../doctor/diagnosis.ts';
import {
  blankObservation,
  type Observation,
  observeHeaders,
  observeOther,
  observeRecord,
} from '../doctor/observe.ts';
import { describeDiagnoses } from '../doctor/words.ts';
import { type Io, write } from '../io.ts';
import { type ChosenFormat, chooseFormat } from '../sampled-format.ts';
import { exitOf } from '../source-exit.ts';

export interface DoctorOptions {
  /** The format to read with; null to go by the first lines of each file. */
  format: Format | null;
  json: boolean;
  maxLineBytes?: number;
}

export interface DoctorDeps {
  source: Source;
  io: Io;
  clock: Clock;
  /** Whose local hours the histogram counts. */
  zone: Zone;
  signal: AbortSignal;
}

/** Reads all origins and prints what they are. Answers 3 where a file was missing, 4 where one was damaged. */
export async function runDoctor(options: DoctorOptions, deps: DoctorDeps): Promise<ExitCode> {
  const diagnoses: Diagnosis[] = [];
  let reading = newReading(options, deps);
  for await (const event of deps.source.events(deps.signal)) {
    takeEvent(event, reading, deps.zone);
    if (event.kind !== 'end') continue;
    diagnoses.push(diagnose(reading, event, deps.zone));
    reading = newReading(options, deps);
  }
  const { io } = deps;
  if (options.json)
    await write(io.stdout, `${JSON.stringify({ schema: 'granska.doctor/1', logs: diagnoses })}\n`);
  else await write(io.stdout, describeDiagnoses(diagnoses));
  return exitOf(diagnoses.flatMap(diagnosis => (diagnosis.failure === null ? [] : [diagnosis.failure])));
}

interface Reading {
  asked: Format | null;
  /** Null before the first chunk. */
  chosen: ChosenFormat | null;
  limits: LineLimits;
  record: LogRecord;
  seen: Observation;
}

function newReading(options: DoctorOptions, deps: DoctorDeps): Reading {
  return {
    asked: options.format,
    chosen: null,
    limits: {
      maxLineBytes: options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES,
      latestStampMs: deps.clock.nowMs() + MAX_AHEAD_MS,
    },
    record: blankRecord(),
    seen: blankObservation(),
  };
}

function takeEvent(event: SourceEvent, reading: Reading, zone: Zone): void {
  const { seen } = reading;
  switch (event.kind) {
    case 'end':
      seen.pending = event.pending;
      return;
    case 'overlong':
    case 'continued':
      seen.lines += 1;
      seen.bytes += event.end - event.start;
      observeOther(seen, event.kind === 'overlong' ? 'reject:too-long' : 'reject:continued', event.offset);
      return;
    case 'lines':
      takeChunk(event, reading, zone);
      return;
    default:
      event satisfies never;
  }
}

function takeChunk(chunk: Chunk, reading: Reading, zone: Zone): void {
  const { seen, record, limits } = reading;
  const { bytes } = chunk;
  reading.chosen ??= chooseFormat(reading.asked, chunk);
  seen.bytes += chunk.end - chunk.start;
  for (let at = chunk.start; at < chunk.end; ) {
    const stop = lineEnd(bytes, at, chunk.end);
    const outcome = readLine(reading.chosen.format, bytes, at, stop, limits, record);
    seen.lines += 1;
    observeHeaders(seen, { bytes, start: at, end: trimCarriageReturn(bytes, at, stop) });
    if (outcome === 'record') observeRecord(seen, record, zone);
    else observeOther(seen, outcome, chunk.offset + at - chunk.start);
    at = stop + 1;
  }
}

function diagnose(reading: Reading, end: OriginEnd, zone: Zone): Diagnosis {
  const { seen, chosen } = reading;
  const isSure = chosen !== null && (chosen.detection?.sure ?? true);
  return {
    path: end.path,
    format: chosen?.format.name ?? null,
    title: chosen?.format.title ?? null,
    confidence: chosen?.detection?.confidence ?? null,
    sure: isSure,
    lines: seen.lines,
    records: seen.records,
    rejected: seen.rejected,
    skipped: seen.skipped,
    pending: seen.pending,
    bytes: seen.bytes,
    parsed: seen.lines === seen.skipped ? null : seen.records / (seen.lines - seen.skipped),
    rejects: commonestRejects(seen),
    skips: Object.fromEntries(seen.skips),
    shares: sharesOf(seen),
    timezone: zone.name,
    hours: seen.hours,
    first: seen.firstMs === null ? null : new Date(seen.firstMs).toISOString(),
    last: seen.lastMs === null ? null : new Date(seen.lastMs).toISOString(),
    advice: chosen === null ? [] : adviceFor(seen, { format: chosen.format, isSure }),
    failure: end.failure,
  };
}

function commonestRejects(seen: Observation): Diagnosis['rejects'] {
  return [...seen.rejects]
    .map(([code, { count, first }]) => ({ code, count, example: first }))
    .sort((a, b) => b.count - a.count || a.example.offset - b.example.offset)
    .slice(0, 3);
}

function sharesOf(seen: Observation): Shares | null {
  if (seen.records === 0) return null;
  const { records } = seen;
  return {
    users: seen.users / records,
    referrers: seen.referrers / records,
    referrersLogged: seen.referrersLogged / records,
    userAgents: seen.userAgents / records,
    mimeTypes: seen.mimeTypes / records,
    tunnels: seen.tunnels / records,
    denied: seen.denied / records,
    authChallenges: seen.authChallenges / records,
    headers: seen.headers / seen.lines,
  };
}
