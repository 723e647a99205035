// A thread that reads lines, as the worker sees it: a worker fetches and stores while its lines are read there. The bytes of
// an event are copied once and handed over. Invariant: it loads when it is asked to, and decides nothing: which of what it
// loaded is judged by, `follow-versions.ts` says.
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { GranskaError } from '../../errors.ts';
import type { FormatName } from '../../format/formats.ts';
import type { Versions } from '../../model/finding.ts';
import type { Gathered, LineEvent } from '../../pipeline/lane.ts';
import type { Wanted } from '../versions.ts';
import type { Answered, Asked, BareEvent, Failure, NamedSet } from './messages.ts';
import type { ThreadData } from './reading-thread.ts';
import type { ThreadReader } from './side-by-side.ts';

/** What a thread has loaded. */
export interface LoadedLanes {
  /** Its number in the thread. */
  set: number;
  judging: Wanted;
  reader: ThreadReader;
}

export interface ReadingThread {
  /** Reads configuration, people and lists anew; throws what keeps it from that. Nothing is judged by it yet. */
  load(): Promise<LoadedLanes>;
  /** Says what judges from now on; of what was loaded before, only `before` is asked for still. */
  inForce(now: LoadedLanes, before: LoadedLanes | null): void;
  /** Gives the reader of exactly these versions; null where it cannot have them. */
  pinned(versions: Versions): Promise<ThreadReader | null>;
  close(): Promise<void>;
}

/** What may be read before and behind the lines (`ports/source.ts`). */
const SPARE_BEFORE = 8;
const SPARE_AFTER = 64;

/** Starts a thread that has loaded nothing. */
export function createReadingThread(data: ThreadData): ReadingThread {
  const { ask, thread } = startThread(data);
  const free: ArrayBuffer[] = [];

  function readerOf(named: NamedSet): ThreadReader {
    return {
      versions: named.versions,
      read: (event, { clockMs, format }) => read(named, event, { clockMs, format: format?.name ?? null }),
      keep: async epoch => (await ask({ kind: 'keep', ...named, epoch })).versions,
    };
  }

  async function read(
    named: NamedSet,
    event: LineEvent,
    by: { clockMs: number; format: FormatName | null },
  ): Promise<Gathered> {
    const { bare, buffer } = handOver(event, free);
    const answer = await ask({ kind: 'read', ...named, event: bare, buffer, ...by }, [buffer]);
    free.push(answer.buffer);
    return answer.gathered;
  }

  return {
    async load() {
      const { set, judging } = await ask({ kind: 'load' });
      return { set, judging, reader: readerOf({ set, versions: judging.versions }) };
    },
    inForce({ set }, before) {
      // A thread that has ended says so to whoever asks it to read.
      ask({ kind: 'inForce', set, before: before?.set ?? null }).catch(() => undefined);
    },
    async pinned(versions) {
      const { set } = await ask({ kind: 'pinned', versions });
      return set === null ? null : readerOf({ set, versions });
    },
    async close() {
      await thread.terminate();
    },
  };
}

/** Copies an event's lines into a buffer that can be handed over. */
function handOver(event: LineEvent, free: ArrayBuffer[]): { bare: BareEvent; buffer: ArrayBuffer } {
  const length = event.end - event.start;
  const needed = SPARE_BEFORE + length + SPARE_AFTER;
  const known = free.pop();
  const buffer = known !== undefined && known.byteLength >= needed ? known : new ArrayBuffer(roomFor(needed));
  new Uint8Array(buffer).set(event.bytes.subarray(event.start, event.end), SPARE_BEFORE);
  const moved = { ...bare(event), start: SPARE_BEFORE, end: SPARE_BEFORE + length };
  if (moved.kind !== 'lines' || moved.positions === undefined) return { bare: moved, buffer };
  const { starts, positions, count } = moved.positions;
  const table = { starts: starts.slice(0, count), positions: positions.slice(0, count), count };
  for (let i = 0; i < count; i++) table.starts[i]! -= event.start - SPARE_BEFORE;
  return { bare: { ...moved, positions: table }, buffer };
}

/** Leaves out what cannot be handed over, or need not be. */
function bare(event: LineEvent): BareEvent {
  if (event.kind !== 'lines') {
    const { bytes: _, marks: __, ...rest } = event;
    return rest;
  }
  const { bytes: _, marks: __, marksCutAt: ___, ...rest } = event;
  return rest;
}

/** Room in steps, so that buffers fit again. */
function roomFor(bytes: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(bytes, MIN_ROOM)));
}

const MIN_ROOM = 64 << 10;

type Request = Asked extends infer One ? (One extends Asked ? Omit<One, 'id'> : never) : never;
type AnswerTo<Kind extends Asked['kind']> = Extract<
  Answered,
  { kind: { load: 'loaded'; inForce: 'heeded'; pinned: 'pinned'; keep: 'kept'; read: 'read' }[Kind] }
>;

function startThread(data: ThreadData) {
  const thread = new Worker(join(import.meta.dirname, `reading-thread${extname(import.meta.filename)}`), {
    workerData: data,
  });
  const waiting = new Map<number, { resolve(answer: never): void; reject(error: unknown): void }>();
  let lastId = 0;
  let ended: unknown = null;

  const end = (error: unknown) => {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  thread.on('error', end);
  thread.on('exit', () => end(new Error('the reading thread has ended')));
  thread.on('message', (answer: Answered) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.kind === 'failed') asked?.reject(errorOf(answer.error));
    else asked?.resolve(answer as never);
  });

  function ask<Kind extends Asked['kind']>(
    request: Extract<Request, { kind: Kind }>,
    handed: readonly ArrayBuffer[] = [],
  ): Promise<AnswerTo<Kind>> {
    return new Promise((resolve, reject) => {
      if (ended !== null) return reject(ended);
      const id = ++lastId;
      waiting.set(id, { resolve: resolve as (answer: never) => void, reject });
      thread.postMessage({ ...request, id }, [...handed]);
    });
  }

  return { ask, thread };
}

function errorOf(failure: Failure): Error {
  if (failure.code !== null) return new GranskaError(failure.code, failure.message, { hint: failure.hint });
  const { kind, frames } = failure;
  // As it was thrown there: whoever mends it needs that place.
  return Object.assign(new Error(''), { name: kind, stack: `${kind}\n${frames}` });
}
