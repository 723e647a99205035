// A real server for a suite: `server = await startFor(this, { version: '9.2.0' })` in its `before`. Where the server cannot
// be had, the suite says so in a line and is passed over, or fails where servers are required.
import type { Context } from 'mocha';
import { type Elasticsearch, type ElasticsearchOptions, startElasticsearch } from './elasticsearch.ts';
import { areEnginesRequired } from './engines.ts';

const START_MS = 300_000;

/** Starts an Elasticsearch for the suite whose hook is running. */
export async function startFor(hook: Context, options: ElasticsearchOptions): Promise<Elasticsearch> {
  hook.timeout(START_MS);
  try {
    return await startElasticsearch(options);
  } catch (error) {
    if (areEnginesRequired()) throw error;
    process.stderr.write(`Not run: Elasticsearch ${options.version} could not be started here.\n`);
    return hook.skip();
  }
}
