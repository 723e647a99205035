// A proxy before an HTTP server that now and then does not let a request or an answer through, as busy servers and
// broken networks do. A request is read whole before its fate is decided: it may reach the server long after whoever sent
// it has gone.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/**
 * What becomes of one request: it goes through, is answered 429, is cut off before it reaches the server, or is carried
 * out and its answer lost.
 */
export type Fate = 'through' | 'busy' | 'cut' | 'lost';

/** A request with what the server said to it, whether or not its sender heard that. */
export interface Exchange {
  line: string;
  body: string;
  status: number;
  answer: string;
}

export interface MeddlingProxy {
  url: string;
  /** The server behind it; may change when that is started anew on another port. */
  target: string;
  /** Requests that have come, as `METHOD /path`. */
  seen: { line: string; headers: IncomingMessage['headers'] }[];
  /** Decides the fate of requests, at once or later; all go through unless set. */
  decide: (line: string, body: string) => Fate | Promise<Fate>;
  /** Hears what the server answered, before the sender does. */
  heard: ((exchange: Exchange) => void) | null;
  /** Breaks all connections that are open. */
  cutAll(): void;
  close(): Promise<void>;
}

/** Starts a proxy on a free loopback port. */
export async function startMeddlingProxy(target: string): Promise<MeddlingProxy> {
  const server = createServer(async (asked, answer) => {
    const line = `${asked.method} ${asked.url}`;
    proxy.seen.push({ line, headers: asked.headers });
    const body = await wholeOf(asked);
    const fate = await proxy.decide(line, body?.toString() ?? '');
    if (fate === 'busy') {
      refuse(answer);
      return;
    }
    if (body === null || fate === 'cut') {
      // Not the request: once it is read whole, that would leave its connection open, and the sender waiting.
      answer.destroy();
      return;
    }
    const options = { method: asked.method, headers: asked.headers };
    const passed = request(`${proxy.target}${asked.url}`, options, async response => {
      const said = await wholeOf(response);
      if (said === null) {
        answer.destroy();
        return;
      }
      const status = response.statusCode!;
      proxy.heard?.({ line, body: body.toString(), status, answer: said.toString() });
      if (fate === 'lost') {
        answer.destroy();
        return;
      }
      answer.writeHead(status, response.headers);
      answer.end(said);
    });
    passed.on('error', () => answer.destroy());
    passed.end(body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const proxy: MeddlingProxy = {
    url: `http://127.0.0.1:${port}`,
    target,
    seen: [],
    decide: () => 'through',
    heard: null,
    cutAll: () => server.closeAllConnections(),
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}

/** Reads a message to its end; null where it breaks off. */
async function wholeOf(message: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of message) chunks.push(chunk);
  } catch {
    return null;
  }
  return message.complete ? Buffer.concat(chunks) : null;
}

function refuse(answer: ServerResponse): void {
  answer.writeHead(429, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' });
  answer.end('{"error":{"type":"es_rejected_execution_exception"},"status":429}');
}
