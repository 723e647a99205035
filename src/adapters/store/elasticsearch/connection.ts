// The one way to the server: every request goes through `attempt`, which waits out a server that is busy or away, a
// bounded number of times, and turns every other refusal into a STORE error.
// Invariant: no error holds the server's own words beyond the type of its exception: its reasons quote documents.
// Example: `await connection.attempt('granska-usage', () => client.search({ … }))`.
import { setTimeout as wait } from 'node:timers/promises';
import { Client, type ClientOptions, errors } from '@elastic/elasticsearch';
import { GranskaError } from '../../../errors.ts';

export interface ConnectionOptions {
  /** Address of the cluster, or of several of its nodes: `https://search.example:9200`. */
  url: string | readonly string[];
  auth?: { kind: 'basic'; username: string; password: string } | { kind: 'apiKey'; key: string };
  /** PEM certificate of the authority that signed the servers'; without it, those that Node knows. */
  ca?: string;
  retry?: RetryOptions;
  /** How long one request may take, milliseconds; 60,000 unless set. */
  requestMs?: number;
}

export interface RetryOptions {
  /** How often one request is tried in all. */
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
  pauseBefore(tryNo: number, error: GranskaError): Promise<void>;
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
  const closing = new AbortController();

  async function pauseBefore(tryNo: number, error: GranskaError): Promise<void> {
    if (tryNo > retry.tries || closing.signal.aborted) throw error;
    const pauseMs = Math.min(retry.maxMs, retry.firstMs * 2 ** (tryNo - 2));
    await wait(pauseMs, undefined, { signal: closing.signal }).catch(() => {
      throw error;
    });
  }

  return {
    client,
    pauseBefore,
    async attempt(index, request) {
      const tried: Tried = { isInDoubt: false };
      for (let tryNo = 1; ; tryNo++) {
        try {
          return await request(tried);
        } catch (error) {
          const kind = kindOf(error);
          if (kind === 'refused' || kind === 'other') throw refusalOf(error, index);
          if (kind === 'unanswered') tried.isInDoubt = true;
          await pauseBefore(tryNo + 1, refusalOf(error, index));
        }
      }
    },
    async close() {
      closing.abort();
      await client.close();
    },
  };
}

/** Tells whether a status says that trying again may help. */
export function isPassing(status: number): boolean {
  return PASSING.has(status);
}

/** Makes the error of an answer that says no. */
export function refused(index: string, status: number, type: string): GranskaError {
  return new GranskaError('STORE', `Elasticsearch refused a request on ${index}: ${type} (${status})`, {
    hint: HINTS[status] ?? 'look into the log of the Elasticsearch server',
  });
}

const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504]);

const HINTS: Readonly<Record<number, string>> = {
  400: 'the index was made by something else, or by another version; name another prefix or remove it',
  401: 'the user name, password or API key is not right',
  403: 'the role does not allow it (config/elasticsearch/roles.yml), or the index is blocked for writing',
  404: 'an index of the store was removed',
  429: 'the cluster is too busy or too full',
};

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

type ErrorKind = 'busy' | 'unanswered' | 'refused' | 'other';

function kindOf(error: unknown): ErrorKind {
  if (error instanceof errors.ResponseError) return isPassing(error.statusCode ?? 0) ? 'busy' : 'refused';
  if (error instanceof errors.ConnectionError) return isCertificateError(error) ? 'other' : 'unanswered';
  if (error instanceof errors.TimeoutError || error instanceof errors.NoLivingConnectionsError)
    return 'unanswered';
  return 'other';
}

function isCertificateError(error: Error): boolean {
  return /certificate|self.signed|altnames|wrong version number|ssl3?_/i.test(error.message);
}

// Without the cause: a response error holds what was sent and what was answered.
function refusalOf(error: unknown, index: string): GranskaError {
  if (error instanceof GranskaError) return error;
  if (error instanceof errors.ResponseError) {
    return refused(index, error.statusCode ?? 0, typeOf(error.body));
  }
  if (error instanceof errors.ConnectionError && isCertificateError(error)) {
    return new GranskaError(
      'STORE',
      'the certificate of the Elasticsearch server is not one that is trusted',
      {
        hint: 'name the authority that signed it, and reach the server by a name that it is made out to',
      },
    );
  }
  if (error instanceof errors.ConnectionError || error instanceof errors.NoLivingConnectionsError) {
    return new GranskaError('STORE', `the Elasticsearch server cannot be reached (for ${index})`, {
      hint: 'see that it runs and that the address of the store is right',
    });
  }
  if (error instanceof errors.TimeoutError) {
    return new GranskaError('STORE', `the Elasticsearch server did not answer in time (for ${index})`, {
      hint: 'see that it runs and is not overloaded',
    });
  }
  return error instanceof errors.ProductNotSupportedError
    ? new GranskaError('STORE', 'what answers at the address of the store is not Elasticsearch', {
        hint: 'versions 8 and 9 of Elasticsearch are supported',
      })
    : new GranskaError('STORE', `a request to Elasticsearch failed (for ${index})`, { cause: error });
}

function typeOf(body: unknown): string {
  const type = (body as { error?: { type?: unknown } } | undefined)?.error?.type;
  return typeof type === 'string' ? type : 'no reason given';
}
