// `granska lookup`: what the lists say of addresses, from the command line or from stdin at pipeline speed.
// Each line gives a line: the input, a tab, its categories by comma or `-`; or one JSON object.
import { EXIT, type ExitCode, GranskaError } from '../../errors.ts';
import { type Io, write } from '../io.ts';
import { type Answer, createLookUp, type LookUp, type LookUpOptions } from '../look-up.ts';

export interface LookupArgs {
  /** Addresses; `-` (or none at all) stands for the lines of stdin. */
  inputs: readonly string[];
  json: boolean;
}

/** Longest line that is taken from stdin. */
const MAX_LINE_BYTES = 1 << 20;

/** Answers for each input in order. Throws GranskaError USAGE for an endless line. */
export async function runLookup(args: LookupArgs, options: LookUpOptions, io: Io): Promise<ExitCode> {
  const out = createOutput(io);
  const run: Run = { lookUp: createLookUp(options), out, writeAnswer: args.json ? writeJson : writeText };
  try {
    for (const input of args.inputs.length === 0 ? ['-'] : args.inputs) {
      if (out.isClosed()) break;
      if (input === '-') await answerStdin(run, io);
      else answerOne(run, input);
    }
    await out.flush();
  } finally {
    out.release();
  }
  return EXIT.done;
}

interface Run {
  lookUp: LookUp;
  out: Output;
  writeAnswer(out: Output, input: string, answer: Answer): void;
}

function answerOne(run: Run, input: string): void {
  run.writeAnswer(run.out, input, run.lookUp.answer(input));
}

async function answerStdin(run: Run, io: Io): Promise<void> {
  // The work buffer begins with the unfinished line; 8 spare bytes stay behind, for reading by words.
  let work = new Uint8Array(1 << 17);
  let used = 0;
  let lines = 0;
  for await (const chunk of io.stdin as AsyncIterable<Uint8Array | string>) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (used + bytes.length + SPARE_BYTES > work.length) work = enlarged(work, used, bytes.length);
    work.set(bytes, used);
    const searchFrom = used;
    used += bytes.length;
    const whole = work.subarray(searchFrom, used).lastIndexOf(LINE_FEED);
    if (whole >= 0) {
      const end = searchFrom + whole + 1;
      lines += answerLines(run, work, end);
      work.copyWithin(0, end, used);
      used -= end;
    }
    if (used > MAX_LINE_BYTES) {
      throw new GranskaError(
        'USAGE',
        `Line ${lines + 1} of the input is longer than ${MAX_LINE_BYTES} bytes.`,
        {
          hint: 'Give one address a line.',
        },
      );
    }
    await run.out.flush();
    if (run.out.isClosed()) return;
  }
  if (used === 0) return;
  work[used] = LINE_FEED;
  answerLines(run, work, used + 1);
}

/** Answers the whole lines `bytes[0..end)`; gives their number. */
function answerLines(run: Run, bytes: Uint8Array, end: number): number {
  const isText = run.writeAnswer === writeText;
  let lines = 0;
  for (let from = 0; from < end; lines++) {
    const feed = bytes.indexOf(LINE_FEED, from);
    const stop = feed > from && bytes[feed - 1] === CARRIAGE_RETURN ? feed - 1 : feed;
    if (isText && run.lookUp.isClear(bytes, from, stop)) run.out.addClear(bytes, from, stop);
    else if (isText) writeLine(run, bytes, from, stop);
    else answerOne(run, decode(bytes.subarray(from, stop)));
    from = feed + 1;
  }
  return lines;
}

/** Answers a line as text, the input exactly as its bytes are. */
function writeLine(run: Run, bytes: Uint8Array, start: number, end: number): void {
  const { categories } = run.lookUp.answer(decode(bytes.subarray(start, end)));
  run.out.addBytes(bytes, start, end);
  run.out.addText(`\t${categories.length === 0 ? '-' : categories.join(',')}\n`);
}

function writeText(out: Output, input: string, { categories }: Answer): void {
  out.addText(`${input}\t${categories.length === 0 ? '-' : categories.join(',')}\n`);
}

function writeJson(out: Output, input: string, answer: Answer): void {
  const matches = answer.hits.map(({ category, match }) => ({
    ...(category === null ? {} : { category }),
    list: match.list,
    version: match.version,
    entry: match.entry,
    file: match.file,
    line: match.line,
    via: match.via,
    matchedBy: match.matchedBy,
  }));
  const { host, categories } = answer;
  out.addText(`${JSON.stringify({ input, host, categories, matches })}\n`);
}

/** Reads a line as UTF-8, or as Latin-1 where it is not UTF-8. */
function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return latin1.decode(bytes);
  }
}

/** Gathers output: one write a line would be the dearest part of all. */
interface Output {
  addText(text: string): void;
  addBytes(bytes: Uint8Array, start: number, end: number): void;
  /** Adds an input with the answer that nothing is listed. */
  addClear(bytes: Uint8Array, start: number, end: number): void;
  flush(): Promise<void>;
  /** True once the reader is gone: `… | head` is no error, and nobody is left to write for. */
  isClosed(): boolean;
  release(): void;
}

function createOutput(io: Io): Output {
  let buffer = new Uint8Array(1 << 18);
  let used = 0;
  let isGone = false;
  const leave = () => {
    isGone = true;
  };
  io.stdout.on('error', leave);
  io.stdout.on('close', leave);
  const reserve = (bytes: number): void => {
    if (used + bytes > buffer.length) buffer = enlarged(buffer, used, bytes);
  };
  const addBytes = (bytes: Uint8Array, start: number, end: number): void => {
    reserve(end - start);
    let to = used;
    for (let at = start; at < end; at++) buffer[to++] = bytes[at]!;
    used = to;
  };
  return {
    addBytes,
    addClear(bytes, start, end) {
      reserve(end - start + 3);
      addBytes(bytes, start, end);
      buffer[used] = TAB;
      buffer[used + 1] = DASH;
      buffer[used + 2] = LINE_FEED;
      used += 3;
    },
    addText(text) {
      reserve(text.length * 3);
      used += utf8Encoder.encodeInto(text, buffer.subarray(used)).written;
    },
    async flush() {
      if (used === 0 || isGone) return;
      // The stream keeps what it is given: hand it over, and go on with a fresh buffer.
      const full = buffer.subarray(0, used);
      buffer = new Uint8Array(buffer.length);
      used = 0;
      await write(io.stdout, full);
    },
    isClosed: () => isGone,
    release() {
      io.stdout.off('error', leave);
      io.stdout.off('close', leave);
    },
  };
}

function enlarged(from: Uint8Array<ArrayBuffer>, used: number, more: number): Uint8Array<ArrayBuffer> {
  const to = new Uint8Array(Math.max(from.length * 2, used + more + SPARE_BYTES));
  to.set(from.subarray(0, used));
  return to;
}

const SPARE_BYTES = 8;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const TAB = 0x09;
const DASH = 0x2d;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const latin1 = new TextDecoder('latin1');
const utf8Encoder = new TextEncoder();
