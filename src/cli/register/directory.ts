// What the command line has of directory.
import { InvalidArgumentError } from 'commander';
import { isDay } from '../../calendar/zone.ts';
import { GranskaError } from '../../errors.ts';
import { runDirectoryImport, runDirectoryStatus } from '../commands/directory.ts';
import type { ProgramContext } from './program-context.ts';

interface ImportFlags {
  asOf?: string;
  confirm?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

/** Adds `directory import` and `directory status`. */
export function registerDirectory({ program, io, app, done }: ProgramContext): void {
  const directory = program.command('directory').description('who is who, delivery by delivery');
  directory
    .command('import <file>')
    .description('merge a delivery, a whole snapshot of people, into the directory; the past stays as it is')
    .option('--as-of <day>', 'first day on which it holds; today unless given', readDay)
    .option('--confirm', 'let more people vanish than may unasked')
    .option('--dry-run', 'say what it would change, and write nothing')
    .option('--json', 'print one JSON object')
    .action(async (file: string, flags: ImportFlags) => {
      const request = { file, asOf: flags.asOf ?? null, mode: modeOf(flags), json: flags.json === true };
      done(await runDirectoryImport(request, await app().deliveries(), io));
    });
  directory
    .command('status')
    .description('say how old the last delivery is, and how many people come and go')
    .option('--json', 'print one JSON object')
    .action(async (flags: { json?: boolean }) => {
      done(await runDirectoryStatus({ json: flags.json === true }, await app().deliveries(), io));
    });
}

function modeOf({ confirm, dryRun }: ImportFlags): 'import' | 'confirm' | 'dry-run' {
  if (confirm === true && dryRun === true) {
    throw new GranskaError('USAGE', '--confirm and --dry-run exclude each other', {
      hint: 'look with --dry-run first, then import with --confirm',
    });
  }
  if (dryRun === true) return 'dry-run';
  return confirm === true ? 'confirm' : 'import';
}

function readDay(text: string): string {
  if (isDay(text)) return text;
  throw new InvalidArgumentError('it is a day such as 2026-11-25.');
}
