// A real worker before a server that is away: it lives, says what it waits for, and leaves when it is told to.
import { createServer, type Server } from 'node:net';
import { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { compose } from '../../src/compose.ts';
import { GranskaError } from '../../src/errors.ts';
import { makePlace, ROOT, removePlaces } from '../cli/run.ts';
import { TOWN } from '../cli/town.ts';

const HOUR_MS = 3_600_000;

/** A worker whose Elasticsearch takes connections and ends them; its clock is set, and what it tells is read. */
function startWorker(server: Server, signal: AbortSignal) {
  const { port } = server.address() as { port: number };
  const sections = `store: { kind: elasticsearch, url: "http://127.0.0.1:${port}" }
sources: [{ name: proxy, kind: files, paths: ["../*.log"], format: squid }]
run: { listen: "127.0.0.1:0", reloadSeconds: 0 }
log: { level: debug, format: json }
`;
  const place = makePlace(
    { ...TOWN, 'config/granska.yaml': TOWN['config/granska.yaml'] + sections },
    'config',
  );
  const clock = { aheadMs: 0, nowMs: () => Date.now() + clock.aheadMs };
  const lines: Record<string, unknown>[] = [];
  const stderr = new Writable({
    write(chunk, _encoding, done) {
      for (const line of String(chunk).split('\n').filter(Boolean)) lines.push(JSON.parse(line));
      done();
    },
  });
  const app = compose({
    ...{ flags: {}, env: { ...place.env }, cwd: place.dir, packageRoot: ROOT, clock, stderr, tell() {} },
  });
  const ended = app
    .run({
      ...{ once: false, signal, onHangup: () => () => {} },
      reports: { make: () => Promise.reject(new Error('no report is made here')) },
    })
    .then(
      () => null,
      (error: unknown) => error,
    );
  const told = (event: string) => lines.filter(line => line['event.action'] === event);
  return {
    ...{ clock, ended, told },
    async until(holds: () => boolean) {
      while (!holds()) await pause(20);
    },
    async ask(path: string) {
      const own = told('listening')[0]!['server.port'] ?? told('listening')[0]!['granska.port'];
      const answer = await fetch(`http://127.0.0.1:${own}${path}`);
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
  };
}

describe('a worker whose store is away', function () {
  this.timeout(60_000);
  let server: Server;
  before(async () => {
    server = createServer(socket => socket.destroy());
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  });
  after(() => {
    server.close();
    removePlaces();
  });

  it('§9.7 is alive and not ready for hours, and leaves some seconds after it is told to', async () => {
    const stop = new AbortController();
    const worker = startWorker(server, stop.signal);
    await worker.until(() => worker.told('store-waiting').length > 0);
    for (let hour = 0; hour < 2; hour++) {
      worker.clock.aheadMs += HOUR_MS;
      const waits = worker.told('store-waiting').length;
      await worker.until(() => worker.told('store-waiting').length > waits);
      expect((await worker.ask('/healthz')).status).to.equal(200);
      const { status, body } = await worker.ask('/readyz');
      expect([status, body.because]).to.deep.equal([503, ['sources-not-joined', 'store-not-answering']]);
    }
    stop.abort();
    const error = await worker.ended;
    expect((error as GranskaError).code).to.equal('STORE');
  });

  it('§10.2 leaves as well where it was told to while it was being loaded', async () => {
    const worker = startWorker(server, AbortSignal.abort());
    const error = await worker.ended;
    expect(error).to.be.instanceOf(GranskaError);
    expect((error as GranskaError).code).to.equal('STORE');
  });
});
