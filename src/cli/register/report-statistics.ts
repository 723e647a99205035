// What the command line has of statistics.
import { type Command, Option } from 'commander';
import { type ReportStatisticsOptions, runReportStatistics } from '../commands/report-statistics.ts';
import type { ProgramContext } from './program-context.ts';

/** Adds `granska report statistics`. */
export function registerReportStatistics(report: Command, { io, app, done }: ProgramContext): void {
  report
    .command('statistics')
    .description('print the statistics of a month: counts by department and category, small groups hidden')
    .requiredOption('--period <month>', 'which month, such as 2026-10')
    .option('--organization <name>', 'another organisation of the configuration')
    .addOption(
      new Option('--format <format>', 'how to print')
        .choices(['html', 'pdf', 'json', 'csv', 'text'])
        .default('html'),
    )
    .addOption(new Option('--lang <language>', 'language').choices(['sv', 'en']).default('sv'))
    .option('--out <file>', 'write to a file')
    .option('--allow-incomplete', 'issue a month of which lines may still come', false)
    .option('--correct', 'issue a correction of what was issued', false)
    .option('--reason <text>', 'why it is corrected, without any name')
    .action(async (options: ReportStatisticsOptions) => {
      done(await runReportStatistics(options, app(), io));
    });
}
