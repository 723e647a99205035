import { appendFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { createFileSource } from '../../../src/adapters/source/file.ts';
import { cutChunk } from '../../../src/pipeline/cut-chunk.ts';
import { splitLines, type TakenEvent, takeEvent } from '../../contract/source.ts';
import { createBench, makeLines, toText } from './kit.ts';

// A window may end in the middle of what a source hands out at a time: where the worker that pinned it had stopped.
// A log is known again there as anywhere else.

describe('a chunk of a log that is cut', () => {
  it('§9.4 §9.2 leaves a log that goes on exactly at the cut, in the same segment', async () => {
    const lines = makeLines(20_000);
    const text = toText(lines);
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          bufferBytes: fc.constantFrom(300, 20_000, 1 << 20, 4 << 20),
          chunk: fc.nat(2),
          line: fc.nat(1_000_000),
          storesRest: fc.boolean(),
        }),
        async ({ bufferBytes, chunk, line, storesRest }) => {
          const bench = createBench();
          try {
            bench.write('access.log', text);
            const stored = await cutOnce();
            for (const event of stored) bench.known.store(event);
            appendFileSync(bench.path('access.log'), 'and more\n');
            const rest = await bench.scan(['access.log'], { bufferBytes: 1 << 16 });
            const given = [...stored, ...rest.events].flatMap(event => splitLines(event.text));
            expect(given).to.deep.equal([...lines, 'and more']);
            expect(bench.known.states.size).to.equal(1);
          } finally {
            bench.dispose();
          }

          /** Reads up to a chunk and cuts that one. */
          async function cutOnce(): Promise<TakenEvent[]> {
            const taken: TakenEvent[] = [];
            const source = createFileSource({
              files: [bench.path('access.log')],
              source: 'default',
              known: bench.known,
              mode: 'resume',
              takeHalfLine: false,
              bufferBytes,
            });
            for await (const event of source.events(new AbortController().signal)) {
              if (event.kind !== 'lines') break;
              if (taken.length < chunk && event.state.position < text.length) {
                taken.push(takeEvent(event));
                continue;
              }
              const from = event.offset + (line % (event.end - event.start));
              const { before, after } = cutChunk(event, text.indexOf('\n', from) + 1);
              taken.push(takeEvent(before!));
              if (storesRest && after !== null) taken.push(takeEvent(after));
              break;
            }
            return taken;
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
