// The thread that reads a worker's lines: it holds the lanes, and nothing else of the installation. It is started by
// `thread-readers.ts`, asked one thing after the other, and answers in order.
import { parentPort, workerData } from 'node:worker_threads';
import type { FileVault } from '../../adapters/vault/file-vault.ts';
import { faultOf, GranskaError } from '../../errors.ts';
import { formatNamed } from '../../format/formats.ts';
import type { Versions } from '../../model/finding.ts';
import type { LaneSet, LineEvent } from '../../pipeline/lane.ts';
import { createLocalReader, readInto } from '../../pipeline/reader.ts';
import type { ReadStore } from '../../ports/store.ts';
import { composeChain, type Parts } from '../installation.ts';
import { composeLanes } from '../lane.ts';
import { createPartsLoader, type LoaderOptions } from '../load-parts.ts';
import { openReadStore } from '../open-store.ts';
import { composePinnedLanes } from '../pinned-lanes.ts';
import { judgingOf, versionsOf } from '../versions.ts';
import { createLaneSets } from './lane-sets.ts';
import type { Answered, Asked, Failure, NamedSet } from './messages.ts';

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
/** Of what was loaded and is held. */
const partsOf = new Map<number, Parts>();
/** What the worker judges by: never what was loaded and not taken up. */
let inForce: Parts | null = null;
let vault: FileVault | null = null;
let store: ReadStore | null = null;
let turn: Promise<void> = Promise.resolve();

port.on('message', (asked: Asked) => {
  turn = turn.then(() => answer(asked));
});

async function answer(asked: Asked): Promise<void> {
  const { id } = asked;
  try {
    const answered = asked.kind === 'read' ? await read(asked) : await look(asked);
    port.postMessage(answered, answered.kind === 'read' ? [answered.buffer] : []);
  } catch (error) {
    port.postMessage({ id, kind: 'failed', error: failureOf(error) } satisfies Answered);
  }
}

async function read(asked: Extract<Asked, { kind: 'read' }>): Promise<Answered> {
  const { id, event, buffer, clockMs, format } = asked;
  const whole = { ...event, bytes: new Uint8Array(buffer), marks: [] } as LineEvent;
  const by = { clockMs, format: format === null ? null : (formatNamed(format) ?? null) };
  const lanes = sets.get(asked.set) ?? (await lanesAgain(asked));
  return { id, kind: 'read', gathered: readInto(lanes, whole, by).take(), buffer };
}

async function look(asked: Exclude<Asked, { kind: 'read' }>): Promise<Answered> {
  const { id } = asked;
  switch (asked.kind) {
    case 'load':
      return { id, kind: 'loaded', ...(await load()) };
    case 'inForce': {
      const held = asked.before === null ? [asked.set] : [asked.set, asked.before];
      inForce = partsOf.get(asked.set) ?? inForce;
      sets.keepLoaded(held);
      for (const number of partsOf.keys()) if (!held.includes(number)) partsOf.delete(number);
      return { id, kind: 'heeded' };
    }
    case 'pinned': {
      const known = sets.numberOf(asked.versions);
      if (known !== null) return { id, kind: 'pinned', set: known };
      const lanes = await pinnedLanes(asked.versions);
      return { id, kind: 'pinned', set: lanes && sets.addPinned(lanes) };
    }
    case 'keep': {
      const lanes = sets.get(asked.set) ?? (await lanesAgain(asked));
      return { id, kind: 'kept', versions: await createLocalReader(lanes).keep(asked.epoch) };
    }
    default:
      return asked satisfies never;
  }
}

async function load(): Promise<Omit<Extract<Answered, { kind: 'loaded' }>, 'id' | 'kind'>> {
  const loaded = await loader.makeParts('keep');
  // As for the worker: keys are those that were there when it began.
  vault ??= loaded.vault;
  const parts = { ...loaded, vault };
  const set = sets.addLoaded(composeLanes(parts, composeChain(parts)));
  partsOf.set(set, parts);
  return { set, judging: { judging: judgingOf(parts), versions: versionsOf(parts) } };
}

async function pinnedLanes(versions: Versions): Promise<LaneSet | null> {
  const parts = inForce!;
  store ??= await openReadStore(parts.config);
  return composePinnedLanes(versions, { parts, store });
}

/** Makes lanes that were let go: of a window that was left open, whose versions the store keeps until it is done. */
async function lanesAgain({ set, versions }: NamedSet): Promise<LaneSet> {
  const lanes = await pinnedLanes(versions);
  if (lanes === null) {
    throw new GranskaError('STORE', 'the versions that a window is judged by cannot be had any more', {
      hint: 'let the workers share the data folder, and start this one again',
    });
  }
  sets.addPinned(lanes, set);
  return lanes;
}

function failureOf(error: unknown): Failure {
  if (error instanceof GranskaError) {
    return { code: error.code, message: error.message, hint: error.hint };
  }
  return { code: null, ...faultOf(error) };
}
