import { expect } from 'chai';
import fc from 'fast-check';
import type { StoreEvent } from '../../src/adapters/store/elasticsearch/connection.ts';
import {
  createElasticsearchStore,
  type ElasticsearchStore,
  type ElasticsearchStoreOptions,
} from '../../src/adapters/store/elasticsearch/elasticsearch-store.ts';
import { GranskaError } from '../../src/errors.ts';
import type { DeadLetter } from '../../src/ports/window-store.ts';
import { aStream, EVERYTHING } from '../contract/store.ts';
import { aWindow, aWindowBatch } from '../contract/window-store.ts';
import { aFinding, idOf } from '../finding/arbitrary.ts';
import { ELASTICSEARCH_VERSIONS, type Elasticsearch } from './elasticsearch.ts';
import { type Fate, type MeddlingProxy, startMeddlingProxy } from './meddling-proxy.ts';
import { removeStore, send } from './send.ts';
import { startFor } from './start-for.ts';
import {
  batchOf,
  check,
  FIRST_POLICY,
  nextWindow,
  read,
  SECOND_POLICY,
  streamOf,
  type Work,
  work,
} from './town-of-windows.ts';

const QUICK = { tries: 4, firstMs: 1, maxMs: 2 };
const seal = async (plain: Uint8Array) => plain;

for (const version of ELASTICSEARCH_VERSIONS) {
  describe(`windows on Elasticsearch ${version}`, function () {
    this.retries(0);
    let server: Elasticsearch;
    let proxy: MeddlingProxy;
    let stores = 0;
    let streams = 0;
    let prefix = '';
    const opened: ElasticsearchStore[] = [];

    before(async function () {
      server = await startFor(this, { version });
      proxy = await startMeddlingProxy(server.url);
    });
    after(async () => {
      await proxy?.close();
      await server?.stop();
    });
    beforeEach(() => {
      prefix = `w${stores++}`;
      proxy.decide = () => 'through';
    });
    afterEach(async () => {
      await Promise.all(opened.splice(0).map(store => store.close()));
      await removeStore(server.url, prefix);
    });

    const open = async (changes: Partial<ElasticsearchStoreOptions> = {}) => {
      const store = await createElasticsearchStore({ url: server.url, mode: 'write', prefix, ...changes });
      opened.push(store);
      return store;
    };
    const ask = (method: string, path: string, body: object = {}) =>
      send(server.url, { method, path, ...(method === 'GET' ? {} : { body }) });
    const aTask = (changes: Partial<Work> = {}): Work => ({
      stream: streamOf(streams++),
      policy: FIRST_POLICY,
      cut: 100,
      ...changes,
    });
    const isWhole = (stream: string, said: string) => check(server.url, { prefix, stream, said });

    it('§3.5 refuses a worker whose keys are not those of the store before it gives anybody a second pseudonym', async () => {
      const kept = (keyId: string) =>
        ({ kind: 'policy', hash: 'a'.repeat(64), epoch: 2026, body: JSON.stringify({ keyId }) }) as const;
      const write = async (n: number, keyId: string) => {
        const store = await open();
        const state = aStream({ id: streamOf(streams++) });
        await store.takeOver([state.id]);
        const windows = [aWindow({ state, findings: [aFinding({ id: idOf(n), stream: state.id })] })];
        await store.writeWindows(aWindowBatch({ windows, versions: [kept(keyId)] }));
      };
      await write(1, 'u26-ours');
      await write(2, 'u26-ours');
      const refusal = await write(3, 'u26-another').catch((error: unknown) => error);
      expect(refusal).to.be.instanceOf(GranskaError);
      expect((refusal as GranskaError).code).to.equal('KEYS');
      expect((refusal as GranskaError).hint).to.contain('same keys folder');
      await ask('GET', `/${prefix}-*/_refresh`);
      expect(await (await open()).count(EVERYTHING)).to.equal(2);
    });

    it('§9.5 counts every line once, however the stream is cut', async () => {
      const store = await open();
      const tasks = [300, 100, 70, 30].map(cut => aTask({ cut }));
      const cells: object[][] = [];
      for (const task of tasks) {
        await work(store, task);
        await isWhole(task.stream, `${task.cut}`);
        const usage = await read(server.url, `${prefix}-usage`, { stream: task.stream });
        cells.push(usage.map(({ stream: _, ...cell }) => cell).sort((a, b) => a.hour - b.hour));
      }
      for (const other of cells) expect(other).to.deep.equal(cells[0]);
    });

    const PAUSES: Record<string, (held: Promise<void>) => (Fate | Promise<Fate>)[]> = {
      'before a request': held => [held.then(() => 'through')],
      'before a request whose answer is lost': held => [held.then(() => 'lost')],
      'after a request whose answer was lost': held => ['lost', held.then(() => 'through')],
    };
    for (const [pause, fatesOf] of Object.entries(PAUSES)) {
      it(`§9.5 is exact when a worker is paused ${pause}, at any point, and wakes after its successor`, async () => {
        const [late, next] = [await open({ url: proxy.url, retry: QUICK }), await open()];
        let wasPaused = true;
        for (let n = 0; wasPaused; n++) {
          const task = aTask();
          const { resolve: wake, promise: held } = Promise.withResolvers<void>();
          const { resolve: notePause, promise: paused } = Promise.withResolvers<void>();
          const fates = fatesOf(held);
          let request = 0;
          proxy.decide = () => {
            const fate = fates[request++ - n] ?? 'through';
            if (fate instanceof Promise) notePause();
            return fate;
          };
          const slow = work(late, task);
          wasPaused = await Promise.race([paused.then(() => true), slow.then(() => false)]);
          await work(next, { ...task, policy: SECOND_POLICY, cut: 130 });
          await isWhole(task.stream, `before it wakes, paused at request ${n}`);
          wake();
          const { fenced } = await slow;
          // Whoever is paused before it has asked for the stream takes it over after all.
          const isFenced = wasPaused && n > 0;
          expect(fenced, `paused at request ${n}`).to.deep.equal(isFenced ? [task.stream] : []);
          await isWhole(task.stream, `after it woke, paused at request ${n}`);
          if (!wasPaused) expect(n).to.be.greaterThan(20);
        }
      }).timeout(300_000);
    }

    it('§9.5 is exact when two workers fight for a stream over a network that loses', async () => {
      const other = await startMeddlingProxy(server.url);
      const pair = [await open({ url: proxy.url, retry: { ...QUICK, tries: 99 } })];
      pair.push(await open({ url: other.url, retry: { ...QUICK, tries: 99 } }));
      const fate = fc.constantFrom<Fate[]>('through', 'through', 'through', 'busy', 'lost');
      const fates = fc.array(fate, { minLength: 50, maxLength: 50 });
      const cuts = fc.tuple(fc.integer({ min: 40, max: 200 }), fc.integer({ min: 40, max: 200 }));
      await fc.assert(
        fc.asyncProperty(fates, fates, cuts, async (ofOne, ofOther, [one, two]) => {
          const { stream } = aTask();
          [ofOne, ofOther].forEach((drawn, n) => {
            let request = 0;
            [proxy, other][n]!.decide = () => drawn[request++ % drawn.length]!;
          });
          const tasks = [aTask({ stream, cut: one }), aTask({ stream, cut: two, policy: SECOND_POLICY })];
          await Promise.all(tasks.map((task, n) => untilDone(pair[n]!, task)));
          await isWhole(stream, 'after the fight');
        }),
        { numRuns: 8, endOnFailure: true },
      );
      await other.close();
    }).timeout(300_000);

    it('takes for its own what it wrote in a request whose answer was lost', async () => {
      const store = await open({ url: proxy.url, retry: QUICK });
      let isLost = false;
      proxy.decide = line => {
        isLost = !isLost && line.includes('_bulk');
        return isLost ? 'lost' : 'through';
      };
      const task = aTask();
      expect((await work(store, task)).fenced).to.deep.equal([]);
      await isWhole(task.stream, 'with every second answer lost');
    });

    it('writes a window again whose end was in doubt, as done', async () => {
      const task = aTask({ cut: 300 });
      const window = nextWindow(task, { from: 0, pin: null });
      const store = await open({ url: proxy.url, retry: { ...QUICK, tries: 1 } });
      for (let n = 0; ; n++) {
        const stream = n === 0 ? task.stream : streamOf(streams++);
        const again = nextWindow({ ...task, stream }, { from: 0, pin: window.pin });
        await store.takeOver([stream]);
        let request = 0;
        let wasLost = false;
        proxy.decide = () => {
          wasLost ||= request === n;
          return request++ === n ? 'lost' : 'through';
        };
        await store.writeWindows(batchOf(again)).catch(error => expect(error).to.be.instanceOf(GranskaError));
        proxy.decide = () => 'through';
        if (!wasLost) {
          expect(n).to.be.greaterThan(5);
          break;
        }
        const { fenced, added, known } = await store.writeWindows(batchOf(again));
        expect([fenced, added + known], `lost at request ${n}`).to.deep.equal([[], 30]);
        await isWhole(stream, `lost at request ${n}`);
      }
    });

    it('§9.7 lays documents that are refused for good to the dead letters, and gives them again', async () => {
      const store = await open({ seal });
      const index = `${prefix}-findings-questionable-2026.10`;
      await ask('PUT', `/${index}`, {
        mappings: { properties: { url: { properties: { path: { type: 'date' } } } } },
      });
      const elsewhere = Date.UTC(2026, 8, 1);
      const findings = [
        aFinding({ id: idOf(1), offset: 70, urlPath: '/anna' }),
        aFinding({ id: idOf(2), offset: 40 }),
        aFinding({ id: idOf(3), offset: 50, startMs: elsewhere }),
      ];
      const state = aStream();
      await store.takeOver([state.id]);
      const window = aWindow({ state, findings });
      const result = await store.writeWindows(aWindowBatch({ windows: [window] }));
      expect(result).to.deep.equal({ added: 1, known: 2, fenced: [], refused: 2 });
      expect(await store.stream(state.id)).to.deep.equal(state);
      const [row, ...others] = await store.deadLetters();
      expect(others).to.deep.equal([]);
      const reason = 'document_parsing_exception';
      expect(row).to.include({ stream: state.id, what: 'findings', reason, count: 2, firstOffset: 40 });
      expect(row!.file).to.match(/^a{16}-0-[0-9a-f]{8}-dead\.age$/);
      const letters = await lettersOf(store, row!.file);
      expect(letters.map(letter => [letter.index, letter.id])).to.deep.equal([
        [index, idOf(1)],
        [index, idOf(2)],
      ]);

      expect(await store.retryDeadLetters(letters)).to.deep.equal(letters);
      await ask('DELETE', `/${index}`);
      const stranger = { ...letters[0]!, index: 'somebody-elses' };
      const refused = await (await open()).retryDeadLetters([...letters, stranger]);
      expect(refused).to.deep.equal([{ ...stranger, reason: 'not_of_this_store' }]);
      await store.settleDeadLetters([row!.file]);
      expect(await store.deadLetters()).to.deep.equal([]);
      await ask('GET', `/${prefix}-*/_refresh`);
      expect(await store.count(EVERYTHING)).to.equal(3);
      expect(await store.finding(idOf(1))).to.deep.equal(findings[0]);
    });

    it('§6.4 forgets dead letters with the rejects, and names their files', async () => {
      let nowMs = 1_000;
      const store = await open({ seal, nowMs: () => nowMs });
      await store.takeOver([aStream().id]);
      for (const n of [1, 2]) {
        const bad = aFinding({ id: idOf(n), offset: n, status: 'bad' as unknown as number });
        const [from, state] = [(n - 1) * 100, aStream({ position: n * 100 })];
        await store.writeWindows(aWindowBatch({ windows: [aWindow({ from, state, findings: [bad] })] }));
        nowMs = 2_000;
      }
      const [old, young] = await store.deadLetters();
      expect(await store.forgetSealed(2_000)).to.deep.equal([old!.file]);
      expect(await store.deadLetters()).to.deep.equal([young]);
      expect(await store.sealed.olderThan(2_000)).to.deep.equal([old!.file]);
      await store.sealed.remove([old!.file]);
      expect(await store.sealed.read(old!.file)).to.equal(null);
      expect(await store.sealed.read(young!.file)).to.not.equal(null);
      expect(await store.sealed.olderThan(9_999)).to.deep.equal([young!.file]);
    });

    it('stops where a count is refused: its index is not what it was made as', async () => {
      const store = await open({ seal });
      await ask('DELETE', `/${prefix}-usage`);
      await ask('DELETE', `/_index_template/${prefix}-usage`);
      const made = { mappings: { properties: { records: { type: 'boolean' } } } };
      expect((await ask('PUT', `/${prefix}-usage`, made)).status).to.equal(200);
      const task = aTask();
      const refusal = await work(store, task).catch((error: unknown) => error as GranskaError);
      expect(refusal).to.be.instanceOf(GranskaError);
      expect((refusal as GranskaError).message).to.equal(
        `Elasticsearch refused a request on ${prefix}-usage: document_parsing_exception (400)`,
      );
      expect((await store.stream(task.stream))?.position).to.equal(0);
    });

    it('§9.7 waits for an index that is blocked for writing, and goes on when it is not', async () => {
      const heard: StoreEvent[] = [];
      const { resolve: note, promise: waiting } = Promise.withResolvers<void>();
      const onEvent = (event: StoreEvent) => {
        if (event.kind !== 'answered') heard.push(event);
        if (heard.length > 20) note();
      };
      const store = await open({ patience: 'endless', retry: { ...QUICK, tries: 1 }, onEvent });
      const task = aTask();
      await ask('PUT', `/${prefix}-usage/_settings`, { 'index.blocks.write': true });
      const done = work(store, task);
      await waiting;
      expect(heard[0]).to.deep.equal({ kind: 'waiting', reason: 'cluster_block_exception', tryNo: 2 });
      expect(heard[1]).to.deep.equal({ kind: 'retry' });
      expect((await store.stream(task.stream))?.position).to.equal(0);
      await ask('PUT', `/${prefix}-usage/_settings`, { 'index.blocks.write': false });
      expect((await done).fenced).to.deep.equal([]);
      await isWhole(task.stream, 'after the block');
    });

    it('breaks off when it is told to, while it waits and while it is not answered', async () => {
      const stop = new AbortController();
      let waits = 0;
      const { resolve: note, promise: waiting } = Promise.withResolvers<void>();
      const onEvent = ({ kind }: StoreEvent) => {
        if (kind === 'waiting' && waits++ > 3) note();
      };
      const { signal } = stop;
      const store = await open({ url: proxy.url, patience: 'endless', retry: QUICK, signal, onEvent });
      proxy.decide = line => (line.includes('_bulk') ? 'busy' : 'through');
      const busy = work(store, aTask()).catch((error: unknown) => error);
      await waiting;
      const { resolve: asked, promise: silent } = Promise.withResolvers<void>();
      const { resolve: end, promise: ended } = Promise.withResolvers<Fate>();
      proxy.decide = () => {
        asked();
        return ended;
      };
      await silent;
      stop.abort();
      const error = await busy;
      expect(error).to.be.instanceOf(GranskaError);
      expect((error as GranskaError).code).to.equal('STORE');
      end('through');
    });
  });
}

/** Works until the stream is at its end, taking it over again whenever it was fenced. */
async function untilDone(store: ElasticsearchStore, task: Work): Promise<void> {
  while ((await work(store, task)).fenced.length > 0);
}

async function lettersOf(store: ElasticsearchStore, file: string): Promise<DeadLetter[]> {
  const text = new TextDecoder().decode((await store.sealed.read(file))!);
  return text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as DeadLetter);
}
