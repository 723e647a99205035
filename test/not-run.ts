// Says at the end of `npm test` what it did not run: the tests on real servers, which have a command of their own. With
// GRANSKA_REQUIRE_ENGINES=1 it is a failure that the servers are not there for it.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The servers, and what is there once each is installed. */
const SERVERS = {
  'Kafka 4.4.0': 'kafka-4.4.0/installed',
  'Elasticsearch 8.19.8': 'elasticsearch-8.19.8',
  'Elasticsearch 9.2.0': 'elasticsearch-9.2.0',
};

/** Runs once, however many processes the tests are shared by. */
export function mochaGlobalTeardown(): void {
  const folder = process.env.GRANSKA_ENGINES_DIR ?? join(homedir(), '.cache', 'granska-engines');
  const missing = Object.entries(SERVERS)
    .filter(([, sign]) => !existsSync(join(folder, sign)))
    .map(([name]) => name);
  const there = missing.length === 0 ? 'they are installed' : `it installs ${missing.join(', ')}`;
  process.stderr.write(`Not run: test/engines, on real servers (npm run test:engines; ${there}).\n`);
  if (missing.length > 0 && process.env.GRANSKA_REQUIRE_ENGINES === '1') {
    throw new Error(`GRANSKA_REQUIRE_ENGINES=1, but these are not installed: ${missing.join(', ')}`);
  }
}
