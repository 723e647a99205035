// As much of kafkajs's inside as is used to ask what it does not ask by itself: how a client makes its connections to the
// brokers, and how one of them is sent a request of our own. TLS, SASL and coming back are kafkajs's.
import { createRequire } from 'node:module';
import type { Kafka } from 'kafkajs';

/** A request and its answer, as kafkajs's connection takes them. */
export interface InnerRequest<Answer> {
  request: {
    apiKey: number;
    apiVersion: number;
    apiName: string;
    encode(): Promise<{ buf: Buffer; buffer: Buffer }>;
  };
  response: {
    decode(bytes: Buffer): Promise<Answer>;
    parse(answer: Answer): Promise<Answer>;
  };
  requestTimeout?: number;
}

export interface InnerBroker {
  /** The versions that it takes of each request; null before it is connected. */
  versions: Record<number, { maxVersion: number } | undefined> | null;
  connectionPool: { send<Answer>(request: InnerRequest<Answer>): Promise<Answer> };
  disconnect(): Promise<void>;
  fetch(request: unknown): Promise<unknown>;
}

export interface InnerCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  brokerPool: {
    findConnectedBroker(): Promise<InnerBroker>;
    createBroker(options: unknown): InnerBroker;
  };
}

export type CreateCluster = (options: Record<string, unknown>) => InnerCluster;

/** Gives the function by which a client makes its connections. */
export function clusterMakerOf(client: Kafka): CreateCluster {
  return holderOf(client)[keyOf(client)]!;
}

/** Puts another function in its place, for all that the client makes from then on. */
export function replaceClusterMaker(client: Kafka, make: CreateCluster): void {
  holderOf(client)[keyOf(client)] = make;
}

/** Gives the version of a request to use with a broker: its highest up to ours; 0 where it takes none of them. */
export function versionFor(broker: InnerBroker, key: number, ours: { min: number; max: number }): number {
  const version = Math.min(broker.versions?.[key]?.maxVersion ?? 0, ours.max);
  return version < ours.min ? 0 : version;
}

/** Makes kafkajs's error for Kafka's number of one. */
export function errorFromCode(code: number): Error {
  const load = createRequire(import.meta.url);
  const { createErrorFromCode } = load('kafkajs/src/protocol/error') as {
    createErrorFromCode(code: number): Error;
  };
  return createErrorFromCode(code);
}

function holderOf(client: Kafka): Record<symbol, CreateCluster> {
  return client as unknown as Record<symbol, CreateCluster>;
}

function keyOf(client: Kafka): symbol {
  const symbols = Object.getOwnPropertySymbols(client);
  const key = symbols.find(({ description }) => description === 'private:Kafka:createCluster');
  if (key === undefined)
    throw new TypeError('this kafkajs has another inside than the one that is known here');
  return key;
}
