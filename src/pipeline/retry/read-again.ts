// Rejected lines → what today's formats, lists and policy make of them. In: the lines of one sealed text. Out: what a scan
// would have gathered had it read them so, under the same streams and positions, and so under the same ids (§5.1).
// Invariant: lines in = records + rejected + skipped (§2.1); what is rejected again keeps all that was known of it.
import { detect } from '../../format/detect.ts';
import { type Format, formatNamed } from '../../format/formats.ts';
import type { RejectCode } from '../../model/record.ts';
import type { RejectedText } from '../../ports/sealed-texts.ts';
import type { Chunk } from '../../ports/source.ts';
import type { UsageCount } from '../../ports/store.ts';
import { addBatch, type Batch, blankBatch } from '../batch.ts';
import type { Lane, LaneSet } from '../lane.ts';
import { laneOf } from '../reader.ts';
import { addSummary, blankSummary, type ScanSummary } from '../summary.ts';
import { addUsage } from '../usage.ts';

/** What is asked of a retry. */
export interface Asked {
  /** Only lines that were rejected under this code; null for all. */
  code: RejectCode | null;
  /** Format to read by; null for each line's own. */
  format: Format | null;
}

export interface ReadAgain {
  batch: Batch;
  usage: UsageCount[];
  summary: ScanSummary;
  /** Lines that were left as they were: of another code, or parts of a line. They count as rejected. */
  untried: number;
  /** True where every line is rejected as before. */
  isUnchanged: boolean;
}

export interface ReadAgainOptions {
  set: LaneSet;
  /** The clock that decides what is too old or in the future. */
  clockMs: number;
  asked: Asked;
  /** Name of the format that a stream is known by; null where it has none. */
  formatOf(stream: string): string | null;
}

/** Codes of texts that may be a part of a line: read by itself it could say something else. */
const PARTS: ReadonlySet<RejectCode> = new Set(['too-long', 'continued']);

/** Reads rejected lines again. */
export function readAgain(lines: readonly RejectedText[], options: ReadAgainOptions): ReadAgain {
  const { set, asked } = options;
  const used = new Set<Lane>();
  const guess = createGuess(lines);
  const of = createLookup(lines);
  let untried = 0;
  for (const line of lines) {
    const known = laneOf(set, line.origin);
    const lane = known ?? set.of(null)!;
    lane.setClock(options.clockMs);
    used.add(lane);
    const chunk = chunkOf(line);
    if (PARTS.has(line.code) || (asked.code !== null && asked.code !== line.code)) {
      untried++;
      lane.reject(chunk, line.code);
      continue;
    }
    // To guess another organisation would show names to the wrong people (§3.1).
    const format = known === null ? null : formatFor(line, options, guess);
    if (format === null) lane.reject(chunk, known === null ? 'tenant-unknown' : 'format-unknown');
    else lane.read(chunk, format);
  }
  const { batch, usage, summary } = gather(used, set);
  // That a format on trial does not read a line says nothing of why its own does not.
  const codeOf = (line: RejectedText) => (asked.format === null ? line : of(line)).code;
  const rejected = batch.rejected.map(line => ({ ...of(line), code: codeOf(line), text: line.text }));
  summary.rejects = {};
  for (const { code } of rejected) summary.rejects[code] = (summary.rejects[code] ?? 0) + 1;
  const isUnchanged =
    rejected.length === lines.length &&
    rejected.every(line => line.text !== null && line.code === of(line).code);
  return { batch: { ...batch, rejected }, usage, summary, untried, isUnchanged };
}

/** Gives the line as it was sealed, with all that was known of it. */
function createLookup(lines: readonly RejectedText[]): (line: RejectedText) => RejectedText {
  const byPlace = new Map(lines.map(line => [`${line.stream} ${line.offset}`, line]));
  return line => byPlace.get(`${line.stream} ${line.offset}`)!;
}

function gather(
  used: ReadonlySet<Lane>,
  set: LaneSet,
): { batch: Batch; usage: UsageCount[]; summary: ScanSummary } {
  const [batch, usage, summary] = [blankBatch(), [] as UsageCount[], blankSummary(set.versions)];
  for (const lane of used) {
    const more = lane.take();
    addBatch(batch, more.batch);
    addUsage(usage, more.usage);
    addSummary(summary, more.summary);
  }
  return { batch, usage, summary };
}

/** The format that was asked for, that the message names, that the stream is known by, or that the line was read by. */
function formatFor(
  line: RejectedText,
  { asked, formatOf }: ReadAgainOptions,
  guess: (stream: string) => Format,
): Format | null {
  if (asked.format !== null) return asked.format;
  const named = line.origin?.format ?? null;
  if (named !== null) return formatNamed(named);
  const known = formatNamed(formatOf(line.stream) ?? line.format ?? '');
  if (known !== null) return known;
  // A message that names no format was not guessed at, and is not now.
  return line.code === 'format-unknown' ? null : guess(line.stream);
}

/** Tells what the lines of a stream look like, once for each. */
function createGuess(lines: readonly RejectedText[]): (stream: string) => Format {
  const known = new Map<string, Format>();
  return stream => {
    const before = known.get(stream);
    if (before !== undefined) return before;
    const bytes = join(lines.filter(line => line.stream === stream).map(line => line.text!));
    const { format } = detect(bytes, 0, bytes.length);
    known.set(stream, format);
    return format;
  };
}

function join(texts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(texts.reduce((sum, text) => sum + text.length + 1, 0)).fill(LINE_FEED);
  let at = 0;
  for (const text of texts) {
    bytes.set(text, at);
    at += text.length + 1;
  }
  return bytes;
}

/** Makes a chunk of one line, in a buffer with the room that readers count on. */
function chunkOf({ stream, offset, text, path, origin }: RejectedText): Chunk {
  const bytes = new Uint8Array(SPARE_BEFORE + text!.length + SPARE_AFTER);
  bytes.set(text!, SPARE_BEFORE);
  const end = SPARE_BEFORE + text!.length;
  return {
    kind: 'lines',
    state: { id: stream, source: '', firstLine: '', ordinal: 0, position: offset, endsInHalfLine: false },
    ...{ marks: [], path: path ?? null, bytes, start: SPARE_BEFORE, end, offset },
    ...(origin === undefined ? {} : { origin }),
  };
}

const LINE_FEED = 10;
const SPARE_BEFORE = 8;
const SPARE_AFTER = 64;
