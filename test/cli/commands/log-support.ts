// A source made of texts, and an Io that keeps what is written, for tests of `parse` and `doctor`.
import { PassThrough, Readable, Writable } from 'node:stream';
import type { Io } from '../../../src/cli/io.ts';
import type { Chunk, OriginEnd, Source, SourceEvent } from '../../../src/ports/source.ts';

const STATE = { id: '', source: 'default', firstLine: '', ordinal: 0, position: 0, endsInHalfLine: false };

/** Makes the chunks of one origin; every text is one chunk. */
export function origin(
  path: string | null,
  texts: readonly string[],
  end: Partial<OriginEnd> = {},
): SourceEvent[] {
  let offset = 0;
  const chunks = texts.map(text => {
    const chunk = chunkOf(path, text, offset);
    offset += chunk.end - chunk.start;
    return chunk;
  });
  return [...chunks, { kind: 'end', path, pending: 0, knownBytes: 0, failure: null, ...end }];
}

function chunkOf(path: string | null, text: string, offset: number): Chunk {
  const line = new TextEncoder().encode(text);
  const bytes = new Uint8Array(line.length + 72);
  bytes.set(line, 8);
  return { kind: 'lines', state: STATE, marks: [], path, bytes, start: 8, end: 8 + line.length, offset };
}

/** Makes a line that was longer than any buffer. */
export function overlong(path: string, text: string, offset: number): SourceEvent {
  return { ...chunkOf(path, text, offset), kind: 'overlong', lineBytes: text.length + 1 };
}

/** Makes the rest of a line that was taken before it was whole. */
export function continued(path: string, text: string, offset: number): SourceEvent {
  return { ...chunkOf(path, text, offset), kind: 'continued', lineBytes: text.length + 1 };
}

/** Hands out events one by one. */
export function sourceOf(
  events: readonly SourceEvent[],
  onTaken: (index: number) => void = () => {},
): Source {
  return {
    async *events() {
      for (const [index, event] of events.entries()) {
        onTaken(index);
        yield event;
      }
    },
  };
}

/** Keeps what a command writes. */
export function memoryIo(): { io: Io; out(): string; err(): string } {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    stdin: Readable.from([]),
    stdout: keep(out),
    stderr: keep(err),
    isTerminal: false,
    isErrorTerminal: false,
    columns: 80,
  };
  return { io, out: () => out.join(''), err: () => err.join('') };
}

/** Makes an Io whose stdout was closed by its reader after the first write. */
export function closingIo(): { io: Io; writes(): number } {
  let writes = 0;
  const stdout = new Writable({
    write(_chunk, _encoding, done) {
      writes += 1;
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    },
  });
  return { io: { ...memoryIo().io, stdout, stderr: new PassThrough() }, writes: () => writes };
}

function keep(texts: string[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      texts.push(String(chunk));
      done();
    },
  });
}
