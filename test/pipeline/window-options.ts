// The window worker as its tests run it against a store in memory: nothing is told to anybody, nothing waits, the clock stands.
import { createLocalReaders } from '../../src/pipeline/reader.ts';
import { blankSummary } from '../../src/pipeline/summary.ts';
import type { WindowWorkerOptions } from '../../src/pipeline/window-worker.ts';
import { stockholm } from '../policy/support.ts';
import { aLaneSet, fixedLanes, NOW_MS } from './support.ts';

type Over = Pick<WindowWorkerOptions, 'source' | 'store'> & Partial<WindowWorkerOptions>;

/** Makes the options of one run, of which `over` says what is other than usual. */
export function windowOptions(over: Over): WindowWorkerOptions {
  return {
    readers: createLocalReaders(fixedLanes(aLaneSet())),
    summary: blankSummary({ lists: 'one', policy: 'p', directory: null }),
    format: null,
    mode: 'resume',
    sealNames: async (names, epoch) => ({ envelope: new Uint8Array([1]), epoch, ids: [...names.keys()] }),
    sealRejects: async () => [],
    yearOf: stockholm.yearOf,
    nowMs: () => NOW_MS,
    flushMs: null,
    onDetect: () => {},
    onProgress: () => {},
    rereadAfterMs: 0,
    ...over,
  };
}
