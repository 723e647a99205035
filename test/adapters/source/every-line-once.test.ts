import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { splitLines, type TakenEvent } from '../../contract/source.ts';
import { type Bench, createBench } from './kit.ts';

// Whatever is done to a log between scans, and wherever a scan is killed, every line is stored once. Logs are random
// bytes with many line feeds; a log's first line is its own, so that logs are told apart as real ones are.

const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.string({
      unit: fc.constantFrom('a', 'b', ' ', '\r', '\u0000', '\u00ff', '#'),
      maxLength: 12,
    }),
  },
  { weight: 1, arbitrary: fc.integer({ min: 60, max: 300 }).map(length => 'x'.repeat(length)) },
);

const form = fc.constantFrom('plain', 'renamed', 'gzip', 'zstd', 'stdin');

interface Step {
  /** Lines that are added before the scan. */
  added: string[];
  form: string;
  bufferBytes: number;
  /** Events that are stored before the scan is killed. */
  stored: number;
  /** Shows the beginning of the log alone, first. */
  showsBeginning: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  added: fc.array(line, { maxLength: 12 }),
  form,
  bufferBytes: fc.constantFrom(16, 17, 64, 100, 4096),
  stored: fc.constantFrom(0, 1, 2, Number.POSITIVE_INFINITY),
  showsBeginning: fc.boolean(),
});

describe('file source, whatever happens', () => {
  it('§9.2 §2.1 stores every line of a growing log once, in order, in whatever form it is read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async steps => {
        await withBench(async bench => {
          const log = ['the first line'];
          const stored: TakenEvent[] = [];
          for (const [index, one] of steps.entries()) {
            log.push(...one.added);
            const content = toBytes(log);
            if (one.showsBeginning && storedBytes(stored) > 20) {
              const beginning = content.subarray(0, content.lastIndexOf(10, storedBytes(stored) - 3) + 1);
              expect((await scanAs(bench, 'plain', { content: beginning, index, one })).events).to.deep.equal(
                [],
              );
            }
            const taken = await scanAs(bench, one.form, { content, index, one });
            expect(taken.ends.map(end => [end.pending, end.failure])).to.deep.equal([[0, null]]);
            for (const event of taken.events.slice(0, one.stored)) {
              bench.known.store(event);
              stored.push(event);
            }
          }
          const last = { ...steps[0]!, stored: Number.POSITIVE_INFINITY };
          const rest = await scanAs(bench, 'plain', {
            content: toBytes(log),
            index: steps.length,
            one: last,
          });
          stored.push(...rest.events);
          expect(stored.flatMap(linesOf)).to.deep.equal(log);
          expect(new Set(stored.map(event => event.state.id)).size).to.equal(1);
        });
      }),
      { numRuns: 150 },
    );
  });

  it('§9.2 hands out a line of a log that replaced another one, and none that was there already', async () => {
    const contents = fc.array(fc.array(line, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(contents, fc.constantFrom(16, 64, 4096), async (logs, bufferBytes) => {
        await withBench(async bench => {
          const seen: string[] = [];
          for (const [index, lines] of logs.entries()) {
            // The same first line, then a line of its own: told apart by what follows.
            const log = ['begins alike', `log ${index}`, ...lines];
            bench.write('access.log', toBytes(log));
            const taken = await bench.scan(['access.log'], { bufferBytes });
            expect(taken.events.flatMap(linesOf)).to.deep.equal(log);
            seen.push(taken.events[0]!.state.id);
            expect((await bench.scan(['access.log'], { bufferBytes })).events).to.deep.equal([]);
          }
          expect(new Set(seen).size).to.equal(logs.length);
          for (const [index, lines] of logs.entries()) {
            bench.write('old.gz', gzipSync(toBytes(['begins alike', `log ${index}`, ...lines])));
            expect((await bench.scan(['old.gz'], { bufferBytes })).events).to.deep.equal([]);
          }
        });
      }),
      { numRuns: 80 },
    );
  });

  it('§2.1 takes a log that is written byte by byte as it takes it at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(400), { maxLength: 8 }),
        async (lines, cuts) => {
          await withBench(async bench => {
            const content = toBytes(['the first line', ...lines]);
            const stored: TakenEvent[] = [];
            for (const cut of [...cuts.sort((a, b) => a - b), content.length]) {
              const shown = content.subarray(0, cut);
              bench.write('access.log', shown);
              const { events, ends } = await bench.scan(['access.log'], { bufferBytes: 32 });
              stored.push(...events);
              const isHalf = shown.length > 0 && shown.at(-1) !== 10;
              expect(ends[0]!.pending).to.equal(isHalf ? 1 : 0);
            }
            expect(stored.flatMap(linesOf)).to.deep.equal(['the first line', ...lines]);
          });
        },
      ),
      { numRuns: 100 },
    );
  });
});

async function withBench(use: (bench: Bench) => Promise<void>): Promise<void> {
  const bench = createBench();
  try {
    await use(bench);
  } finally {
    bench.dispose();
  }
}

/** Reads a content without storing what was read. */
async function scanAs(bench: Bench, as: string, log: { content: Uint8Array; index: number; one: Step }) {
  const { content, index } = log;
  const options = { bufferBytes: log.one.bufferBytes };
  const before = bench.known.store;
  bench.known.store = () => {};
  try {
    if (as === 'stdin') return await bench.scan(['-'], { ...options, input: content });
    const name = as === 'renamed' ? `access.log.${index}` : 'access.log';
    bench.write(
      name,
      as === 'gzip' ? gzipSync(content) : as === 'zstd' ? zstdCompressSync(content) : content,
    );
    return await bench.scan([name], options);
  } finally {
    bench.known.store = before;
  }
}

function linesOf(event: TakenEvent): string[] {
  return event.kind === 'lines' ? splitLines(event.text) : [event.text];
}

function storedBytes(events: readonly TakenEvent[]): number {
  return events.at(-1)?.state.position ?? 0;
}

function toBytes(lines: readonly string[]): Buffer {
  return Buffer.from(lines.map(text => `${text}\n`).join(''), 'latin1');
}
