// What the server says no with: whether waiting can help, whether it is one document's own fault, and the error that a
// person is shown. Invariant: nothing here holds the server's own words beyond the type of its exception: its reasons
// quote documents. Example: status 429 is passing; 400 `document_parsing_exception` is of the document's content.
import { errors } from '@elastic/elasticsearch';
import { GranskaError } from '../../../errors.ts';

/** What came of a request that was not answered well. */
export interface Failure {
  /** `busy` and `unanswered` may pass; the others do not. */
  kind: 'busy' | 'unanswered' | 'refused' | 'other';
  /** One word for it: the type of an exception, or `unreachable`, `unanswered`. */
  reason: string;
  /** True where the request may have been carried out all the same. */
  isInDoubt: boolean;
  error: GranskaError;
}

/** Sorts out what a request on an index threw. */
export function failureOf(thrown: unknown, index: string): Failure {
  const error = errorOf(thrown, index);
  if (thrown instanceof errors.ResponseError) {
    const status = thrown.statusCode ?? 0;
    const reason = typeOf(thrown.body);
    // A gateway that gave up does not know what the server did.
    if (isPassing(status, reason)) return { kind: 'busy', reason, isInDoubt: status >= 500, error };
    return { kind: 'refused', reason, isInDoubt: false, error };
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
  return status === 429 || status >= 500 || type === 'cluster_block_exception';
}

/** Tells whether a document was refused for what it holds: nobody's waiting changes that. */
export function isOfContent(status: number, type: string): boolean {
  return status === 400 && !OF_INDEX.has(type);
}

/** Makes the error of an answer that says no. */
export function refused(index: string, status: number, type: string): GranskaError {
  return new GranskaError('STORE', `Elasticsearch refused a request on ${index}: ${type} (${status})`, {
    hint: HINTS[status] ?? 'look into the log of the Elasticsearch server',
  });
}

/** Gives the type of the exception in an error's answer. */
export function typeOf(body: unknown): string {
  const type = (body as { error?: { type?: unknown } } | null | undefined)?.error?.type;
  return typeof type === 'string' && /^[a-z_]{1,100}$/.test(type) ? type : NO_REASON;
}

const NO_REASON = 'no_reason_given';

/** With these the index is at fault, not the document. */
const OF_INDEX: ReadonlySet<string> = new Set(['index_closed_exception', 'invalid_index_name_exception']);

const HINTS: Readonly<Record<number, string>> = {
  400: 'the index was made by something else, or by another version; name another prefix or remove it',
  401: 'the user name, password or API key is not right',
  403: 'the role does not allow it (config/elasticsearch/roles.yml), or the index is blocked for writing',
  404: 'an index of the store was removed',
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
  return thrown instanceof errors.ProductNotSupportedError
    ? new GranskaError('STORE', 'what answers at the address of the store is not Elasticsearch', {
        hint: 'versions 8 and 9 of Elasticsearch are supported',
      })
    : new GranskaError('STORE', `a request to Elasticsearch failed (for ${index})`, { cause: thrown });
}
