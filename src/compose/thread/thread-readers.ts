// Readers whose lanes are in a thread of their own, so that a worker fetches and stores while its lines are read. The
// bytes of an event are copied once and handed over; a bounded number of them is under way.
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { GranskaError } from '../../errors.ts';
import type { FormatName } from '../../format/formats.ts';
import type { Versions } from '../../model/finding.ts';
import type { Gathered, LineEvent } from '../../pipeline/lane.ts';
import type { Reader, Readers } from '../../pipeline/reader.ts';
import type { Answered, Asked, BareEvent, Failure } from './messages.ts';
import type { ThreadData } from './reading-thread.ts';

export interface ThreadReaders extends Readers {
  close(): Promise<void>;
}

export interface ThreadReadersOptions {
  data: ThreadData;
  /** Gives an object that is another one once something has changed: then the thread loads everything anew. */
  inForce(): object;
  /** Hears that what was changed could not be loaded there: what was in force stays. */
  onRefused(error: unknown): void;
}

/** Events that may be under way: one is read, one waits, one is being filled. */
const MAX_UNDER_WAY = 3;
/** What may be read before and behind the lines (`ports/source.ts`). */
const SPARE_BEFORE = 8;
const SPARE_AFTER = 64;

/** Starts the thread; throws what keeps it from loading. */
export async function createThreadReaders(options: ThreadReadersOptions): Promise<ThreadReaders> {
  const { ask, thread } = startThread(options.data);
  const free: ArrayBuffer[] = [];
  let underWay = 0;
  let wake: (() => void) | null = null;
  let of = options.inForce();
  let current = await load().catch(async error => {
    await thread.terminate();
    throw error;
  });
  let loaded: Reader | null = null;
  let isClosing = false;

  async function load(): Promise<Reader> {
    const answer = await ask({ kind: 'load' });
    return readerOf(answer.set, answer.versions);
  }

  function readerOf(set: number, versions: Versions): Reader {
    return {
      versions,
      async ready() {
        while (underWay >= MAX_UNDER_WAY) {
          await new Promise<void>(resolve => {
            wake = resolve;
          });
        }
      },
      read: (event, { clockMs, format }) => read(set, event, { clockMs, format: format?.name ?? null }),
      keep: async epoch => (await ask({ kind: 'keep', set, epoch })).versions,
    };
  }

  function read(
    set: number,
    event: LineEvent,
    by: { clockMs: number; format: FormatName | null },
  ): Promise<Gathered> {
    underWay++;
    const { bare, buffer } = handOver(event, free);
    return ask({ kind: 'read', set, event: bare, buffer, ...by }, [buffer])
      .then(answer => {
        free.push(answer.buffer);
        return answer.gathered;
      })
      .finally(() => {
        underWay--;
        wake?.();
        wake = null;
      });
  }

  return {
    current: () => current,
    refresh() {
      if (loaded !== null) current = loaded;
      loaded = null;
      const now = options.inForce();
      if (now === of) return;
      of = now;
      load().then(
        reader => {
          loaded = reader;
        },
        error => {
          // A worker that stops meanwhile has refused nothing.
          if (!isClosing) options.onRefused(error);
        },
      );
    },
    async pinned(versions) {
      const { set } = await ask({ kind: 'pinned', versions });
      return set === null ? null : readerOf(set, versions);
    },
    async close() {
      isClosing = true;
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
  { kind: { load: 'loaded'; pinned: 'pinned'; keep: 'kept'; read: 'read' }[Kind] }
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
