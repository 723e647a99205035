// The sample municipality scanned as a user does, opened as reports open it.
import { join } from 'node:path';
import { visitRulesOf } from '../../src/cli/visit-rules.ts';
import { compose } from '../../src/compose.ts';
import type { FiguresOptions } from '../../src/pipeline/month-figures.ts';
import type { DeskStore } from '../../src/ports/desk-store.ts';
import { makePlace, type Place, ROOT } from '../cli/run.ts';

/** Its configuration, and the folder of its lists. */
export const DEMO = join(ROOT, 'config', 'demo');
export const LISTS = join(ROOT, 'categories');

export interface ScannedDemo {
  place: Place;
  desk: DeskStore;
  options: FiguresOptions;
}

/** Scans the sample log; whoever asks closes the desk. */
export async function scanDemo(): Promise<ScannedDemo> {
  const place = makePlace({}, null);
  await place.json(['scan', join(DEMO, 'access.log'), '--source', 'demo', '--json', '--config', DEMO]);
  const app = compose({
    ...{ flags: { config: DEMO }, env: place.env, cwd: place.dir, packageRoot: ROOT },
    clock: { nowMs: () => Date.now() },
    tell: () => {},
    stderr: process.stderr,
  });
  const { config, policy } = await app.installation('look');
  const { departments } = await app.reportGround();
  return {
    place,
    desk: await app.openDesk(),
    options: { tenant: config.organization, rules: visitRulesOf(policy), policy, departments },
  };
}
