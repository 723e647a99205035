import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  truncateSync,
  unlinkSync,
} from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { createFollowBench, type FollowBench, type Run } from './kit.ts';

// Two logs are written, rotated in every way and packed while they are followed, by a reader that is stopped and killed
// meanwhile. Nobody waits for it, but before a log is emptied: what nobody could read by then is lost, as it is for all.

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('append'),
      log: fc.nat(1),
      count: fc.integer({ min: 1, max: 12 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('half'), log: fc.nat(1), count: fc.constant(1) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('late'),
      log: fc.nat(1),
      count: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'rename',
        'copytruncate',
        'copy',
        'gzip',
        'gzip',
        'stop',
        'kill',
        'hold',
        'turn',
        'turn',
        'turn',
      ),
      log: fc.nat(1),
      count: fc.integer({ min: 1, max: 3 }),
    }),
  },
);

describe('followed files, whatever happens', () => {
  it('§9.2 §9.1 §9.4 stores every line that was written once', async () => {
    const leaves = fc.constantFrom<FollowBench['killsLeave']>('nothing', 'half');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), leaves, async (steps, killsLeave) => {
        const play = createPlay();
        play.bench.killsLeave = killsLeave;
        try {
          for (const one of steps) await play.take(one.kind, one);
          await play.end();
        } finally {
          await play.bench.dispose();
        }
      }),
      { numRuns: 200, endOnFailure: true },
    );
  }).timeout(300_000);
});

interface Play {
  bench: FollowBench;
  take(kind: string, how: { log: number; count: number }): Promise<void>;
  end(): Promise<void>;
}

function createPlay(): Play {
  const bench = createFollowBench();
  const logs = ['access.log', 'access.log-b'];
  const written: string[] = [];
  /** What was written of a line that has no line feed yet. */
  const halves = ['', ''];
  let run: Run = start();

  function start(): Run {
    return bench.start({ bufferBytes: 200, maxOpen: 50, lingerMs: 2_000 });
  }

  function newLine(log: number): string {
    const line = `${logs[log]} line ${written.length} ${'x'.repeat((written.length * 7) % 60)}`;
    written.push(line);
    return line;
  }

  function append(name: string, text: string): void {
    appendFileSync(bench.path(name), text);
  }

  function endHalf(log: number): void {
    if (halves[log] === '') return;
    append(logs[log]!, `${halves[log]}\n`);
    halves[log] = '';
  }

  /** Makes room for a new first part: all parts go one on. */
  function shift(name: string): void {
    for (let part = 9; part > 0; part--) {
      for (const end of ['', '.gz']) {
        const path = bench.path(`${name}.${part}${end}`);
        if (existsSync(path)) renameSync(path, bench.path(`${name}.${part + 1}${end}`));
      }
    }
  }

  async function take(kind: string, { log, count }: { log: number; count: number }): Promise<void> {
    const name = logs[log]!;
    const first = `${name}.1`;
    switch (kind) {
      case 'append':
        endHalf(log);
        append(name, Array.from({ length: count }, () => `${newLine(log)}\n`).join(''));
        break;
      case 'half': {
        endHalf(log);
        const line = newLine(log);
        append(name, line.slice(0, line.length / 2));
        halves[log] = line.slice(line.length / 2);
        break;
      }
      case 'late':
        // A writer that has not heard of the rename yet.
        if (existsSync(bench.path(first))) for (let i = 0; i < count; i++) append(first, `${newLine(log)}\n`);
        break;
      case 'rename':
        endHalf(log);
        shift(name);
        if (existsSync(bench.path(name))) renameSync(bench.path(name), bench.path(first));
        break;
      case 'copytruncate':
        endHalf(log);
        if (!existsSync(bench.path(name))) break;
        shift(name);
        copyFileSync(bench.path(name), bench.path(first));
        await run.lines(written.length - halves.filter(half => half !== '').length);
        truncateSync(bench.path(name));
        break;
      case 'copy':
        if (existsSync(bench.path(name))) copyFileSync(bench.path(name), bench.path(`${name}.copy`));
        break;
      case 'gzip': {
        if (!existsSync(bench.path(first))) break;
        const packed = gzipSync(readFileSync(bench.path(first)));
        append(`${first}.gz`, '');
        truncateSync(bench.path(`${first}.gz`));
        appendFileSync(bench.path(`${first}.gz`), packed.subarray(0, packed.length / 2));
        await nextTurn();
        appendFileSync(bench.path(`${first}.gz`), packed.subarray(packed.length / 2));
        unlinkSync(bench.path(first));
        break;
      }
      case 'stop':
      case 'kill':
        await run.stop(kind === 'stop' ? 'stored' : 'killed');
        bench.isHolding = false;
        run = start();
        break;
      case 'hold':
        bench.isHolding = true;
        for (let i = 0; i < 5; i++) await nextTurn();
        await run.stop('killed');
        bench.isHolding = false;
        run = start();
        break;
      case 'turn':
        for (let i = 0; i < count * 3; i++) await nextTurn();
        break;
      default:
        throw new TypeError(kind);
    }
  }

  async function end(): Promise<void> {
    endHalf(0);
    endHalf(1);
    await run.lines(written.length);
    await run.stop('stored');
    await bench.untilIdle({ bufferBytes: 4_096 });
    expect([...bench.lines].sort()).to.deep.equal([...written].sort());
  }

  return { bench, take, end };
}
