// What the server says no with: whether waiting can help, whether it is one document's own fault, and the error that a
// person is shown. Invariant: nothing here holds the server's own words beyond the type of its exception: its reasons
// quote documents. Example: status 429 is passing; 400 `document_parsing_exception` is of the document's content.
import { errors } from '@elastic/elasticsearch';
import { GranskaError } from '../../../errors.ts';

/** What came of a request that was not answered well. */
export interface Failure {
  /** `busy` and `unanswered` may pass; `stranger` may where the server has answered before; the others do not. */
  kind: 'busy' | 'unanswered' | 'stranger' | 'refused' | 'other';
  /** One word for it: the type of an exception, or `unreachable`, `unanswered`, `timeout`. */
  reason: string;
  /** True where the request may have been carried out all the same. */
  isInDoubt: boolean;
  error: GranskaError;
}

/** What a request throws whose answer says no with status 200, or says too little. */
export class FailedAnswer extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.error.message);
    this.failure = failure;
  }
}

/** Makes what is thrown where an answer lacks what every answer of the server has: on its way it was cut short. */
export function cutShort(index: string): FailedAnswer {
  return new FailedAnswer({
    kind: 'unanswered',
    reason: 'unanswered',
    isInDoubt: true,
    error: cutShortError(index),
  });
}

/** Makes what is thrown where one document could not be read: a server that starts has not opened all of its indices. */
export function unreadable(index: string, type: string): FailedAnswer | GranskaError {
  const status = NEVER_READABLE[type];
  if (status !== undefined) return refused(index, status, type);
  const error = new GranskaError('STORE', `Elasticsearch cannot read ${index} now: ${type}`, {
    hint: hintOf(503, type),
  });
  return new FailedAnswer({ kind: 'busy', reason: type, isInDoubt: false, error });
}

/** Sorts out what a request on an index threw. */
export function failureOf(thrown: unknown, index: string): Failure {
  if (thrown instanceof FailedAnswer) return thrown.failure;
  const error = errorOf(thrown, index);
  if (thrown instanceof errors.ResponseError) {
    const status = thrown.statusCode ?? 0;
    const type = typeOf(thrown.body);
    const reason = status === TIMEOUT && type === NO_REASON ? 'timeout' : type;
    // A gateway that gave up does not know what the server did.
    const isInDoubt = status >= 500 || status === TIMEOUT;
    if (isPassing(status, reason)) return { kind: 'busy', reason, isInDoubt, error };
    return { kind: 'refused', reason, isInDoubt: false, error };
  }
  if (thrown instanceof errors.DeserializationError) return cutShort(index).failure;
  if (thrown instanceof errors.ProductNotSupportedError) {
    return { kind: 'stranger', reason: 'unanswered', isInDoubt: true, error };
  }
  if (thrown instanceof errors.ConnectionError && !isCertificateError(thrown)) {
    return { kind: 'unanswered', reason: 'unreachable', isInDoubt: true, error };
  }
  if (thrown instanceof errors.NoLivingConnectionsError) {
    return { kind: 'unanswered', reason: 'unreachable', isInDoubt: true, error };
  }
  if (thrown instanceof errors.TimeoutError) {
    return { kind: 'unanswered', reason: 'unanswered', isInDoubt: true, error };
  }
  return { kind: 'other', reason: 'other', isInDoubt: false, error };
}

/** Tells whether an answer says that trying again may help: a server that is busy or full, an index that is blocked. */
export function isPassing(status: number, type: string): boolean {
  return status === 429 || status === TIMEOUT || status >= 500 || PASSING.has(type);
}

/** Tells whether a document was refused for what it holds: nobody's waiting changes that. */
export function isOfContent(status: number, type: string): boolean {
  return status === 400 && !OF_INDEX.has(type);
}

/** Makes the error of an answer that says no. */
export function refused(index: string, status: number, type: string): GranskaError {
  return new GranskaError('STORE', `Elasticsearch refused a request on ${index}: ${type} (${status})`, {
    hint: hintOf(status, type),
  });
}

/** Gives the type of the exception in an error's answer. */
export function typeOf(body: unknown): string {
  const type = (body as { error?: { type?: unknown } } | null | undefined)?.error?.type;
  return typeof type === 'string' && /^[a-z_]{1,100}$/.test(type) ? type : NO_REASON;
}

const NO_REASON = 'no_reason_given';
/** The server has none of its own: somebody between did not wait for it. */
const TIMEOUT = 408;
/** The status of a request that is longer than somebody on the way takes. */
export const TOO_LARGE = 413;

/** The disk is full, or the cluster holds as many shards as it may: both come right without us (§9.7). */
const PASSING: ReadonlySet<string> = new Set(['cluster_block_exception', 'validation_exception']);

/** With these the index is at fault, not the document: no line of a log can add a field to what we write. */
const OF_INDEX: ReadonlySet<string> = new Set([
  'index_closed_exception',
  'invalid_index_name_exception',
  'strict_dynamic_mapping_exception',
]);

/** What is said of a document that no waiting makes readable, and the status that it stands for. */
const NEVER_READABLE: Readonly<Record<string, number>> = {
  index_not_found_exception: 404,
  index_closed_exception: 400,
  security_exception: 403,
};

function hintOf(status: number, type: string): string {
  // Whatever Elasticsearch refuses, it names the exception. Of a name, a right or a size anybody may say no.
  if (type === NO_REASON && ![401, 403, TOO_LARGE].includes(status)) return NOT_ITS_OWN;
  return HINTS_BY_TYPE[type] ?? HINTS[status] ?? 'look into the log of the Elasticsearch server';
}

const NOT_ITS_OWN = 'this is no answer of Elasticsearch itself: look into the log of the proxy before it';

const HINTS_BY_TYPE: Readonly<Record<string, string>> = {
  no_shard_available_action_exception: 'the cluster has not opened the index yet, or has lost a part of it',
  index_closed_exception: 'open the index again',
  validation_exception:
    'the cluster holds as many shards as it may: remove indices, add a node, or raise cluster.max_shards_per_node',
};

const HINTS: Readonly<Record<number, string>> = {
  400: 'the index was made by something else, or by another version; name another prefix or remove it',
  401: 'the user name, password or API key is not right',
  403: 'the role does not allow it (config/elasticsearch/roles.yml), or the index is blocked for writing',
  404: 'an index of the store was removed',
  413: 'a proxy before Elasticsearch takes no request of that size: let it take more (nginx: client_max_body_size)',
  429: 'the cluster is too busy or too full',
};

function isCertificateError(error: Error): boolean {
  return /certificate|self.signed|altnames|wrong version number|ssl3?_/i.test(error.message);
}

// Without the cause: a response error holds what was sent and what was answered.
function errorOf(thrown: unknown, index: string): GranskaError {
  if (thrown instanceof GranskaError) return thrown;
  if (thrown instanceof errors.ResponseError) {
    return refused(index, thrown.statusCode ?? 0, typeOf(thrown.body));
  }
  if (thrown instanceof errors.ConnectionError && isCertificateError(thrown)) {
    return new GranskaError(
      'STORE',
      'the certificate of the Elasticsearch server is not one that is trusted',
      {
        hint: 'name the authority that signed it, and reach the server by a name that it is made out to',
      },
    );
  }
  if (thrown instanceof errors.ConnectionError || thrown instanceof errors.NoLivingConnectionsError) {
    return new GranskaError('STORE', `the Elasticsearch server cannot be reached (for ${index})`, {
      hint: 'see that it runs and that the address of the store is right',
    });
  }
  if (thrown instanceof errors.TimeoutError) {
    return new GranskaError('STORE', `the Elasticsearch server did not answer in time (for ${index})`, {
      hint: 'see that it runs and is not overloaded',
    });
  }
  if (thrown instanceof errors.ProductNotSupportedError) {
    return new GranskaError('STORE', 'what answers at the address of the store is not Elasticsearch', {
      hint: 'versions 8 and 9 are supported; a proxy before it passes its answers on with their headers',
    });
  }
  if (thrown instanceof errors.ElasticsearchClientError) {
    return new GranskaError('STORE', `a request to Elasticsearch failed (for ${index})`, {
      hint: 'look into the log of the Elasticsearch server, and of a proxy before it',
    });
  }
  return new GranskaError('STORE', `a request to Elasticsearch failed (for ${index})`, { cause: thrown });
}

function cutShortError(index: string): GranskaError {
  return new GranskaError('STORE', `an answer of Elasticsearch was cut short (for ${index})`, {
    hint: 'look into the log of what lies between: a proxy, a load balancer',
  });
}
