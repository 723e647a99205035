// Files read into windows: a log is found again by its content, also where the first window of it broke off.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import fc from 'fast-check';
import { createFileSource } from '../../src/adapters/source/file.ts';
import { createFollowSource } from '../../src/adapters/source/follow/follow.ts';
import type { StreamMark } from '../../src/model/stream.ts';
import { runWindowWorker } from '../../src/pipeline/window-worker.ts';
import type { WorkerResult } from '../../src/pipeline/worker.ts';
import type { KnownStreams, LiveEvent, Source } from '../../src/ports/source.ts';
import type { WindowBatch, WindowStore } from '../../src/ports/window-store.ts';
import { squidLine } from '../cli/squid-log.ts';
import { blankWindows, openWindows, type Step, type Windows } from './memory-windows.ts';
import { AT_MS, NOW_MS } from './support.ts';
import { windowOptions } from './window-options.ts';

const LINES = 60;
const TEXT = Array.from({ length: LINES }, (_, n) => {
  const url = n % 3 === 0 ? 'http://casino.example/' : 'http://nothing.example/';
  return `${squidLine({ url, user: 'anna', atMs: AT_MS + n * 1_000, elapsedMs: 0 })}\n`;
}).join('');

/** What outlives a run. */
interface Bench {
  folder: string;
  windows: Windows;
  marks: Map<string, StreamMark[]>;
  /** True where a last line without line feed is taken as a line. */
  isFinal?: boolean;
  bufferBytes?: number;
  /** Time goes on with every look: windows end after so many. */
  flushMs?: number;
}

type SourceKind = 'file' | 'followed' | 'piped';

function sourceOf(kind: SourceKind, bench: Bench): Source<LiveEvent> {
  const { folder, windows, marks, isFinal } = bench;
  const known: KnownStreams = {
    streams: async (source, firstLine) =>
      [...windows.streams.values()].flatMap(({ state }) =>
        state?.source === source && state.firstLine === firstLine ? [state] : [],
      ),
    marks: async id => marks.get(id) ?? [],
  };
  const path = join(folder, 'access.log');
  const common = { source: 'default', known, bufferBytes: bench.bufferBytes ?? 1_024 };
  switch (kind) {
    case 'followed':
      return createFollowSource({ ...common, paths: [path], until: 'idle', pollMs: 1 });
    case 'file':
    case 'piped':
      return createFileSource({
        ...{ ...common, files: [kind === 'piped' ? '-' : path], mode: 'resume' },
        takeHalfLine: isFinal ?? false,
        stdin: Readable.from([Buffer.from(TEXT)], { objectMode: false }),
      });
    default:
      return kind satisfies never;
  }
}

function run(kind: SourceKind, bench: Bench, step: (step: Step) => Promise<void>): Promise<WorkerResult> {
  let unwritten: WindowBatch['windows'] = [];
  let nowMs = NOW_MS;
  const opened = openWindows(bench.windows, async next => {
    await step(next);
    // With the content, behind the pin.
    if (!['findings', 'counts', 'close'].includes(next)) return;
    for (const { state, marks } of unwritten) keepMarks(bench, state.id, marks);
  }) as WindowStore;
  const store: WindowStore = {
    ...opened,
    writeWindows(batch) {
      unwritten = batch.windows;
      return opened.writeWindows(batch);
    },
  };
  const source = sourceOf(kind, bench);
  return runWindowWorker(
    windowOptions({ source, store, nowMs: () => nowMs++, flushMs: bench.flushMs ?? null }),
    new AbortController().signal,
  );
}

function keepMarks({ marks }: Bench, stream: string, more: readonly StreamMark[]): void {
  const byEnd = new Map((marks.get(stream) ?? []).map(mark => [mark.end, mark]));
  for (const mark of more) byEnd.set(mark.end, mark);
  marks.set(
    stream,
    [...byEnd.values()].sort((a, b) => a.end - b.end),
  );
}

describe('the window worker over files', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'granska-windows-'));
    writeFileSync(join(folder, 'access.log'), TEXT);
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const kind of ['file', 'followed', 'piped'] as const) {
    it(`§9.2 §9.4 does the first window of a ${kind} log again, wherever it broke off`, async () => {
      for (let at = 0, wasKilled = true; wasKilled; at++) {
        const bench: Bench = { folder, windows: blankWindows(), marks: new Map() };
        let left = at;
        wasKilled = false;
        await run(kind, bench, async () => {
          if (left-- > 0) return;
          wasKilled = true;
          throw new Error('killed');
        }).catch(error => expect(error.message).to.equal('killed'));
        await run(kind, bench, async () => {});
        const { findings, usage, streams } = bench.windows;
        const records = [...usage.values()].reduce((sum, { row }) => sum + row.records, 0);
        expect([findings.size, records, streams.size], `stopped at ${at}`).to.deep.equal([20, LINES, 1]);
      }
    });
  }

  it('§9.2 §9.4 comes to the same for logs that grow, however often it breaks off', async () => {
    const stops = fc.array(
      fc.record({
        after: fc.integer({ min: 0, max: 80 }),
        bufferBytes: fc.constantFrom(200, 700, 3_000),
        flushMs: fc.integer({ min: 5, max: 60 }),
        length: fc.integer({ min: 0, max: TEXT.length }),
      }),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(stops, fc.constantFrom<SourceKind>('file', 'followed'), async (stopped, kind) => {
        const grown = mkdtempSync(join(folder, 'grown-'));
        const common = { folder: grown, windows: blankWindows(), marks: new Map() };
        let length = 0;
        for (const { after, bufferBytes, flushMs, ...stop } of stopped) {
          length = Math.max(length, stop.length);
          writeFileSync(join(grown, 'access.log'), TEXT.slice(0, length));
          let left = after;
          await run(kind, { ...common, bufferBytes, flushMs }, async () => {
            if (left-- === 0) throw new Error('killed');
          }).catch(error => expect(error.message).to.equal('killed'));
        }
        writeFileSync(join(grown, 'access.log'), TEXT);
        const { failures } = await run(kind, { ...common, flushMs: 20 }, async () => {});
        expect(failures).to.deep.equal([]);
        const { findings, usage, streams } = common.windows;
        const records = [...usage.values()].reduce((sum, { row }) => sum + row.records, 0);
        expect([findings.size, records, streams.size]).to.deep.equal([20, LINES, 1]);
      }),
      { numRuns: 100 },
    );
  });

  it('§9.4 §9.7 tells of a window that cannot be done again, as of a log that has no such end any more', async () => {
    const part = join(folder, 'part');
    mkdirSync(part);
    const bench: Bench = { folder: part, windows: blankWindows(), marks: new Map() };
    writeFileSync(join(part, 'access.log'), TEXT.slice(0, -1));
    const die = async (step: Step) => {
      if (step === 'close') throw new Error('killed');
    };
    await run('file', { ...bench, isFinal: true }, die).catch(error =>
      expect(error.message).to.equal('killed'),
    );
    const { failures } = await run('file', bench, async () => {});
    expect(failures.map(({ code }) => code)).to.deep.equal(['disagrees']);
    expect((await run('file', { ...bench, isFinal: true }, async () => {})).failures).to.deep.equal([]);
    expect([...bench.windows.usage.values()].reduce((sum, { row }) => sum + row.records, 0)).to.equal(LINES);
  });
});
