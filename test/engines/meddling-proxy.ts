// A proxy before an HTTP server that now and then does not let a request or an answer through, as busy servers and
// broken networks do.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** What becomes of one request: it goes through, is answered 429, or is carried out and its answer lost. */
export type Fate = 'through' | 'busy' | 'lost';

export interface MeddlingProxy {
  url: string;
  /** Requests that have come, as `METHOD /path`. */
  seen: { line: string; headers: IncomingMessage['headers'] }[];
  /** Decides the fate of requests; all go through unless set. */
  decide: (line: string) => Fate;
  close(): Promise<void>;
}

/** Starts a proxy on a free loopback port. */
export async function startMeddlingProxy(target: string): Promise<MeddlingProxy> {
  const server = createServer((asked, answer) => {
    const line = `${asked.method} ${asked.url}`;
    proxy.seen.push({ line, headers: asked.headers });
    const fate = proxy.decide(line);
    if (fate === 'busy') {
      asked.resume();
      refuse(answer);
      return;
    }
    const passed = request(
      `${target}${asked.url}`,
      { method: asked.method, headers: asked.headers },
      response => {
        if (fate === 'lost') {
          response.resume();
          response.on('end', () => answer.destroy());
          return;
        }
        answer.writeHead(response.statusCode!, response.headers);
        response.pipe(answer);
      },
    );
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const proxy: MeddlingProxy = {
    url: `http://127.0.0.1:${port}`,
    seen: [],
    decide: () => 'through',
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}

function refuse(answer: ServerResponse): void {
  answer.writeHead(429, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' });
  answer.end('{"error":{"type":"es_rejected_execution_exception"},"status":429}');
}
