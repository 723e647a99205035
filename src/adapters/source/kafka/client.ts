// The one place that makes kafkajs clients: TLS, SASL, codecs, and what kafkajs would print handed on as events.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import kafkajs, { type Kafka, type KafkaConfig, type SASLOptions } from 'kafkajs';
import { GranskaError } from '../../../errors.ts';
import { answerSockets } from './answer-socket.ts';
import { registerCodecs } from './codecs.ts';
import type { KafkaSasl, KafkaSourceOptions, KafkaTls } from './options.ts';

/** Creates a client of the brokers. Reads the files that hold its secrets. */
export function createClient(
  options: Pick<KafkaSourceOptions, 'brokers' | 'group' | 'tls' | 'sasl' | 'onEvent'>,
): Kafka {
  registerCodecs();
  quietThrottleTimer();
  const { brokers, group, tls, sasl, onEvent } = options;
  const config: KafkaConfig = {
    clientId: `granska-${group}`,
    brokers: [...brokers],
    connectionTimeout: 5_000,
    requestTimeout: 30_000,
    retry: { initialRetryTime: 100, retries: 5, maxRetryTime: 2_000 },
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => entry => {
      if (entry.level > kafkajs.logLevel.WARN) return;
      const level = entry.level === kafkajs.logLevel.ERROR ? 'error' : 'warn';
      onEvent?.({ kind: 'log', level, message: entry.log.message });
    },
  };
  const socketFactory = answerSockets(tls !== null);
  if (socketFactory !== null) config.socketFactory = socketFactory;
  if (tls !== null) config.ssl = readTls(tls);
  if (sasl !== null) config.sasl = readSasl(sasl);
  return new kafkajs.Kafka(config);
}

function readTls({ caFile, certFile, keyFile }: KafkaTls): NonNullable<KafkaConfig['ssl']> {
  return {
    ...(caFile === null ? {} : { ca: [readSecret(caFile, 'tls.caFile')] }),
    ...(certFile === null ? {} : { cert: readSecret(certFile, 'tls.certFile') }),
    ...(keyFile === null ? {} : { key: readSecret(keyFile, 'tls.keyFile') }),
  };
}

function readSasl({ mechanism, username, passwordFile }: KafkaSasl): SASLOptions {
  const password = readSecret(passwordFile, 'sasl.passwordFile').replace(/\r?\n$/, '');
  return { mechanism, username, password } as SASLOptions;
}

function readSecret(path: string, key: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new GranskaError('KEYS', `the file that ${key} of the Kafka source names cannot be read: ${path}`, {
      hint: 'check that it is there and that this account may read it',
      cause,
    });
  }
}

/** What is needed here of kafkajs's queue of requests. */
interface RequestQueue {
  pending: unknown[];
  throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

let isTimerQuiet = false;

/**
 * Keeps kafkajs 2.2.4 from setting a timer into the past after every answer, of which Node warns the user. With nothing
 * pending and no throttle there is nothing to wake up for: a request that is queued later sets the timer itself.
 */
function quietThrottleTimer(): void {
  if (isTimerQuiet) return;
  isTimerQuiet = true;
  const load = createRequire(import.meta.url);
  const queue = (load('kafkajs/src/network/requestQueue') as { prototype: RequestQueue }).prototype;
  const schedule = queue.scheduleCheckPendingRequests;
  queue.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
  };
}
