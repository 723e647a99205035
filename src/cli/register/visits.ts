// What the command line has of visits.
import { Option } from 'commander';
import type { Lang } from '../../text/lang.ts';
import { runVisits, type VisitsFormat } from '../commands/visits.ts';
import { joinQuery } from '../join-query.ts';
import { visitRulesOf } from '../visit-rules.ts';
import { wholeNumber } from '../whole-number.ts';
import type { ProgramContext } from './program-context.ts';

interface VisitsArgs {
  from?: string;
  to?: string;
  limit?: number;
  format?: VisitsFormat;
  json: boolean;
  facts: boolean;
  lang: Lang;
}

/** Adds `granska visits`. */
export function registerVisits({ program, io, app, done }: ProgramContext): void {
  program
    .command('visits [query...]')
    .description('gather findings into visits and grade the evidence, such as: category:gambling grade:A,B')
    .option('--from <day>', 'first local day, or an instant')
    .option('--to <day>', 'last local day (inclusive), or an instant')
    .option('--limit <n>', 'the earliest so many', wholeNumber)
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'csv', 'ndjson']))
    .option('--json', 'print one JSON object a line, as --format ndjson does', false)
    .option('--facts', 'in a table, say under each visit what its grade rests on', false)
    .addOption(new Option('--lang <lang>', 'language of the facts').choices(['sv', 'en']).default('en'))
    .action(async (query: string[], args: VisitsArgs) => {
      const made = app();
      const { policy } = await made.installation('look');
      const { json, facts, format, ...options } = args;
      const printed = json ? 'ndjson' : format;
      done(
        await runVisits(
          {
            ...options,
            query: joinQuery(query),
            facts: facts ? 'shown' : 'hidden',
            ...(printed === undefined ? {} : { format: printed }),
          },
          {
            openStore: made.openStore,
            openAudit: made.openAudit,
            rules: visitRulesOf(policy),
            hide: await made.textHider(),
          },
          io,
        ),
      );
    });
}
