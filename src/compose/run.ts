// `granska run` put together: the sources of the configuration, a worker for each, one store, and what the operator is
// told. It runs until the signal says stop (or, once, until all that is there was read), drains, and leaves.
import { createRejects } from '../adapters/rejects/rejects.ts';
import { createHealth, type WatchedHealth } from '../adapters/telemetry/health.ts';
import { createHealthServer } from '../adapters/telemetry/health-server.ts';
import type { ProcessTelemetry } from '../adapters/telemetry/telemetry.ts';
import type { RunOutcome, RunRequest } from '../cli/app.ts';
import type { SourceConfig } from '../config/config.ts';
import { GranskaError } from '../errors.ts';
import { formatNamed } from '../format/formats.ts';
import type { Lanes } from '../pipeline/lane.ts';
import { createParseAlarm, type ParseAlarm } from '../pipeline/parse-alarm.ts';
import { addSummary, blankSummary, type ScanSummary } from '../pipeline/summary.ts';
import { runWindowWorker } from '../pipeline/window-worker.ts';
import { type CommonWorkerOptions, runWorker, type WorkerResult, type Written } from '../pipeline/worker.ts';
import { createAgeTeller } from './directory-age.ts';
import { drainSignal, whenAborted } from './drain-signal.ts';
import { fingerprintOf } from './fingerprint.ts';
import { createInForce, type InForce } from './in-force.ts';
import type { Chain, Parts } from './installation.ts';
import { createLagTeller } from './lag.ts';
import { composeLanes } from './lane.ts';
import { openWriteStore, type WriteStore } from './open-store.ts';
import { createRollCall } from './roll-call.ts';
import { openRunSource, type RunSource } from './run-source.ts';
import { createNameSeal } from './seals.ts';
import { createStoreWatch, type StoreWatch } from './store-watch.ts';
import { type FollowingReaders, followVersions } from './thread/follow-versions.ts';
import type { ThreadData } from './thread/reading-thread.ts';
import { createReadingThread, type ReadingThread } from './thread/thread-readers.ts';
import { createVersions, type VersionsInForce, versionsOf } from './versions.ts';

export interface RunParts {
  first: Parts;
  chainOf(parts: Parts): Chain;
  /** Reads everything anew. */
  load(): Promise<Parts>;
  telemetry: ProcessTelemetry;
  /** Says something to the user, on stderr. */
  tell(text: string): void;
  /** Where the configuration is found: a thread that reads lines loads it for itself. */
  places: ThreadData;
}

const DAY_MS = 86_400_000;
const LAG_EVERY_MS = 15_000;
const FORGET_EVERY_MS = 3_600_000;
const AGE_EVERY_MS = 600_000;
/** How long a store that does not answer is waited for once the worker is to stop. */
const DRAIN_MS = 8_000;
/** How long the store may take to be opened before the operator is told that it is waited for. */
const FIRST_ANSWER_MS = 15_000;

/** Runs the workers; throws what stops them for good. */
export async function composeRun(request: RunRequest, run: RunParts): Promise<RunOutcome> {
  const { config, vault, clock } = run.first;
  const { telemetry } = run;
  if (config.sources.length === 0) {
    throw new GranskaError('CONFIG', 'no source is configured for granska run', {
      hint: 'name one under sources in granska.yaml; granska scan reads single files without it',
    });
  }
  const health = createHealth({ nowMs: () => clock.nowMs() });
  const server =
    config.run.listen === null
      ? null
      : await createHealthServer({ listen: config.run.listen, health, metrics: telemetry.metrics });
  if (server !== null) telemetry.log('info', 'listening', { port: server.port });
  // Where one source fails for good, the others are drained: a worker that is half alive looks whole.
  const failed = new AbortController();
  const signal = AbortSignal.any([request.signal, failed.signal]);
  const drained = drainSignal(signal, DRAIN_MS);
  const timers: NodeJS.Timeout[] = [];
  const storeWatch = createStoreWatch(telemetry, health);
  const { onEvent } = storeWatch;
  // Of a server that takes the connection and is silent nothing is heard until the time of a request is over.
  const silence = setTimeout(
    () => onEvent({ kind: 'waiting', reason: 'unanswered', tryNo: 1 }),
    FIRST_ANSWER_MS,
  );
  timers.push(silence);
  const watched = watchVersions(run, health);
  // From here to the end: a signal to read anew must never end a worker that is starting or stopping.
  const unwatch = request.onHangup(() => void watched.versions.reload());
  let opened: WriteStore | null = null;
  try {
    opened = await openWriteStore(config, {
      seal: plain => vault.seal(plain),
      signal: drained.signal,
      patience: 'endless',
      onEvent,
    });
    clearTimeout(silence);
    storeWatch.opened();
    telemetry.judgedBy([versionsOf(run.first)]);
    telemetry.log('info', 'started', versionsOf(run.first));
    if (run.first.policy.live === null) telemetry.log('warn', 'policy-on-trial');
    const stop = { signal, failed, timers };
    return await runSources(request, { ...run, ...watched, ...stop, health, storeWatch, opened });
  } catch (error) {
    telemetry.log('error', 'failed', { code: error instanceof GranskaError ? error.code : 'SYSTEM' });
    throw error;
  } finally {
    for (const timer of timers) clearInterval(timer);
    drained.clear();
    await opened?.store.close();
    await server?.close();
    unwatch();
  }
}

function watchVersions(
  { first, load, telemetry, tell }: RunParts,
  health: WatchedHealth,
): Pick<Running, 'versions' | 'inForce'> {
  const versions = createVersions({
    first,
    load: async () => ({ ...(await load()), vault: first.vault }),
    fingerprint: ({ config }) => fingerprintOf(config),
    onLoaded: () => inForce.loaded(),
    onRefused: error => inForce.refused(error),
  });
  const inForce = createInForce({ wanted: () => versions.wanted(), telemetry, health, tell });
  return { versions, inForce };
}

interface Running extends RunParts {
  versions: VersionsInForce;
  inForce: InForce;
  health: WatchedHealth;
  storeWatch: StoreWatch;
  opened: WriteStore;
  timers: NodeJS.Timeout[];
  /** Says stop: the user's word, or that one source has failed for good. */
  signal: AbortSignal;
  failed: AbortController;
}

async function runSources(request: RunRequest, running: Running): Promise<RunOutcome> {
  const { opened, telemetry, health, first, versions, timers, signal, failed } = running;
  const { config, vault, clock } = first;
  const rejects = createRejects({
    sealed: opened.sealed,
    seal: plain => vault.seal(plain),
    writers: opened.kind === 'transactions' ? 'one' : 'several',
  });
  const forget = () => rejects.sweep(opened.store, clock.nowMs() - config.rejectsKeepDays * DAY_MS);
  await forget();
  running.storeWatch.begun();
  const rollCall = createRollCall(config.sources, { telemetry, health });
  const sources = config.sources.map(source =>
    openRunSource(source, {
      ...{ config, telemetry, rollCall, known: opened.store },
      until: request.once ? 'end' : 'stopped',
    }),
  );
  const every = (ms: number, work: () => Promise<void>) => {
    const timer = setInterval(() => void work().catch(() => undefined), ms);
    timer.unref();
    timers.push(timer);
  };
  every(LAG_EVERY_MS, createLagTeller(sources, telemetry));
  every(FORGET_EVERY_MS, forget);
  const tellAge = createAgeTeller({ config: () => versions.parts().config, clock, telemetry, health });
  tellAge();
  every(AGE_EVERY_MS, async () => tellAge());
  if (config.run.reloadMs !== null) every(config.run.reloadMs, () => versions.look());

  whenAborted(signal, () => {
    health.raise('stopping');
    telemetry.log('info', 'stopping');
  });
  const summary = blankSummary(versionsOf(first));
  const alarm = createParseAlarm(config.run.parseRate, { telemetry, health });
  const outcomes = await Promise.allSettled(
    sources.map(async (source, n) => {
      try {
        return await runSource(config.sources[n]!, { ...running, source, summary, alarm, rejects });
      } catch (error) {
        failed.abort(error);
        throw error;
      } finally {
        await source.source.close?.();
      }
    }),
  );
  const results: WorkerResult[] = [];
  for (const outcome of outcomes) {
    // What failed first: the others may have been ended by it, before a store that is away.
    if (outcome.status === 'rejected') throw failed.signal.reason;
    results.push(outcome.value);
  }
  telemetry.log('info', 'stopped');
  return { summary, failures: results.flatMap(result => result.failures) };
}

interface RunningSource extends Running {
  source: RunSource;
  alarm: ParseAlarm;
  summary: ScanSummary;
  rejects: ReturnType<typeof createRejects>;
}

async function runSource(named: SourceConfig, running: RunningSource): Promise<WorkerResult> {
  const { first, opened, telemetry, health, rejects, signal, storeWatch } = running;
  const { config, vault, clock } = first;
  const options: CommonWorkerOptions = {
    source: running.source.source,
    // Each worker's own: what they come to is added up as it is written.
    summary: blankSummary(versionsOf(first)),
    format: named.format === null ? null : (formatNamed(named.format) ?? null),
    mode: 'resume',
    sealNames: createNameSeal(vault),
    sealRejects: batch =>
      storeWatch.during(named.name, rejects.seal(batch.rejected, { rejectedMs: clock.nowMs() })),
    yearOf: atMs => config.zone.yearOf(atMs),
    nowMs: () => clock.nowMs(),
    flushMs: config.run.flushMs,
    onDetect: (_path, { format, sure }) =>
      telemetry.log(sure ? 'debug' : 'warn', 'format-detected', { format: format.name }),
    onProgress() {},
    onDoing: doing => health.beat(named.name, doing),
    onWritten(written) {
      tellWritten(written, running);
      running.alarm.add(named.name, written.summary);
    },
  };
  if (opened.kind === 'transactions') {
    const { lanes, close } = changingLanes(running);
    return runWorker({ ...options, store: opened.store, lanes }, signal).finally(close);
  }
  const threads = Array.from({ length: config.run.threads }, () => createReadingThread(running.places));
  let readers: FollowingReaders | null = null;
  try {
    readers = await follow(threads, running);
    // Stopped before anything could be read.
    if (readers === null) return { failures: [], knownBytes: 0, interrupted: true };
    return await runWindowWorker(
      {
        ...options,
        ...{ store: storeWatch.of(named.name, opened.store), readers },
        rereadAfterMs: named.kind === 'kafka' ? named.sessionMs / REREADS_PER_SESSION : 0,
        onFenced(stream) {
          telemetry.fenced(1);
          telemetry.log('warn', 'fenced', { stream });
        },
      },
      signal,
    );
  } finally {
    readers?.close();
    await Promise.all(threads.map(thread => thread.close()));
  }
}

/** Makes the readers of one worker's threads; null where it was told to stop before they had what is wanted. */
async function follow(
  threads: readonly ReadingThread[],
  { versions, inForce, signal, first }: Running,
): Promise<FollowingReaders | null> {
  try {
    return await followVersions({
      ...{ threads, signal },
      wanted: () => versions.wanted(),
      reload: () => versions.reload(),
      join: judging => inForce.join(judging),
      nowMs: () => first.clock.nowMs(),
    });
  } catch (error) {
    if (signal.aborted && error instanceof GranskaError) return null;
    throw error;
  }
}

/** A group says within a heartbeat, a tenth of the session, that it has given a stream to another. */
const REREADS_PER_SESSION = 4;

/** The lanes of one worker: those of what was in force when it last asked, so that two workers never share one. */
function changingLanes({ versions, chainOf, inForce }: Running): { lanes: Lanes; close(): void } {
  const lanesOfNow = () => composeLanes(versions.parts(), chainOf(versions.parts()));
  let { judging } = versions.wanted();
  let current = lanesOfNow();
  const member = inForce.join(versions.wanted());
  const lanes: Lanes = {
    current: () => current,
    refresh() {
      const wanted = versions.wanted();
      if (wanted.judging === judging) return;
      current = lanesOfNow();
      judging = wanted.judging;
      member.takes(wanted);
    },
    // A transaction leaves nothing open.
    pinned: async () => null,
  };
  return { lanes, close: member.leave };
}

function tellWritten({ tookMs, added, known, refused, summary }: Written, running: RunningSource): void {
  const { telemetry, first, versions } = running;
  const { lines, records, rejected, skipped, bytes } = summary;
  addSummary(running.summary, summary);
  telemetry.linesRead({ records, rejected, skipped, bytes });
  telemetry.written({ durationMs: tookMs, added, known, bytes });
  const { policy } = versions.parts();
  for (const [category, row] of Object.entries(summary.byVerdict)) {
    const of = policy.categories.get(category)?.class ?? first.policy.categories.get(category)?.class;
    if (of === undefined) continue;
    telemetry.found({ class: of, verdict: 'examine', count: row.examine });
    telemetry.found({ class: of, verdict: 'exempt', count: row.exempt });
    telemetry.found({ class: of, verdict: 'attempt', count: row.attempts });
  }
  for (const [code, count] of Object.entries(summary.rejects)) {
    telemetry.rejected(code as keyof ScanSummary['rejects'], count);
  }
  if (refused > 0) {
    telemetry.deadLettered(refused);
    telemetry.log('error', 'documents-refused', { documents: refused });
  }
  telemetry.log('debug', 'window-written', { lines, findings: added, known, durationMs: tookMs });
}
