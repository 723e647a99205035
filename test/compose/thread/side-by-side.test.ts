import { expect } from 'chai';
import { createJoiner, type ThreadReader } from '../../../src/compose/thread/side-by-side.ts';
import type { Gathered, LineEvent } from '../../../src/pipeline/lane.ts';

const BY = { clockMs: 0, format: null };

/** A thread that notes what it is given, and answers when it is told. */
function aThread() {
  const given: string[] = [];
  const waiting: (() => void)[] = [];
  return {
    given,
    answer: () => waiting.shift()?.(),
    reader: (policy: string): ThreadReader => ({
      versions: { lists: 'l', policy, directory: null },
      read(event) {
        given.push(`${policy}:${event.state.id}`);
        return new Promise<Gathered>(resolve => waiting.push(() => resolve({} as Gathered)));
      },
      keep: async () => [],
    }),
  };
}

function lineOf(stream: string): LineEvent {
  return { kind: 'lines', state: { id: stream } } as LineEvent;
}

describe('reading threads side by side', () => {
  it('§9.4 give each stream one thread, over all versions, and spread streams over all', () => {
    const threads = [aThread(), aThread()];
    const join = createJoiner(2);
    const { read } = join(threads.map(thread => thread.reader('now')));
    for (const stream of ['a', 'b', 'c']) void read(lineOf(stream), BY);
    const next = join(threads.map(thread => thread.reader('next')));
    for (const stream of ['b', 'a', 'd', 'a']) void next.read(lineOf(stream), BY);
    expect(next.versions.policy).to.equal('next');
    expect(threads[0]!.given).to.deep.equal(['now:a', 'now:c', 'next:a', 'next:a']);
    expect(threads[1]!.given).to.deep.equal(['now:b', 'next:b', 'next:d']);
  });

  it('§9.7 take in a bounded number of events, of all versions together', async () => {
    const threads = [aThread(), aThread()];
    const join = createJoiner(2);
    const reader = join(threads.map(thread => thread.reader('now')));
    for (let n = 0; n < 6; n++) {
      await reader.ready();
      void reader.read(lineOf(String(n)), BY);
    }
    let isReady = false;
    const ready = join(threads.map(thread => thread.reader('next')))
      .ready()
      .then(() => {
        isReady = true;
      });
    await Promise.resolve();
    expect(isReady).to.equal(false);
    threads[0]!.answer();
    await ready;
    expect(isReady).to.equal(true);
  });
});
