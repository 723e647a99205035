// Rejected lines under seal, and what reads them again: in memory, to be stopped at any step.
import { createHash } from 'node:crypto';
import { readRejectLines } from '../../../src/adapters/rejects/reject-lines.ts';
import { createRejects } from '../../../src/adapters/rejects/rejects.ts';
import { placeOfSealed } from '../../../src/adapters/rejects/sealed-name.ts';
import type { Lanes } from '../../../src/pipeline/lane.ts';
import type { RetryOptions, RetryOutcome, WrittenStore } from '../../../src/pipeline/retry/retry.ts';
import { retryRejects } from '../../../src/pipeline/retry/retry-rejects.ts';
import type { RejectedText } from '../../../src/ports/sealed-texts.ts';
import type { RejectBatch } from '../../../src/ports/store.ts';
import type { SealedMemory } from '../../adapters/rejects/sealed-memory.ts';
import { stockholm } from '../../policy/support.ts';
import { aLaneSet, fixedLanes, NOW_MS } from '../support.ts';

export const STREAM = 'a'.repeat(64);
/** When the lines were rejected. */
export const REJECTED_MS = NOW_MS - 3 * 86_400_000;

/** Makes rejected lines of a log's text, each at its place. */
export function rejectedOf(log: string, more: Partial<RejectedText> = {}): RejectedText[] {
  let offset = 0;
  return log
    .split('\n')
    .filter(text => text !== '')
    .map(text => {
      const line: RejectedText = {
        ...{ stream: STREAM, offset, code: 'fields', path: '/logs/access.log', format: 'squid' },
        text: new TextEncoder().encode(text),
        ...more,
      };
      offset += Buffer.byteLength(text) + 1;
      return line;
    });
}

/** Seals lines as a worker does, and says what to record of them. */
export async function sealLines(
  sealed: SealedMemory,
  lines: readonly RejectedText[],
  writers: 'one' | 'several' = 'one',
): Promise<RejectBatch[]> {
  const rejects = createRejects({ sealed, seal: async plain => plain, writers });
  return rejects.seal(lines, { rejectedMs: REJECTED_MS });
}

export interface RetryBench {
  written: WrittenStore;
  sealed: SealedMemory;
  lanes?: Lanes;
  asked?: Partial<RetryOptions['asked']>;
  more?: Partial<RetryOptions>;
  signal?: AbortSignal;
}

/** Reads all that is sealed again. */
export function retry(bench: RetryBench): Promise<RetryOutcome> {
  const { written, sealed } = bench;
  const writers = written.kind === 'windows' ? 'several' : 'one';
  const rejects = createRejects({ sealed, seal: async plain => plain, writers });
  return retryRejects(
    {
      ...{ written, sealed, lanes: bench.lanes ?? fixedLanes(aLaneSet()) },
      asked: { code: null, format: null, ...bench.asked },
      async open(name) {
        const text = await sealed.read(name);
        if (text === null) return { kind: 'missing' };
        const lines = readRejectLines(text);
        return lines === null ? { kind: 'damaged' } : { kind: 'lines', lines };
      },
      placeOf: placeOfSealed,
      streamOf: name =>
        createHash('sha256')
          .update(JSON.stringify(['retry', name]))
          .digest('hex'),
      sealRejects: (lines, at) => rejects.seal(lines, at),
      sealNames: async (names, epoch) => ({
        ...{ envelope: new Uint8Array([1]), epoch, ids: [...names.keys()] },
      }),
      yearOf: stockholm.yearOf,
      nowMs: () => NOW_MS,
      beforeOpening: async () => {},
      ...bench.more,
    },
    bench.signal ?? new AbortController().signal,
  );
}

/** Thrown where a test stops a program. */
export class Killed extends Error {}

/** Makes a function that throws when it is called for the nth time; `calls` counts them. */
export function killer(at: number): { step(): Promise<void>; calls(): number } {
  let calls = 0;
  return {
    async step() {
      if (calls++ === at) throw new Killed('killed');
    },
    calls: () => calls,
  };
}

/** Runs to the end or to the kill. */
export async function untilKilled(run: () => Promise<unknown>): Promise<'ended' | 'killed'> {
  try {
    await run();
    return 'ended';
  } catch (error) {
    if (error instanceof Killed) return 'killed';
    throw error;
  }
}
