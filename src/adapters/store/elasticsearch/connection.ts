// The one way to the server: every request goes through `attempt`, which waits out a server that is busy, full or away
// (a bounded number of times, or for as long as it takes, §9.7), and turns every other refusal into a STORE error.
// Example: `await connection.attempt('granska-usage', () => client.search({ … }))`.
import { setTimeout as wait } from 'node:timers/promises';
import { Client, type ClientOptions } from '@elastic/elasticsearch';
import { GranskaError } from '../../../errors.ts';
import { type Failure, failureOf } from './refusal.ts';

export interface ConnectionOptions {
  /** Address of the cluster, or of several of its nodes: `https://search.example:9200`. */
  url: string | readonly string[];
  auth?: { kind: 'basic'; username: string; password: string } | { kind: 'apiKey'; key: string };
  /** PEM certificate of the authority that signed the servers'; without it, those that Node knows. */
  ca?: string;
  retry?: RetryOptions;
  /** `endless`: waits for the server however long it takes, as a worker does; `bounded` unless set. */
  patience?: 'bounded' | 'endless';
  /** Breaks off what waits, with a STORE error. */
  signal?: AbortSignal;
  /** Hears of waiting. */
  onEvent?(event: StoreEvent): void;
  /** How long one request may take, milliseconds; 60,000 unless set. */
  requestMs?: number;
}

/** What a store tells while it waits: why, before the next try of that number; then that it tries again. */
export type StoreEvent =
  | { kind: 'waiting'; reason: string; tryNo: number }
  | { kind: 'retry' }
  /** The server answered, and took that long for it, milliseconds. */
  | { kind: 'answered'; tookMs: number };

export interface RetryOptions {
  /** How often one request is tried in all; without meaning where patience is endless. */
  tries: number;
  /** The first pause; each later one is twice as long, up to `maxMs`. */
  firstMs: number;
  maxMs: number;
}

export interface Connection {
  client: Client;
  /** Runs a request on an index until it is answered; throws STORE where it is refused. */
  attempt<T>(index: string, request: (tried: Tried) => Promise<T>): Promise<T>;
  /** Waits before a try, counted from 1; throws the error once there were enough. */
  pauseBefore(tryNo: number, why: Pick<Failure, 'reason' | 'error'>): Promise<void>;
  close(): Promise<void>;
}

/** What came of the tries before this one. */
export interface Tried {
  /** True where a request may have been carried out though its answer never came. */
  isInDoubt: boolean;
}

const RETRY: RetryOptions = { tries: 10, firstMs: 100, maxMs: 10_000 };
const REQUEST_MS = 60_000;

/** Makes a connection; nothing is sent yet. */
export function createConnection(options: ConnectionOptions): Connection {
  const client = createClient(options);
  const retry = options.retry ?? RETRY;
  const tries = options.patience === 'endless' ? Number.POSITIVE_INFINITY : retry.tries;
  const closing = new AbortController();
  const stop =
    options.signal === undefined ? closing.signal : AbortSignal.any([closing.signal, options.signal]);

  /** False until the server was heard: what is not Elasticsearch is a wrong address first, and later somebody between. */
  let hasAnswered = false;

  function mayPass({ kind }: Failure): boolean {
    switch (kind) {
      case 'busy':
      case 'unanswered':
        return true;
      case 'stranger':
        return hasAnswered;
      case 'refused':
      case 'other':
        return false;
      default:
        return kind satisfies never;
    }
  }

  async function pauseBefore(
    tryNo: number,
    { reason, error }: Pick<Failure, 'reason' | 'error'>,
  ): Promise<void> {
    if (tryNo > tries || stop.aborted) throw error;
    options.onEvent?.({ kind: 'waiting', reason, tryNo });
    const pauseMs = Math.min(retry.maxMs, retry.firstMs * 2 ** (tryNo - 2));
    await wait(pauseMs, undefined, { signal: stop }).catch(() => {
      throw error;
    });
    options.onEvent?.({ kind: 'retry' });
  }

  return {
    client,
    pauseBefore,
    async attempt(index, request) {
      const tried: Tried = { isInDoubt: false };
      for (let tryNo = 1; ; tryNo++) {
        try {
          const fromMs = performance.now();
          const answer = await unlessStopped(request(tried), options.signal);
          hasAnswered = true;
          options.onEvent?.({ kind: 'answered', tookMs: performance.now() - fromMs });
          return answer;
        } catch (thrown) {
          const failure = failureOf(thrown, index);
          if (!mayPass(failure)) throw failure.error;
          tried.isInDoubt ||= failure.isInDoubt;
          await pauseBefore(tryNo + 1, failure);
        }
      }
    },
    async close() {
      closing.abort();
      if (options.signal?.aborted === true) await breakOff(client);
      else await client.close();
    },
  };
}

/** Ends what is under way: to close in good order would wait for a server that may be silent for a long time. */
async function breakOff(client: Client): Promise<void> {
  // Each connection of the client's own kind has a pool of sockets; its type does not say so.
  const connections = client.connectionPool.connections as unknown as {
    pool: { destroy(): Promise<void> };
  }[];
  await Promise.all(connections.map(({ pool }) => pool.destroy()));
}

function createClient(options: ConnectionOptions): Client {
  const { auth, ca } = options;
  const settings: ClientOptions = {
    nodes: [options.url].flat(),
    // Retries are ours: the client's do not wait.
    maxRetries: 0,
    requestTimeout: options.requestMs ?? REQUEST_MS,
    redaction: { type: 'remove' },
    enableMetaHeader: false,
  };
  if (auth?.kind === 'basic') settings.auth = { username: auth.username, password: auth.password };
  if (auth?.kind === 'apiKey') settings.auth = { apiKey: auth.key };
  if (ca !== undefined) settings.tls = { ca };
  try {
    return new Client(settings);
  } catch (error) {
    throw new GranskaError('CONFIG', 'the address of the Elasticsearch store cannot be read', {
      hint: 'it looks like https://search.example:9200',
      cause: error,
    });
  }
}

/** Gives what a request gives, or throws as soon as the signal says stop: a server may be silent for a long time. */
function unlessStopped<T>(running: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return running;
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(new GranskaError('STORE', 'a request to Elasticsearch was broken off'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    running.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
