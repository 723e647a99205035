// The window worker where a source and a store disagree, where a stream changes hands, and where much is small: one turn
// of events each, against a store in memory.
import { expect } from 'chai';
import type { StreamState } from '../../src/model/stream.ts';
import { runWindowWorker, type WindowWorkerOptions } from '../../src/pipeline/window-worker.ts';
import type { LiveEvent, Source } from '../../src/ports/source.ts';
import type { WindowBatch, WindowStore } from '../../src/ports/window-store.ts';
import { combinedLine, type LineParts, squidLine } from '../cli/squid-log.ts';
import { blankWindows, openWindows, type Step, type Windows } from './memory-windows.ts';
import { AT_MS, NOW_MS } from './support.ts';
import { windowOptions } from './window-options.ts';

const STREAM = 'a'.repeat(64);

function aState(position: number, id = STREAM): StreamState {
  return {
    ...{ id, source: 'default', firstLine: '', ordinal: 0, format: 'squid' },
    ...{ position, endsInHalfLine: false },
  };
}

const aLine = (n: number): Partial<LineParts> => ({
  ...{ url: 'http://casino.example/', user: 'anna', atMs: AT_MS + n * 1_000, elapsedMs: 0 },
});

/** Lines of a stream from one position to another; a line's number is its position. */
function lines(from: number, to: number, state = aState(to)): LiveEvent {
  return chunkOf(
    Array.from({ length: to - from }, (_, n) => squidLine(aLine(from + n))),
    { from, state },
  );
}

function chunkOf(log: readonly string[], { from, state }: { from: number; state: StreamState }): LiveEvent {
  const texts = log.map(line => Buffer.from(`${line}\n`));
  const text = Buffer.concat(texts);
  const bytes = new Uint8Array(text.length + 72);
  bytes.set(text, 8);
  const starts: number[] = [];
  let at = 8;
  for (const line of texts) {
    starts.push(at);
    at += line.length;
  }
  const positions = Float64Array.from(starts, (_, n) => from + n);
  return {
    ...{ kind: 'lines', state, marks: [], path: null, bytes, start: 8, end: at, offset: from },
    positions: { starts: Int32Array.from(starts), positions, count: starts.length },
  };
}

const begin = (from: number | null, to: number): LiveEvent => ({
  ...{ kind: 'position', state: aState(to), from, marks: [] },
});

interface Turn {
  windows: Windows;
  /** Gives a turn of events; the next one comes after each `reread`. */
  turns: readonly (() => Iterable<LiveEvent>)[];
  over?: Partial<WindowWorkerOptions>;
  onBatch?(batch: WindowBatch): void;
  /** What the store does on its way. */
  step?(step: Step): Promise<void>;
  /** What the run is to fail with; absent where it is to succeed. */
  fails?: string;
}

/** Runs a worker over turns of events; answers what it was told. */
async function run({
  windows,
  turns,
  over,
  onBatch,
  step,
  fails,
}: Turn): Promise<{ fenced: string[]; rereads: number }> {
  const told = { fenced: [] as string[], rereads: 0 };
  let wake = () => {};
  const source: Source<LiveEvent> = {
    async *events() {
      for (const [n, turn] of turns.entries()) {
        const reread = new Promise<void>(resolve => {
          wake = resolve;
        });
        if (n > 0) yield { kind: 'rebalance', lost: [] };
        yield* turn();
        if (n < turns.length - 1) {
          yield { kind: 'settle' };
          // Whoever is not told to go on by then reads on all the same, and its counts tell.
          await Promise.race([reread, new Promise(resolve => setTimeout(resolve, 500))]);
        }
      }
    },
    reread() {
      told.rereads++;
      wake();
    },
  };
  const opened = openWindows(windows, step ?? (async () => {})) as WindowStore;
  const store: WindowStore = {
    ...opened,
    writeWindows(batch) {
      onBatch?.(batch);
      return opened.writeWindows(batch);
    },
  };
  const running = runWindowWorker(
    windowOptions({ source, store, onFenced: id => told.fenced.push(id), ...over }),
    new AbortController().signal,
  );
  if (fails === undefined) await running;
  else await running.then(expectFailure, error => expect(error.message).to.equal(fails));
  return told;
}

function expectFailure(): never {
  throw new Error('it did not fail');
}

const recordsOf = ({ usage }: Windows) => [...usage.values()].reduce((sum, { row }) => sum + row.records, 0);
const positionOf = ({ streams }: Windows, id = STREAM) => streams.get(id)?.state?.position;

describe('the window worker, where it and the store disagree', () => {
  it('§9.1 asks again where a stream was begun elsewhere meanwhile, and counts no line twice', async () => {
    const windows = blankWindows();
    await run({ windows, turns: [() => [begin(null, 10), lines(10, 30)]] });
    // Asked before the other worker had stored anything: it would begin where that one did.
    const { fenced, rereads } = await run({
      windows,
      turns: [() => [begin(null, 10), lines(10, 40)], () => [lines(positionOf(windows)!, 40)]],
    });
    expect(recordsOf(windows)).to.equal(30);
    expect([fenced, rereads]).to.deep.equal([[STREAM], 1]);
    expect(positionOf(windows)).to.equal(40);
  });

  it('§9.1 passes over no line where a stream was to begin at an end that has moved meanwhile', async () => {
    const windows = blankWindows();
    await run({ windows, turns: [() => [begin(null, 10), lines(10, 30)]] });
    await run({
      windows,
      turns: [() => [begin(null, 100), lines(100, 110)], () => [lines(positionOf(windows)!, 110)]],
    });
    expect(recordsOf(windows)).to.equal(100);
  });

  it('§9.1 takes a gap from where the store is', async () => {
    const windows = blankWindows();
    await run({ windows, turns: [() => [lines(0, 10)]] });
    const { fenced } = await run({ windows, turns: [() => [begin(10, 50), lines(50, 60)]] });
    expect(fenced).to.deep.equal([]);
    expect([recordsOf(windows), positionOf(windows)]).to.deep.equal([20, 60]);
  });

  it('§3.6 §5.7 seals a name and keeps a version again whose window was refused', async () => {
    const windows = blankWindows();
    const sealed: string[][] = [];
    const kept: number[] = [];
    const late = { isLate: true };
    await run({
      windows,
      turns: [() => [lines(0, 5)], () => [lines(0, 5)]],
      onBatch({ names, windows: written, versions }) {
        sealed.push(names.flatMap(({ ids }) => ids));
        kept.push(versions.length);
        // Another worker takes the stream over, and gives it back without a word of its own.
        if (late.isLate) windows.streams.set(written[0]!.state.id, { state: null, pin: null, holder: 99 });
        late.isLate = false;
      },
    });
    expect(sealed).to.have.length(2);
    expect(sealed[0]).to.have.length(1);
    expect(sealed[1]).to.deep.equal(sealed[0]);
    expect(kept).to.deep.equal([1, 1]);
    expect(windows.findings.size).to.equal(5);
  });

  it('§9.7 writes many small streams before a store would forget the first of them', async () => {
    const windows = blankWindows();
    const sizes: number[] = [];
    const streams = Array.from({ length: 2_500 }, (_, n) => n.toString(16).padStart(64, '0'));
    await run({
      windows,
      turns: [() => streams.map(id => lines(0, 1, aState(1, id)))],
      onBatch: batch => sizes.push(batch.windows.length),
    });
    expect(sizes).to.deep.equal([1_000, 1_000, 500]);
    expect(windows.closed).to.have.length(2_500);
  });

  it('§9.2 leaves a stream as it is when its lines are read anew', async () => {
    const windows = blankWindows();
    const whole = { ...aState(5), endsInHalfLine: true };
    await run({ windows, turns: [() => [lines(0, 5, whole)]] });
    windows.findings.clear();
    await run({ windows, turns: [() => [lines(0, 3)]], over: { mode: 'again' } });
    expect(windows.findings.size).to.equal(3);
    expect(windows.streams.get(STREAM)?.state).to.deep.equal(whole);
    expect(recordsOf(windows)).to.equal(5);
  });

  it('§9.4 does a window again by the format that was only guessed', async () => {
    const log = ['no line of any proxy', combinedLine(aLine(1))];
    for (let n = 2; n < 40; n++) log.push(squidLine(aLine(n)));
    const part = (from: number, to: number) => {
      const { format: _, ...state } = aState(to);
      return chunkOf(log.slice(from, to), { from, state });
    };
    const windows = blankWindows();
    const over: Partial<WindowWorkerOptions> = {
      sealRejects: async ({ rejected }) =>
        rejected.map(({ stream, code, offset }) => ({
          ...{ stream, code, count: 1, firstOffset: offset, file: null, rejectedMs: NOW_MS },
        })),
    };
    const die = async (step: Step) => {
      if (step === 'close') throw new Error('killed');
    };
    await run({ windows, turns: [() => [part(0, 2), part(2, 40)]], over, step: die, fails: 'killed' });
    await run({ windows, turns: [() => [part(0, 40)]], over });
    expect([recordsOf(windows), windows.rejects.size]).to.deep.equal([39, 1]);
    expect(windows.findings.size).to.equal(39);
  });

  for (const [what, log] of [
    ['days are counted', squidLine({ ...aLine(0), url: 'http://halsa.example/' })],
    ['lines are rejected', 'no line of any proxy'],
  ] as const) {
    it(`§9.4 keeps the versions of a window of which only ${what}`, async () => {
      const windows = blankWindows();
      await run({
        windows,
        turns: [() => [chunkOf([log], { from: 0, state: aState(1) })]],
        over: {
          sealRejects: async ({ rejected: [line] }) => [
            { stream: STREAM, code: line!.code, count: 1, firstOffset: 0, file: null, rejectedMs: NOW_MS },
          ],
        },
      });
      expect(windows.days.size + windows.rejects.size).to.equal(1);
      expect([...windows.versions.values()].map(({ epoch }) => epoch)).to.deep.equal([2026]);
    });
  }

  it('§9.4 begins a window that was left open anew where its source goes back to the store', async () => {
    const windows = blankWindows();
    const die = async (step: Step) => {
      if (step === 'close') throw new Error('killed');
    };
    await run({ windows, turns: [() => [lines(0, 30)]], step: die, fails: 'killed' });
    expect(windows.streams.get(STREAM)?.pin?.end).to.equal(30);
    // A packed copy of the file is found: the store is asked for it, and knows of nothing yet.
    const events: LiveEvent[] = [lines(0, 10), { kind: 'settle' }, lines(0, 20), lines(20, 40)];
    const { fenced } = await run({ windows, turns: [() => events] });
    expect(fenced).to.deep.equal([]);
    expect([recordsOf(windows), windows.findings.size, positionOf(windows)]).to.deep.equal([40, 40, 40]);
  });

  it('§9.5 rereads nothing once it has ended', async () => {
    const windows = blankWindows();
    let nowMs = NOW_MS;
    const told = await run({
      windows,
      turns: [
        function* () {
          yield lines(0, 5);
          // What was read is being written by now: the refusal comes after the end of the source.
          windows.streams.set(STREAM, { state: null, pin: null, holder: 99 });
          throw new Error('the source is gone');
        },
      ],
      over: { nowMs: () => nowMs++, flushMs: 1 },
      fails: 'the source is gone',
    });
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(told).to.deep.equal({ fenced: [STREAM], rereads: 0 });
  });
});
