// The sample municipality with a store and sources of the test's choice. Installations that share a folder of keys give
// the same person the same pseudonym, so that what they found can be laid side by side.
// Example: `makeInstallation({ store: 'store: { kind: sqlite }', keysDir })`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../../src/config/config.ts';
import { loadConfig, requireConfig } from '../../../src/config/load.ts';
import { type Json, makePlace, type Place, type Ran, ROOT } from '../../cli/run.ts';

/** An installation of its own: configuration, data folder, and keys that others may have too. */
export interface Installation {
  place: Place;
  run(args: readonly string[]): Promise<Ran>;
  /** Runs a command that must succeed and print one JSON object. */
  json(args: readonly string[]): Promise<Json>;
  config(): Promise<Config>;
}

export interface InstallationOptions {
  /** More of `granska.yaml`: its `store` and `sources`. */
  sections: string;
  keysDir: string;
}

const DEMO = join(ROOT, 'config', 'demo');
const FILES = [
  ...['policy.yaml', 'policy.tests.yaml', 'directory.csv', 'networks.csv', 'departments.csv'],
  ...['people.yaml', 'reviews.yaml'],
];

/** The log of the sample municipality. */
export const DEMO_LOG = join(DEMO, 'access.log');

/** Makes an installation of the sample municipality. */
export function makeInstallation({ sections, keysDir }: InstallationOptions): Installation {
  const granska = readFileSync(join(DEMO, 'granska.yaml'), 'utf8').replaceAll('../../', `${ROOT}/`);
  const files = FILES.map(name => [name, readFileSync(join(DEMO, name))] as const);
  const place = makePlace(
    // Two workers on one machine cannot have one port.
    { 'granska.yaml': `${granska}${sections}\nrun: { listen: off }\n`, ...Object.fromEntries(files) },
    'granska.yaml',
  );
  const env = { GRANSKA_KEYS_DIR: keysDir };
  return {
    place,
    run: args => place.run(args, { env }),
    json: args => place.json(args, { env }),
    async config() {
      const where = { flags: {}, env: { ...place.env, ...env }, cwd: place.dir, packageRoot: ROOT };
      return requireConfig(await loadConfig(where)).config;
    },
  };
}
