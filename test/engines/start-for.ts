// A real server for a suite: `server = await startFor(this, { version: '9.2.0' })` in its `before`. Where the server cannot
// be had, the suite says so in a line and is passed over, or fails where servers are required.
// Plain servers are shared by all suites of a run, each under a prefix of its own: a start takes ten seconds, and a server
// that has worked for a while several times less for the same. One with security is the suite's own.
import type { Context } from 'mocha';
import {
  type Elasticsearch,
  type ElasticsearchOptions,
  type ElasticsearchVersion,
  startElasticsearch,
} from './elasticsearch.ts';
import { areEnginesRequired } from './engines.ts';

const START_MS = 300_000;
const STOP_MS = 60_000;
const shared = new Map<ElasticsearchVersion, Promise<Elasticsearch>>();

/** Starts an Elasticsearch for the suite whose hook is running. */
export async function startFor(hook: Context, options: ElasticsearchOptions): Promise<Elasticsearch> {
  const isShared = options.security === undefined;
  return begin(hook, options, () => (isShared ? shareOf(options.version) : startElasticsearch(options)));
}

/** Starts one for a suite that stops it, or changes the cluster: no other suite works on it. */
export async function startAlone(hook: Context, options: ElasticsearchOptions): Promise<Elasticsearch> {
  return begin(hook, options, () => startElasticsearch(options));
}

async function begin(
  hook: Context,
  { version }: ElasticsearchOptions,
  start: () => Promise<Elasticsearch>,
): Promise<Elasticsearch> {
  hook.timeout(START_MS);
  try {
    return await start();
  } catch (error) {
    if (areEnginesRequired()) throw error;
    process.stderr.write(`Not run: Elasticsearch ${version} could not be started here.\n`);
    return hook.skip();
  }
}

async function shareOf(version: ElasticsearchVersion): Promise<Elasticsearch> {
  const starting = shared.get(version) ?? startElasticsearch({ version });
  shared.set(version, starting);
  const server = await starting;
  return {
    ...server,
    // It goes on for the suites to come.
    stop: async () => undefined,
    kill: () => Promise.reject(new TypeError('a shared server is not killed')),
  };
}

// Of the whole run: this file is read before any suite begins.
after(async function () {
  this.timeout(STOP_MS);
  const started = await Promise.allSettled(shared.values());
  await Promise.all(started.map(one => (one.status === 'fulfilled' ? one.value.stop() : undefined)));
});
