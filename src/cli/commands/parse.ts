// `granska parse`: every line of the files as one JSON object, in the order in which it stands. Writes nothing
// to disk, and keeps nothing: it is the way to see what Granska makes of a log before anything is stored.
import { EXIT, type ExitCode } from '../../errors.ts';
import type { Format } from '../../format/formats.ts';
import { maskHeaders } from '../../format/mask-headers.ts';
import { DEFAULT_MAX_LINE_BYTES, type LineLimits, MAX_AHEAD_MS, readLine } from '../../format/read-line.ts';
import { decodeText } from '../../format/text.ts';
import { lineEnd, trimCarriageReturn } from '../../frame/newline.ts';
import { blankRecord, type LogRecord } from '../../model/record.ts';
import { blankTarget, type Target } from '../../model/target.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Chunk, OriginEnd, Source, SourceEvent } from '../../ports/source.ts';
import { parseTarget } from '../../url/parse-target.ts';
import { type Io, write } from '../io.ts';
import { createIsoTime, type IsoTime, otherLineToEcs, recordToEcs } from '../record-to-ecs.ts';
import { chooseFormat, describeChoice } from '../sampled-format.ts';
import { describeFailure, exitOf } from '../source-exit.ts';

export interface ParseOptions {
  /** The format to read with; null to go by the first lines of each file. */
  format: Format | null;
  maxLineBytes?: number;
}

export interface ParseDeps {
  source: Source;
  io: Io;
  clock: Clock;
  signal: AbortSignal;
}

/** Text that is gathered before it is written: one write a line would be the dearest part of all. */
const BATCH_CHARS = 256 * 1024;

/** Prints the lines of all origins as NDJSON. Answers 3 where a file was missing, 4 where one was damaged. */
export async function runParse(options: ParseOptions, deps: ParseDeps): Promise<ExitCode> {
  const { io } = deps;
  const state: ParseState = {
    format: options.format,
    limits: {
      maxLineBytes: options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES,
      latestStampMs: deps.clock.nowMs() + MAX_AHEAD_MS,
    },
    record: blankRecord(),
    target: blankTarget(),
    isoTime: createIsoTime(),
    text: '',
  };
  const failures: NonNullable<OriginEnd['failure']>[] = [];
  let isReaderGone = false;
  const leave = () => {
    isReaderGone = true;
  };
  // `granska parse … | head` closes the pipe: that is no error, and nobody is left to write for.
  io.stdout.on('error', leave);
  io.stdout.on('close', leave);
  try {
    for await (const event of deps.source.events(deps.signal)) {
      if (event.kind === 'end' && event.failure !== null) failures.push(event.failure);
      await takeEvent(event, state, { options, io, isGone: () => isReaderGone });
      if (isReaderGone) return EXIT.done;
    }
  } finally {
    io.stdout.off('error', leave);
    io.stdout.off('close', leave);
  }
  for (const failure of failures) await write(io.stderr, `${describeFailure(failure)}\n`);
  return exitOf(failures);
}

interface ParseState {
  /** Format of the origin that is being read; null before its first chunk. */
  format: Format | null;
  limits: LineLimits;
  record: LogRecord;
  target: Target;
  isoTime: IsoTime;
  /** Lines that wait to be written. */
  text: string;
}

interface ParseWork {
  options: ParseOptions;
  io: Io;
  isGone(): boolean;
}

async function takeEvent(event: SourceEvent, state: ParseState, work: ParseWork): Promise<void> {
  switch (event.kind) {
    case 'end':
      state.format = work.options.format;
      break;
    case 'overlong':
      addOther(state, event, 'reject:too-long');
      break;
    case 'continued':
      addOther(state, event, 'reject:continued');
      break;
    case 'lines':
      await takeChunk(event, state, work);
      break;
    default:
      event satisfies never;
  }
  // At the end of each chunk, so that a log that is still being written can be followed through a pipe.
  await flush(state, work.io);
}

async function takeChunk(chunk: Chunk, state: ParseState, work: ParseWork): Promise<void> {
  if (state.format === null) {
    const chosen = chooseFormat(work.options.format, chunk);
    state.format = chosen.format;
    await write(work.io.stderr, `${chunk.path ?? 'stdin'}: ${describeChoice(chosen)}\n`);
  }
  const { bytes } = chunk;
  for (let at = chunk.start; at < chunk.end; ) {
    const stop = lineEnd(bytes, at, chunk.end);
    addLine(state, { bytes, start: at, end: stop, offset: chunk.offset + at - chunk.start });
    at = stop + 1;
    if (state.text.length < BATCH_CHARS) continue;
    await flush(state, work.io);
    if (work.isGone()) return;
  }
}

interface LineBytes {
  bytes: Uint8Array;
  start: number;
  end: number;
  offset: number;
}

function addLine(state: ParseState, line: LineBytes): void {
  const { record, target, isoTime } = state;
  const outcome = readLine(state.format!, line.bytes, line.start, line.end, state.limits, record);
  if (outcome !== 'record') {
    addOther(state, line, outcome);
    return;
  }
  const isOpaque = parseTarget(record.url, record.method, target) === 'opaque';
  const document = recordToEcs(record, isOpaque ? null : target, { offset: line.offset, isoTime });
  state.text += `${JSON.stringify(document)}\n`;
}

function addOther(state: ParseState, line: LineBytes, outcome: string): void {
  const feed = line.end > line.start && line.bytes[line.end - 1] === 0x0a ? line.end - 1 : line.end;
  const end = trimCarriageReturn(line.bytes, line.start, feed);
  const original = maskHeaders(decodeText(line.bytes, line.start, end));
  state.text += `${JSON.stringify(otherLineToEcs(outcome, line.offset, original))}\n`;
}

async function flush(state: ParseState, io: Io): Promise<void> {
  if (state.text === '') return;
  const { text } = state;
  state.text = '';
  await write(io.stdout, text);
}
