// Reads archives that lie among the followed files, one at a time, each once and whole. An archive may be long: it is
// read in turns between those of the growing files, from a buffer of its own. While it is under way no other file
// hands out lines of the same segment.
import type { KnownStreams, OriginEnd, SourceEvent } from '../../../ports/source.ts';
import { createBuffer } from '../line-pieces.ts';
import { openFile } from '../open-origin.ts';
import { readOrigin } from '../read-origin.ts';
import { createRunMemory } from '../run-memory.ts';
import type { FollowedFile } from './followed-file.ts';
import { keyOf } from './open-files.ts';
import type { FollowEvent } from './options.ts';

export interface Archives {
  /** Says whether one is under way. */
  isBusy(): boolean;
  /** Id of the segment that the one under way hands out; null where none does. */
  segmentId(): string | null;
  /** Opens an archive. All that was handed out is stored. */
  begin(file: FollowedFile, signal: AbortSignal): Promise<void>;
  /** Reads on in the one under way until about so many bytes were handed out, or to its end. */
  readOn(bytes: number): AsyncGenerator<LineEvent, void, undefined>;
  /** Gives the bytes that were known already, of the archives that were ended since the last call. */
  takeKnownBytes(): number;
  close(): Promise<void>;
}

type LineEvent = Exclude<SourceEvent, OriginEnd>;

export interface ArchivesOptions {
  source: string;
  known: KnownStreams;
  bufferBytes: number;
  trouble(file: FollowedFile, reason: string | null): void;
  tell(event: FollowEvent): void;
}

/** Reads no archive yet. */
export function createArchives(options: ArchivesOptions): Archives {
  const { source, known, bufferBytes, tell } = options;
  /** Made with the first archive: most folders that are followed have none. */
  let buffer: Uint8Array<ArrayBuffer> | null = null;
  let reading: AsyncGenerator<SourceEvent, void, undefined> | null = null;
  let segmentId: string | null = null;
  /** What is under way. */
  let underWay: FollowedFile | null = null;
  let knownBytes = 0;

  async function begin(file: FollowedFile, signal: AbortSignal): Promise<void> {
    const { path } = file;
    file.isDue = false;
    file.isUnfinished = false;
    const origin = await openFile(path, signal);
    if ('code' in origin) {
      if (origin.code === 'damaged') return noteUnfinished(file);
      // One that is missing was renamed or deleted since the look: the next one tells which, and it is still to be read.
      file.isDue = true;
      if (origin.code === 'unreadable') options.trouble(file, origin.code);
      return;
    }
    if (origin.file !== null && keyOf(origin.file) !== file.key) {
      // Its name was given to another one since the look, as a rotation does: the next look tells its own.
      file.isDue = true;
      origin.close();
      return;
    }
    options.trouble(file, null);
    if (!origin.isWhole) {
      // Something else took its name.
      file.kind = 'unknown';
      file.isDue = true;
      origin.close();
      return;
    }
    buffer ??= createBuffer(bufferBytes);
    const memory = createRunMemory({ known, source, mode: 'resume' });
    const how = { buffer, takeHalfLine: false, mode: 'resume' as const, source, memory, signal };
    reading = closing(readOrigin(origin, how), origin.close);
    underWay = file;
  }

  /** One that rests for a round may be packed on in the next: whether it is damaged is for time to say. */
  function noteUnfinished(file: FollowedFile): void {
    file.isUnfinished = true;
    tell({ kind: 'unfinished', path: file.path });
  }

  async function* readOn(bytes: number): AsyncGenerator<LineEvent, void, undefined> {
    let left = bytes;
    while (reading !== null && left > 0) {
      const next = await reading.next();
      if (next.done) return close();
      const event = next.value;
      if (event.kind === 'end') {
        const file = underWay!;
        await close();
        knownBytes += event.knownBytes;
        const { failure } = event;
        if (failure?.code === 'damaged') noteUnfinished(file);
        else if (failure !== null) tell({ kind: 'damaged', path: file.path, reason: failure.code });
        return;
      }
      segmentId = event.state.id;
      left -= event.end - event.start;
      yield event;
    }
  }

  async function close(): Promise<void> {
    await reading?.return();
    reading = null;
    underWay = null;
    segmentId = null;
  }

  return {
    isBusy: () => reading !== null,
    segmentId: () => segmentId,
    begin,
    readOn,
    takeKnownBytes() {
      const taken = knownBytes;
      knownBytes = 0;
      return taken;
    },
    close,
  };
}

async function* closing<Event>(
  events: AsyncGenerator<Event, void, undefined>,
  close: () => void,
): AsyncGenerator<Event, void, undefined> {
  try {
    yield* events;
  } finally {
    close();
  }
}
