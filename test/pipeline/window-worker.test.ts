// The window worker against a store that can be stopped at every step, and workers that wake up late.
import { expect } from 'chai';
import fc from 'fast-check';
import type { Finding, Versions } from '../../src/model/finding.ts';
import type { StreamState } from '../../src/model/stream.ts';
import type { LaneSet, Lanes } from '../../src/pipeline/lane.ts';
import { createLocalReaders } from '../../src/pipeline/reader.ts';
import { blankSummary, type ScanSummary } from '../../src/pipeline/summary.ts';
import { runWindowWorker } from '../../src/pipeline/window-worker.ts';
import type { LiveEvent, Source } from '../../src/ports/source.ts';
import type { WindowStore } from '../../src/ports/window-store.ts';
import { type LineParts, squidLine } from '../cli/squid-log.ts';
import { blankWindows, openWindows, type Step, type Windows } from './memory-windows.ts';
import { AT_MS, aLaneSet, NOW_MS } from './support.ts';
import { windowOptions } from './window-options.ts';

const URLS = [
  'http://casino.example/',
  'http://nothing.example/',
  'http://mixed.example/',
  'http://halsa.example/',
  'http://drugs.example/',
];
const STREAMS = ['a', 'b'].map(letter => letter.repeat(64));

/** Lines of a stream, some of which cannot be read. A line's number is its position. */
function aLog(stream: number): string[] {
  return Array.from({ length: 40 }, (_, n) => {
    if (n % 13 === 5) return 'this is no line of any proxy';
    const parts: Partial<LineParts> = { url: URLS[(n * 7 + stream) % URLS.length]! };
    const atMs = AT_MS + n * 700_000;
    return squidLine({ atMs, user: n % 4 === 0 ? 'elected' : 'anna', elapsedMs: 0, ...parts });
  });
}

const LOGS = STREAMS.map((_, n) => aLog(n));

function aState(stream: number, position: number): StreamState {
  return {
    ...{ id: STREAMS[stream]!, source: 'default', firstLine: '', ordinal: 0, format: 'squid' },
    position,
    endsInHalfLine: false,
  };
}

/** Makes chunks of `size` lines from where the store stands, one stream after the other; goes back when it is told. */
function aSource(
  windows: Windows,
  size: number,
): { source: Source<LiveEvent>; reread: () => void; reads: () => number } {
  let isToReread = false;
  let reads = 0;
  const source: Source<LiveEvent> = {
    async *events(signal) {
      do {
        if (isToReread) yield { kind: 'rebalance', lost: [] };
        isToReread = false;
        const places = STREAMS.map(id => windows.streams.get(id)?.state?.position ?? 0);
        for (let isMore = true; isMore && !isToReread; ) {
          isMore = false;
          for (const [stream, log] of LOGS.entries()) {
            const from = places[stream]!;
            if (from >= log.length || signal.aborted) continue;
            isMore = true;
            reads++;
            places[stream] = Math.min(log.length, from + size);
            yield chunkOf(stream, from, places[stream]!);
          }
        }
        // Lets a worker that was fenced come to its senses.
        await new Promise(resolve => setTimeout(resolve, 2));
      } while (isToReread);
    },
    reread() {
      isToReread = true;
    },
  };
  return { source, reread: () => source.reread?.(), reads: () => reads };
}

function chunkOf(stream: number, from: number, to: number): LiveEvent {
  const lines = LOGS[stream]!.slice(from, to).map(line => Buffer.from(`${line}\n`));
  const text = Buffer.concat(lines);
  const bytes = new Uint8Array(text.length + 72);
  bytes.set(text, 8);
  const starts: number[] = [];
  let at = 8;
  for (const line of lines) {
    starts.push(at);
    at += line.length;
  }
  return {
    ...{ kind: 'lines', state: aState(stream, to), marks: [], path: null, bytes, start: 8, end: at },
    offset: from,
    positions: {
      starts: Int32Array.from(starts),
      positions: Float64Array.from(starts, (_, n) => from + n),
      count: starts.length,
    },
  };
}

const VERSIONS: readonly Versions[] = ['one', 'two', 'three'].map(name => ({
  ...{ lists: name, policy: `policy-${name}`, directory: null },
}));

/** Lanes in force, changed between windows as `next` says. */
function changingLanes(first: number, next: () => number): Lanes {
  const sets = new Map<number, LaneSet>();
  const setOf = (n: number) => {
    const known = sets.get(n) ?? aLaneSet({}, VERSIONS[n]!);
    sets.set(n, known);
    return known;
  };
  let current = setOf(first);
  return {
    current: () => current,
    refresh() {
      current = setOf(next());
    },
    pinned: async versions => setOf(VERSIONS.findIndex(found => found.lists === versions.lists)),
  };
}

interface WorkerPlan {
  /** Lines of a chunk. */
  size: number;
  version: number;
  /** What is in force after each write. */
  changes: readonly number[];
}

async function runOne(
  windows: Windows,
  plan: WorkerPlan,
  step: (step: Step) => Promise<void>,
): Promise<{ summary: ScanSummary; fenced: string[]; reads: number }> {
  const summary = blankSummary(VERSIONS[plan.version]!);
  const fenced: string[] = [];
  const { source, reads } = aSource(windows, plan.size);
  let changes = 0;
  let nowMs = NOW_MS;
  await runWindowWorker(
    windowOptions({
      source,
      store: openWindows(windows, step) as WindowStore,
      readers: createLocalReaders(
        changingLanes(plan.version, () => plan.changes[changes++ % plan.changes.length]!),
      ),
      summary,
      sealRejects: async ({ rejected }) =>
        rejected.map(({ stream, code, offset }) => ({
          ...{ stream, code, count: 1, firstOffset: offset, file: 'f', rejectedMs: NOW_MS },
        })),
      // Time goes on with every look, so that windows are cut after some chunks.
      nowMs: () => nowMs++,
      flushMs: 25,
      onFenced: stream => fenced.push(stream),
    }),
    new AbortController().signal,
  );
  return { summary, fenced, reads: reads() };
}

/** What is compared: all but when it was stored, and what judged it. */
function told({ findings, usage, days }: Windows) {
  const bare = ({ ingestedMs: _, versions: __, ...rest }: Finding) => rest;
  const inOrder = <T>(map: Map<string, T>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    findings: inOrder(findings).map(([, finding]) => bare(finding)),
    usage: inOrder(usage).map(([key, { row }]) => [key, row]),
    days: inOrder(days).map(([key, { row }]) => [key, row]),
  };
}

/** §9.4: no window holds two versions, and windows follow each other without a gap. */
function checkWindows({ closed, findings }: Windows): void {
  for (const [n, stream] of STREAMS.entries()) {
    const own = closed.filter(window => window.stream === stream).sort((a, b) => a.from - b.from);
    let at = 0;
    for (const { from, end, versions } of own) {
      expect(from).to.equal(at);
      at = end;
      for (const finding of findings.values()) {
        if (finding.stream !== stream || finding.offset < from || finding.offset >= end) continue;
        expect(finding.versions).to.deep.equal(versions);
      }
    }
    expect(at).to.equal(LOGS[n]!.length);
  }
}

const goOn = async () => {};
const PLAN: WorkerPlan = { size: 5, version: 0, changes: [0] };
const aPlan = fc.record({
  size: fc.integer({ min: 1, max: 12 }),
  version: fc.integer({ min: 0, max: 2 }),
  changes: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 4 }),
});

describe('the window worker', () => {
  let undisturbed: ReturnType<typeof told>;

  before(async () => {
    const windows = blankWindows();
    const { summary } = await runOne(windows, PLAN, goOn);
    undisturbed = told(windows);
    expect(undisturbed.findings.length).to.be.greaterThan(20);
    expect(undisturbed.days.length).to.be.greaterThan(1);
    expect(summary).to.deep.include({ lines: 80, rejected: 6, records: 74 });
    expect(summary.findings).to.deep.equal({ new: undisturbed.findings.length, known: 0 });
    expect(windows.closed.length).to.be.greaterThan(3);
  });

  it('§9.4 comes to the same whatever the chunks, and after a stop at any step', async () => {
    const stops = fc.array(fc.record({ plan: aPlan, after: fc.integer({ min: 0, max: 60 }) }), {
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(stops, aPlan, async (stopped, last) => {
        const windows = blankWindows();
        for (const { plan, after } of stopped) {
          let left = after;
          const stop = async () => {
            if (left-- === 0) throw new Error('killed');
          };
          await runOne(windows, plan, stop).catch(error => expect(error.message).to.equal('killed'));
        }
        await runOne(windows, last, goOn);
        expect(told(windows)).to.deep.equal(undisturbed);
        checkWindows(windows);
      }),
      { numRuns: 50 },
    );
  });

  it('§9.5 is fenced where it wakes up late, and changes nothing', async () => {
    const zombies = fc.array(fc.record({ plan: aPlan, sleepsAt: fc.integer({ min: 0, max: 60 }) }), {
      minLength: 1,
      maxLength: 3,
    });
    let fences = 0;
    await fc.assert(
      fc.asyncProperty(zombies, aPlan, async (sleepers, last) => {
        const windows = blankWindows();
        const woken: { wake(): void; ended: Promise<{ fenced: string[] }> }[] = [];
        for (const { plan, sleepsAt } of sleepers) {
          let left = sleepsAt;
          let wake = () => {};
          const asleep = new Promise<void>(resolve => {
            wake = resolve;
          });
          let fellAsleep = () => {};
          const sleeping = new Promise<void>(resolve => {
            fellAsleep = resolve;
          });
          const ended = runOne(windows, plan, async () => {
            if (left-- !== 0) return;
            fellAsleep();
            await asleep;
          });
          woken.push({ wake, ended });
          await Promise.race([sleeping, ended]);
        }
        await runOne(windows, last, goOn);
        const before = structuredClone(told(windows));
        for (const { wake, ended } of woken) {
          wake();
          fences += (await ended).fenced.length;
        }
        expect(told(windows)).to.deep.equal(before);
        expect(before).to.deep.equal(undisturbed);
        checkWindows(windows);
      }),
      { numRuns: 50 },
    );
    expect(fences).to.be.greaterThan(0);
  });
});
