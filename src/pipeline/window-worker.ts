// Runs a source into a store without transactions, window by window (§9.4, §9.5). Each stream fills a draft; drafts are
// written together when they hold enough or have waited long enough, while the next ones are being filled.
// Invariants: a draft is judged by one version and one clock, from its first line to its last; nothing of a stream is
// written that was not taken over first; where the store says `fenced`, nothing more of that stream is written until it
// is taken over anew. A window that somebody left open is done again first, to its pin's end, by its pin's versions.
import { GranskaError } from '../errors.ts';
import type { Versions } from '../model/finding.ts';
import type { StreamState } from '../model/stream.ts';
import type { Chunk, LiveEvent, PositionMove } from '../ports/source.ts';
import type { KeptVersion } from '../ports/store.ts';
import type { Pin, StreamWindow, WindowBatch, WindowStore } from '../ports/window-store.ts';
import { addBatch, blankBatch } from './batch.ts';
import { createFormatChooser } from './choose-format.ts';
import { cutEvent } from './cut-chunk.ts';
import { areEnough, CUT_SHORT, countNothing, type Draft, isMore } from './draft.ts';
import type { Gathered, LineEvent } from './lane.ts';
import { createNameSealer } from './name-sealer.ts';
import type { Reader, Readers } from './reader.ts';
import { areSameVersions } from './same-versions.ts';
import { addSummary, blankSummary } from './summary.ts';
import { createTimedEvents } from './timed-events.ts';
import { addUsage } from './usage.ts';
import { createVersionKeeper, epochsOf } from './version-keeper.ts';
import type { CommonWorkerOptions, WorkerResult } from './worker.ts';

export interface WindowWorkerOptions extends CommonWorkerOptions {
  store: Pick<WindowStore, 'takeOver' | 'writeWindows' | 'knownNames'>;
  readers: Readers;
  /** How long a worker that was fenced waits to hear from its group before it looks at the store again, milliseconds. */
  rereadAfterMs: number;
  onFenced?(streamId: string): void;
}

/** A stream that this worker has taken over. */
interface Holding {
  /** As it was found. */
  state: StreamState | null;
  /** Where it stands once all that is being written is. */
  position: number;
  /** The window that was left open there. */
  pin: Pin | null;
  /** False from the moment that the store said `fenced`. */
  isOurs: boolean;
}

/** Runs until the source ends or the signal says stop; what was read by then is stored. */
export async function runWindowWorker(
  options: WindowWorkerOptions,
  signal: AbortSignal,
): Promise<WorkerResult> {
  const { readers, summary, store, source } = options;
  const begunMs = options.nowMs();
  const result: WorkerResult = { failures: [], knownBytes: 0, interrupted: false };
  const chooseFormat = createFormatChooser(options);
  let names = createNameSealer(options);
  let keeper = createVersionKeeper();
  const holdings = new Map<string, Holding>();
  const drafts = new Map<string, Draft>();
  let writing: Promise<void> = Promise.resolve();
  let rereading: NodeJS.Timeout | null = null;
  /** A guess holds for one chunk, and so does its window: whoever does it again has the same lines to guess by. */
  let isGuessed = false;

  const events = createTimedEvents(source.events(signal), options);
  try {
    for await (const event of events) {
      options.onDoing?.('working');
      await take(event);
      if (isGuessed || drafts.size >= MAX_DRAFTS || areEnough(drafts.values())) await flush();
      summary.seconds = (options.nowMs() - begunMs) / 1000;
      options.onProgress(summary);
      if (signal.aborted) break;
      options.onDoing?.('waiting');
    }
    // The source may have seen the signal first and ended by itself.
    result.interrupted = signal.aborted;
    await settle();
    // The source has ended by itself, and before the end of what was pinned.
    if (!signal.aborted && drafts.size > 0) result.failures.push(CUT_SHORT);
  } finally {
    await writing.catch(() => undefined);
    if (rereading !== null) clearTimeout(rereading);
  }
  summary.seconds = (options.nowMs() - begunMs) / 1000;
  return result;

  async function take(event: LiveEvent | { kind: 'due' }): Promise<void> {
    switch (event.kind) {
      case 'lines':
      case 'overlong':
      case 'continued':
      case 'position':
        await takePiece(event);
        break;
      case 'end':
        summary.pending += event.pending;
        result.knownBytes += event.knownBytes;
        if (event.failure !== null) result.failures.push(event.failure);
        break;
      case 'rebalance':
        await settle();
        // A window that was left open and is not whole yet is done by whoever takes the stream over.
        drafts.clear();
        holdings.clear();
        if (rereading !== null) clearTimeout(rereading);
        rereading = null;
        break;
      case 'settle':
        await settle();
        break;
      case 'due':
        await flush();
        break;
      default:
        event satisfies never;
    }
  }

  async function takePiece(event: LineEvent | PositionMove): Promise<void> {
    const holding = await hold(event);
    if (!holding.isOurs) return;
    goBack(event, holding);
    if (options.mode === 'resume' && isElsewhere(event, holding)) {
      // Somebody has stored more than the source was told: it is to ask again.
      lose(event.state.id, holding);
      return;
    }
    let rest: LineEvent | PositionMove | null = event;
    while (rest !== null && holding.isOurs) rest = await fill(rest, holding);
    events.noteRead();
  }

  /**
   * A window that was left open is written when it is whole, whatever a source is told to have been settled. One that asks
   * the store in the middle of it goes back to its beginning: then so does the draft, of which nothing was written.
   */
  function goBack(event: LineEvent | PositionMove, holding: Holding): void {
    const draft = drafts.get(event.state.id);
    if (draft === undefined || draft.end === null) return;
    if (event.kind === 'position' || event.offset !== draft.from) return;
    drafts.delete(event.state.id);
    holding.position = draft.from;
  }

  /** Takes as much of an event into the stream's draft as belongs there; answers the rest. */
  async function fill(
    event: LineEvent | PositionMove,
    holding: Holding,
  ): Promise<LineEvent | PositionMove | null> {
    const { id } = event.state;
    const draft = drafts.get(id) ?? (await begin(id, { event, holding }));
    const { before, after } = cutEvent(event, draft.end);
    if (before !== null) {
      await addTo(draft, before);
      holding.position = draft.state.position;
    }
    const isWhole = draft.end !== null && (after !== null || draft.state.position >= draft.end);
    if (isWhole) await close(draft, holding);
    return after;
  }

  /** Ends a window that was left open, at its pin's end, before the next one begins. */
  async function close(draft: Draft, holding: Holding): Promise<void> {
    draft.state = { ...draft.state, position: draft.end! };
    holding.position = draft.end!;
    holding.pin = null;
    await settle();
  }

  async function begin(
    id: string,
    { event, holding }: { event: LineEvent | PositionMove; holding: Holding },
  ): Promise<Draft> {
    const { pin } = holding;
    if (pin !== null && options.mode === 'again') {
      throw new GranskaError('STORE', 'the scan before this one was stopped in the middle of a window', {
        hint: 'scan once without --again: it goes on there, and then this can be done',
      });
    }
    const reader = pin === null ? readers.current() : await pinnedReader(pin.versions);
    const draft: Draft = {
      from: holding.position,
      state: {
        ...(holding.state ?? { ...event.state, endsInHalfLine: false }),
        position: holding.position,
      },
      marks: [],
      reader,
      reading: [],
      bytes: 0,
      clockMs: pin?.clockMs ?? options.nowMs(),
      end: pin?.end ?? null,
      batch: blankBatch(),
      usage: [],
      summary: blankSummary(reader.versions),
    };
    drafts.set(id, draft);
    return draft;
  }

  async function pinnedReader(versions: Versions): Promise<Reader> {
    const current = readers.current();
    if (areSameVersions(versions, current.versions)) return current;
    const reader = await readers.pinned(versions);
    if (reader !== null) return reader;
    throw new GranskaError(
      'STORE',
      `a window was left open that is to be judged by lists ${short(versions.lists)}, policy ${short(versions.policy)} and directory ${short(versions.directory)}, and this worker cannot have them all`,
      { hint: 'let the workers share the data folder, or start the worker that was stopped once more' },
    );
  }

  async function addTo(draft: Draft, event: LineEvent | PositionMove): Promise<void> {
    if (event.kind !== 'position') {
      await draft.reader.ready();
      const format = event.kind === 'lines' ? chooseFormat(event) : null;
      isGuessed ||= event.kind === 'lines' && isGuess(event);
      const reading = draft.reader
        .read(event, { clockMs: draft.clockMs, format })
        .then(gathered => addGathered(draft, gathered));
      // Whoever writes the window hears of its failure.
      reading.catch(() => undefined);
      draft.reading.push(reading);
      draft.bytes += event.end - event.start;
    }
    // What is read anew changes nothing of its stream (§9.2).
    if (options.mode === 'again') return;
    // After the format was chosen: one that was found out belongs to the stream.
    draft.state = { ...event.state };
    draft.marks.push(...event.marks);
  }

  function addGathered(draft: Draft, { batch, usage, summary: part }: Gathered): void {
    addBatch(draft.batch, batch);
    addUsage(draft.usage, usage);
    addSummary(draft.summary, part);
    if (options.mode === 'again') countNothing(draft);
  }

  /** Gives the stream as it was taken over, or takes it over. */
  async function hold({ state: { id } }: LineEvent | PositionMove): Promise<Holding> {
    const known = holdings.get(id);
    if (known !== undefined) return known;
    // What is under way may be of the same stream, from before.
    await writing;
    const found = (await store.takeOver([id])).get(id);
    const state = found?.state ?? null;
    const holding: Holding = { state, position: state?.position ?? 0, pin: found?.pin ?? null, isOurs: true };
    holdings.set(id, holding);
    return holding;
  }

  /** Tells whether a format was found out for a chunk, and not for sure. */
  function isGuess({ state, origin }: Chunk): boolean {
    return options.format === null && (origin?.format ?? null) === null && state.format === undefined;
  }

  /** Writes all drafts, once those before are written; reading goes on meanwhile. */
  async function flush(): Promise<void> {
    await writing;
    isGuessed = false;
    if (holdings.size > MAX_HOLDINGS) letGoOfIdle();
    // A window that was left open is written when it is whole.
    const ready = [...drafts].filter(([, draft]) => draft.end === null || draft.state.position === draft.end);
    for (const [id] of ready) drafts.delete(id);
    events.noteWritten();
    readers.refresh();
    const ours = ready
      .map(([, draft]) => draft)
      .filter(({ state }) => holdings.get(state.id)?.isOurs === true);
    if (ours.length === 0) return;
    writing = write(ours);
    // Whoever comes next hears of its failure.
    writing.catch(() => undefined);
  }

  /** Nothing is being written: what has no draft is as the store has it, and is taken over again when it comes. */
  function letGoOfIdle(): void {
    for (const [id, { isOurs }] of holdings) if (isOurs && !drafts.has(id)) holdings.delete(id);
  }

  async function settle(): Promise<void> {
    await flush();
    await writing;
  }

  async function write(ready: readonly Draft[]): Promise<void> {
    await Promise.all(ready.flatMap(draft => draft.reading));
    const written = ready.filter(isMore);
    if (written.length === 0) return;
    const batch = await batchOf(written);
    const fromMs = options.nowMs();
    const { fenced, added, known, refused } = await store.writeWindows(batch);
    const lost = new Set(fenced);
    const whole = blankSummary(readers.current().versions);
    for (const draft of written) if (!lost.has(draft.state.id)) addSummary(whole, draft.summary);
    whole.findings = { new: added, known };
    addSummary(summary, whole);
    for (const id of lost) lose(id, holdings.get(id));
    // Names of what was refused are not stored, though they were sealed. And a store that was put back to an earlier day
    // refuses so, and lacks versions that were kept in it since.
    if (lost.size > 0) [names, keeper] = [createNameSealer(options), createVersionKeeper()];
    source.stored?.(written.map(draft => draft.state).filter(state => !lost.has(state.id)));
    options.onWritten?.({ tookMs: options.nowMs() - fromMs, added, known, refused, summary: whole });
  }

  async function batchOf(written: readonly Draft[]): Promise<WindowBatch> {
    const windows: StreamWindow[] = [];
    const toSeal = blankBatch();
    for (const draft of written) {
      const { batch, state, from, clockMs, reader } = draft;
      windows.push({
        from,
        state,
        pin: { end: state.position, versions: reader.versions, clockMs },
        marks: draft.marks,
        findings: batch.findings,
        usage: draft.usage,
        days: [...batch.days.values()],
        rejects: batch.rejected.length > 0 ? await options.sealRejects(batch) : [],
        settled: [],
      });
      addBatch(toSeal, { ...blankBatch(), names: batch.names });
    }
    const versions: KeptVersion[] = [];
    for (const draft of written) {
      const epochs = epochsOf(draft, { clockMs: draft.clockMs, yearOf: options.yearOf });
      versions.push(...(await keeper.fresh(draft.reader, epochs)));
    }
    return { windows, names: await names.seal(toSeal.names), versions };
  }

  /** Lets go of a stream that another worker has taken over, or that the source reads from the wrong place. */
  function lose(id: string, holding: Holding | undefined): void {
    drafts.delete(id);
    if (holding === undefined || !holding.isOurs) return;
    holding.isOurs = false;
    options.onFenced?.(id);
    if (source.reread === undefined) {
      throw new GranskaError('STORE', 'fenced: another worker reads the same source into the same store', {
        hint: 'let one worker alone read it, or name the sources apart',
      });
    }
    // A group that has given the stream to another says so first; else it is still ours, and read on from the store.
    rereading ??= setTimeout(() => {
      rereading = null;
      source.reread?.();
    }, options.rereadAfterMs);
  }
}

/** A move is right only from where the source believed the stream to be; of lines, those behind are stored already. */
function isElsewhere(event: LineEvent | PositionMove, { position }: Holding): boolean {
  return event.kind === 'position' ? (event.from ?? 0) !== position : event.offset < position;
}

/** A store holds a bounded number of streams at a time; small files come by the ten thousand. */
const MAX_DRAFTS = 1_000;
/** Streams of a source that are remembered, so that memory is bounded. */
const MAX_HOLDINGS = 10_000;

function short(hash: string | null): string {
  return hash === null ? 'none' : hash.slice(0, 12);
}
