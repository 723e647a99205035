// A server on a loopback port that answers what a test wants, as Elasticsearch or as a proxy before it. For answers that a
// real server cannot be made to give; a request is read whole before it is answered, unless the test answers before.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Connection,
  type ConnectionOptions,
  createConnection,
} from '../../../../src/adapters/store/elasticsearch/connection.ts';

export interface Asked {
  /** `METHOD /path`, without what follows the question mark. */
  line: string;
  body: string;
}

export interface ScriptedServer {
  url: string;
  /** All that was asked, in order. */
  asked: Asked[];
  close(): void;
}

/** Answers one request. */
export type Answer = (response: ServerResponse, asked: Asked) => void;

/** Starts a server that gives these answers one after the other; the last one again and again. */
async function startScripted(...answers: Answer[]): Promise<ScriptedServer> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const one = { line: `${request.method} ${request.url?.split('?')[0]}`, body: await textOf(request) };
    const answer = answers[Math.min(asked.length, answers.length - 1)]!;
    asked.push(one);
    answer(response, one);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Connections of a suite's tests to such servers. */
export interface ScriptedConnections {
  connect(...answers: Answer[]): Promise<Connection>;
  /** The server that was connected to last. */
  server(): ScriptedServer;
  /** What the test's connections have waited for, in order. */
  waits: string[];
}

/** Gives the suite that is being described its connections; the last server of each test is closed after it. */
export function scriptConnections(retry: NonNullable<ConnectionOptions['retry']>): ScriptedConnections {
  let server: ScriptedServer | null = null;
  const waits: string[] = [];
  beforeEach(() => {
    waits.length = 0;
  });
  afterEach(() => {
    server?.close();
    server = null;
  });
  return {
    async connect(...answers) {
      server = await startScripted(...answers);
      return createConnection({
        url: server.url,
        retry,
        onEvent: event => {
          if (event.kind === 'waiting') waits.push(event.reason);
        },
      });
    },
    server: () => server!,
    waits,
  };
}

/** Answers as Elasticsearch does. */
export function asElasticsearch(status: number, body: unknown): Answer {
  return response => {
    response.writeHead(status, FROM_ELASTICSEARCH);
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** Answers as a proxy does, with a page of its own. */
export function asProxy(status: number): Answer {
  return response => {
    response.writeHead(status, { 'content-type': 'text/html' });
    response.end(`<html><h1>${status}</h1></html>`);
  };
}

const FROM_ELASTICSEARCH = {
  'x-elastic-product': 'Elasticsearch',
  'content-type': 'application/vnd.elasticsearch+json;compatible-with=8',
};

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
