// The hosts that the shipped lists protect (§6.2): what no page may hold, plain or defanged.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run.ts';

/** Gives those of the shipped hosts that a text holds. */
export function protectedHostsIn(text: string): string[] {
  const list = readFileSync(join(ROOT, 'categories/protected/domains'), 'utf8');
  const hosts = list
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'));
  if (hosts.length === 0) throw new Error('no host is protected');
  return hosts.filter(host => text.includes(host) || text.includes(host.replaceAll('.', '[.]')));
}
