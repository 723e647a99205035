// Finds out what a file is that is not known yet, or not any more: an archive, a segment that is known, a new one.
// In: a file. Out: the file with its segment, or with what it waits for. Nothing is handed out here. The reader of
// events has stored all that was handed out before: the store is asked.
// A known beginning is read and hashed in one go (§9.2); from then on the file is followed from where it ends.
import { hash } from 'node:crypto';
import type { KnownStreams } from '../../../ports/source.ts';
import { createFdReader, createPeekReader } from '../byte-reader.ts';
import { createContentHash, EMPTY_HASH } from '../content-hash.ts';
import { compressionOf } from '../decompress-reader.ts';
import { firstLineKeys, HEAD_BYTES, hasFirstLine } from '../first-line.ts';
import { FOREIGN_HEAD_BYTES, isForeignArchive } from '../foreign-archive.ts';
import { createLinePieces } from '../line-pieces.ts';
import { PACKED_OTHERWISE } from '../open-origin.ts';
import { recognise } from '../recognise.ts';
import { createRunMemory } from '../run-memory.ts';
import type { FollowedFile } from './followed-file.ts';
import type { OpenFiles } from './open-files.ts';
import type { Segments } from './segments.ts';

export interface BeginOptions {
  source: string;
  known: KnownStreams;
  buffer: Uint8Array<ArrayBuffer>;
  open: OpenFiles;
  segments: Segments;
  /** Id of the segment that an archive is being read of; null where none is. */
  busySegment: string | null;
  signal: AbortSignal;
  trouble(file: FollowedFile, reason: string | null): void;
}

/** Begins a file; answers the bytes that were known already. */
export async function beginFile(file: FollowedFile, options: BeginOptions): Promise<number> {
  const { source, known, buffer, open, segments, signal } = options;
  const fd = open.open(file);
  if (typeof fd === 'object') {
    // It stays due: it is tried again. A name that leads elsewhere by now is seen at the next look.
    if (fd.reason !== 'ESTALE') options.trouble(file, fd.reason);
    return 0;
  }
  file.isDue = false;
  const reader = createPeekReader(createFdReader(fd));
  const start = await reader.peek(FOREIGN_HEAD_BYTES, head => head.length >= FOREIGN_HEAD_BYTES);
  if (isForeignArchive(start.head)) {
    // It is looked at again when it changes.
    options.trouble(file, PACKED_OTHERWISE);
    return 0;
  }
  if (compressionOf(start.head) !== null) {
    file.kind = 'archive';
    file.isDue = true;
    open.close(file);
    return 0;
  }
  // So little may yet become an archive.
  if (start.head.length < MAGIC_BYTES && !start.head.includes(LINE_FEED)) return 0;
  file.kind = 'plain';

  const { head } = await reader.peek(HEAD_BYTES, found => signal.aborted || hasFirstLine(found));
  const failure = reader.failure();
  if (failure !== null) return fail('EIO');
  options.trouble(file, null);
  const keys = firstLineKeys(head, 'waits');
  file.pending = keys.own === null && head.length > 0 ? 1 : 0;
  if (keys.own === null) return 0;

  const memory = createRunMemory({ known, source, mode: 'resume' });
  const candidates = await memory.candidates(keys);
  const content = createContentHash();
  const found =
    candidates.length === 0
      ? null
      : await recognise(createLinePieces(reader, buffer), content, {
          candidates,
          takesHalf: () => false,
          signal,
        });
  if (signal.aborted) return 0;
  if (reader.failure() !== null) return fail('EIO');
  const isFound = found !== null && found.kind !== 'stranger';
  const state = isFound ? found.candidate.state : await memory.newSegment(keys.own);
  if (state.id === options.busySegment) {
    file.waitsFor = state.id;
    file.isDue = true;
    return 0;
  }
  if (found?.kind === 'longer') {
    segments.attach(file, state, content.save());
    file.isDue = true;
    return found.candidate.knownTo;
  }
  if (found?.kind === 'known') {
    file.behindTo = found.candidate.knownTo;
    file.pending = found.endsInHalf ? 1 : 0;
    return found.bytes;
  }
  segments.attach(file, state, EMPTY_HASH);
  file.head = { bytes: head.length, digest: hash('sha256', head, 'buffer') };
  file.isDue = true;
  return 0;

  function fail(reason: string): 0 {
    file.isDue = true;
    options.trouble(file, reason);
    return 0;
  }
}

const MAGIC_BYTES = 4;
const LINE_FEED = 10;
