// `granska run` put together: the sources of the configuration, a worker for each, one store, and what the operator is
// told. It runs until the signal says stop (or, once, until all that is there was read), drains, and leaves.
import { createRejects } from '../adapters/rejects/rejects.ts';
import { createHealth, type WatchedHealth } from '../adapters/telemetry/health.ts';
import { createHealthServer } from '../adapters/telemetry/health-server.ts';
import { kafkaLag } from '../adapters/telemetry/kafka-to-log.ts';
import { storeToLog } from '../adapters/telemetry/store-to-log.ts';
import type { ProcessTelemetry } from '../adapters/telemetry/telemetry.ts';
import type { RunOutcome, RunRequest } from '../cli/app.ts';
import type { SourceConfig } from '../config/config.ts';
import { faultOf, GranskaError } from '../errors.ts';
import { formatNamed } from '../format/formats.ts';
import type { Lanes } from '../pipeline/lane.ts';
import { createParseAlarm, type ParseAlarm } from '../pipeline/parse-alarm.ts';
import type { Readers } from '../pipeline/reader.ts';
import { addSummary, blankSummary, type ScanSummary } from '../pipeline/summary.ts';
import { runWindowWorker } from '../pipeline/window-worker.ts';
import { type CommonWorkerOptions, runWorker, type WorkerResult, type Written } from '../pipeline/worker.ts';
import { createAgeTeller } from './directory-age.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Chain, Parts } from './installation.ts';
import { composeLanes } from './lane.ts';
import { openWriteStore, type WriteHooks, type WriteStore } from './open-store.ts';
import { openRunSource, type RunSource } from './run-source.ts';
import { createNameSeal } from './seals.ts';
import type { ThreadData } from './thread/reading-thread.ts';
import { joinReaders } from './thread/side-by-side.ts';
import { createThreadReaders } from './thread/thread-readers.ts';
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
  const drained = drainSignal(request.signal);
  const timers: NodeJS.Timeout[] = [];
  const onEvent = createStoreListener(telemetry, health);
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
    health.clear('store-not-answering');
    telemetry.judgedBy(versionsOf(run.first));
    telemetry.log('info', 'started', versionsOf(run.first));
    if (run.first.policy.live === null) telemetry.log('warn', 'policy-on-trial');
    return await runSources(request, { ...run, ...watched, health, opened, timers });
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

/** Makes what hears of a store's waits and answers: a worker that waits for its store is alive and not ready. */
function createStoreListener(
  telemetry: ProcessTelemetry,
  health: WatchedHealth,
): NonNullable<WriteHooks['onEvent']> {
  let isWaiting = false;
  return event => {
    switch (event.kind) {
      case 'waiting':
        isWaiting = true;
        telemetry.waitsFor('store');
        health.raise('store-not-answering');
        break;
      case 'retry':
        telemetry.storeRetried();
        break;
      case 'answered':
        telemetry.storeAnswered(event.tookMs);
        if (!isWaiting) return;
        isWaiting = false;
        telemetry.waitsFor(null);
        health.clear('store-not-answering');
        telemetry.log('info', 'store-answers');
        return;
      default:
        event satisfies never;
    }
    const { level, event: name, fields } = storeToLog(event);
    telemetry.log(level, name, fields);
    health.beat('the store', 'waiting');
  };
}

function watchVersions(
  { first, load, telemetry, tell }: RunParts,
  health: WatchedHealth,
): Pick<Running, 'versions' | 'onRefused'> {
  const onRefused = (error: unknown) => {
    telemetry.reloaded('refused');
    health.raise('configuration-refused');
    const code = error instanceof GranskaError ? error.code : 'SYSTEM';
    telemetry.log('error', 'configuration-refused', { code });
    const why = error instanceof GranskaError ? error.message : faultOf(error).kind;
    tell(`${why}\n  what was in force before stays; mend it, or see granska check`);
  };
  const versions = createVersions({
    first,
    load: async () => ({ ...(await load()), vault: first.vault }),
    fingerprint: ({ config }) => fingerprintOf(config),
    onLoaded() {
      health.clear('configuration-refused');
    },
    onReloaded(loaded) {
      telemetry.reloaded('ok');
      telemetry.judgedBy(versionsOf(loaded));
      telemetry.log('info', 'configuration-reloaded', versionsOf(loaded));
    },
    onRefused,
  });
  return { versions, onRefused };
}

interface Running extends RunParts {
  versions: VersionsInForce;
  /** Tells that a change was refused. */
  onRefused(error: unknown): void;
  health: WatchedHealth;
  opened: WriteStore;
  timers: NodeJS.Timeout[];
}

async function runSources(request: RunRequest, running: Running): Promise<RunOutcome> {
  const { opened, telemetry, health, first, versions, timers } = running;
  const { config, vault, clock } = first;
  const rejects = createRejects({
    sealed: opened.sealed,
    seal: plain => vault.seal(plain),
    writers: opened.kind === 'transactions' ? 'one' : 'several',
  });
  const forget = () => rejects.sweep(opened.store, clock.nowMs() - config.rejectsKeepDays * DAY_MS);
  await forget();
  const joined = new Set<string>();
  const onJoined = (name: string) => {
    joined.add(name);
    if (joined.size < config.sources.length) return;
    health.clear('sources-not-joined');
    telemetry.log('info', 'ready');
  };
  const sources = config.sources.map(source =>
    openRunSource(source, {
      ...{ config, telemetry, known: opened.store },
      until: request.once ? 'end' : 'stopped',
      onJoined,
    }),
  );
  const every = (ms: number, work: () => Promise<void>) => {
    const timer = setInterval(() => void work().catch(() => undefined), ms);
    timer.unref();
    timers.push(timer);
  };
  every(LAG_EVERY_MS, () => tellLag(sources, running));
  every(FORGET_EVERY_MS, forget);
  const tellAge = createAgeTeller({ config: () => versions.parts().config, clock, telemetry, health });
  tellAge();
  every(AGE_EVERY_MS, async () => tellAge());
  if (config.run.reloadMs !== null) every(config.run.reloadMs, () => versions.look());

  // Where one source fails for good, the others are drained: a worker that is half alive looks whole.
  const failed = new AbortController();
  const signal = AbortSignal.any([request.signal, failed.signal]);
  signal.addEventListener('abort', () => {
    health.raise('stopping');
    telemetry.log('info', 'stopping');
  });
  const summary = blankSummary(versionsOf(first));
  const alarm = createParseAlarm(config.run.parseRate, { telemetry, health });
  const outcomes = await Promise.allSettled(
    sources.map(async (source, n) => {
      try {
        return await runSource(config.sources[n]!, { ...running, source, summary, alarm, rejects, signal });
      } catch (error) {
        failed.abort();
        throw error;
      } finally {
        await source.source.close?.();
      }
    }),
  );
  const results: WorkerResult[] = [];
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') throw outcome.reason;
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
  signal: AbortSignal;
}

async function runSource(named: SourceConfig, running: RunningSource): Promise<WorkerResult> {
  const { first, opened, telemetry, health, rejects, signal } = running;
  const { config, vault, clock } = first;
  const options: CommonWorkerOptions = {
    source: running.source.source,
    // Each worker's own: what they come to is added up as it is written.
    summary: blankSummary(versionsOf(first)),
    format: named.format === null ? null : (formatNamed(named.format) ?? null),
    mode: 'resume',
    sealNames: createNameSeal(vault),
    sealRejects: batch => rejects.seal(batch.rejected, { rejectedMs: clock.nowMs() }),
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
    return runWorker({ ...options, store: opened.store, lanes: changingLanes(running) }, signal);
  }
  const { readers, close } = await startReaders(running, config.run.threads);
  try {
    return await runWindowWorker(
      {
        ...options,
        ...{ store: opened.store, readers },
        rereadAfterMs: named.kind === 'kafka' ? named.sessionMs / REREADS_PER_SESSION : 0,
        onFenced(stream) {
          telemetry.fenced(1);
          telemetry.log('warn', 'fenced', { stream });
        },
      },
      signal,
    );
  } finally {
    await close();
  }
}

/** Starts the threads that read lines: all of them, or none where one cannot load. */
async function startReaders(
  running: Running,
  count: number,
): Promise<{ readers: Readers; close(): Promise<unknown> }> {
  const started = await Promise.allSettled(
    Array.from({ length: count }, () =>
      createThreadReaders({
        data: running.places,
        inForce: () => running.versions.parts(),
        onRefused: error => running.onRefused(error),
      }),
    ),
  );
  const threads = started.flatMap(start => (start.status === 'fulfilled' ? [start.value] : []));
  const close = () => Promise.all(threads.map(thread => thread.close()));
  const failed = started.find(start => start.status === 'rejected');
  if (failed === undefined) return { readers: joinReaders(threads), close };
  await close();
  throw failed.reason;
}

/** A group says within a heartbeat, a tenth of the session, that it has given a stream to another. */
const REREADS_PER_SESSION = 4;

/** The lanes of one worker: those of what was in force when it last asked, so that two workers never share one. */
function changingLanes({ versions, chainOf }: Running): Lanes {
  let of = versions.parts();
  let current = composeLanes(of, chainOf(of));
  return {
    current: () => current,
    refresh() {
      const now = versions.parts();
      if (now === of) return;
      of = now;
      current = composeLanes(of, chainOf(of));
    },
    // A transaction leaves nothing open.
    pinned: async () => null,
  };
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
    telemetry.deadLettered('findings', refused);
    telemetry.log('error', 'documents-refused', { documents: refused });
  }
  telemetry.log('debug', 'window-written', { lines, findings: added, known, durationMs: tookMs });
}

async function tellLag(sources: readonly RunSource[], { telemetry }: Running): Promise<void> {
  const lags = await Promise.all(sources.map(source => source.lag?.() ?? []));
  if (sources.some(source => source.lag !== null)) telemetry.lag(kafkaLag(lags.flat()));
}

/** Gives a signal that comes some time after another: what was read is stored, but not for ever. */
function drainSignal(stop: AbortSignal): { signal: AbortSignal; clear(): void } {
  const late = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  stop.addEventListener('abort', () => {
    timer = setTimeout(() => late.abort(), DRAIN_MS);
  });
  return {
    signal: late.signal,
    clear() {
      if (timer !== null) clearTimeout(timer);
    },
  };
}
