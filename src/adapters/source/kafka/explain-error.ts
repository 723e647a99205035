// What kafkajs throws → what a person can act on. Names brokers and topics, never a password or a line.
import { GranskaError } from '../../../errors.ts';
import type { KafkaSourceOptions } from './options.ts';

/** Turns an error of the client into one for people; one that is for people already stays as it is. */
export function explainError(
  error: unknown,
  { brokers, group, sasl }: Pick<KafkaSourceOptions, 'brokers' | 'group' | 'sasl'>,
): GranskaError {
  if (error instanceof GranskaError) return error;
  const causes = causesOf(error);
  const where = brokers.join(', ');
  const say = (message: string, hint: string) => new GranskaError('SOURCE', message, { hint, cause: error });

  if (causes.some(cause => cause.name === 'KafkaJSSASLAuthenticationError')) {
    return say(
      `Kafka (${where}) refused the user name or the password (SASL ${sasl?.mechanism ?? 'off'})`,
      'check sasl.mechanism, sasl.username and the content of the file sasl.passwordFile',
    );
  }
  const refused = causes.find(cause => cause.type.endsWith('_AUTHORIZATION_FAILED'));
  if (refused !== undefined) {
    const what = refused.type.startsWith('GROUP') ? `the group ${group}` : 'a topic';
    return say(
      `Kafka (${where}) does not let this user read ${what}`,
      'ask for READ on the topics and the group',
    );
  }
  if (
    causes.some(cause => /certificate|self.signed|unable to verify/i.test(`${cause.message} ${cause.type}`))
  ) {
    return say(
      `the certificate of Kafka (${where}) is not believed`,
      'name the authority that signed it in tls.caFile, and the brokers as the certificate does',
    );
  }
  if (causes.some(isOfConnection)) {
    return say(
      `no Kafka answers at ${where}`,
      'check that it runs, that the address is right, and whether its listener wants TLS',
    );
  }
  const deepest = causes.at(-1);
  const reason = deepest === undefined ? 'unknown error' : deepest.type || deepest.name;
  return say(`Kafka (${where}) failed: ${reason}`, 'see the log of the broker; trying again can help');
}

/** What comes of a broker that takes the connection and is silent has no name of its own: kafkajs says it in words. */
function isOfConnection({ name, type, message }: Cause): boolean {
  return CONNECTION_ERRORS.has(name) || CONNECTION_CODES.has(type) || message === 'Broker not connected';
}

/** Names an error in a few words that hold no data. */
export function reasonOf(error: unknown): string {
  const deepest = causesOf(error).at(-1);
  return deepest === undefined ? 'unknown error' : deepest.type || deepest.name;
}

/** Tells whether waiting can help. What kafkajs has tried often enough it wraps in an error that says no: a cause tells. */
export function isPassing(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ((at as { retriable?: unknown }).retriable === true) return true;
  }
  return false;
}

/** Tells whether the broker has said that a topic, or a partition of it, is not there. */
export function isOfMissingTopic(error: unknown): boolean {
  return causesOf(error).some(cause => cause.type === 'UNKNOWN_TOPIC_OR_PARTITION');
}

interface Cause {
  name: string;
  /** Kafka's own name of an error, or the platform's code. */
  type: string;
  message: string;
}

const CONNECTION_ERRORS = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSBrokerNotFound',
]);
const CONNECTION_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH']);
const MAX_CAUSES = 10;

function causesOf(error: unknown): Cause[] {
  const causes: Cause[] = [];
  for (let at = error; at instanceof Error && causes.length < MAX_CAUSES; at = at.cause) {
    const { type, code } = at as Error & { type?: unknown; code?: unknown };
    const word = typeof type === 'string' ? type : typeof code === 'string' ? code : '';
    causes.push({ name: at.name, type: word, message: at.message });
  }
  return causes;
}
