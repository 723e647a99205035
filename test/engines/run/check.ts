// What a worker has stored, held against a scan of the same lines; and what it told people.
import type { Config } from '../../../src/config/config.ts';
import { loadConfig, requireConfig } from '../../../src/config/load.ts';
import { type Place, type Ran, readNdjson } from '../../cli/run.ts';
import { accountOf } from '../parity/account.ts';
import { expectSame } from '../parity/compare.ts';
import { makeTown } from './town.ts';

/** Runs the same lines through a scan into a store of their own, and holds the place's store against it. */
export async function expectSameAsScan(place: Place, text: string): Promise<void> {
  const embedded = makeTown({ sections: '' });
  const keys = { GRANSKA_KEYS_DIR: place.keysDir };
  embedded.write('whole.log', text);
  await embedded.json(['scan', 'whole.log', '--format', 'squid', '--json'], { env: keys });
  const scanned = await configOf({ ...embedded, env: { ...embedded.env, ...keys } });
  const [one, other] = [
    await accountOf(scanned, 'same lines'),
    await accountOf(await configOf(place), 'same lines'),
  ];
  expectSame(one, other);
}

async function configOf({ dir, env }: Pick<Place, 'dir' | 'env'>): Promise<Config> {
  const where = { flags: {}, env, cwd: dir, packageRoot: dir };
  return requireConfig(await loadConfig(where)).config;
}

/** Waits until another look at the sources finds nothing new, and all lines are stored. */
export async function untilAll(place: Place, lines: number): Promise<void> {
  for (;;) {
    const found = await lineNumbers(place);
    if (found.length >= thirds(lines).length) return;
  }
}

/** Gives the numbers of the stored lines that ask for a listed site, sorted. */
export async function lineNumbers(place: Place): Promise<number[]> {
  const { stdout } = await place.run(['search']);
  const numbers = readNdjson(stdout).map(found => Number(found.url.path.slice(1)));
  return numbers.sort((a, b) => a - b);
}

/** Gives the numbers of the lines that ask for a listed site, of so many. */
export function thirds(end: number): number[] {
  return Array.from({ length: Math.ceil(end / 3) }, (_, at) => at * 3);
}

/** Gives what stands on stderr and is no line of the log. */
export function peopleRead({ stderr }: Ran): string {
  return stderr
    .split('\n')
    .filter(line => !line.startsWith('{'))
    .join('\n');
}
