// One scan put together: source, lanes, store, seals.
import { createRejects } from '../adapters/rejects/rejects.ts';
import { createFileSource } from '../adapters/source/file.ts';
import type { ScanOutcome, ScanRequest } from '../cli/app.ts';
import type { Lanes } from '../pipeline/lane.ts';
import { createLocalReaders } from '../pipeline/reader.ts';
import { blankSummary } from '../pipeline/summary.ts';
import { runWindowWorker } from '../pipeline/window-worker.ts';
import { type CommonWorkerOptions, runWorker } from '../pipeline/worker.ts';
import type { Chain, Parts } from './installation.ts';
import { composeLanes } from './lane.ts';
import type { WriteStore } from './open-store.ts';
import { composePinnedLanes } from './pinned-lanes.ts';
import { createNameSeal } from './seals.ts';

/** Bytes read at a time: small enough that what is made of them, rejects above all, stays small too. */
const BUFFER_BYTES = 1 << 20;
const DAY_MS = 86_400_000;
/** A log that is piped in as it grows is judged by a clock of its own time: what lies longer would seem in the future (§1.4). */
const FLUSH_MS = 60_000;

/** Runs one scan into a store. */
export async function composeScan(
  request: ScanRequest,
  { parts, chain }: { parts: Parts; chain: Chain },
  opened: WriteStore,
): Promise<ScanOutcome> {
  const { config, vault, clock } = parts;
  const { sealed, store } = opened;
  const rejects = createRejects({
    sealed,
    seal: plain => vault.seal(plain),
    writers: opened.kind === 'transactions' ? 'one' : 'several',
  });
  await rejects.sweep(store, clock.nowMs() - config.rejectsKeepDays * DAY_MS);
  const set = composeLanes(parts, chain);
  const summary = blankSummary(set.versions);
  const lanes: Lanes = {
    current: () => set,
    refresh() {},
    pinned: versions => composePinnedLanes(versions, { parts, store }),
  };
  const options: CommonWorkerOptions = {
    source: createFileSource({
      files: request.files,
      source: request.source,
      known: store,
      mode: request.mode,
      takeHalfLine: request.takeHalfLine,
      bufferBytes: Math.max(BUFFER_BYTES, 2 * config.maxLineBytes),
    }),
    summary,
    format: request.format,
    mode: request.mode,
    sealNames: createNameSeal(vault),
    sealRejects: batch => rejects.seal(batch.rejected, { rejectedMs: clock.nowMs() }),
    yearOf: atMs => config.zone.yearOf(atMs),
    nowMs: () => clock.nowMs(),
    flushMs: FLUSH_MS,
    onDetect: request.onDetect,
    onProgress: request.onProgress,
  };
  const worker =
    opened.kind === 'transactions'
      ? await runWorker({ ...options, store: opened.store, lanes }, request.signal)
      : await runWindowWorker(
          { ...options, store: opened.store, readers: createLocalReaders(lanes), rereadAfterMs: 0 },
          request.signal,
        );
  return { summary, worker, rejectsFolder: sealed.place };
}
