// Source: log files, archives of them (.gz, .zst, known by their first bytes) and standard input.
// In: names. Out: whole lines with their positions, one origin after the other. Invariant: a line of a source is
// handed out once, however often, under whatever name and however packed it is read (§9.2); of a content only
// fingerprints are kept. Example: access.log was read to byte 5,000, then renamed to access.log.1 and packed;
// reading access.log.1.gz passes over the first 5,000 unpacked bytes and goes on behind them.
import type { Readable } from 'node:stream';
import type { KnownStreams, Source, SourceEvent } from '../../ports/source.ts';
import type { OriginFailure } from './byte-reader.ts';
import { expandFiles, type NamedOrigin } from './expand-files.ts';
import { createBuffer } from './line-pieces.ts';
import { type OpenOrigin, openFile, openStream } from './open-origin.ts';
import { readOrigin } from './read-origin.ts';
import { createRunMemory } from './run-memory.ts';

export interface FileSourceOptions {
  /** Paths, patterns, and `-` for standard input. */
  files: readonly string[];
  /** Name of the source (`--source`): part of every stream's id. */
  source: string;
  /** What the store knows; null where there is no store. */
  known: KnownStreams | null;
  /** `resume` goes on; `again` reads anew under the same ids; `anew` asks and tells no store anything. */
  mode: 'resume' | 'again' | 'anew';
  /** Takes a last line without line feed as a line (`--final`). */
  takeHalfLine: boolean;
  /** Bytes of the buffer; a line longer than that is overlong. */
  bufferBytes?: number;
  stdin?: Readable;
}

/** Creates the source of the named files. */
export function createFileSource(options: FileSourceOptions): Source {
  const { source, known, mode, takeHalfLine, bufferBytes = BUFFER_BYTES } = options;

  async function* events(signal: AbortSignal): AsyncGenerator<SourceEvent, void, undefined> {
    const buffer = createBuffer(bufferBytes);
    const memory = createRunMemory({ known, source, mode: mode === 'again' ? 'again' : 'resume' });
    for (const named of expandFiles(options.files)) {
      if (signal.aborted) return;
      const origin = await open(named, signal);
      if ('code' in origin) {
        yield { kind: 'end', path: pathOf(named), pending: 0, knownBytes: 0, failure: origin };
        continue;
      }
      try {
        yield* readOrigin(origin, { buffer, takeHalfLine, mode, source, memory, signal });
      } finally {
        origin.close();
      }
    }
  }

  async function open(named: NamedOrigin, signal: AbortSignal): Promise<OpenOrigin | OriginFailure> {
    switch (named.kind) {
      case 'nothing':
        return named.failure;
      case 'file':
        return await openFile(named.path, signal);
      case 'stdin':
        return await openStream(options.stdin ?? process.stdin, null, signal);
      default:
        return named satisfies never;
    }
  }

  return { events };
}

/** Small enough for a cache, large enough that a chunk's overhead does not show. */
const BUFFER_BYTES = 4 << 20;

function pathOf(named: NamedOrigin): string | null {
  return named.kind === 'stdin' ? null : named.path;
}
