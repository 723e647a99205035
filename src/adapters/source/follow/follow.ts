// Source: log files that are followed while they grow. In: paths and patterns. Out: whole lines with their positions,
// and `settle` before the store is asked which content is known. Invariants: a line is handed out once, under whatever
// name its file goes by the time it is read (§9.2); a file that grows is read on from where it was left, not from its
// beginning; no file waits for more than a bounded number of bytes of each other one, but for the first look at one
// content that is known, which is hashed in one go.
// Each round: look at all files (`table.ts`), find out what the new ones are (`begin.ts`), read a turn of each that
// grew (`turn.ts`), then of one archive (`archives.ts`).
// Example: access.log is read to byte 5,000, grows to 5,200 and is renamed to access.log.1; its descriptor gives the
// last 200 bytes; the new access.log is another segment; access.log.1.gz, later, gives nothing.
import { setTimeout as pause } from 'node:timers/promises';
import type { LiveEvent, Source } from '../../../ports/source.ts';
import { createBuffer } from '../line-pieces.ts';
import { createArchives } from './archives.ts';
import { beginFile } from './begin.ts';
import { failuresOf } from './failures.ts';
import type { FollowedFile } from './followed-file.ts';
import { maxOpenOf } from './max-open.ts';
import { createOpenFiles } from './open-files.ts';
import type { FollowEvent, FollowOptions } from './options.ts';
import { refuseFolderPatterns } from './paths.ts';
import { createSegments } from './segments.ts';
import { createFollowTable } from './table.ts';
import { readTurn } from './turn.ts';

/** Creates the source of the followed files; refuses a pattern in a folder's name. */
export function createFollowSource(options: FollowOptions): Source<LiveEvent> {
  refuseFolderPatterns(options.paths);
  return { events: signal => follow(options, signal) };
}

const BUFFER_BYTES = 4 << 20;
const TURN_BUFFERS = 4;
const POLL_MS = 1_000;
const LINGER_MS = 600_000;

async function* follow(
  options: FollowOptions,
  signal: AbortSignal,
): AsyncGenerator<LiveEvent, void, undefined> {
  const { source, known, until, bufferBytes = BUFFER_BYTES, pollMs = POLL_MS } = options;
  /** What a run that ends has to say at its end; one that goes on has no use for it. */
  const damaged = new Map<string, string>();
  const tell = (event: FollowEvent) => {
    if (until === 'idle' && event.kind === 'damaged') damaged.set(event.path, event.reason);
    options.onEvent?.(event);
  };
  const turnBytes = TURN_BUFFERS * bufferBytes;
  const buffer = createBuffer(bufferBytes);
  const open = createOpenFiles(options.maxOpen ?? maxOpenOf(1));
  const segments = createSegments();
  const lingerWaits = Math.ceil((options.lingerMs ?? LINGER_MS) / pollMs);
  const table = createFollowTable({
    paths: options.paths,
    open,
    lingerWaits,
    onGone(file) {
      segments.detach(file);
      tellDamaged(file);
    },
    tell,
  });
  const archives = createArchives({ source, known, bufferBytes, trouble: table.trouble, tell });
  let wait = 0;
  let knownBytes = 0;
  /** Says whether anything was handed out that the store may not have. */
  let isUnsettled = false;
  /** Says whether there is more to read without waiting. */
  let isMore = false;
  /** Says whether nothing was read in this round. */
  let isQuiet = true;

  try {
    for (;;) {
      isMore = false;
      isQuiet = true;
      table.look(wait);
      loseTruncated();
      tellOfUnfinished(lingerWaits);
      yield* beginFiles();
      yield* readTurns();
      yield* readArchives();
      if (signal.aborted) return;
      if (isMore) continue;
      if (until === 'idle' && wait > 0 && isIdle()) {
        tellOfUnfinished(0);
        yield { kind: 'end', path: null, pending: countPending(), knownBytes, failure: null };
        for (const failure of failuresOf(table, { paths: options.paths, damaged }))
          yield { kind: 'end', path: null, pending: 0, knownBytes: 0, failure };
        return;
      }
      await pause(pollMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      wait++;
    }
  } finally {
    await archives.close();
    open.closeAll();
  }

  function loseTruncated(): void {
    for (const file of table.files()) if (file.isDue && file.size < file.readTo) lose(file, 'truncated');
  }

  /** Tells of archives that are not whole and have not changed for so many waits: nobody goes on with them. */
  function tellOfUnfinished(waits: number): void {
    for (const file of table.files()) if (wait - file.changedAtWait > waits) tellDamaged(file);
  }

  function tellDamaged(file: FollowedFile): void {
    if (file.isUnfinished) tell({ kind: 'damaged', path: file.path, reason: 'damaged' });
    file.isUnfinished = false;
  }

  async function* beginFiles(): AsyncGenerator<LiveEvent, void, undefined> {
    const enough = knownBytes + turnBytes;
    for (const file of table.files()) {
      if (!file.isDue || file.segment !== null || !mayBegin(file)) continue;
      if (knownBytes >= enough) {
        // The others grow meanwhile.
        isMore = true;
        return;
      }
      yield* settle();
      if (signal.aborted) return;
      knownBytes += await beginFile(file, {
        source,
        known,
        buffer,
        open,
        segments,
        busySegment: archives.segmentId(),
        signal,
        trouble: table.trouble,
      });
      if (!file.isDue || file.trouble === null) isQuiet = false;
    }
  }

  function mayBegin(file: FollowedFile): boolean {
    if (file.size === 0) file.isDue = false;
    if (!file.isDue) return false;
    if (file.kind === 'archive') return false;
    if (file.waitsFor !== null && file.waitsFor === archives.segmentId()) return false;
    file.waitsFor = null;
    // A copy that is being made holds nothing new before it is longer than what is known, or rests.
    return file.behindTo === 0 || file.size > file.behindTo || file.changedAtWait < wait;
  }

  async function* readTurns(): AsyncGenerator<LiveEvent, void, undefined> {
    for (const file of table.files()) {
      if (signal.aborted) return;
      if (file.isDue && file.segment !== null) yield* readFile(file);
    }
  }

  async function* readFile(file: FollowedFile): AsyncGenerator<LiveEvent, void, undefined> {
    const segment = file.segment!;
    if (file.size < segment.state.position) {
      // Another file with this content was read further: whether this one goes on alike is for its content to say.
      segments.detach(file);
      file.behindTo = segment.state.position;
      return;
    }
    const fd = open.open(file);
    if (typeof fd === 'object') {
      if (fd.reason !== 'ESTALE') table.trouble(file, fd.reason);
      return;
    }
    file.isDue = false;
    if (!isReadAsFound(file)) isQuiet = false;
    isUnsettled = true;
    const end = yield* readTurn(file, { fd, segment, buffer, turnBytes, signal });
    if (signal.aborted) return;
    table.trouble(file, end.kind === 'failed' ? end.reason : null);
    switch (end.kind) {
      case 'read':
        return;
      case 'more':
        file.isDue = true;
        isMore = true;
        return;
      case 'failed':
        file.isDue = true;
        return;
      case 'replaced':
        return lose(file, 'replaced');
      default:
        return end satisfies never;
    }
  }

  async function* readArchives(): AsyncGenerator<LiveEvent, void, undefined> {
    if (archives.isBusy()) yield* readArchive();
    for (const file of table.files()) {
      if (archives.isBusy() || signal.aborted) return;
      // One that is still being written would be read again and again.
      if (file.kind !== 'archive' || !file.isDue || file.changedAtWait >= wait) continue;
      yield* settle();
      if (signal.aborted) return;
      await archives.begin(file, signal);
      if (!file.isDue || file.trouble === null) isQuiet = false;
      if (archives.isBusy()) yield* readArchive();
    }
  }

  async function* readArchive(): AsyncGenerator<LiveEvent, void, undefined> {
    let released: string | null = null;
    for await (const event of archives.readOn(turnBytes)) {
      // Others with this content know no longer how far it was read.
      if (released !== event.state.id) releaseSegment(event.state.id);
      released = event.state.id;
      isUnsettled = true;
      yield event;
      if (signal.aborted) return;
    }
    knownBytes += archives.takeKnownBytes();
    if (archives.isBusy()) isMore = true;
  }

  function releaseSegment(id: string): void {
    for (const file of table.files()) {
      if (file.segment?.state.id !== id) continue;
      segments.detach(file);
      file.isDue = true;
    }
  }

  function lose(file: FollowedFile, kind: 'truncated' | 'replaced'): void {
    segments.detach(file);
    file.isDue = true;
    file.foundSize = file.size;
    tell({ kind, path: file.path });
  }

  function isIdle(): boolean {
    if (!isQuiet) return false;
    // What cannot be read is tried again, but not waited for.
    for (const file of table.files()) {
      if (file.isDue && file.trouble === null && !isReadAsFound(file)) return false;
    }
    return true;
  }

  /** Says whether a file was read to where it ended when it was found: a log that is written to never rests. */
  function isReadAsFound({ segment, foundSize }: FollowedFile): boolean {
    return segment !== null && segment.state.position >= foundSize;
  }

  function countPending(): number {
    let pending = 0;
    for (const file of table.files()) pending += file.pending;
    return pending;
  }

  async function* settle(): AsyncGenerator<LiveEvent, void, undefined> {
    if (!isUnsettled) return;
    isUnsettled = false;
    yield { kind: 'settle' };
  }
}
