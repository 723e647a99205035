// A worker over a store that is away, or slow: alive all the time, ready only while the store answers.
import { expect } from 'chai';
import { createHealth } from '../../src/adapters/telemetry/health.ts';
import { createStoreWatch } from '../../src/compose/store-watch.ts';
import type { Held, WindowBatch, WindowResult } from '../../src/ports/window-store.ts';
import { told } from '../adapters/telemetry/kit.ts';

const EMPTY: WindowBatch = { windows: [], names: [], versions: [] };
const SILENT_MS = 180_000;

function begin() {
  const clock = { nowMs: 0 };
  const seen = told();
  const health = createHealth({ nowMs: () => clock.nowMs });
  const watch = createStoreWatch(seen.telemetry, health);
  health.clear('sources-not-joined');
  let answer: (result: WindowResult) => void = () => {};
  const store = watch.of('proxy', {
    takeOver: async () => new Map<string, Held>(),
    knownNames: async () => new Set<string>(),
    writeWindows: () =>
      new Promise<WindowResult>(resolve => {
        answer = resolve;
      }),
  });
  return {
    clock,
    health,
    watch,
    store,
    seen,
    answer: () => answer({ added: 0, known: 0, fenced: [], refused: 0 }),
  };
}

describe('a store that is watched', () => {
  it('§9.7 keeps a worker alive that waits for it, however long, and takes its readiness', async () => {
    const { clock, health, watch, store, seen, answer } = begin();
    watch.opened();
    watch.begun();
    expect(health.report()).to.deep.include({ because: [], life: 'alive' });
    // An event is in hand: the worker blocks in the write of the window before.
    health.beat('proxy', 'working');
    const written = store.writeWindows(EMPTY);
    for (let tryNo = 1; tryNo <= 60; tryNo++) {
      clock.nowMs += 60_000;
      watch.onEvent({ kind: 'waiting', reason: 'ECONNREFUSED', tryNo });
      expect(health.report()).to.deep.include({ life: 'alive', because: ['store-not-answering'] });
    }
    expect(await seen.value('granska_waiting{for="store"}')).to.equal(1);
    watch.onEvent({ kind: 'answered', tookMs: 5 });
    expect(health.report()).to.deep.include({ life: 'alive', because: [], beatAgoMs: 0 });
    expect(await seen.value('granska_waiting{for="store"}')).to.equal(0);
    answer();
    await written;
    // From here on it has to give signs of its own.
    clock.nowMs += SILENT_MS;
    watch.onEvent({ kind: 'answered', tookMs: 5 });
    expect(health.report().life).to.equal('silent');
  });

  it('keeps a worker alive over a store that is slow and answers', () => {
    const { clock, health, watch, store } = begin();
    watch.opened();
    watch.begun();
    health.beat('proxy', 'working');
    void store.writeWindows(EMPTY);
    for (let request = 0; request < 10; request++) {
      clock.nowMs += 50_000;
      watch.onEvent({ kind: 'answered', tookMs: 50_000 });
    }
    expect(health.report()).to.include({ life: 'alive', beatAgoMs: 0 });
  });

  it('hides no worker that hangs and asks nothing of it', () => {
    const { clock, health, watch, store } = begin();
    watch.opened();
    watch.begun();
    health.beat('proxy', 'working');
    health.beat('hangs', 'working');
    void store.writeWindows(EMPTY);
    for (let at = 0; at < SILENT_MS; at += 60_000) {
      clock.nowMs += 60_000;
      watch.onEvent({ kind: 'waiting', reason: 'ECONNREFUSED', tryNo: 1 });
    }
    expect(health.report().life).to.equal('silent');
  });

  it('keeps the process alive while it is opened, and leaves no old beat behind', () => {
    const { clock, health, watch } = begin();
    for (let tryNo = 1; tryNo <= 10; tryNo++) {
      clock.nowMs += 60_000;
      watch.onEvent({ kind: 'waiting', reason: 'unanswered', tryNo });
    }
    clock.nowMs += SILENT_MS;
    expect(health.report().life).to.equal('alive');
    watch.opened();
    // What is old is swept before anybody reads, and that may wait as well.
    watch.onEvent({ kind: 'waiting', reason: 'unanswered', tryNo: 1 });
    clock.nowMs += SILENT_MS;
    expect(health.report().life).to.equal('alive');
    watch.begun();
    expect(health.report().life).to.equal('alive');
    for (let hour = 0; hour < 5; hour++) {
      clock.nowMs += 3_600_000;
      health.beat('proxy', 'waiting');
      watch.onEvent({ kind: 'answered', tookMs: 5 });
    }
    expect(health.report()).to.include({ life: 'alive', beatAgoMs: 0 });
  });
});
