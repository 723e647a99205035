// The stages of the hot path, each with all before it, over the same log read in the same way: what one adds is the
// difference to the one above. Run by run.ts in a process of its own:
// node bench/stages.ts LOG IMAGE ROUNDS      prints one JSON line per round and stage
import { closeSync, openSync, readSync } from 'node:fs';
import { loadImageFile } from '../src/adapters/lists/image-file.ts';
import { createZone } from '../src/calendar/zone.ts';
import { createMatcher } from '../src/category/matcher.ts';
import { HostVerdicts } from '../src/pipeline/fast/host-verdicts.ts';
import { HAND_ON, LINE } from '../src/pipeline/fast/line.ts';
import { LineReader } from '../src/pipeline/fast/line-reader.ts';
import { createSquidScan } from '../src/pipeline/fast/squid-scan.ts';
import { createUsageTable } from '../src/pipeline/usage.ts';

/** What a stage makes of whole lines `bytes[start..end)`: how many lines, and how many it would hand on. */
export type StageRun = (
  bytes: Uint8Array<ArrayBuffer>,
  start: number,
  end: number,
) => { lines: number; handedOn: number };

export interface RoundResult {
  stage: string;
  lines: number;
  handedOn: number;
  /** Processor time of all threads: what other programs do meanwhile is not counted. */
  seconds: number;
}

/** The stages in their order. `counts` is the whole fast scan. */
export const STAGES = ['frame', 'parse', 'lookup', 'counts'] as const;

const CHUNK_BYTES = 1 << 18;
const BEFORE_BYTES = 8;
const AFTER_BYTES = (1 << 16) + 64;
const LIMITS = { maxLineBytes: 65_536, latestStampMs: Date.parse('2100-01-01T00:00:00Z') };
const DEPARTMENTS = 40;

function createStages(imagePath: string): Record<(typeof STAGES)[number], StageRun> {
  const image = loadImageFile(imagePath);
  const matcher = createMatcher(image, null);
  const departments = new Map<string, number>();
  const scan = createSquidScan({
    matcher,
    image,
    limits: { ...LIMITS, earliestStartMs: Number.NEGATIVE_INFINITY },
    zone: createZone('Europe/Stockholm'),
    clientMatters: false,
    usage: createUsageTable(),
    slotOf(user, _client, startMs) {
      const slot = departments.get(user) ?? departments.size % DEPARTMENTS;
      departments.set(user, slot);
      // A day, as for people whom a directory moves from one department to the next.
      return { slot, named: user !== '', fromMs: startMs - 43_200_000, toMs: startMs + 43_200_000 };
    },
  });
  return {
    frame: countLines,
    parse: createBatches(null),
    lookup: createBatches(new HostVerdicts(matcher, image)),
    counts(bytes, start, end) {
      let lines = 0;
      let handedOn = 0;
      for (let at = start; at < end; at = scan.stoppedAt) {
        const slow = scan.scan(bytes, at, end);
        handedOn += slow;
        lines += scan.lines + slow;
      }
      return { lines, handedOn };
    },
  };
}

function countLines(bytes: Uint8Array, start: number, end: number): { lines: number; handedOn: number } {
  let lines = 0;
  for (let at = start; at < end; at = bytes.indexOf(0x0a, at) + 1) lines++;
  return { lines, handedOn: 0 };
}

function createBatches(verdicts: HostVerdicts | null): StageRun {
  const reader = new LineReader({ ...LIMITS, earliestStartMs: Number.NEGATIVE_INFINITY });
  return (bytes, start, end) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const lines = { bytes, view, batch: reader.batch, count: 0 };
    const result = { lines: 0, handedOn: 0 };
    for (let at = start; at < end; ) {
      at = reader.readBatch(bytes, view, at, end);
      lines.count = reader.count;
      verdicts?.judge(lines);
      result.lines += reader.count;
      for (let i = 0; i < reader.count; i++) {
        if (reader.batch[i * LINE.stride + LINE.state] === HAND_ON) result.handedOn++;
      }
    }
    return result;
  };
}

/** Runs a stage through the log once. */
function runRound(logPath: string, stage: string, run: StageRun): RoundResult {
  const buffer = new Uint8Array(BEFORE_BYTES + CHUNK_BYTES + AFTER_BYTES);
  const file = openSync(logPath, 'r');
  const result: RoundResult = { stage, lines: 0, handedOn: 0, seconds: 0 };
  const begun = process.cpuUsage();
  let carried = 0;
  for (;;) {
    const read = readSync(file, buffer, BEFORE_BYTES + carried, CHUNK_BYTES, null);
    if (read === 0) break;
    const end = BEFORE_BYTES + carried + read;
    const linesEnd = buffer.lastIndexOf(0x0a, end - 1) + 1;
    const { lines, handedOn } = run(buffer, BEFORE_BYTES, linesEnd);
    result.lines += lines;
    result.handedOn += handedOn;
    buffer.copyWithin(BEFORE_BYTES, linesEnd, end);
    carried = end - linesEnd;
  }
  const { user, system } = process.cpuUsage(begun);
  result.seconds = (user + system) / 1e6;
  closeSync(file);
  return result;
}

if (import.meta.main) {
  const [logPath, imagePath, rounds] = process.argv.slice(2);
  if (logPath === undefined || imagePath === undefined) {
    console.error('Say what to scan: node bench/stages.ts LOG IMAGE ROUNDS');
    process.exit(2);
  }
  const stages = createStages(imagePath);
  for (const stage of STAGES) {
    for (let round = 0; round < Number(rounds ?? 5); round++) {
      console.log(JSON.stringify({ ...runRound(logPath, stage, stages[stage]), round }));
    }
  }
}
