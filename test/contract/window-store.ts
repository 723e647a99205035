// What every store that is written window by window must do (§9.4, §9.5). `describeWindowStore` is called once per
// adapter, with what opens another store over the same data. `asTransactions` lets it be held to the contract of all
// stores too: each batch becomes a window of a stream of its own.
import { expect } from 'chai';
import type { StreamState } from '../../src/model/stream.ts';
import type { Store, StoreBatch, WriteResult } from '../../src/ports/store.ts';
import type { Pin, StreamWindow, WindowBatch, WindowStore } from '../../src/ports/window-store.ts';
import { aFinding, idOf } from '../finding/arbitrary.ts';
import { aStream, EVERYTHING, gather } from './store.ts';

/** Makes a batch that holds only what is given. */
export function aWindowBatch(parts: Partial<WindowBatch>): WindowBatch {
  return { windows: [], names: [], versions: [], ...parts };
}

/** Makes a window from 0 to 100 of one stream, unless something else is given. */
export function aWindow(changes: Partial<StreamWindow> = {}): StreamWindow {
  const state = changes.state ?? aStream();
  return {
    from: 0,
    state,
    pin: aPin({ end: state.position }),
    marks: [],
    findings: [],
    usage: [],
    days: [],
    rejects: [],
    settled: [],
    ...changes,
  };
}

/** Makes a pin. */
export function aPin(changes: Partial<Pin> = {}): Pin {
  const versions = { lists: '1'.repeat(64), policy: '2'.repeat(64), directory: null };
  return { end: 100, versions, clockMs: 1_760_000_000_000, ...changes };
}

/** Writes batches as windows: their content as the next window of a stream of its own, each stream as one without. */
export function asTransactions<S extends WindowStore>(store: S): S & Store {
  const own = aStream({ id: crypto.randomUUID().replaceAll('-', '').repeat(2), source: '', firstLine: '' });
  let position = -1;

  async function write(batch: StoreBatch): Promise<WriteResult> {
    const ids = batch.streams.map(({ state }) => state.id);
    const held = await store.takeOver(position < 0 ? [own.id, ...ids] : ids);
    position = Math.max(0, position);
    const { findings, usage, days, rejects, settled, names, versions } = batch;
    const state = { ...own, position: position + 1 };
    const content = aWindow({ from: position, state, findings, usage, days, rejects, settled });
    const moves = batch.streams.map(stream =>
      aWindow({ from: held.get(stream.state.id)?.state?.position ?? 0, ...stream }),
    );
    const { added, known, fenced } = await store.writeWindows({
      windows: [content, ...moves],
      names,
      versions,
    });
    if (fenced.length > 0) throw new Error('a stream was taken over by another store');
    position++;
    return { added, known };
  }

  return { ...store, write };
}

/** Holds a store to the contract of its port. */
export function describeWindowStore(name: string, open: () => Promise<WindowStore>): void {
  describe(`the window store contract, kept by ${name}`, () => {
    const opened: WindowStore[] = [];
    const another = async () => {
      const store = await open();
      opened.push(store);
      return store;
    };
    afterEach(async () => {
      await Promise.all(opened.splice(0).map(store => store.close()));
    });

    const { id } = aStream();
    const finding = (n: number) => aFinding({ id: idOf(n), offset: n });
    const write = (store: WindowStore, ...windows: StreamWindow[]) =>
      store.writeWindows(aWindowBatch({ windows }));
    /** Leaves a window open: its last document is refused, and nothing is there to seal it. */
    const breakOff = async (store: WindowStore, window: StreamWindow) => {
      const bad = aFinding({ id: idOf(999), offset: 99, status: 'bad' as unknown as number });
      const outcome = await write(store, { ...window, findings: [...window.findings, bad] }).then(
        () => 'written',
        () => 'broken off',
      );
      expect(outcome).to.equal('broken off');
    };

    it('takes over a stream that it knows nothing of, and writes nothing', async () => {
      const store = await another();
      expect(await store.takeOver([id])).to.deep.equal(new Map([[id, { state: null, pin: null }]]));
      expect(await store.stream(id)).to.equal(null);
      expect(await store.streams('default', 'c'.repeat(64))).to.deep.equal([]);
    });

    it('writes a window, and tells the next worker where it ended', async () => {
      const store = await another();
      await store.takeOver([id]);
      const state = aStream({ format: 'squid' });
      const window = aWindow({ state, findings: [finding(1)], usage: [usageOf({})] });
      expect(await write(store, window)).to.deep.equal({ added: 1, known: 0, fenced: [], refused: 0 });
      expect(await store.stream(id)).to.deep.equal(state);
      const next = await another();
      expect(await next.takeOver([id])).to.deep.equal(new Map([[id, { state, pin: null }]]));
      expect(await gather(store.search(EVERYTHING))).to.deep.equal([finding(1)]);
      expect(await store.usage(0, Infinity)).to.deep.equal([usageOf({})]);
    });

    it('§9.4 leaves the pin of a window that broke off, and moves no position', async () => {
      const store = await another();
      await store.takeOver([id]);
      await write(store, aWindow());
      const pin = aPin({ end: 200, clockMs: 5 });
      const window = aWindow({ from: 100, state: aStream({ position: 200 }), pin, usage: [usageOf({})] });
      await breakOff(store, window);
      expect(await store.stream(id)).to.deep.equal(aStream());
      const next = await another();
      expect(await next.takeOver([id])).to.deep.equal(new Map([[id, { state: aStream(), pin }]]));
      expect(await write(next, window)).to.deep.equal({ added: 0, known: 0, fenced: [], refused: 0 });
      expect(await next.takeOver([id])).to.deep.equal(new Map([[id, { state: window.state, pin: null }]]));
      expect(await next.usage(0, Infinity)).to.deep.equal([usageOf({})]);
    });

    it('§9.4 keeps with a pin the format that its stream was found to have', async () => {
      const store = await another();
      await store.takeOver([id]);
      await write(store, aWindow());
      const state = aStream({ position: 200, format: 'squid' });
      await breakOff(store, aWindow({ from: 100, state, pin: aPin({ end: 200 }), usage: [usageOf({})] }));
      const held = await (await another()).takeOver([id]);
      expect(held.get(id)?.state).to.deep.equal(aStream({ format: 'squid' }));
    });

    it('§9.4 keeps the first pin of a stream that nothing was known of', async () => {
      const store = await another();
      await store.takeOver([id]);
      await breakOff(store, aWindow());
      const held = await (await another()).takeOver([id]);
      expect(held.get(id)).to.deep.equal({ state: aStream({ position: 0 }), pin: aPin() });
    });

    it('writes a window that broke off again as it is, in the same store', async () => {
      const store = await another();
      await store.takeOver([id]);
      const window = aWindow({ findings: [finding(1)], usage: [usageOf({})], days: [dayOf({})] });
      await breakOff(store, window);
      await breakOff(store, window);
      const { added, known } = await write(store, window);
      expect(added + known).to.equal(1);
      expect(await store.usage(0, Infinity)).to.deep.equal([usageOf({})]);
      expect(await store.days('0000', '9999')).to.deep.equal([dayOf({})]);
      expect(await store.stream(id)).to.deep.equal(aStream());
    });

    it('§9.4 refuses to do a window that was left open in another way', async () => {
      const store = await another();
      await store.takeOver([id]);
      await breakOff(store, aWindow());
      const others = [
        aWindow({ state: aStream({ position: 150 }) }),
        aWindow({ pin: aPin({ clockMs: 1 }) }),
        aWindow({ pin: aPin({ versions: { lists: null, policy: null, directory: null } }) }),
      ];
      const next = await another();
      await next.takeOver([id]);
      for (const window of others) expect(await errorOf(write(next, window))).to.be.instanceOf(TypeError);
      expect((await write(next, aWindow())).fenced).to.deep.equal([]);
    });

    it('refuses windows that are a mistake, before anything is written', async () => {
      const store = await another();
      await store.takeOver([id]);
      const mistakes = [
        [aWindow(), aWindow()],
        [aWindow({ pin: aPin({ end: 90 }) })],
        [aWindow({ from: 101 })],
        [aWindow({ from: 100, usage: [usageOf({})] })],
      ];
      for (const windows of mistakes) {
        expect(await errorOf(write(store, ...windows))).to.be.instanceOf(TypeError);
      }
      expect(await store.stream(id)).to.equal(null);
    });

    it('§9.5 fences whoever held a stream that was taken over: nothing more of it is written', async () => {
      const [late, next] = [await another(), await another()];
      await late.takeOver([id]);
      await write(late, aWindow());
      await next.takeOver([id]);
      const state = aStream({ position: 200 });
      const window = aWindow({ from: 100, state, findings: [finding(1)], usage: [usageOf({})] });
      const fenced = { added: 0, known: 0, fenced: [id], refused: 0 };
      expect(await write(late, window)).to.deep.equal(fenced);
      expect(await write(late, aWindow({ from: 100, state }))).to.deep.equal(fenced);
      expect(await next.count(EVERYTHING)).to.equal(0);
      expect(await next.usage(0, Infinity)).to.deep.equal([]);
      expect((await write(next, window)).fenced).to.deep.equal([]);
      expect(await next.stream(id)).to.deep.equal(state);
    });

    it('§9.5 lets one of two begin a stream', async () => {
      const [one, other] = [await another(), await another()];
      await Promise.all([one.takeOver([id]), other.takeOver([id])]);
      const window = aWindow({ findings: [finding(1)] });
      const results = await Promise.all([write(one, window), write(other, window)]);
      expect(results.map(({ fenced }) => fenced.length).sort()).to.deep.equal([0, 1]);
      const winner = results[0]!.fenced.length === 0 ? one : other;
      expect(await winner.count(EVERYTHING)).to.equal(1);
    });

    it('§9.5 goes on with the other streams of a batch when one is fenced', async () => {
      const others = ['b'.repeat(64), 'd'.repeat(64)];
      const [late, next] = [await another(), await another()];
      const windowOf = (stream: string, n: number) => {
        const state = aStream({ id: stream });
        return aWindow({ state, findings: [{ ...finding(n), stream }], usage: [usageOf({})] });
      };
      await late.takeOver([id, ...others]);
      await write(late, aWindow());
      await next.takeOver([id]);
      const result = await write(
        late,
        aWindow({ from: 100, state: aStream({ position: 200 }), findings: [finding(1)] }),
        ...others.map((stream, n) => windowOf(stream, n + 2)),
      );
      expect(result).to.deep.equal({ added: 2, known: 0, fenced: [id], refused: 0 });
      expect(await late.usage(0, Infinity)).to.deep.equal([usageOf({ records: 20, bytes: 200 })]);
      expect((await next.stream(others[0]!))?.position).to.equal(100);
    });

    it('calls fenced what begins elsewhere than the stream stands, and what was never taken over', async () => {
      const store = await another();
      expect((await write(store, aWindow())).fenced).to.deep.equal([id]);
      await store.takeOver([id]);
      await write(store, aWindow());
      await store.takeOver([id]);
      const ahead = aWindow({ from: 150, state: aStream({ position: 200 }) });
      expect((await write(store, ahead)).fenced).to.deep.equal([id]);
    });

    it('changes a stream where it stands', async () => {
      const store = await another();
      await store.takeOver([id]);
      const states: StreamState[] = [
        aStream({ position: 0 }),
        aStream({ position: 0, format: 'squid' }),
        aStream({ format: 'squid' }),
        aStream({ format: 'squid', endsInHalfLine: true }),
      ];
      for (const state of states) {
        const from = (await store.stream(id))?.position ?? 0;
        expect((await write(store, aWindow({ from, state }))).fenced).to.deep.equal([]);
        expect(await store.stream(id)).to.deep.equal(state);
      }
    });

    it('§9.2 takes findings of lines that are read anew, and moves nothing', async () => {
      const store = await another();
      await store.takeOver([id]);
      await write(store, aWindow({ findings: [aFinding({ id: idOf(1) })] }));
      const anew = [aFinding({ id: idOf(1) }), aFinding({ id: idOf(2) })];
      const written = await write(store, aWindow({ from: 100, findings: anew }));
      expect(written).to.deep.equal({ added: 1, known: 1, fenced: [], refused: 0 });
      expect(await store.stream(id)).to.deep.equal(aStream());
    });

    it('§9.5 adds up the counts of windows, whoever wrote those before', async () => {
      const [store, other] = [await another(), await another()];
      for (const position of [100, 200, 300]) {
        // The first one comes back to what the other has added to.
        const writer = position === 200 ? other : store;
        await writer.takeOver([id]);
        for (const end of [position - 50, position]) {
          const state = aStream({ position: end });
          const usage = [usageOf({}), usageOf({ hourMs: 7_200_000 }), usageOf({ department: 'Skola' })];
          await write(writer, aWindow({ from: end - 50, state, usage, days: [dayOf({})] }));
        }
      }
      const sums = { records: 60, bytes: 600 };
      expect(await store.usage(0, Infinity)).to.deep.equal([
        usageOf(sums),
        usageOf({ ...sums, department: 'Skola' }),
        usageOf({ ...sums, hourMs: 7_200_000 }),
      ]);
      expect(await store.days('0000', '9999')).to.deep.equal([dayOf({ count: 12 })]);
    });

    it('§9.4 §6.4 leaves rejects as they were first written, by whichever clock the window is done again', async () => {
      const store = await another();
      await store.takeOver([id]);
      const rejects = [rejectOf({ file: 'one.age', rejectedMs: 5 })];
      await breakOff(store, aWindow({ rejects }));
      const next = await another();
      await next.takeOver([id]);
      const again = [rejectOf({ file: 'one.age', rejectedMs: 9 })];
      await write(next, aWindow({ rejects: again }));
      expect(await next.rejects()).to.deep.equal(rejects);
      expect(await next.stream(id)).to.deep.equal(aStream());
    });

    it('§10.3 forgets the rejects that were read again, as the window comes', async () => {
      const store = await another();
      await store.takeOver([id]);
      const rejects = [rejectOf({ file: 'one.age' }), rejectOf({ file: 'two.age' })];
      await write(store, aWindow({ rejects }));
      const again = aStream({ id: 'e'.repeat(64) });
      await store.takeOver([again.id]);
      const left = rejectOf({ file: 'one-2.age', count: 1 });
      await write(store, aWindow({ state: again, rejects: [left], settled: ['one.age'] }));
      expect(await store.rejects()).to.deep.equal([rejects[1], left]);
    });
  });
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => null,
    (error: unknown) => error,
  );
}

function usageOf(changes: object) {
  const of = { tenant: 'kommun', hourMs: 3_600_000, department: '' };
  return { ...of, records: 10, bytes: 100, denied: 0, tunnels: 0, named: 0, ...changes };
}

function dayOf(changes: object) {
  return { tenant: 'kommun', day: '2026-10-01', kind: 'protected' as const, count: 2, ...changes };
}

function rejectOf(changes: object) {
  const of = { stream: 'a'.repeat(64), code: 'fields' as const, count: 2, firstOffset: 17, rejectedMs: 1 };
  return { ...of, file: null, ...changes };
}
