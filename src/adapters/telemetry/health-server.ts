// What a probe and a scraper ask over HTTP: `/healthz` (alive?), `/readyz` (able to work?), `/metrics`.
// Invariant: reads nothing but method and path, takes no body, answers with codes and numbers only, holds few connections
// and none for long. It knows no password: bind it where only those can reach it who may know (docs/guide/operating.md).
// Example: `curl -s http://127.0.0.1:9464/readyz` → {"schema":"granska.readiness/1","ready":true,"because":[],"warnings":[]}
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GranskaError } from '../../errors.ts';
import type { HealthReport } from './health.ts';
import type { Metrics } from './meters.ts';

export interface HealthServerOptions {
  /** Port 0 takes any that is free. */
  listen: { host: string; port: number };
  health: { report(): HealthReport };
  metrics: Metrics;
}

export interface HealthServer {
  readonly port: number;
  /** Ends all connections and gives the port back. */
  close(): Promise<void>;
}

const MAX_HEADER_BYTES = 8 << 10;
const MAX_CONNECTIONS = 32;
const REQUEST_MS = 5_000;
const JSON_TYPE = 'application/json; charset=utf-8';

/** Starts to listen; throws LISTEN where the address cannot be had. */
export async function createHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: REQUEST_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: REQUEST_MS,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => void respond(request, response, options),
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.setTimeout(REQUEST_MS * 2);
  await listen(server, options.listen);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  status: number;
  type: string;
  body: string;
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  options: HealthServerOptions,
): Promise<void> {
  const { status, type, body } = await answerTo(request, options);
  const hasBody =
    'transfer-encoding' in request.headers || Number(request.headers['content-length'] ?? 0) > 0;
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
    // A body is not read: what follows it on the connection could not be told apart from it.
    ...(hasBody ? { connection: 'close' } : {}),
  });
  response.end(body);
}

async function answerTo(request: IncomingMessage, options: HealthServerOptions): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'only GET and HEAD\n');
  switch (request.url?.split('?', 1)[0]) {
    case '/healthz':
      return life(options.health.report());
    case '/readyz':
      return readiness(options.health.report());
    case '/metrics':
      return metricsText(options.metrics);
    default:
      return plain(404, 'there are /healthz, /readyz and /metrics\n');
  }
}

function life({ life: is, beatAgoMs }: HealthReport): Answer {
  return json(is === 'alive' ? 200 : 503, {
    schema: 'granska.health/1',
    alive: is === 'alive',
    lastBeatSeconds: Math.round(beatAgoMs / 100) / 10,
  });
}

function readiness({ because, warnings }: HealthReport): Answer {
  const ready = because.length === 0;
  return json(ready ? 200 : 503, { schema: 'granska.readiness/1', ready, because, warnings });
}

async function metricsText(metrics: Metrics): Promise<Answer> {
  try {
    return { status: 200, type: metrics.contentType, body: await metrics.text() };
  } catch {
    return plain(500, 'the numbers cannot be had\n');
  }
}

function json(status: number, body: object): Answer {
  return { status, type: JSON_TYPE, body: `${JSON.stringify(body)}\n` };
}

function plain(status: number, body: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body };
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason = REASONS[cause.code ?? ''] ?? `the system refused (${cause.code ?? 'no code'})`;
      reject(
        new GranskaError(
          'LISTEN',
          `cannot listen on ${host.includes(':') ? `[${host}]` : host}:${port}: ${reason}`,
          {
            hint: 'name another address in run.listen, or off',
            cause,
          },
        ),
      );
    });
    server.listen({ host, port, exclusive: true }, resolve);
  });
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there',
  EACCES: 'this account may not; ports below 1024 take rights',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'no address has that name',
};
