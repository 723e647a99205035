// What the command line has of the store as a whole: making it, and how it stands.
import { runStoreSetup } from '../commands/store-setup.ts';
import { runStoreStatus } from '../commands/store-status.ts';
import type { ProgramContext } from './program-context.ts';

/** Adds `store setup` and `store status`. */
export function registerStore({ program, io, app, done }: ProgramContext): void {
  const store = program.command('store').description('the store as a whole: make it, see how it stands');
  store
    .command('setup')
    .description(
      'make the configured store, or what is missing of it, so that a worker may begin with few rights',
    )
    .option('--check', 'change nothing; exit 1 where something is missing', false)
    .option('--json', 'print one JSON object', false)
    .action(async (options: { check: boolean; json: boolean }) => {
      done(await runStoreSetup(options, app(), io));
    });
  store
    .command('status')
    .description(
      'tell how far streams are stored, how much was found, and what waits to be retried: counts only',
    )
    .option('--json', 'print one JSON object', false)
    .action(async (options: { json: boolean }) => {
      done(await runStoreStatus(options, app(), io));
    });
}
