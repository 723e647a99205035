import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { expect } from 'chai';
import { createHealth } from '../../../src/adapters/telemetry/health.ts';
import {
  createHealthServer,
  type HealthServer,
  type HealthServerOptions,
} from '../../../src/adapters/telemetry/health-server.ts';
import { GranskaError } from '../../../src/errors.ts';
import { told } from './kit.ts';

const HOST = '127.0.0.1';

describe('the health server', () => {
  let nowMs: number;
  let health: ReturnType<typeof createHealth>;
  let server: HealthServer;
  const { telemetry } = told();

  beforeEach(async () => {
    nowMs = 0;
    health = createHealth({ nowMs: () => nowMs, silentAfterMs: 5_000 });
    server = await listenOn({ host: HOST, port: 0 });
  });

  afterEach(async () => server.close());

  function listenOn(listen: HealthServerOptions['listen']): Promise<HealthServer> {
    return createHealthServer({ listen, health, metrics: telemetry.metrics });
  }

  it('says that the worker lives, and that it has fallen silent', async () => {
    nowMs = 1_500;
    expect(await ask('GET', '/healthz')).to.deep.include({
      status: 200,
      json: { schema: 'granska.health/1', alive: true, lastBeatSeconds: 1.5 },
    });
    nowMs = 5_000;
    expect(await ask('GET', '/healthz')).to.deep.include({
      status: 503,
      json: { schema: 'granska.health/1', alive: false, lastBeatSeconds: 5 },
    });
  });

  it('says what the worker lacks to be ready, and when it is', async () => {
    health.raise('parse-rate-low');
    const schema = 'granska.readiness/1';
    const warnings = ['parse-rate-low'];
    expect(await ask('GET', '/readyz')).to.deep.include({
      status: 503,
      json: { schema, ready: false, because: ['sources-not-joined', 'store-not-answering'], warnings },
    });
    health.clear('sources-not-joined');
    health.clear('store-not-answering');
    expect(await ask('GET', '/readyz')).to.deep.include({
      status: 200,
      json: { schema, ready: true, because: [], warnings },
    });
    health.raise('stopping');
    expect(await ask('GET', '/readyz')).to.include({ status: 503 });
    // What stops is alive: nobody needs to kill it.
    expect(await ask('GET', '/healthz')).to.include({ status: 200 });
  });

  it('gives the numbers as Prometheus reads them', async () => {
    const { status, headers, body } = await ask('GET', '/metrics');
    expect(status).to.equal(200);
    expect(headers['content-type']).to.equal('text/plain; version=0.0.4; charset=utf-8');
    expect(body).to.match(/^granska_lines_total\{outcome="records"\} 0$/m);
  });

  it('answers HEAD as GET, without the body', async () => {
    const [get, head] = [await ask('GET', '/readyz'), await ask('HEAD', '/readyz')];
    expect(head).to.include({ status: 503, body: '' });
    expect(head.headers['content-length']).to.equal(get.headers['content-length']);
  });

  it('takes a query for nothing', async () => {
    expect((await ask('GET', '/healthz?verbose=1')).status).to.equal(200);
  });

  it('knows no other path, and repeats none', async () => {
    for (const path of ['/', '/casino', '/metrics/', '/healthz/x', '//healthz']) {
      const { status, body } = await ask('GET', path);
      expect(status, path).to.equal(404);
      expect(body, path).to.not.contain('casino');
    }
  });

  it('takes no other method, and no body', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const { status, headers } = await ask(method, '/healthz');
      expect(status, method).to.equal(405);
      expect(headers.allow).to.equal('GET, HEAD');
    }
    expect(
      (await raw('GET /healthz HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhello')).toLowerCase(),
    ).to.match(/^http\/1\.1 200 .*connection: close/s);
  });

  it('refuses headers that are too large', async () => {
    const large = 'x'.repeat(9 << 10);
    expect(await raw(`GET /healthz HTTP/1.1\r\nhost: x\r\nx-large: ${large}\r\n\r\n`)).to.match(
      /^HTTP\/1\.1 431 /,
    );
  });

  it('goes on after a request that is none', async () => {
    expect(await raw('nonsense\r\n\r\n')).to.match(/^HTTP\/1\.1 400 /);
    expect((await ask('GET', '/healthz')).status).to.equal(200);
  });

  it('says 500 where the numbers cannot be had, without the reason', async () => {
    const failing = await createHealthServer({
      listen: { host: HOST, port: 0 },
      health,
      metrics: { contentType: 'text/plain', text: () => Promise.reject(new Error('casino.example')) },
    });
    try {
      const { status, body } = await ask('GET', '/metrics', failing.port);
      expect(status).to.equal(500);
      expect(body).to.not.contain('casino');
    } finally {
      await failing.close();
    }
  });

  it('says LISTEN, where and what to do, when the address is taken', async () => {
    const error = await refusalOf({ host: HOST, port: server.port });
    expect(error.code).to.equal('LISTEN');
    expect(error.message).to.equal(`cannot listen on ${HOST}:${server.port}: another program listens there`);
    expect(error.hint).to.contain('run.listen');
  });

  it('says LISTEN for an address that this machine has not', async () => {
    expect((await refusalOf({ host: '192.0.2.1', port: 0 })).message).to.equal(
      'cannot listen on 192.0.2.1:0: this machine has no such address',
    );
  });

  it('binds as told and nowhere else', async () => {
    const elsewhere = connect({ host: '127.0.0.2', port: server.port });
    const [error] = (await once(elsewhere, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).to.equal('ECONNREFUSED');
  });

  it('ends at once, idle connections too, and gives the port back', async () => {
    const idle = connect({ host: HOST, port: server.port });
    await once(idle, 'connect');
    const gone = once(idle, 'close');
    idle.on('error', () => undefined).resume();
    const { port } = server;
    await server.close();
    await gone;
    server = await listenOn({ host: HOST, port });
    expect((await ask('GET', '/healthz')).status).to.equal(200);
  }).timeout(3_000);

  async function refusalOf(listen: HealthServerOptions['listen']): Promise<GranskaError> {
    try {
      await (await listenOn(listen)).close();
    } catch (error) {
      expect(error).to.be.instanceOf(GranskaError);
      return error as GranskaError;
    }
    throw new Error('it listens');
  }

  interface Got {
    status: number;
    headers: IncomingHttpHeaders;
    body: string;
    json: unknown;
  }

  async function ask(method: string, path: string, port = server.port): Promise<Got> {
    const sent = request({ host: HOST, port, method, path }).end();
    const [response] = await once(sent, 'response');
    let body = '';
    for await (const chunk of response) body += chunk;
    const json = body.startsWith('{') ? JSON.parse(body) : null;
    return { status: response.statusCode, headers: response.headers, body, json };
  }

  async function raw(text: string): Promise<string> {
    const socket = connect({ host: HOST, port: server.port });
    socket.write(text);
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    return answer;
  }
});
