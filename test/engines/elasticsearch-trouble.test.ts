// A real Elasticsearch that starts again, is full of shards, or holds months that an earlier version made. It is the
// suite's own: the cluster's settings are changed and the server is stopped.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { createConnection } from '../../src/adapters/store/elasticsearch/connection.ts';
import {
  createElasticsearchStore,
  type ElasticsearchStoreOptions,
} from '../../src/adapters/store/elasticsearch/elasticsearch-store.ts';
import { createFence } from '../../src/adapters/store/elasticsearch/fence.ts';
import { aBatch, aStream, EVERYTHING } from '../contract/store.ts';
import { asTransactions } from '../contract/window-store.ts';
import { failureOf } from '../failure-of.ts';
import { aFinding, idOf } from '../finding/arbitrary.ts';
import { type Elasticsearch, startElasticsearch } from './elasticsearch.ts';
import { type MeddlingProxy, startMeddlingProxy } from './meddling-proxy.ts';
import { removeStore, send } from './send.ts';
import { startAlone } from './start-for.ts';

const VERSION = '9.2.0';
const SOON = { tries: 3, firstMs: 5, maxMs: 20 };
const SHARDS = 'cluster.max_shards_per_node';

describe(`the Elasticsearch store in trouble, on ${VERSION}`, () => {
  let server: Elasticsearch;
  let stores = 0;
  let prefix = '';
  const opened: { close(): Promise<void> }[] = [];

  before(async function () {
    server = await startAlone(this, { version: VERSION });
  });
  after(() => server?.stop());
  beforeEach(() => {
    prefix = `x${stores++}`;
  });
  afterEach(async () => {
    await setCluster(SHARDS, null);
    await Promise.all(opened.splice(0).map(store => store.close()));
    await removeStore(server.url, prefix);
  });

  const ask = (method: string, path: string, body?: object) =>
    send(server.url, { method, path, ...(body === undefined ? {} : { body }) });
  const setCluster = (name: string, value: unknown) =>
    ask('PUT', '/_cluster/settings', { persistent: { [name]: value } });
  const open = async (changes: Partial<ElasticsearchStoreOptions> = {}) => {
    const store = await createElasticsearchStore({
      url: server.url,
      mode: 'write',
      prefix,
      retry: SOON,
      seal: async plain => plain,
      ...changes,
    });
    const asOne = asTransactions(store);
    opened.push(asOne);
    return asOne;
  };
  /** Opens a store that waits without end; `waiting` is fulfilled with the reason of its first wait. */
  const openPatient = async () => {
    const { resolve, promise: waiting } = Promise.withResolvers<string>();
    const store = await open({
      patience: 'endless',
      onEvent: event => {
        if (event.kind === 'waiting') resolve(event.reason);
      },
    });
    return { store, waiting };
  };
  const month = () => `${prefix}-findings-questionable-2026.10`;
  /** Makes the month anew as an earlier version, or somebody else, would have. */
  const remakeMonth = async (change: (granska: Record<string, unknown>) => void) => {
    const { mappings } = (await ask('GET', `/${month()}`)).body[month()];
    change(mappings.properties.granska.properties);
    await ask('DELETE', `/${month()}`);
    await ask('DELETE', `/_index_template/${prefix}-findings-questionable`);
    expect((await ask('PUT', `/${month()}`, { mappings })).status).to.equal(200);
  };
  const batchOf = (...ns: number[]) =>
    aBatch({ findings: ns.map(n => aFinding({ id: idOf(n), offset: n })) });

  it('§9.7 pauses where a new month is more than the cluster may hold, and goes on when it is not', async () => {
    const { store, waiting } = await openPatient();
    await setCluster(SHARDS, 1);
    const written = store.write(batchOf(1));
    expect(await waiting).to.equal('validation_exception');
    await setCluster(SHARDS, null);
    expect(await written).to.deep.equal({ added: 1, known: 0 });
  });

  it('says what the limit is where nobody waits for it', async () => {
    const store = await open();
    await setCluster(SHARDS, 1);
    const refusal = await failureOf(store.write(batchOf(1)));
    expect(refusal.message).to.equal(
      `Elasticsearch refused a request on ${month()}: validation_exception (400)`,
    );
    expect(refusal.hint).to.contain(SHARDS);
  });

  it('§9.7 makes no dead letters of findings whose month was removed and cannot be made again', async () => {
    const { store, waiting } = await openPatient();
    await store.write(batchOf(1));
    await ask('DELETE', `/${month()}`);
    expect((await setCluster(SHARDS, 1)).status).to.equal(200);
    const written = store.write(batchOf(2));
    expect(await waiting).to.equal('validation_exception');
    await setCluster(SHARDS, null);
    expect(await written).to.deep.equal({ added: 1, known: 0 });
    expect(await store.deadLetters()).to.deep.equal([]);
    expect(await store.count(EVERYTHING)).to.equal(1);
  });

  it('§9.7 stops, and makes no dead letters, where a month refuses all of many findings alike', async () => {
    const store = await open();
    await store.write(batchOf(1));
    await remakeMonth(granska => {
      granska.population = { type: 'boolean' };
    });
    const refusal = await failureOf(store.write(batchOf(2, 3, 4, 5, 6, 7, 8, 9, 10, 11)));
    expect(refusal.message).to.equal(
      `Elasticsearch refused a request on ${month()}: document_parsing_exception (400)`,
    );
    expect(refusal.hint).to.contain('made by something else');
    expect(await store.deadLetters()).to.deep.equal([]);
  });

  it('§10.1 brings the months that there are forward: a field that they lack is no dead letter', async () => {
    const store = await open();
    await store.write(batchOf(1));
    await remakeMonth(granska => {
      delete granska.population;
    });
    const refusal = await failureOf(store.write(batchOf(2)));
    expect(refusal.message).to.contain('strict_dynamic_mapping_exception (400)');
    expect(await store.deadLetters()).to.deep.equal([]);

    await ask('PUT', `/${prefix}-meta/_doc/schema`, { version: 1 });
    const next = await open();
    const { mappings } = (await ask('GET', `/${month()}`)).body[month()];
    expect(mappings.properties.granska.properties.population).to.deep.include({ type: 'keyword' });
    expect(mappings.dynamic).to.equal('strict');
    expect(await next.write(batchOf(2))).to.deep.equal({ added: 1, known: 0 });
  });

  it('brings a store forward that has no month yet', async () => {
    await open();
    await ask('PUT', `/${prefix}-meta/_doc/schema`, { version: 1 });
    expect(await (await open()).schemaVersion()).to.be.greaterThan(1);
  });

  it('§9.5 holds more streams than it remembers, and none that another has taken over or it never took', async () => {
    await open();
    const connection = createConnection({ url: server.url });
    opened.push(connection);
    const fences = [1, 2].map(() => createFence(connection, `${prefix}-streams`, { maxRemembered: 2 })) as [
      ReturnType<typeof createFence>,
      ReturnType<typeof createFence>,
    ];
    const [one, other] = fences;
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const contentOf = (id: string, position: number) => {
      const { source, ordinal } = aStream();
      return { id, source, first_line: '', ordinal, position, ends_in_half_line: false };
    };
    await one.takeOver(ids);
    expect([...(await one.change(ids.map(id => contentOf(id, 1))))]).to.deep.equal([]);
    await one.takeOver(['f']);
    expect(one.held('a'), 'what was let go of').to.equal(undefined);
    await other.takeOver(['c']);

    expect([...(await one.settle(['a', 'c', 'never']))]).to.deep.equal(['a', 'c', 'never']);
    expect(one.held('a')?.position).to.equal(1);
    expect([one.held('c'), one.held('never')]).to.deep.equal([undefined, undefined]);
    expect([...(await one.change([contentOf('a', 2)]))]).to.deep.equal([]);
    expect((await other.takeOver(['a'])).get('a')?.position).to.equal(2);
    expect([...(await one.change([contentOf('a', 3)]))]).to.deep.equal(['a']);
  });

  describe('that starts again', () => {
    let proxy: MeddlingProxy;
    beforeEach(async () => {
      proxy = await startMeddlingProxy(server.url);
    });
    afterEach(() => proxy.close());

    it('§9.7 is waited for by a worker that asks all the time, and nothing is taken for gone', async () => {
      const heard = new Set<string>();
      const store = await open({
        url: proxy.url,
        patience: 'endless',
        onEvent: event => {
          if (event.kind === 'waiting') heard.add(event.reason);
        },
      });
      await store.write({ ...batchOf(1), streams: [{ state: aStream({ position: 70 }), marks: [] }] });
      const { id } = aStream();
      const config = join(server.folder, 'config', 'elasticsearch.yml');
      const old = readFileSync(config, 'utf8');
      await server.stop('keep');

      let isUp = false;
      const starting = startElasticsearch({ version: VERSION, folder: server.folder });
      starting.catch(() => undefined);
      // Its new port, long before it answers.
      while (readFileSync(config, 'utf8') === old) await pause(5);
      proxy.target = `http://127.0.0.1:${/http\.port: (\d+)/.exec(readFileSync(config, 'utf8'))![1]}`;
      const asking = (async () => {
        const positions = new Set<number | undefined>();
        do {
          positions.add((await store.takeOver([id])).get(id)?.state?.position);
        } while (!isUp);
        return positions;
      })();
      asking.catch(() => undefined);
      server = await starting;
      isUp = true;
      expect([...(await asking)]).to.deep.equal([70]);
      expect([...heard]).to.include.members(['unreachable', 'no_shard_available_action_exception']);
    }).timeout(180_000);
  });
});
