// The thread that reads a worker's lines: it holds the lanes, and nothing else of the installation. It is started by
// `thread-readers.ts`, asked one thing after the other, and answers in order.
import { parentPort, workerData } from 'node:worker_threads';
import { faultOf, GranskaError } from '../../errors.ts';
import { formatNamed } from '../../format/formats.ts';
import type { Versions } from '../../model/finding.ts';
import type { LineEvent } from '../../pipeline/lane.ts';
import { createLocalReader, readInto } from '../../pipeline/reader.ts';
import type { ReadStore } from '../../ports/store.ts';
import { composeChain, type Parts } from '../installation.ts';
import { composeLanes } from '../lane.ts';
import { createPartsLoader, type LoaderOptions } from '../load-parts.ts';
import { openReadStore } from '../open-store.ts';
import { composePinnedLanes } from '../pinned-lanes.ts';
import { createLaneSets } from './lane-sets.ts';
import type { Answered, Asked, Failure } from './messages.ts';

/** What the thread is started with. */
export type ThreadData = Pick<LoaderOptions, 'flags' | 'env' | 'cwd' | 'packageRoot'>;

const port = parentPort!;
const loader = createPartsLoader({
  ...(workerData as ThreadData),
  clock: { nowMs: () => Date.now() },
  // The worker has said it already.
  tell() {},
});
const sets = createLaneSets();
let parts: Parts | null = null;
let store: ReadStore | null = null;
let turn: Promise<void> = Promise.resolve();

port.on('message', (asked: Asked) => {
  turn = turn.then(() => answer(asked));
});

async function answer(asked: Asked): Promise<void> {
  const { id } = asked;
  try {
    const answered = asked.kind === 'read' ? read(asked) : await look(asked);
    port.postMessage(answered, answered.kind === 'read' ? [answered.buffer] : []);
  } catch (error) {
    port.postMessage({ id, kind: 'failed', error: failureOf(error) } satisfies Answered);
  }
}

function read({ id, set, event, buffer, clockMs, format }: Extract<Asked, { kind: 'read' }>): Answered {
  const whole = { ...event, bytes: new Uint8Array(buffer), marks: [] } as LineEvent;
  const by = { clockMs, format: format === null ? null : (formatNamed(format) ?? null) };
  return { id, kind: 'read', gathered: readInto(sets.get(set), whole, by).take(), buffer };
}

async function look(asked: Exclude<Asked, { kind: 'read' }>): Promise<Answered> {
  const { id } = asked;
  switch (asked.kind) {
    case 'load': {
      parts = await loader.makeParts('keep');
      const loaded = composeLanes(parts, composeChain(parts));
      return { id, kind: 'loaded', set: sets.add(loaded), versions: loaded.versions };
    }
    case 'pinned': {
      const set = sets.numberOf(asked.versions) ?? (await addPinned(asked.versions));
      return { id, kind: 'pinned', set };
    }
    case 'keep':
      return {
        id,
        kind: 'kept',
        versions: await createLocalReader(sets.get(asked.set)).keep(asked.epoch),
      };
    default:
      return asked satisfies never;
  }
}

async function addPinned(versions: Versions): Promise<number | null> {
  store ??= await openReadStore(parts!.config);
  const found = await composePinnedLanes(versions, { parts: parts!, store });
  return found === null ? null : sets.add(found);
}

function failureOf(error: unknown): Failure {
  if (error instanceof GranskaError) {
    return { code: error.code, message: error.message, hint: error.hint };
  }
  return { code: null, ...faultOf(error) };
}
