// What the command line has of proof: what is filed and handed out about the installation itself.
import { Option } from 'commander';
import { type NoticeOptions, runNotice } from '../commands/notice.ts';
import { type ProofOptions, runProof } from '../commands/proof.ts';
import type { ProgramContext } from './program-context.ts';

/** Adds `granska proof` and `granska notice`. */
export function registerProof({ program, io, app, done }: ProgramContext): void {
  program
    .command('proof')
    .description(
      'prove from the store and the configuration what is stored, what never is, for how long, and who can see it',
    )
    .addOption(langOption())
    .addOption(
      new Option('--format <format>', 'how to print')
        .choices(['text', 'html', 'json', 'pdf'])
        .default('text'),
    )
    .action(async (options: ProofOptions) => {
      done(await runProof(options, app(), io));
    });

  program
    .command('notice')
    .description('write the notice to staff from the policy')
    .addOption(langOption())
    .addOption(
      new Option('--format <format>', 'how to print').choices(['text', 'html', 'pdf']).default('text'),
    )
    .action(async (options: NoticeOptions) => {
      done(await runNotice(options, app(), io));
    });
}

function langOption(): Option {
  return new Option('--lang <language>', 'language').choices(['sv', 'en']).default('sv');
}
